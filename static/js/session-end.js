// Says some minutes before the log-in ends, and lets it go on with one press. <section data-session-ends="seconds left"
// data-session-idle="seconds without a request" data-session-most="seconds until the end of all ends" hidden> is on every page of
// somebody who is logged in; without scripts the same stands as text where something is written.
const WARN = 5 * 60;

const box = document.querySelector("[data-session-ends]");
if (box) {
  const loaded = performance.now();
  const most = Number(box.dataset.sessionMost);
  const idle = Number(box.dataset.sessionIdle);
  const warning = box.querySelector("[data-session-warning]");
  const ended = box.querySelector("[data-session-ended]");
  let ends = Number(box.dataset.sessionEnds); // seconds after the page was loaded
  let timer = 0;

  const since = () => (performance.now() - loaded) / 1000;

  const look = () => {
    const left = ends - since();
    warning.hidden = left > WARN || left <= 0;
    ended.hidden = left > 0;
    box.hidden = left > WARN;
    clearTimeout(timer);
    if (left > 0) timer = setTimeout(look, Math.max(1, left > WARN ? left - WARN : left) * 1000);
  };

  const extend = () => {
    ends = Math.min(since() + idle, most);
    look();
  };

  box.querySelector("button")?.addEventListener("click", async () => {
    try {
      const answer = await fetch(box.dataset.sessionUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) extend();
      else { ends = since(); look(); }
    } catch {
      // No connection: the warning stays, and the text on the page too.
    }
  });
  document.addEventListener("session-extended", extend);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); }); // a phone that was asleep
  look();
}
