"""Files: each her one at a time, not many in a row (SECRECY A34), made beside the pages. Open to change how many.

Making a document is the dearest thing that a page can ask for, and taking out many at once is what somebody does who
is about to carry a whole område home. It holds for every address that ends like a file, also one that is added later.
The refusal is put on record like any other (web/refusal_log.py).
"""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from sqlalchemy.orm import Session

from avvikelse.adapters.clock import now
from avvikelse.adapters.document_process import DocumentProcess
from avvikelse.domain.errors import TooMany
from avvikelse.reports import making
from avvikelse.services import throttle
from avvikelse.services.throttle import Brake
from avvikelse.web import refusal_log
from avvikelse.web.access import current_actor
from avvikelse.web.file_door import A_MOMENT, ENDINGS, NOT_READY, FileDoor, refused_meanwhile
from avvikelse.web.transaction import SAFE_METHODS, record_first
from avvikelse.web.unlinked import knock

PER_PERSON = 15  # in a window of services/throttle.py; a group's papers are a handful
PER_NETWORK = 60  # where nobody is logged in, many may come from one address
TOO_MANY = "Du har hämtat många filer på kort tid. Vänta en stund, så går det igen."
MAKING = "avvikelse.person_with_file_in_making"
PRESS = "avvikelse.reports.press"
PROCESS = "document_process"  # in app.extensions; None: files are made in the server's own process
_in_making: dict[int, object] = {}  # by person, of this process: one in each of them is no burden for the others


def register(app: Flask, *, https: bool) -> None:
    app.extensions[PROCESS] = None if app.testing else DocumentProcess(PRESS)  # tests: in a tenth of the time
    app.wsgi_app = door = FileDoor(app, https=https)  # type: ignore[method-assign]
    app.before_request(one_at_a_time)
    app.before_request(brake)
    app.before_request(made_apart)
    app.teardown_request(is_made)

    @app.after_request
    def remember_the_door(response: Response) -> Response:
        for path, times in refused_meanwhile(door).items():
            refusal_log.remember_at_the_door(path, times)
        return response

    if app.testing:
        app.after_request(assert_named_as_file)


def is_file() -> bool:
    """Does this request ask for a file?"""
    return request.url_rule is not None and request.url_rule.rule.endswith(ENDINGS)


def assert_named_as_file(response: Response) -> Response:
    """Tests only: a file must not hide from the brake behind an address that looks like a page."""
    if "Content-Disposition" in response.headers and request.endpoint != "static" and not is_file():
        raise AssertionError(f"{request.endpoint} answers with a file, and its address does not end like one")
    return response


def one_at_a_time() -> None:
    """Before each request for a file: has she one in making already? Raises TooMany. Nobody else waits meanwhile.

    Most are refused at the door; here are those of somebody who has logged in twice.
    """
    user_id = current_actor().user_id if is_file() else None
    if user_id is None:
        return
    mine = object()
    if _in_making.setdefault(user_id, mine) is not mine:
        raise TooMany(NOT_READY, retry_after=A_MOMENT)
    request.environ[MAKING] = user_id


def is_made(_error: BaseException | None) -> None:
    """However it went: she may ask for the next one."""
    if (user_id := request.environ.pop(MAKING, None)) is not None:
        del _in_making[user_id]


def made_apart() -> None:
    """Before each request for a file: what is heavy in it is made in a process of its own."""
    process: DocumentProcess | None = current_app.extensions[PROCESS]
    if process is not None and is_file():
        making.by(process.make)


def brake() -> None:
    """Before each request for a file: count it. Raises TooMany, before anything has been read or made."""
    if request.method not in SAFE_METHODS or not is_file():
        return
    user_id, visitor, over = current_actor().user_id, knock(), []
    by_network = Brake("files_network", visitor.network, PER_NETWORK)
    counted = by_network if user_id is None else Brake("files_person", str(user_id), PER_PERSON)

    def count(session: Session) -> None:
        try:
            throttle.attempt(session, (counted,), secret=visitor.secret, now=now(), tighter_under_attack=False)
        except TooMany as error:
            over.append(error.retry_after)

    record_first(count)
    if over:
        raise TooMany(TOO_MANY, retry_after=over[0])
