"""MS17: the annual report in one press, in the agreement's order; approved it is locked; outside nothing is small."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.analysis.small_numbers import HIDDEN
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.vocabulary import Again, AtgardStatus, Effect, EffectAsked, Rating, Role, SeesCases
from avvikelse.models.annual import AnnualReport
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.dialogue import Atgard, EffectQuestion
from avvikelse.models.group_work import WideSummary
from avvikelse.queries import reporters_said
from avvikelse.queries.annual import told_beside
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.group_cases import SECRET, answer, case, closed, decided, question
from tests.support.queries import counted
from tests.support.world import World
from tests.unit.test_pdf import accessible

GROUP, ABOVE, ELSEWHERE = "birger", "jamtbus-regionalt", "lokal-2303"
YEAR = 2025
FILES = ("arsrapport.pdf", "arsrapport.xlsx", "arsrapport.csv")


@dataclass
class Stage(Acting):
    clock: Any

    @property
    def session(self) -> Session:
        return self.world.session

    def __post_init__(self) -> None:
        self.convenor, self.member = self.world.convenor(GROUP), self.world.member(GROUP)
        for n in range(24):
            row = case(self.world, GROUP, date(YEAR, 1 + n % 12, 3), category=("A1", "A1", "C1")[n % 3])
            answer(self.world, row, date(YEAR, 1 + n % 12, 20), (Rating.JA, Rating.NEJ, None)[n % 3])
        asked = question(self.world, case(self.world, GROUP, date(YEAR, 5, 2)), GROUP, date(YEAR, 5, 3))
        decided(self.world, asked, date(YEAR, 9, 1), text="Eget beslut", decided_at=self.clock.now.replace(year=YEAR))
        case(self.world, GROUP, date(YEAR, 6, 1), **closed(outcome="merged"))

    def page(self, group: str = GROUP) -> str:
        return f"/grupper/{self.world.group(group).id}/arsrapport/{YEAR}"

    @property
    def outward(self) -> str:
        return f"/arsrapporter/{self.world.group(GROUP).id}/{YEAR}"

    def approve(self) -> None:
        row = self.session.scalars(select(AnnualReport).order_by(AnnualReport.version.desc())).first()
        assert row is not None
        self.does(self.convenor, f"{self.page()}/godkann", seen=str(row.version_id))


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(client, World.of(session, clock.now), clock)


def test_one_press_and_the_agreements_order(stage: Stage) -> None:
    assert "ingen årsrapport" in stage.reads(stage.member, stage.page().rsplit("/", 1)[0])
    stage.does(stage.convenor, f"{stage.page()}/gor")
    shown = stage.reads(stage.member, stage.page())
    places = [
        shown.index(title)
        for title in (
            "1. Samordnade individuella planer", "2. Rapporterade brister", "3. Aktiviteter", "4. Fick rapportörerna",
            "5. Åtgärder och effekt", "6. Beslut",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert "Saknas: Östersund" in shown
    assert "25 rapporter under året" in shown  # what was merged never counts
    assert "Eget beslut" in shown
    assert "Siffrorna är rapporter" in shown
    assert SECRET not in shown


BLEKINGE = ("1060", "1080", "1081", "1082", "1083")


def test_five_kommuner_and_one_that_has_not_counted(session: Session, client: CheckingClient, clock: Any) -> None:
    """As the agreement of Blekinge asks: per kommun and in total, and who is missing by name."""
    world = World.of(session, clock.now, pack="blekinge")
    acting = Acting(client, world)
    counter = world.grant("sip", Role.SIP_SAMORDNARE, huvudman_id=world.huvudman("region-blekinge").id)
    for kommun in BLEKINGE[1:]:
        for half in (1, 2):
            numbers = {"new": "0", "held": "0"} if kommun == "1081" else {"new": "6", "held": "9"}
            persons = {"once": "0" if kommun == "1081" else "9", "twice": "0", "more": "0"}
            acting.does(counter, f"/sip/{kommun}/{YEAR}/{half}", seen_version="0", **numbers, **persons)
    convenor = world.convenor("sg-barn-unga")
    page = f"/grupper/{world.group('sg-barn-unga').id}/arsrapport/{YEAR}"
    acting.does(convenor, f"{page}/gor")
    shown = acting.reads(convenor, page)
    assert "Saknas: Olofström." in shown
    csv = acting.get(convenor, f"{page}/arsrapport.csv").get_data(as_text=True)
    assert "Olofström;;;;;saknas: januari–juni 2025, juli–december 2025" in csv
    assert "Ronneby;0;0;0;;" in csv  # a zero that was counted
    assert "Karlskrona;12;18;18;1;" in csv
    assert "Alla som har räknat;36;54;54;1;" in csv
    assert "Inga avvikelser rapporterades." in shown


def test_words_are_guarded_and_approval_locks(stage: Stage) -> None:
    stage.does(stage.convenor, f"{stage.page()}/gor")
    comment = f"{stage.page()}/kommentar/sip"
    refused = stage.sends(stage.convenor, comment, text="Ring 070-123 45 67.")
    assert refused.status_code == 422
    assert "070-123 45 67" in words(refused) or "070-123 45 67" in refused.get_data(as_text=True)
    stage.does(stage.convenor, comment, text="Kommunen räknar från våren.")
    assert "Kommunen räknar från våren." in stage.reads(stage.member, stage.page())

    assert stage.sends(stage.convenor, f"{stage.page()}/godkann", seen="0").status_code == 409
    assert stage.get(stage.member, stage.outward).status_code == 404
    stage.approve()
    before = stage.session.scalars(select(AnnualReport)).one().content
    assert stage.sends(stage.convenor, comment, text="Nytt.").status_code in {404, 409}
    assert stage.sends(stage.convenor, f"{stage.page()}/godkann", seen="9").status_code == 409
    case(stage.world, GROUP, date(YEAR, 12, 31))
    assert stage.session.scalars(select(AnnualReport)).one().content == before

    # A late change makes a new version with its own number; the approved one stays, and stays what others read.
    stage.does(stage.convenor, f"{stage.page()}/gor")
    assert "26 rapporter" in stage.reads(stage.member, stage.page())
    assert "25 rapporter" in stage.reads(stage.member, f"{stage.page()}?version=1")
    assert "Kommunen räknar från våren." in stage.reads(stage.member, stage.page())
    assert "version 1" in stage.reads(stage.member, stage.outward)
    # Outside, what was told of answers stands when the new one is approved too.
    late = stage.session.scalars(select(AnnualReport).order_by(AnnualReport.version.desc())).first()
    assert late is not None
    first, second = (next(one for one in row["outward"] if one["key"] == "svar") for row in (before, late.content))
    assert second["grids"] == first["grids"]
    assert second["lead"].startswith("Som i version 1.")
    assert next(one for one in late.content["own"] if one["key"] == "svar")["grids"] != first["grids"]
    told = select(AuditEvent.event).where(AuditEvent.event.like("annual%")).order_by(AuditEvent.seq)
    events = list(stage.session.scalars(told))
    assert events == ["annual_made", "annual_commented", "annual_approved", "annual_made"]


def test_outside_the_group_nothing_is_small(stage: Stage) -> None:
    stage.does(stage.convenor, f"{stage.page()}/gor")
    preview = stage.reads(stage.convenor, f"{stage.page()}/godkann")
    assert "Eget beslut" not in preview
    stage.approve()
    reader = stage.world.reporter("skola-2303")
    told = stage.reads(reader, stage.outward)
    assert "Eget beslut" not in told  # not published
    assert "rapporterar, gäller" not in told  # pairs stay inside
    assert stage.reads(reader, "/laget/jamtland-harjedalen").count("Årsrapporter") == 1
    text = stage.get(reader, f"{stage.outward}/arsrapport.csv").get_data(as_text=True)
    numbers = [cell for line in text.splitlines() for cell in line.split(";") if cell.isdigit()]
    assert not [number for number in numbers if 0 < int(number) < 5]
    # What is told is a wide publication: the next one knows of it.
    assert stage.session.scalar(select(func.count()).select_from(WideSummary)) == 1
    assert stage.session.scalars(select(WideSummary.months)).one() == 12


def test_the_files_are_the_page(stage: Stage) -> None:
    stage.does(stage.convenor, f"{stage.page()}/gor")
    stage.does(stage.convenor, f"{stage.page()}/kommentar/avvikelser", text="=1+1 är inte en formel")
    pdf, xlsx, csv = (stage.get(stage.member, f"{stage.page()}/{name}") for name in FILES)
    accessible(pdf.data)
    book = openpyxl.load_workbook(io.BytesIO(xlsx.data))
    assert [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"] == []
    assert any("är inte en formel" in str(cell.value) for row in book["Om"] for cell in row)
    assert "Saknas" not in csv.get_data(as_text=True)
    assert "saknas: januari–juni 2025, juli–december 2025" in csv.get_data(as_text=True)
    for answer_ in (pdf, xlsx, csv):
        assert SECRET.encode() not in answer_.data


def test_who_gets_none_of_it(stage: Stage) -> None:
    stage.does(stage.convenor, f"{stage.page()}/gor")
    above, foreign = stage.world.convenor(ABOVE), stage.world.convenor(ELSEWHERE)
    reporter = stage.world.reporter("skola-2380")
    pages = ("", "/godkann", "/kommentar/sip", *(f"/{name}" for name in FILES))
    for who, status in ((foreign, {404}), (above, {404, 403}), (reporter, {403})):
        for page in pages:
            assert stage.get(who, stage.page() + page).status_code in status, page
        for page in ("/gor", "/godkann", "/kommentar/sip"):
            assert stage.sends(who, stage.page() + page, text="x", seen="1").status_code in {403, 404}, page
    for page in ("/gor", "/godkann", "/kommentar/sip"):
        assert stage.sends(stage.member, stage.page() + page, text="x", seen="1").status_code == 403
    for name in ("", *(f"/{name}" for name in FILES)):
        assert stage.get(reporter, stage.outward + name).status_code == 404
    row = stage.session.scalars(select(AnnualReport)).one()
    assert (row.approved_at, row.comments, row.version) == (None, {}, 1)


@pytest.mark.parametrize(("year", "status"), [(2023, 409), (2027, 409)])
def test_other_years_are_refused(stage: Stage, year: int, status: int) -> None:
    address = stage.page().replace(str(YEAR), str(year))
    assert stage.sends(stage.convenor, f"{address}/gor").status_code == status


def test_a_year_that_is_not_over_cannot_be_approved(stage: Stage) -> None:
    address = stage.page().replace(str(YEAR), "2026")
    stage.does(stage.convenor, f"{address}/gor")
    assert "kan godkännas efter nyår" in stage.reads(stage.convenor, address)
    row = stage.session.scalars(select(AnnualReport)).one()
    assert stage.sends(stage.convenor, f"{address}/godkann", seen=str(row.version_id)).status_code == 409


def test_reading_costs_the_same_whatever_the_year_held(stage: Stage) -> None:
    stage.does(stage.convenor, f"{stage.page()}/gor")
    stage.get(stage.member, stage.page())
    with counted(stage.session) as statements:
        stage.get(stage.member, stage.page())
    assert len(statements) <= 14, statements


@pytest.mark.parametrize("sees", [SeesCases.PA_BEGARAN, SeesCases.NEJ])
def test_a_group_without_numbers_gets_none_this_way(stage: Stage, sees: SeesCases) -> None:
    stage.world.group(GROUP).sees_cases = sees
    stage.session.flush()
    desk = stage.page().rsplit("/", 2)[0]
    hub = stage.reads(stage.convenor, f"{desk}/uppfoljning")
    assert "Handlingsplan" in hub
    assert "Årsrapport" not in hub
    assert "Vilken avtalspunkt" not in hub
    assert "Skapa årsrapport" not in stage.reads(stage.convenor, f"{desk}/arsrapport")
    assert stage.sends(stage.convenor, f"{stage.page()}/gor").status_code == 404
    assert stage.get(stage.convenor, f"{desk}/avtal").status_code == 404
    assert stage.session.scalars(select(AnnualReport)).all() == []


def test_lists_of_groups_that_share_cases_are_told_by_one_of_them(stage: Stage) -> None:
    """The länsgrupp's lists minus those of the group below it would be the few cases in the rest of the län."""
    shared = stage.session.scalars(
        select(GroupMembership).where(GroupMembership.group_id == stage.world.group(GROUP).id)
    ).all()
    for row in shared:
        stage.session.add(
            GroupMembership(
                group_id=stage.world.group(ABOVE).id, avvikelse_id=row.avvikelse_id, reported_on=row.reported_on
            )
        )
    for n in range(2):
        answer(stage.world, case(stage.world, ABOVE, date(YEAR, 3, 3 + n)), date(YEAR, 3, 20), Rating.NEJ)
    stage.session.flush()
    above, elsewhere = stage.world.convenor(ABOVE), stage.world.convenor(ELSEWHERE)
    stage.does(above, f"{stage.page(ABOVE)}/gor")
    stage.does(stage.convenor, f"{stage.page()}/gor")
    stage.clock.move(to=stage.clock.now + timedelta(minutes=5))
    stage.approve()
    first = stage.reads(stage.member, stage.outward)
    assert "Fick rapportören svar?" in first
    late = stage.session.scalars(select(AnnualReport).where(AnnualReport.group_id == stage.world.group(ABOVE).id)).one()
    refused = stage.sends(above, f"{stage.page(ABOVE)}/godkann", seen=str(late.version_id))
    assert refused.status_code == 409
    assert "Gör den igen" in words(refused)
    stage.does(above, f"{stage.page(ABOVE)}/gor")
    stage.session.refresh(late)
    stage.does(above, f"{stage.page(ABOVE)}/godkann", seen=str(late.version_id))
    second = stage.reads(stage.member, f"/arsrapporter/{stage.world.group(ABOVE).id}/{YEAR}")
    assert "En annan grupp med delvis samma ärenden" in second
    assert "Fick rapportören svar?" not in second
    assert "Fick rapportören svar?" in stage.reads(above, stage.page(ABOVE))  # its own members read it all
    stage.does(elsewhere, f"{stage.page(ELSEWHERE)}/gor")
    own = stage.session.scalars(
        select(AnnualReport).where(AnnualReport.group_id == stage.world.group(ELSEWHERE).id)
    ).one()
    assert own.content["lists_told"]  # no case is in both
    group_id = stage.world.group(ELSEWHERE).id
    old = GroupMembership(group_id=group_id, reported_on=date(YEAR - 1, 11, 3), avvikelse_id=shared[0].avvikelse_id)
    stage.session.add(old)
    stage.session.flush()
    assert told_beside(stage.session, group_id, YEAR)  # its åtgärd may be followed up in this year by both


# --- what the reporters say of the åtgärder ---------------------------------------------------------------------------

SAID = "effekt-rapportorer"


def asked(stage: Stage, owner: Effect | None, *voices: tuple[str, date, Again | None], reported: int = YEAR) -> Atgard:
    """An åtgärd in place whose owner says `owner`; the reporters who were asked, each with an account of her own."""
    session, world = stage.session, stage.world
    row = case(world, GROUP, date(reported, 9, 1))
    atgard = Atgard(
        avvikelse_id=row.id, kind="M04", text="Ny brevlåda.", omrade_id=world.unit("bup-behandling").omrade_id,
        status=AtgardStatus.FOLLOWED_UP if owner else AtgardStatus.DONE, created_at=stage.clock.now,
        done_on=date(reported, 10, 1), changed="Kallelser går till en brevlåda.", rounds_asked=1,
        effect=owner, followed_up_on=date(YEAR, 3, 1) if owner else None,
    )  # fmt: skip
    session.add(atgard)
    session.flush()
    by_name: dict[str, Any] = {}
    for place, (who, day, again) in reversed(list(enumerate(voices))):  # no ordering by luck
        if who not in by_name:
            by_name[who] = row if not by_name else case(world, GROUP, day, **closed(outcome="merged", main_id=row.id))
        session.add(
            EffectQuestion(
                atgard_id=atgard.id, avvikelse_id=by_name[who].id, asked=EffectAsked.REPORTER, round=place + 1,
                brought_forward=False, asked_on=day, closes_on=day, closed_on=day, again=again,
                answered_on=day if again else None,
            )
        )  # fmt: skip
    session.flush()
    return atgard


def said(stage: Stage, version: str = "own") -> dict[str, list[Any]]:
    stage.does(stage.convenor, f"{stage.page()}/gor")
    row = stage.session.scalars(select(AnnualReport).order_by(AnnualReport.version.desc())).first()
    assert row is not None
    stage.session.refresh(row)
    grids = [grid for one in row.content[version] for grid in one["grids"] if grid["key"] == SAID]
    return {cells[0]: cells[1:] for cells in grids[0]["rows"]} if grids else {}


def test_the_reporters_say_beside_the_owners_whether_it_works(stage: Stage) -> None:
    """By hand: of six åtgärder the reporters confirm two, the owners four."""
    march, june = date(YEAR, 3, 3), date(YEAR, 6, 3)
    asked(stage, Effect.WORKS, ("a", march, Again.NO), ("b", march, None), reported=YEAR - 1)  # confirmed
    asked(stage, None, ("a", march, Again.SOMETIMES), ("a", june, Again.NO))  # confirmed by her latest answer
    asked(stage, Effect.WORKS, ("a", march, Again.NO), ("b", march, Again.AS_BEFORE))  # owner yes, a reporter no
    asked(stage, Effect.WORKS, ("a", march, None), ("a", june, None))  # owner yes, nobody answers
    assert said(stage)["Rapportörerna säger att det fungerar"] == [2, None]  # a share of four is not shown
    asked(stage, Effect.PARTLY, ("a", june, Again.SOMETIMES))
    asked(stage, Effect.WORKS, ("a", march, Again.NO), ("a", june, Again.AS_BEFORE))
    # Asked in another year, about a good example, or in another group: not counted.
    asked(stage, Effect.WORKS, ("a", date(YEAR - 1, 12, 31), Again.NO), ("a", date(YEAR + 1, 1, 1), Again.NO))
    good = asked(stage, Effect.WORKS, ("a", march, Again.NO))
    stage.session.get_one(Avvikelse, good.avvikelse_id).category = GOOD_EXAMPLE
    other = asked(stage, Effect.WORKS, ("a", march, Again.NO))
    for row in stage.session.scalars(
        select(GroupMembership).where(GroupMembership.avvikelse_id == other.avvikelse_id)
    ).all():
        row.group_id = stage.world.group(ELSEWHERE).id
    stage.session.flush()
    assert said(stage) == {
        "Rapportörerna säger att det fungerar": [2, "33 %"],
        "Ägarna säger att det fungerar": [4, "67 %"],
        "Rapportörer säger att det har hänt igen": [3, "50 %"],
        "Ingen rapportör har svarat": [1, "17 %"],
        "Alla åtgärder som rapportörer har fått frågan om": [6, "100 %"],
    }
    assert "Vad säger rapportörerna om åtgärderna?" in stage.reads(stage.member, stage.page())
    assert "Ägarna säger att det fungerar;4;67 %" in stage.get(stage.member, f"{stage.page()}/arsrapport.csv").text
    outside = said(stage, "outward")
    assert not [cell for row in outside.values() for cell in row if cell != HIDDEN and cell not in {None, 6, "100 %"}]


def test_what_is_asked_is_read_at_once(stage: Stage) -> None:
    first, last = date(YEAR, 1, 1), date(YEAR, 12, 31)
    for number in (1, 4):
        for _ in range(number):
            asked(stage, Effect.WORKS, ("a", date(YEAR, 3, 3), Again.NO), ("b", date(YEAR, 3, 3), Again.NO))
        stage.session.expire_all()
        group_id = stage.world.group(GROUP).id
        with counted(stage.session) as statements:
            reporters_said.in_group(stage.session, group_id, first, last)
        assert len(statements) == 1, statements
