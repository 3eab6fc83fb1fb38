// Moves focus to the error summary when the page has one, and from its links into the field (not only near it).
const summary = document.querySelector("[data-focus-me]");

if (summary) {
  if (summary.classList.contains("govuk-error-summary")) document.title = `Fel: ${document.title}`;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const legend = field.closest("fieldset")?.querySelector("legend");
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    (legend ?? label ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}
