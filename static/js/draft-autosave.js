// Saves a form as a draft while it is written. <form data-autosave-url="…"> is posted there a moment after the last change; the
// server answers 2xx, with or without JSON {"saved_at": "10.32"}. A failure is silent: the button still works.
const WAIT = 4000;

for (const form of document.querySelectorAll("form[data-autosave-url]")) {
  const status = form.querySelector("[data-autosave-status]") ?? form.appendChild(document.createElement("p"));
  status.classList.add("av-draft-saved");
  status.setAttribute("role", "status");
  let timer = 0;
  let saved = fingerprint(form);
  let busy = false;

  const save = async () => {
    const now = fingerprint(form);
    if (busy || now === saved || form.dataset.sent) return;
    busy = true;
    try {
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body: new FormData(form),
        credentials: "same-origin",
        headers: { Accept: "application/json" },
      });
      if (answer.ok && !answer.redirected) {
        saved = now;
        const data = await answer.json().catch(() => ({}));
        if (data.draft && form.elements.draft) {
          form.elements.draft.value = data.draft;
          saved = fingerprint(form);
        }
        status.textContent = `Sparat utkast kl. ${savedAt(data)}`;
      }
    } catch {
      // Offline: nothing to say, the next change tries again.
    } finally {
      busy = false;
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  form.addEventListener("submit", () => clearTimeout(timer));
}

function fingerprint(form) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return JSON.stringify(fields);
}

function savedAt(data) {
  return data.saved_at ?? new Date().toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
}
