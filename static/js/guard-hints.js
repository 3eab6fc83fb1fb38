// While somebody writes: says that a text looks like it holds a number, an address or a name. Nothing leaves the browser for this;
// the server asks again, and better, when the form is sent. The hint is a help and stops nothing.
const ROLES = "elev(?:en)?|barnet|flickan|pojken|ungdomen|patienten|mamman?|pappan?|brodern|systern|sonen|dottern|lillebror|storasyster|läraren|kuratorn|rektorn?|handläggaren|läkaren|familjen|fru|herr|heter|hette|dr";
const AT_THE_START = ROLES.split("|").map((role) => role[0].toUpperCase() + role.slice(1)).join("|");
// In this order: what one of them has found is not looked at by the next (a card number holds what looks like a personnummer).
const RULES = [
  [/(?<![\p{L}\d])[A-Z]{2}\d{2}(?:[ -]?[\dA-Z]{4}){3,7}|(?<![\p{L}])(?:\p{L}{0,8}konto(?:t|nr|nummer|numret)?|clearing(?:nr|nummer|numret)?) ?(?:är|:)? ?\d[\d ,-]{7,}\d/iu, "ett kontonummer"],
  [/(?<![\d-])[2-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}(?![\d-])/u, "ett kortnummer"],
  [/(?<!\d)(?:\d{2})?\d{2}[-./ ]?[01]\d[-./ ]?[0-9]\d ?[-–—−+/]? ?\d{4}(?!\d)/u, "ett personnummer"],
  [/(?:\+46|0046|(?<![\d.-])0)[ -]?\(?\d{1,3}\)?[ -/]{1,3}\d{2,3}(?:[ -]?\d{2,3}){1,3}(?!\d)|(?<!\d)07\d{8}(?!\d)/u, "ett telefonnummer"],
  [/[\p{L}\d._%+-]+ ?(?:@|\(at\)|\[at\]) ?[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/iu, "en e-postadress"],
  [new RegExp(`(?<![\\p{L}])(?:${ROLES}|${AT_THE_START}) [A-ZÅÄÖ][\\p{Ll}]+(?![\\p{L}-])`, "u"), "ett namn"],
  [/(?<![\p{L}])(?:pass|id-?kort)(?:et|nr|nummer|numret)? ?(?:är|:)? ?[A-Z]{1,2} ?\d{6,8}(?!\d)/iu, "ett passnummer"],
  [/(?<![\p{L}])född(?: den)? \d/iu, "ett födelsedatum"],
  [/\p{Lu}\p{Ll}+(?:gatan|vägen|stigen|gränd|allén|backen) \d/u, "en adress"],
];
// A hint that appears between press and release moves what is being pressed: the press would hit nothing.
let pressed = false;
addEventListener("pointerdown", () => { pressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { pressed = false; }, true);
const PUBLIC = /^(?:0?20|077)/; // numbers that anybody may ring

// The hint speaks Swedish; other pages have the server's question in their own language.
for (const control of document.querySelectorAll("html[lang=sv] [data-guard]")) {
  const hint = document.createElement("p");
  hint.className = "av-guard-hint";
  hint.setAttribute("role", "status");
  hint.setAttribute("aria-live", "polite");
  control.after(hint);
  const look = () => {
    const found = kinds(control.value.slice(0, 5000));
    const said = found.length ? `Det ser ut som ${list(found)}. Skriv om samverkan, inte om vem det gäller. Det här är en hjälp och ingen garanti.` : "";
    if (hint.textContent !== said) hint.textContent = said;
  };
  control.addEventListener("blur", () => whenReleased(look));
  control.addEventListener("input", () => { if (hint.textContent) look(); });
}

function whenReleased(act) {
  setTimeout(() => (pressed ? whenReleased(act) : act()), 50);
}

function kinds(text) {
  return RULES.filter(([pattern]) => {
    const found = pattern.exec(text);
    if (found === null || PUBLIC.test(found[0].replace(/\D/g, ""))) return false;
    text = text.replace(found[0], " ");
    return true;
  }).map(([, name]) => name);
}

function list(words) {
  return words.length < 2 ? words[0] : `${words.slice(0, -1).join(", ")} och ${words.at(-1)}`;
}
