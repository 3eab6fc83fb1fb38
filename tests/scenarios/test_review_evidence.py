"""MS18: a revisor reads the evidence of a period, for some days, and whoever opened it sees what was read."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Role
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import User
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.reviews import Review
from avvikelse.queries import evidence
from avvikelse.queries.evidence import PAGES
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.group_cases import SECRET, case, decided, noon, question
from tests.support.queries import counted
from tests.support.world import World
from tests.unit.test_pdf import accessible

GROUP = "birger"
HIDDEN_WORDS = "Internt ordval som aldrig lämnar gruppen"


@dataclass
class Stage(Acting):
    clock: Any

    @property
    def session(self) -> Session:
        return self.world.session

    def __post_init__(self) -> None:
        self.admin = self.world.grant("admin-allt", Role.ADMINISTRATOR)
        self.revisor = self.world.reporter("skola-2303", "revisor")
        self.reporter = self.world.reporter("skola-2380")
        self.own = self.world.report(self.reporter, "bup-mottagning", description="Originaltexten med Hemligord.")
        self.own.submitted_at = noon(date(2025, 10, 1))
        for n in range(8):
            row = case(self.world, GROUP, date(2025, 2, 3 + n), category="A1" if n else "C1")
        asked = question(self.world, row, GROUP, date(2025, 3, 1))
        decided(
            self.world, asked, date(2025, 9, 1), text="Kallelser skickas i tid.", decided_at=noon(date(2025, 3, 5)),
            published_at=noon(date(2026, 1, 7)), internal_text=HIDDEN_WORDS,
        )  # fmt: skip
        again = question(self.world, row, GROUP, date(2025, 3, 1))
        decided(self.world, again, date(2025, 9, 1), text="Hemligt beslut", decided_at=noon(date(2025, 4, 5)))

    def open(self, **changes: str) -> Review:
        self.does(self.admin, "/granskningar", **self.form(**changes))
        self.revisor = self.world.actor("revisor")
        return self.session.scalars(select(Review).order_by(Review.id.desc())).first()  # type: ignore[return-value]

    def form(self, **changes: str) -> dict[str, str]:
        fields = {
            "about": "Samverkan 2025", "pack": str(self.world.pack.id), "period_from": "2025-01-01",
            "period_to": "2025-12-31", "name": "Rut Revisor", "email": "revisor@example.org", "last_on": "2026-04-10",
        }  # fmt: skip
        return fields | changes


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(client, World.of(session, clock.now), clock)


def everything(stage: Stage, who: Actor, ref: str) -> str:
    """All that the evidence says, in every form."""
    page = f"/granskning/{ref}"
    found = [stage.get(who, page).get_data(as_text=True)]
    found += [stage.get(who, f"{page}/{key}").get_data(as_text=True) for key in PAGES]
    book = openpyxl.load_workbook(io.BytesIO(stage.get(who, f"{page}/underlag.xlsx").data))
    found += [str(cell.value) for sheet in book for row in sheet for cell in row]
    return "\n".join(found)


def test_the_evidence_says_what_when_and_who_by_role(stage: Stage) -> None:
    ref = stage.open().ref
    page = f"/granskning/{ref}"
    assert "Läs underlaget: Samverkan 2025" in stage.reads(stage.revisor, "/")
    assert "Samverkan 2025" in stage.reads(stage.revisor, "/granskning/" + ref)
    told = stage.reads(stage.revisor, f"{page}/beslut")
    assert "Kallelser skickas i tid." in told
    assert "Verksamhetschef BUP" in told
    assert "7 januari 2026 (efter perioden)" in told
    assert "Inte publicerat" in told
    counts = stage.reads(stage.revisor, f"{page}/avvikelser")
    assert "februari 2025" in counts.lower()
    assert "färre än 5" in counts
    assert "3 februari 2025" in stage.reads(stage.revisor, f"{page}/arenden")
    accessible(stage.get(stage.revisor, f"{page}/underlag.pdf").data)


def test_no_original_text_and_no_identity(stage: Stage) -> None:
    told = everything(stage, stage.revisor, stage.open().ref)
    reporter = stage.session.get_one(User, stage.reporter.user_id)
    for canary in (
        SECRET,
        "Hemligord",
        HIDDEN_WORDS,
        "Hemligt beslut",
        reporter.name,
        reporter.email,
        stage.own.number,
    ):
        assert canary not in told, canary


def test_what_is_read_is_logged_and_the_opener_reads_the_log(stage: Stage) -> None:
    review = stage.open()
    log = f"/granskningar/{review.ref}"
    assert "Inget än." in stage.reads(stage.admin, log)
    stage.get(stage.revisor, f"/granskning/{review.ref}")
    stage.get(stage.revisor, f"/granskning/{review.ref}/beslut")
    stage.get(stage.revisor, f"/granskning/{review.ref}/underlag.xlsx")
    shown = stage.reads(stage.admin, log)
    for page in ("Översikten", "Beslut", "Hämtade filer"):
        assert page in shown
    rows = stage.session.execute(
        select(AuditEvent.user_id, AuditEvent.detail).where(AuditEvent.event == "review_read").order_by(AuditEvent.seq)
    ).all()
    assert [detail["page"] for _, detail in rows] == ["oversikt", "beslut", "filer"]
    assert {user for user, _ in rows} == {stage.revisor.user_id}
    # Another granskning of the same revisor has its own log.
    other = stage.open(about="En till")
    assert "Inget än." in stage.reads(stage.admin, f"/granskningar/{other.ref}")


def test_expired_ended_and_not_hers_are_the_same_404(stage: Stage) -> None:
    review = stage.open()
    page = f"/granskning/{review.ref}"
    other = stage.world.grant(
        "annan-revisor", Role.REVISOR, pack_id=stage.world.pack.id, valid_to=stage.clock.now.date() + timedelta(30)
    )  # type: ignore[arg-type]
    strangers = (other, stage.reporter, stage.world.convenor(GROUP), stage.admin)
    for who in strangers:
        for address in (page, f"{page}/beslut", f"{page}/underlag.pdf", f"{page}/underlag.xlsx"):
            assert stage.get(who, address).status_code == 404, address
    assert stage.get(stage.revisor, f"{page}/finns-inte").status_code == 404
    assert stage.get(stage.revisor, page).status_code == 200
    stage.does(stage.admin, f"/granskningar/{review.ref}/avsluta")
    assert stage.get(stage.revisor, page).status_code == 404
    again = stage.open()
    assert stage.get(stage.revisor, f"/granskning/{again.ref}").status_code == 200
    stage.clock.move(days=31)
    for address in (f"/granskning/{again.ref}", f"/granskning/{again.ref}/beslut", "/granskning"):
        assert stage.get(stage.revisor, address).status_code == 404
    assert stage.session.scalars(select(AuditEvent.seq).where(AuditEvent.event == "review_read")).all()


def test_only_the_one_who_grants_opens(stage: Stage) -> None:
    for who, status in (
        (stage.world.administrator("region-jh"), 403), (stage.world.convenor(GROUP), 403), (stage.revisor, 403),
    ):  # fmt: skip
        assert stage.get(who, "/granskningar").status_code == status
        assert stage.sends(who, "/granskningar", **stage.form()).status_code == status
    assert stage.session.scalars(select(Review)).all() == []
    review = stage.open()
    for address in (f"/granskningar/{review.ref}",):
        assert stage.get(stage.world.administrator("region-jh"), address).status_code == 403
    assert stage.sends(stage.revisor, f"/granskningar/{review.ref}/avsluta").status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_on": "2026-05-01"}, "högst 30 dagar"), ({"last_on": "2026-03-01"}, "högst 30 dagar"),
        ({"period_from": "2026-01-01"}, "slutar innan"), ({"period_from": "2001-01-01"}, "för lång"),
        ({"about": "Ring 070-123 45 67"}, "telefon"), ({"email": "inte en adress"}, "e-post"),
        ({"pack": "999"}, "Välj"),
    ],
)  # fmt: skip
def test_what_is_refused_is_given_back(stage: Stage, changes: dict[str, str], sentence: str) -> None:
    answer = stage.sends(stage.admin, "/granskningar", **stage.form(**changes))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert stage.session.scalars(select(Review)).all() == []
    assert "invitation" not in stage.session.scalars(select(OutboxMail.notice)).all()


def test_the_pages_ask_the_same_whatever_there_is(stage: Stage) -> None:
    page = f"/granskning/{stage.open().ref}"
    pages = ("", *(f"/{key}" for key in PAGES))
    sizes: list[dict[str, int]] = []
    for number in (0, 120):
        for n in range(number):
            row = case(stage.world, GROUP, date(2025, 5, 1) + timedelta(days=n))
            if n % 10 == 0:
                asked = question(stage.world, row, GROUP, date(2025, 9, 1))
                decided(stage.world, asked, date(2025, 12, 1), decided_at=noon(date(2025, 9, 2)))
        found = {}
        for path in pages:
            stage.get(stage.revisor, page + path)
            with counted(stage.session) as statements:
                assert stage.get(stage.revisor, page + path).status_code == 200
            found[path] = len(statements)
        sizes.append(found)
    assert sizes[0] == sizes[1]
    assert max(sizes[0].values()) <= 32, sizes


def test_cases_are_counted_by_the_database_in_months_of_swedish_days(stage: Stage) -> None:
    late = case(stage.world, GROUP, date(2025, 5, 1))
    late.submitted_at = datetime(2025, 4, 30, 22, 30, tzinfo=UTC)  # half past midnight on the first of May
    last = case(stage.world, GROUP, date(2025, 12, 31))
    last.submitted_at, last.first_answer_at = datetime(2025, 12, 31, 22, 59, tzinfo=UTC), stage.world.now
    after = case(stage.world, GROUP, date(2026, 1, 1))
    after.submitted_at = datetime(2025, 12, 31, 23, 0, tzinfo=UTC)
    stage.session.flush()
    scope = evidence.Scope(stage.world.pack.id, date(2025, 2, 4), date(2025, 12, 31))
    with counted(stage.session) as statements:
        section = evidence.counts(stage.session, scope)
    assert section.grids[0].rows == (
        ("februari 2025", 7, 0, 0), ("maj 2025", 1, 0, 0), ("oktober 2025", 1, 0, 0), ("december 2025", 1, 1, 0),
    )  # fmt: skip
    assert len(statements) == 2
    assert all("count(" in statement.lower() for statement in statements)


def test_more_cases_than_a_page_holds_are_counted_but_not_all_listed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avvikelse.queries.evidence.MOST_CASES", 30)
    page = f"/granskning/{stage.open().ref}"
    assert "De senaste" not in stage.reads(stage.revisor, f"{page}/arenden")
    for n in range(40):
        case(stage.world, GROUP, date(2025, 5, 1) + timedelta(days=n))
    listed = stage.reads(stage.revisor, f"{page}/arenden")
    assert "De senaste 30." in listed
    assert "9 juni 2025" in listed
    assert "februari 2025" not in listed
    assert "Visar 1–25 av 30 rader" in listed  # a phone is not scrolled through all of them; the files have them
    assert "15 maj 2025" not in listed
    assert "15 maj 2025" in stage.reads(stage.revisor, f"{page}/arenden?sida=2")
    assert "maj 2025 31" in stage.reads(stage.revisor, f"{page}/avvikelser").lower()
