// One press, one form: a second click on a slow connection must not send twice. The server guards too; this only spares the user.
const BUSY = "aria-disabled";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || form.method !== "post") return;
  form.dataset.sent = "yes";
  // After the browser has collected the fields: a disabled button would not be sent along.
  setTimeout(() => form.querySelectorAll("[data-submit-once]").forEach((button) => button.setAttribute(BUSY, "true")), 0);
});

// Coming back with the back button: the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll(`[${BUSY}]`).forEach((button) => button.removeAttribute(BUSY));
  }
});
