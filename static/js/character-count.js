// Counts down under a text field. The sentence "Du kan skriva högst …" is in the page already; screen readers hear the rest only
// when typing pauses, so that every key does not interrupt.
const PAUSE = 900;
const number = new Intl.NumberFormat("sv-SE");

for (const message of document.querySelectorAll("[data-count-for]")) {
  const field = document.getElementById(message.dataset.countFor);
  if (!field) continue;
  const max = Number(message.dataset.max);
  const spoken = document.createElement("span");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  message.after(spoken);
  let timer = 0;

  const show = () => {
    const left = max - [...field.value].length; // characters as the server counts them, an emoji is one
    const text = left >= 0 ? `${number.format(left)} tecken kvar` : `${number.format(-left)} tecken för mycket`;
    message.textContent = text;
    message.classList.toggle("av-too-long", left < 0);
    clearTimeout(timer);
    timer = setTimeout(() => { spoken.textContent = text; }, PAUSE);
  };

  field.addEventListener("input", show);
  if (field.value) show();
}
