"""The house's own mechanics: transactions, refusals, access, headers, and the harness that the other tests trust."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from flask import Blueprint, Flask, abort
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from avvikelse.domain.actor import NOBODY, Actor, Grant
from avvikelse.domain.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, TooMany
from avvikelse.domain.vocabulary import Role
from avvikelse.models.audit import AuditEvent
from avvikelse.models.base import Base, db
from avvikelse.web import access, identity, transaction
from tests.conftest import LiveServer, build_app, dispose
from tests.support import forms, html
from tests.support.settings import make_settings

CHEF = Actor(user_id=1, name="Chef", grants=(Grant(Role.CHEF),))
RAPPORTOR = Actor(user_id=2, name="Rapportör")


class Jotting(Base):
    """A table of this file only."""

    __tablename__ = "jotting"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


Base.metadata.remove(Jotting.__table__)  # type: ignore[arg-type]


@pytest.fixture
def actor() -> list[Actor]:
    """The actor of the next requests, as a list of one."""
    return [RAPPORTOR]


@pytest.fixture
def house(committed_database: str, tmp_path, actor: list[Actor], monkeypatch) -> Iterator[Flask]:
    """A real app with planted views."""
    monkeypatch.setattr(identity, "load_actor", lambda: actor[0])
    app = build_app(make_settings(committed_database, tmp_path))
    _plant(app)
    with app.app_context():
        Jotting.__table__.create(db.engine)  # type: ignore[attr-defined]
    yield app
    dispose(app)


REFUSALS: dict[str, tuple[Exception, int]] = {
    "notfound": (NotFound(), 404),
    "forbidden": (Forbidden(), 403),
    "conflict": (Conflict("Ärendet är redan besvarat."), 409),
    "invalid": (Invalid("Skriv vad som hände."), 422),
    "toomany": (TooMany("Vänta en stund.", retry_after=7), 429),
    "other": (DomainError("Det går inte."), 400),
    "stale": (StaleDataError("x"), 409),
    "locked": (OperationalError("INSERT secret-word", {}, Exception("database is locked")), 503),
}


def _plant(app: Flask) -> None:
    area = Blueprint("planted", __name__)

    @area.post("/skriv/<int(max=999):status>")
    @access.requires(access.LOGGED_IN)
    def write(status: int) -> tuple[str, int]:
        _jot("skriven")
        return PAGE, status

    @area.post("/neka/<name>")
    @access.requires(access.LOGGED_IN)
    def refuse(name: str) -> str:
        _jot("nekad")
        transaction.after_rollback(lambda session: _jot(f"vägrad {name}", session))
        raise REFUSALS[name][0]

    @area.post("/krasch")
    @access.requires(access.LOGGED_IN)
    def crash() -> str:
        _jot("krasch")
        raise RuntimeError("secret-word")

    @area.post("/sent")
    @access.requires(access.LOGGED_IN)
    def late() -> str:
        """Fails at commit, not in the view."""
        db.session().add(Jotting(id=1, text="dubbel"))
        db.session().flush()
        db.session.execute(text("SELECT 1"))
        transaction.afterwards(lambda session: _jot("efteråt", session))
        db.session().add(Jotting(id=1, text="dubbel"))
        return PAGE

    @area.get("/las")
    @access.requires(access.LOGGED_IN)
    def reads_but_writes() -> str:
        _jot("i en GET")
        return PAGE

    @area.get("/las-bara")
    @access.requires(access.LOGGED_IN)
    def only_reads() -> str:
        _texts_now()
        db.session().add(Jotting(text="aldrig skriven"))
        return PAGE

    @area.get("/las-fel")
    @access.requires(access.LOGGED_IN)
    def reads_amiss() -> str:
        with contextlib.suppress(DBAPIError):
            db.session.execute(text("SELECT that_is_not_there"))
        return PAGE

    @area.get("/las-loggat")
    @access.requires(access.LOGGED_IN)
    @transaction.writes
    def reads_logged() -> str:
        _jot("läsning")
        return PAGE

    @area.get("/chef")
    @access.requires(access.roles(Role.CHEF))
    def chef_only() -> str:
        return PAGE

    @area.get("/avbryt/<int(max=999):status>")
    @access.requires(access.LOGGED_IN)
    def stop(status: int) -> str:
        abort(status)

    app.register_blueprint(area)
    access.check_declarations(app)


PAGE = '<!doctype html><html lang="sv"><head><title>Sida</title></head><body><h1>Sida</h1></body></html>'


def _jot(words: str, session: Session | None = None) -> None:
    session = session or db.session()
    session.add(Jotting(text=words))
    session.flush()


def _texts(app: Flask) -> list[str]:
    with app.app_context():
        return _texts_now()


def _texts_now() -> list[str]:
    return list(db.session.scalars(select(Jotting.text).order_by(Jotting.id)))


# --- transactions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "kept"), [(200, ["skriven"]), (302, ["skriven"]), (409, []), (422, []), (500, [])])
def test_post_is_committed_below_400_and_rolled_back_otherwise(house: Flask, status: int, kept: list[str]) -> None:
    assert house.test_client().post(f"/skriv/{status}").status_code == status
    assert _texts(house) == kept


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_rolls_back_answers_its_status_and_can_be_remembered(house: Flask, name: str) -> None:
    error, status = REFUSALS[name]
    response = house.test_client().post(
        f"/neka/{name}", data={"what": "två ord som jag skrev", "losenord": "hemligt ord"}
    )
    assert response.status_code == status
    assert _texts(house) == [f"vägrad {name}"]
    page = response.get_data(as_text=True)
    assert "två ord som jag skrev" in page
    assert "hemligt ord" not in page
    assert "secret-word" not in page
    assert getattr(error, "reason", "") in page
    assert (response.headers.get("Retry-After") == "7") is (name == "toomany")


def test_a_refusal_of_somebody_logged_in_is_in_the_audit_log(house: Flask, actor: list[Actor]) -> None:
    client = house.test_client()
    client.post("/neka/conflict")
    client.get("/avbryt/404")
    client.post("/neka/invalid")
    client.post("/skriv/200")
    actor[0] = NOBODY
    client.get("/avbryt/404")
    assert _refusals(house) == [("planted.refuse", 409, 2), ("planted.stop", 404, 2)]


def _refusals(app: Flask) -> list[tuple[str, int, int | None]]:
    with app.app_context():
        query = (
            select(AuditEvent.detail, AuditEvent.user_id).where(AuditEvent.event == "refused").order_by(AuditEvent.seq)
        )
        return [(detail["endpoint"], detail["status"], user_id) for detail, user_id in db.session.execute(query)]


def test_json_callers_get_json(house: Flask) -> None:
    response = house.test_client().post("/neka/conflict", headers={"Accept": "application/json"})
    assert response.get_json()["fel"] == "Ärendet är redan besvarat."


def test_a_failing_commit_is_answered_like_a_failing_view(house: Flask) -> None:
    response = house.test_client().post("/sent", data={"text": "min långa text"})
    assert response.status_code == 503
    assert "min långa text" in response.text
    assert "Inget har tagits emot" in response.text
    assert _texts(house) == ["efteråt"]


def test_a_crash_keeps_nothing_and_tells_nothing(house: Flask, capfd, caplog) -> None:
    house.config["PROPAGATE_EXCEPTIONS"] = False
    response = house.test_client().post("/krasch")
    assert response.status_code == 500
    assert "secret-word" not in response.text
    assert "secret-word" not in capfd.readouterr().err
    assert caplog.text == ""  # Flask's own logger, which pytest takes from standard error
    assert _texts(house) == []


def test_a_get_that_writes_is_caught(house: Flask) -> None:
    with pytest.raises(AssertionError, match=r"planted\.reads_but_writes wrote"):
        house.test_client().get("/las")
    assert _texts(house) == []
    house.testing = False
    assert house.test_client().get("/las").status_code == 200
    assert _texts(house) == []


def test_reading_keeps_nothing_and_forgets_no_prepared_statement(house: Flask, dialect: str) -> None:
    house.testing = False  # where it is an error to leave anything behind
    client = house.test_client()
    for _ in range(10):  # the driver prepares what it has been asked five times
        assert client.get("/las-bara").status_code == 200
    if dialect == "postgresql":
        with house.app_context():
            kept = db.session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
        assert any("jotting" in statement for statement in kept)
    assert _texts(house) == []


def test_reading_that_the_database_refused_ends_like_any_other(house: Flask) -> None:
    client = house.test_client()
    assert client.get("/las-fel").status_code == 200
    assert client.post("/skriv/200").status_code == 200
    assert _texts(house) == ["skriven"]


def test_a_get_marked_writes_is_committed(house: Flask) -> None:
    house.test_client().get("/las-loggat")
    assert _texts(house) == ["läsning"]


def test_writers_take_their_lock_at_once_on_sqlite(house: Flask, dialect: str, actor: list[Actor]) -> None:
    if dialect != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    begun: list[str] = []
    with house.app_context():
        engine = db.engine
    from sqlalchemy import event

    event.listen(engine, "before_cursor_execute", lambda *args: begun.append(args[2]))
    house.test_client().post("/skriv/200")
    assert begun[0] == "BEGIN IMMEDIATE"
    begun.clear()
    actor[0] = CHEF
    house.test_client().get("/chef")
    assert "BEGIN IMMEDIATE" not in begun


# --- access -----------------------------------------------------------------------------------------------------------


def test_roles_are_required(house: Flask, actor: list[Actor]) -> None:
    client = house.test_client()
    assert client.get("/chef").status_code == 403
    actor[0] = CHEF
    assert client.get("/chef").status_code == 200
    actor[0] = NOBODY
    assert client.get("/chef").status_code in {302, 401}
    assert client.get("/chef", headers={"Accept": "application/json"}).status_code == 401


def test_an_endpoint_without_access_stops_the_app(house: Flask) -> None:
    house.add_url_rule("/glomd", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        access.check_declarations(house)


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/avvikelser/3?sida=2", "/avvikelser/3?sida=2"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("https://evil.example/", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_next_stays_inside(target: str | None, safe: str) -> None:
    assert access.safe_next(target) == safe


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 503])
def test_error_pages_are_whole_pages_in_swedish(house: Flask, status: int) -> None:
    response = house.test_client().get(f"/avbryt/{status}")
    assert response.status_code == status
    assert 'lang="sv"' in response.text


def test_headers_are_strict(house: Flask) -> None:
    headers = house.test_client().get("/finns-inte").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"


def test_a_forged_host_is_refused(house: Flask) -> None:
    assert house.test_client().get("/chef", headers={"Host": "evil.example"}).status_code == 400


def test_too_large_a_form_is_refused(house: Flask) -> None:
    def read_form() -> str:
        from flask import request

        return request.form.get("text", "")

    house.add_url_rule("/form", "planted.form", access.requires(access.LOGGED_IN)(read_form), methods=["POST"])
    assert house.test_client().post("/form", data={"text": "x" * 1_100_000}).status_code == 413


# --- the harness ------------------------------------------------------------------------------------------------------


FORM = """<!doctype html><html lang="sv"><head><title>F</title></head><body><h1>F</h1>
<form method="post" action="/annan"><input type="hidden" name="csrf_token" value="0"><button>Annan</button></form>
<form method="post"><input type="hidden" name="csrf_token" value="hidden"><label>Text<textarea name="text">
förut</textarea></label>
<label>Val<select name="val"><option value="1">Ett</option><option value="2" selected>Två</option></select></label>
<label><input type="checkbox" name="ja" value="j" checked>Ja</label>
<label><input type="checkbox" name="nej" value="n">Nej</label>
<button name="gor" value="spara">Spara</button><button name="gor" value="skicka">Skicka in</button>
</form></body></html>"""


def test_a_form_is_sent_as_a_browser_does() -> None:
    form = forms.find(FORM, button="Skicka")
    assert form.action == ""
    hidden, val, ja = ("csrf_token", "hidden"), ("val", "2"), ("ja", "j")
    assert form.filled({}, "Skicka") == [hidden, ja, ("text", "förut"), val, ("gor", "skicka")]
    assert form.filled({"text": "nu", "ja": None, "nej": "n"}, None) == [
        hidden,
        val,
        ("text", "nu"),
        ("nej", "n"),
        ("gor", "spara"),
    ]
    with pytest.raises(AssertionError, match="has no field"):
        form.filled({"fusk": 1}, None)
    with pytest.raises(AssertionError, match="no form"):
        forms.find(FORM, button="Radera")


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_writes_is_gone_for_the_next(database: Connection, session: Session, turn: int) -> None:
    if turn == 1 or not database.dialect.has_table(database, "leftover"):
        session.execute(text("CREATE TABLE leftover (id INTEGER)"))
        session.commit()
    assert session.execute(text("SELECT count(*) FROM leftover")).scalar_one() == 0
    session.execute(text("INSERT INTO leftover VALUES (1)"))
    session.commit()


def test_commands_run_apart_from_the_test(run_cli: Callable[..., object], session: Session) -> None:
    result = run_cli("database", "--help")
    assert getattr(result, "exit_code", None) == 0


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>A</h1><h1>B</h1>", "2 h1"),
        ("<h1>A</h1><p id=x></p><p id=x></p>", "id 'x' stands 2 times"),
        ("<h1>A</h1><input name=q>", "input 'q' has no label"),
        ("<h1>A</h1><label for=q></label><input id=q name=q>", "input 'q' has no label"),
        ("<h1>A</h1><p style='color:red'>", "inline style"),
        ("<h1>A</h1><script>alert(1)</script>", "inline script"),
        ("<h1>A</h1><p onclick=x>", "onclick"),
        ("<h1>A</h1><form method=post></form>", "without csrf_token"),
        ("<h1>A</h1><div></p></div>", "unexpected-end-tag"),
        ("<h1>A</h1><a href=/></a>", "link without text"),
        ("<h1>A</h1><p aria-describedby=nowhere>x</p>", "'nowhere'"),
    ],
)
def test_the_lint_finds_faults(body: str, fault: str) -> None:
    page = f'<!doctype html><html lang="sv"><head><title>T</title></head><body>{body}</body></html>'
    assert fault in "\n".join(html.faults(page))


def test_the_lint_lets_a_good_page_through() -> None:
    body = (
        '<h1>A</h1><form method="post"><input type="hidden" name="csrf_token" value="x"><label for="q">Ord</label>'
        '<input id="q" name="q"><label><input type="checkbox" name="c"> Ja</label><button>Sök</button></form>'
    )
    assert html.faults(f'<!doctype html><html lang="sv"><head><title>T</title></head><body>{body}</body></html>') == []


# --- a real server and a real browser ---------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_real_browser_reaches_a_real_server_under_the_strict_policy(live_server: LiveServer, page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    response = page.goto(f"{live_server.url}/finns-inte")
    assert response.status == 404
    assert page.locator("h1").inner_text() == "Sidan finns inte"
    assert [text for text in said if "Content Security Policy" in text] == []
