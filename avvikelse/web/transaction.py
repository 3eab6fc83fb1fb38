"""One request, one transaction. Open when something was not saved, was saved in spite of a refusal, or is locked.

A POST, and a GET view marked `@writes`, is a writer when it is known who asks: on SQLite with BEGIN IMMEDIATE; a view
marked `@reads_first` becomes one later. It is committed when the view has answered below 400, otherwise rolled back.
Any other request is rolled back at its end: a GET changes nothing. That a case is read is logged and committed before
the page is drawn, with `record_first`.

Services flush, only this file commits. What must be remembered about a request that was rolled back is said with
`after_rollback`; what must be written whatever became of the request, with `afterwards`. Both run in a transaction of
their own, after the request's own has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, current_app, g, request
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState, Session

from avvikelse.models.base import db
from avvikelse.models.engine import WRITING

View = TypeVar("View", bound=Callable[..., object])
Callback = Callable[[Session], None]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
log = structlog.get_logger(__name__)


def writes(view: View) -> View:
    """Mark a GET view whose reading is recorded: it gets a writing transaction too."""
    view.__writes__ = True  # type: ignore[attr-defined]
    return view


def reads_first(view: View) -> View:
    """Mark a POST view that computes for long before it writes: until `from_here_on_writing` it only reads."""
    view.__reads_first__ = True  # type: ignore[attr-defined]
    return view


def from_here_on_writing() -> None:
    """In a view marked `@reads_first`: what follows is written. What was read before may be a moment old."""
    _become_writer(db.session())


def after_rollback(callback: Callback) -> None:
    """Call `callback(session)` in a new transaction if this request is rolled back.

    The callback flushes, never commits.
    """
    _pending("after_rollback").append(callback)


def afterwards(callback: Callback) -> None:
    """Call `callback(session)` in a new transaction when this request is over, whatever became of it."""
    _pending("afterwards").append(callback)


def commit_in_spite_of_status() -> None:
    """Keep what this request wrote although it answers 400 or more (a failed log-in that was counted)."""
    g.commit_anyway = True


def is_writing() -> bool:
    """Will this request's transaction be committed?"""
    return request.method not in SAFE_METHODS or _marked("__writes__")


def _marked(name: str) -> bool:
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), name, False))


class TransactionalFlask(Flask):
    """Flask with the transaction around the view, so that a failing commit is answered like a failing view."""

    def dispatch_request(self) -> Any:
        try:
            response = self.make_response(super().dispatch_request())
            _end(response.status_code)
        except BaseException:
            db.session.rollback()
            g.rolled_back = True
            raise
        return response

    def full_dispatch_request(self) -> Response:
        try:
            return super().full_dispatch_request()
        finally:
            _run_pending()

    def log_exception(self, exc_info: object) -> None:
        """Nothing: Flask's own line would hold the path and the message. errors.py logs kind and place."""

    def do_teardown_appcontext(self, exc: BaseException | None = None) -> None:
        try:
            if self.testing and exc is None and "own_transaction" in g:
                _assert_nothing_left()
        finally:
            super().do_teardown_appcontext(exc)


def begin() -> None:
    """Before each view, when it is known who asks: from here on the transaction writes, if it will."""
    g.own_transaction = True
    if is_writing() and request.endpoint not in {None, "static"} and not _marked("__reads_first__"):
        _become_writer(db.session())


def record_first(callback: Callback) -> None:
    """In a request that reads: put on record that it does, before anything is shown, and commit that at once.

    Drawing the page takes most of the time, and nobody else should wait for its locks.
    """
    _become_writer(db.session())
    callback(db.session())
    db.session.commit()


def _become_writer(session: Session) -> None:
    """From here on the session's transaction will write; what was read in it before may be a moment old.

    SQLite cannot wait for a lock in the middle of a transaction, so it begins another one that has the lock from its
    start. PostgreSQL locks rows, when they are locked.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.rollback()
        session.connection(execution_options=WRITING)


def _end(status: int) -> None:
    if is_writing() and (status < 400 or g.get("commit_anyway")):
        db.session.commit()
        return
    wrote = bool(db.session.info.pop("wrote", False))  # only noted in tests: see watch()
    g.rolled_back = status >= 400
    _leave(db.session())
    if wrote and request.method in SAFE_METHODS and current_app.testing:
        raise AssertionError(f"{request.endpoint} wrote in a reading request: mark it @writes, or use afterwards()")


def _leave(session: Session) -> None:
    """End a transaction that nothing shall remain of.

    After a ROLLBACK PostgreSQL's driver forgets every statement that it has prepared, and the next request has each of
    them planned anew, which takes longer than answering them (docs/adr/0303). So where the database itself says that
    nothing was written, COMMIT does the same and forgets nothing.
    """
    if session.get_bind().dialect.name == "postgresql" and session.in_transaction() and _wrote_nothing(session):
        session.expunge_all()  # what nobody has flushed is not written now either
        session.commit()
    else:
        session.rollback()


def _wrote_nothing(session: Session) -> bool:
    """Asked past SQLAlchemy: like COMMIT it belongs to ending the transaction."""
    with session.no_autoflush:
        driver = session.connection().connection.driver_connection
    if driver is None or driver.info.transaction_status != TransactionStatus.INTRANS:  # it has failed, or not begun
        return False
    (nothing,) = driver.execute("SELECT pg_current_xact_id_if_assigned() IS NULL").fetchone()
    return nothing is True


def _run_pending() -> None:
    callbacks = [*(_pending("after_rollback") if g.get("rolled_back") else ()), *_pending("afterwards")]
    if not callbacks:
        return
    db.session.rollback()
    try:
        db.session.connection(execution_options=WRITING)
        for callback in callbacks:
            callback(db.session())
        db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        log.error("afterwards_failed", endpoint=request.endpoint, error=type(error).__name__)
        if current_app.testing:
            raise
    finally:
        g.pop("after_rollback", None)
        g.pop("afterwards", None)


def _pending(name: str) -> list[Callback]:
    callbacks: list[Callback] = g.setdefault(name, [])
    return callbacks


def _assert_nothing_left() -> None:
    session = db.session()
    left = [*session.new, *session.dirty, *session.deleted]
    if left or session.info.get("wrote"):
        raise AssertionError(f"{request.endpoint} left changes behind that nobody committed: {left or 'flushed rows'}")


def watch() -> None:
    """Tests only: notice who writes in a reading request. Every statement pays for the listeners."""
    for name, listener in _LISTENERS.items():
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def _noted(session: Session, _context: Any) -> None:
    session.info["wrote"] = True


def _noted_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info["wrote"] = True


def _forgotten(session: Session) -> None:
    session.info.pop("wrote", None)


_LISTENERS: dict[str, Callable[..., None]] = {
    "after_flush": _noted,
    "do_orm_execute": _noted_statement,
    "after_commit": _forgotten,
    "after_rollback": _forgotten,
}
