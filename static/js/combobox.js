// Makes a long <select data-combobox> searchable: one types, the list narrows. The select stays in the form and carries the value,
// so the server notices no difference. Pattern: editable combobox with list autocomplete (WAI-ARIA APG).
const SHOWN = 60;

for (const select of document.querySelectorAll("select[data-combobox]")) enhance(select);

function enhance(select) {
  const choices = [...select.options].filter((option) => option.value).map((option) => ({
    option,
    text: option.text.trim(),
    group: option.parentElement.label ?? "",
  }));
  const id = select.id;
  const input = make("input", { type: "text", id, role: "combobox", autocomplete: "off", spellcheck: "false",
    placeholder: "Skriv för att söka",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-lista` });
  input.className = "govuk-input";
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  if (select.classList.contains("govuk-select--error")) input.classList.add("govuk-input--error");
  const list = make("ul", { id: `${id}-lista`, role: "listbox", hidden: "" });
  list.className = "av-combobox__list";
  list.setAttribute("aria-label", "Förslag");
  const heard = make("span", { role: "status" });
  heard.className = "govuk-visually-hidden";
  const box = make("div", {});
  box.className = "av-combobox";

  select.before(box);
  box.append(input, list, heard, select);
  select.id = `${id}-val`;
  select.hidden = true;
  input.value = select.value ? select.selectedOptions[0].text.trim() : "";

  let found = [];
  let active = -1;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index) => {
    active = index;
    [...list.querySelectorAll('[role="option"]')].forEach((item, i) => {
      item.setAttribute("aria-selected", String(i === active));
      if (i === active) {
        item.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", item.id);
      }
    });
  };

  const open = (all) => {
    const words = all ? [] : fold(input.value).split(/\s+/).filter(Boolean);
    const hits = choices.filter(({ text, group }) => words.every((word) => fold(`${text} ${group}`).includes(word)));
    found = hits.slice(0, SHOWN);
    list.replaceChildren();
    let group = "";
    found.forEach((choice, i) => {
      if (choice.group && choice.group !== group) {
        group = choice.group;
        const head = make("li", { role: "presentation" });
        head.className = "av-combobox__group";
        head.textContent = group;
        list.append(head);
      }
      const item = make("li", { role: "option", id: `${id}-val-${i}`, "aria-selected": "false" });
      item.className = "av-combobox__option";
      item.textContent = choice.text;
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(i); });
      list.append(item);
    });
    if (!found.length) {
      const none = make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" });
      none.className = "av-combobox__none";
      none.textContent = "Ingen träff. Prova ett kortare ord.";
      list.append(none);
    }
    heard.textContent = hits.length === 1 ? "1 träff" : `${hits.length} träffar`;
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };

  const choose = (index) => {
    select.value = found[index].option.value;
    input.value = found[index].text;
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // What is left in the box when one goes on: an exact name counts as chosen, an empty box as nothing, anything else is undone.
  const settle = () => {
    close();
    const typed = fold(input.value.trim());
    if (!typed) {
      if (select.value) {
        select.value = "";
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
      return;
    }
    const exact = choices.find(({ text }) => fold(text) === typed);
    if (exact && select.value !== exact.option.value) {
      select.value = exact.option.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    input.value = select.value ? select.selectedOptions[0].text.trim() : "";
  };

  input.addEventListener("input", () => open(false));
  input.addEventListener("click", () => { if (list.hidden) open(true); });
  input.addEventListener("blur", settle);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) open(true);
      if (found.length) mark((active + step + found.length) % found.length);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (active >= 0) choose(active);
      else if (found.length === 1) choose(0);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
}

function make(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function fold(text) {
  return text.toLocaleLowerCase("sv");
}
