"""How every refusal and failure is answered: one table from exception to status, one page.

Open to change what a user is told.

The page gives back what the user typed, so that a refusal never costs a text. Nothing of it, and no exception
message, reaches the log.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from http import HTTPStatus

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    g,
    has_request_context,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)
from jinja2 import TemplateNotFound
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from avvikelse.domain.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, NotNow, TooMany
from avvikelse.domain.languages import SWEDISH, Language
from avvikelse.web import open_words
from avvikelse.web.access import wants_json

log = structlog.get_logger(__name__)

DOMAIN_STATUS: dict[type[DomainError], int] = {
    NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422, TooMany: 429, NotNow: 503,
}  # fmt: skip
NOT_NOW = ("Det gick inte just nu", "errors/_page.html")  # heading and page: nothing was sent that could be lost

# status: heading, sentence
TEXTS: dict[int, tuple[str, str]] = {
    400: (
        "Det gick inte att ta emot",
        "Något i anropet stämde inte. Gå tillbaka, ladda om sidan och försök igen. Inget har sparats.",
    ),
    401: ("Logga in först", "Du behöver logga in för att se sidan."),
    403: ("Du har inte tillgång till det här", Forbidden().reason),
    404: ("Sidan finns inte", NotFound().reason),
    405: ("Det går inte att göra så här", "Sidan går inte att anropa på det sättet. Gå tillbaka och försök igen."),
    409: (
        "Någon hann före",
        "Ärendet har ändrats sedan du öppnade det. Inget har sparats. Ladda om sidan och se vad som är nytt.",
    ),
    413: (
        "Det blev för mycket text",
        "Formuläret är större än vad systemet tar emot. Korta texten och försök igen. Inget har sparats.",
    ),
    422: ("Något behöver rättas", "Kontrollera uppgifterna och försök igen. Inget har sparats."),
    429: ("Vänta lite", "Det har kommit många försök på kort tid. Vänta en stund och försök igen."),
    500: ("Något gick fel", "Felet ligger hos oss, inte hos dig. Inget har sparats. Försök igen om en stund."),
    503: (
        "Det gick inte att spara just nu",
        "Systemet kan inte spara just nu. Inget har tagits emot. Vänta en stund och skicka igen.",
    ),
}
LARGEST_GIVEN_BACK = 8_000_000  # bytes of a form that we read only to give its text back
SECRET_FIELDS = ("token", "csrf", "losenord", "password", "kod", "code")


def register(app: Flask) -> None:
    """Attach the handlers."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _unexpected)


def answer(
    status: int,
    reason: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
    *,
    heading: str = "",
    template: str = "",
) -> Response:
    """The page (or JSON) for a status; `reason`, `heading` and `template` replace the standard ones."""
    title, sentence = TEXTS.get(status) or (_phrase(status), TEXTS[400 if status < 500 else 500][1])
    title = heading or title
    reason = reason or sentence
    if wants_json():
        response = jsonify(fel=reason, rubrik=title)
    else:
        response = make_response(_page(status, title, reason, template))
    response.status_code = status
    response.headers.extend(dict(headers))
    return response


def typed_texts() -> list[tuple[str, str]]:
    """(field, text) of what the user wrote in a refused form: whole words only, never passwords, codes or tokens."""
    if request.method != "POST":
        return []
    try:
        fields = [(name, value) for name, value in _form().items(multi=True) if " " in value.strip()]
    except RequestEntityTooLarge:
        return []
    return [(name, value) for name, value in fields if not any(word in name.lower() for word in SECRET_FIELDS)]


def _form() -> MultiDict[str, str]:
    """The refused form; also one that is too large for the program, if it is not beyond reason."""
    try:
        return request.form
    except RequestEntityTooLarge:
        request.max_content_length = request.max_form_memory_size = LARGEST_GIVEN_BACK
        return request.form


def _page(status: int, title: str, reason: str, template: str) -> str:
    typed = typed_texts()
    try:
        if (say := open_words.language_of(request.path)) is not None:
            return _in(say, status, typed)
        return render_template(
            [template or f"errors/{status}.html", f"errors/{400 if status < 500 else 500}.html"],
            status=status,
            title=title,
            reason=reason,
            typed=typed,
            way_back=_way_back(),
            onward=_onward(status),
            back_to=_page_here(),
        )
    except TemplateNotFound:
        return _bare_page(status, title, reason, typed)
    except Exception as error:  # noqa: BLE001 -- the page about a failure must not fail: base.html may ask a lost database
        log.error("error_page_failed", error=type(error).__name__)
        return _bare_page(status, title, reason, typed)


def _key(say: Language, status: int) -> str:
    return f"errors.{status}" if f"errors.{status}" in say.texts else f"errors.{400 if status < 500 else 500}"


def _in(say: Language, status: int, typed: list[tuple[str, str]]) -> str:
    """The page in the language of the address: a family meets no Swedish there."""
    start = _start(say)
    start = "/utan-konto" if status == HTTPStatus.NOT_FOUND and start == request.path else start
    return render_template("errors/other_language.html", say=say, key=_key(say, status), typed=typed, start=start)


def _start(say: Language) -> str:
    return request.path.partition(f"/{say.code}")[0] + f"/{say.code}"


def _way_back() -> str | None:
    """The page of the case that the refused step was about. Whether it may be opened is asked there."""
    ref = (request.view_args or {}).get("ref") if (request.endpoint or "").startswith("cases.") else None
    return url_for("cases.show", ref=ref) if ref else None


def _page_here() -> str | None:
    """The refused form's own page, if its address also shows one."""
    adapter = current_app.create_url_adapter(request)
    return request.path if adapter is not None and adapter.test(request.path, "GET") else None


def _onward(status: int) -> tuple[str, str]:
    """Where one can go from here: the start page is a log-in, which helps nobody without account."""
    if not request.path.startswith("/utan-konto"):
        return "/", "Till startsidan"
    if status == HTTPStatus.BAD_REQUEST and request.endpoint in {"open_report.review", "open_report.send"}:
        return url_for("open_report.review", pack=(request.view_args or {})["pack"]), "Öppna formuläret på nytt"
    return "/utan-konto", "Till Rapportera utan konto"


def _bare_page(status: int, title: str, reason: str, typed: list[tuple[str, str]]) -> str:
    """The same in plain HTML, without templates, user or database; also here in the language of the address."""
    say = open_words.language_of(request.path)
    code, direction, label = SWEDISH, "ltr", "Din text"
    href, start = _onward(status)
    if say is not None:
        title, reason = say(_key(say, status) + "_title"), say(_key(say, status))
        code, direction, label, start, href = (
            say.code,
            say.direction,
            say("errors.text"),
            say("errors.start"),
            _start(say),
        )
    kept = Markup("").join(
        Markup(
            '<p><label for="typed-{0}">{1}</label></p>'
            '<textarea id="typed-{0}" rows="8" cols="40" readonly>{2}</textarea>'
        ).format(i, label, text)
        for i, (_, text) in enumerate(typed)
    )
    return Markup(
        '<!doctype html><html lang="{0}" dir="{1}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>{2} – Avvikelse</title></head>'
        '<body><main><h1>{2}</h1><p>{3}</p>{4}<p><a href="{5}">{6}</a></p></main></body></html>'
    ).format(code, direction, title, reason, kept, href, start)


def _domain_error(error: DomainError) -> Response:
    status = next((code for kind, code in DOMAIN_STATUS.items() if isinstance(error, kind)), 400)
    headers = [("Retry-After", str(error.retry_after))] if isinstance(error, TooMany | NotNow) else []
    heading, template = NOT_NOW if isinstance(error, NotNow) else ("", "")
    return answer(status, error.reason, headers, heading=heading, template=template)


def _stale(_error: StaleDataError) -> Response:
    return answer(409)


def _database(error: Exception) -> Response:
    """Locked, full, gone, or a constraint that a race ran into: nothing was saved, and the page says so."""
    log.error("database_refused", **_where(error))
    return answer(503, headers=[("Retry-After", "10")])


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:  # a redirect raised as an exception
        return make_response(error.get_response())
    headers = [(k, v) for k, v in error.get_headers() if k.lower() in {"allow", "retry-after", "www-authenticate"}]
    return answer(code, headers=headers)


def _unexpected(error: InternalServerError) -> Response:
    log.error("unexpected_error", **_where(error.original_exception or error))
    return answer(500)


def _where(error: BaseException) -> dict[str, object]:
    """Kind and place of an error. Not its message: that may quote what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames][-12:]
    endpoint = request.endpoint if has_request_context() else None
    return {"error": type(error).__name__, "endpoint": endpoint, "request_id": g.get("request_id"), "frames": own}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return TEXTS[500][0]
