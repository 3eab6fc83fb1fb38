// Saves a form as a draft while it is written. <form data-autosave-url="…"> is posted there a moment after the last change.
// The server answers JSON: {draft, saved_at, stopped: {field: why it was not stored}, warned: [fields that are asked about later],
// similar: HTML, when whom it concerns has changed}. Whatever goes wrong is said; the text stays on the page and the button works.
const WAIT = 4000;
const SOON = 300; // after choosing whom it concerns: what may be joined should come before she writes

for (const form of document.querySelectorAll("form[data-autosave-url]")) {
  const status = form.querySelector("[data-autosave-status]") ?? form.appendChild(document.createElement("p"));
  status.classList.add("av-draft-saved");
  status.setAttribute("role", "status");
  const similar = document.querySelector("[data-similar]");
  const told = new Map(); // field → the line below it
  let timer = 0;
  let saved = fingerprint(form);
  let about = concerns(form);
  let busy = false;
  let leaving = false; // sent: what is saved now would be left over

  const save = async () => {
    const now = fingerprint(form);
    if (busy || leaving || now === saved || form.dataset.sent) return;
    busy = true;
    const body = new FormData(form);
    const asked = concerns(form);
    if (similar && asked !== about) body.append("liknande", "1");
    try {
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body,
        credentials: "same-origin",
        keepalive: true, // a phone that is put away does not wait
        headers: { Accept: "application/json" },
      });
      if (answer.ok && !answer.redirected) {
        saved = now;
        take(await answer.json().catch(() => ({})), asked);
        document.dispatchEvent(new Event("session-extended"));
      } else if (answer.status === 401 || answer.redirected) {
        status.textContent = "Inte sparat: du är utloggad. Texten finns kvar på sidan. Gå vidare med knappen, logga in och skicka.";
      } else {
        status.textContent = "Det gick inte att spara utkastet just nu. Texten finns kvar på sidan.";
      }
    } catch {
      status.textContent = "Ingen anslutning: utkastet sparas när den är tillbaka. Texten finns kvar på sidan.";
    } finally {
      busy = false;
    }
  };

  const take = (data, asked) => {
    if (data.draft && form.elements.draft) {
      form.elements.draft.value = data.draft;
      saved = fingerprint(form);
    }
    if (similar && typeof data.similar === "string") {
      // Our own server's fragment; parsed apart: a script in it would not run.
      similar.replaceChildren(...new DOMParser().parseFromString(data.similar, "text/html").body.childNodes);
      about = asked;
    }
    const stopped = Object.entries(data.stopped ?? {});
    const warned = (data.warned ?? []).filter((name) => !(name in (data.stopped ?? {})));
    const lines = new Map([
      ...stopped.map(([name, reason]) => [name, `Inte sparat i utkastet. ${reason}`]),
      ...warned.map((name) => [name, "Sparat, men det kan peka ut någon. Vi frågar om det när du går vidare."]),
    ]);
    for (const name of told.keys()) if (!lines.has(name)) tell(name, "");
    for (const [name, text] of lines) tell(name, text);
    const left = stopped.map(([name]) => `”${labelOf(form, name)}”`);
    status.textContent = `Sparat utkast kl. ${savedAt(data)}${left.length ? `, utom ${left.join(" och ")}` : ""}`;
  };

  const tell = (name, text) => {
    const control = form.elements[name];
    if (!(control instanceof HTMLElement)) return;
    if (!told.has(name)) {
      const line = document.createElement("p");
      line.className = "av-guard-hint";
      line.id = `${control.id || name}-utkast`;
      control.parentNode.append(line);
      told.set(name, line);
      control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") ?? ""} ${line.id}`.trim());
    }
    if (told.get(name).textContent !== text) told.get(name).textContent = text;
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, similar && concerns(form) !== about ? SOON : WAIT);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  window.addEventListener("pagehide", save);
  window.addEventListener("online", save);
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  window.addEventListener("pageshow", () => { leaving = false; });

  // The buttons of what may be joined are no submit buttons of their own: Enter in a field must not press them.
  similar?.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-join]");
    if (!chosen) return;
    const button = document.createElement("button");
    Object.assign(button, { name: "rost", value: chosen.dataset.join, hidden: true, formAction: similar.dataset.similar });
    form.append(button);
    button.click();
  });
}

function fingerprint(form) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return JSON.stringify(fields);
}

// What decides which open reports are similar.
function concerns(form) {
  const data = new FormData(form); // form.elements would find the combobox beside its select
  return ["sender_enhet_id", "counterpart", "category"].map((name) => data.get(name) ?? "").join("|");
}

function labelOf(form, name) {
  const text = form.elements[name]?.labels?.[0]?.textContent ?? name;
  return text.replace("(frivilligt)", "").trim();
}

function savedAt(data) {
  return data.saved_at ?? new Date().toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
}
