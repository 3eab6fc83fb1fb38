"""*Samverkansgrupper* through the front door: who gets in, what stands there, and how a decision is written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import GroupLevel, GroupQuestionKind, GroupQuestionStatus, SeesCases
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.identity import RoleAssignment
from avvikelse.models.themes import ProblemType
from avvikelse.services import month as months
from tests.support.browsing import Visitor, words
from tests.support.client import CheckingClient
from tests.support.group_cases import SECRET, case, question
from tests.support.queries import counted
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
GROUP, ABOVE, WITHOUT = "birger", "jamtbus-regionalt", "svom"


@pytest.fixture
def visit(world: World, client: FlaskClient) -> Any:
    """`visit(actor)`: the browser, logged in as her."""
    return lambda actor: Visitor.of(client, world.session, actor, world.now)


def address(world: World, group: str = GROUP, month: str = "2026-03") -> str:
    return f"/grupper/{world.group(group).id}/{month}"


# --- who gets in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["convenor", "member"])
def test_those_in_the_group_read_its_month(world: World, visit: Any, who: str) -> None:
    text = visit(getattr(world, who)(GROUP)).text(address(world))
    assert "Mars 2026" in text
    assert "Siffrorna är rapporter, inte händelser." in text


def test_others_learn_not_even_that_the_group_is_there(world: World, visit: Any) -> None:
    waiting = question(world, case(world, GROUP, date(2026, 3, 2)), GROUP, date(2026, 3, 3))
    outsider = visit(world.convenor("jamtbus-regionalt"))
    missing = outsider.get("/grupper/987654321/2026-03")
    foreign = outsider.get(address(world))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert words(foreign) == words(missing)
    question_page = f"/grupper/{world.group(GROUP).id}/fragor/{waiting.ref}"
    assert outsider.get(question_page).status_code == 404
    assert outsider.get(f"{address(world)}?group={world.group(ABOVE).id}").status_code == 404


def test_a_manager_without_a_group_has_no_group_pages(world: World, visit: Any) -> None:
    chef = visit(world.chef("chef-skola-2380"))
    assert chef.get("/grupper").status_code == 403
    assert chef.get(address(world)).status_code == 403


def test_without_log_in_one_is_sent_to_log_in(world: World, client: FlaskClient) -> None:
    response = client.get(address(world))
    assert response.status_code == 302
    assert "/logga-in" in response.headers["Location"]


def test_a_group_that_sees_nothing_has_no_page(world: World, visit: Any) -> None:
    member = visit(world.member(WITHOUT))
    assert member.get(address(world, WITHOUT)).status_code == 404
    assert "Månaden" not in member.text(f"/grupper/{world.group(WITHOUT).id}")  # it has its desk all the same
    assert address(world, WITHOUT) not in member.get("/grupper").get_data(as_text=True)


def test_a_group_on_request_is_told_so_and_gets_no_numbers(world: World, visit: Any) -> None:
    world.group(GROUP).sees_cases = SeesCases.PA_BEGARAN
    case(world, GROUP, date(2026, 3, 2), gruppmening="Kallelsen kom sent.", gruppmening_approved_at=world.now)
    text = visit(world.member(GROUP)).text(address(world))
    assert "Gruppen får sina siffror på begäran" in text
    assert "Kallelsen" not in text


@pytest.mark.parametrize(
    ("sees", "kinds", "level", "status"),
    [
        (SeesCases.ENSKILDA, None, GroupLevel.LOKAL, 200),
        (SeesCases.SAMMANSTALLNING, None, GroupLevel.LOKAL, 404),
        (SeesCases.PA_BEGARAN, None, GroupLevel.LOKAL, 404),
        (SeesCases.ENSKILDA, ["bup"], GroupLevel.LOKAL, 404),
        (SeesCases.ENSKILDA, None, GroupLevel.INTERN, 404),
    ],
)
def test_a_group_above_reads_along_only_where_it_reads_cases_itself(
    world: World, visit: Any, sees: SeesCases, kinds: list[str] | None, level: GroupLevel, status: int
) -> None:
    above, below = world.group(ABOVE), world.group(GROUP)
    above.sees_cases, above.verksamhetstyper, below.level = sees, kinds, level
    waiting = question(world, case(world, GROUP, date(2026, 3, 2)), GROUP, date(2026, 3, 3))
    reader = visit(world.convenor(ABOVE))
    assert reader.get(address(world)).status_code == status
    assert (below.name in reader.text("/grupper")) is (status == 200)
    # She convenes the group above, so she decides nothing here, whatever she reads.
    assert reader.get(f"/grupper/{below.id}/fragor/{waiting.ref}").status_code == 404


@pytest.mark.parametrize("month", ["2026-04", "2019-01", "2026-13", "2026-3"])
def test_months_that_are_not_there(world: World, visit: Any, month: str) -> None:
    assert visit(world.member(GROUP)).get(address(world, month=month)).status_code == 404


# --- what stands there ------------------------------------------------------------------------------------------------


def test_the_page_in_its_order(world: World, visit: Any) -> None:
    row = case(
        world, GROUP, date(2026, 3, 2), gruppmening="Kallelsen kom tre dagar före.", gruppmening_approved_at=world.now
    )
    case(world, GROUP, date(2026, 3, 3))
    question(world, row, GROUP, date(2026, 3, 4))
    text = visit(world.member(GROUP)).text(address(world))
    parts = [
        "Det viktigaste",
        "En fråga väntar på gruppens beslut.",
        "Att besluta",
        "Vem kallar till SIP",
        "Beslut som inte är klara",
        "Nytt i mars 2026",
        "Kallelsen kom tre dagar före.",
        "1 ärende utan mening än: Kallad part uteblev.",
        "Återkommer",
        "Fick rapportörerna svar?",
        "0 av 2",
        "Parter som inte rapporterar",
        "Rapporterar inte –",
        "Månad för månad",
        "Rangordna inte",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
    assert SECRET not in text
    assert row.number not in text


def test_no_case_and_still_a_page_with_the_open_decisions(world: World, visit: Any) -> None:
    question(world, case(world, GROUP, date(2025, 12, 2)), GROUP, date(2026, 1, 4))
    text = visit(world.member(GROUP)).text(address(world))
    assert "En fråga väntar på gruppens beslut." in text
    assert "Inga avvikelser rapporterades" in text


def test_months_follow_each_other(world: World, visit: Any) -> None:
    member = visit(world.member(GROUP))
    first = member.get(f"/grupper/{world.group(GROUP).id}").get_data(as_text=True)
    assert f'href="{address(world)}"' in first
    current = member.get(address(world)).get_data(as_text=True)
    assert address(world, month="2026-02") in current
    assert "2026-04" not in current
    assert address(world) in member.get(address(world, month="2026-02")).get_data(as_text=True)


def test_markup_in_a_sentence_is_only_letters(world: World, visit: Any) -> None:
    bad = "<script>alert(1)</script> & mer"
    case(world, GROUP, date(2026, 3, 2), gruppmening=bad, gruppmening_approved_at=world.now)
    page = visit(world.member(GROUP)).get(address(world)).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; mer" in page


def test_a_published_month_costs_few_queries(world: World, visit: Any) -> None:
    member = visit(world.member(GROUP))
    case(world, GROUP, date(2026, 2, 2))
    page = address(world, month="2026-02")
    with counted(world.session) as live:
        member.get(page)
    months.make_month(world.session, world.group(GROUP).id, "2026-02", world.now)
    world.session.commit()
    with counted(world.session) as stored:
        member.get(page)
    reads, stored_reads = ([s for s in sent if s.startswith("SELECT")] for sent in (live, stored))
    assert len(reads) <= 30  # twenty-six of the month, the rest of the log-in, the person and the navigation
    assert len(stored_reads) <= len(reads) - 10


# --- the decision -----------------------------------------------------------------------------------------------------


IN_WORDS = {
    "outcome": "ansvar",
    "owner_position": "0",
    "owner": "Verksamhetschef BUP",
}  # somebody without a position in the system


def asked(world: World, **changes: Any) -> tuple[GroupQuestion, str]:
    """A gap, which the group closes by its decision without moving a case, and its page."""
    row = case(world, GROUP, date(2026, 3, 2))
    fields = {"kind": GroupQuestionKind.GAP, "text": "BUP och skolan har svarat nej. Vem ansvarar?"} | changes
    found = question(world, row, GROUP, date(2026, 3, 3), **fields)
    return found, f"/grupper/{world.group(GROUP).id}/fragor/{found.ref}"


def test_the_convenor_writes_the_decision(world: World, visit: Any) -> None:
    waiting, page = asked(world)
    convenor = visit(world.convenor(GROUP))
    assert page in convenor.get(address(world)).get_data(as_text=True)
    answer = convenor.post(page, on=page, decision="BUP kallar.", **IN_WORDS, due_on="2026-04-01")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/grupper/{world.group(GROUP).id}")
    world.session.refresh(waiting)
    taken = world.session.get_one(GroupDecision, waiting.decision_id)
    assert (waiting.status, taken.text, taken.owner) == (
        GroupQuestionStatus.DECIDED, "BUP kallar.", "Verksamhetschef BUP",
    )  # fmt: skip
    assert taken.published_at is None
    text = convenor.text(address(world))
    assert "Ingen fråga väntar på gruppens beslut." in text
    assert "BUP kallar. BUP och skolan har svarat nej. Vem ansvarar? Verksamhetschef BUP" in text


def test_the_convenor_reads_what_a_question_is_about_only_where_the_group_reads_of_cases(
    world: World, visit: Any
) -> None:
    _, page = asked(world)
    convenor = visit(world.convenor(GROUP))
    assert "rapporterar, gäller" in convenor.text(page)
    world.group(GROUP).sees_cases = SeesCases.SAMMANSTALLNING
    world.session.commit()
    assert "rapporterar, gäller" not in convenor.text(page)


def test_three_questions_stand_open_and_the_rest_is_a_link(world: World, visit: Any) -> None:
    for number in range(4):
        asked(world, text=f"Fråga nummer {number}", raised_at=world.now - timedelta(days=9 - number))
    convenor = visit(world.convenor(GROUP))
    text = convenor.text(address(world))
    assert "Fråga nummer 2" in text
    assert "Fråga nummer 3" not in text
    assert "1 fråga till väntar på gruppen" in text
    assert "Fråga nummer 3" in convenor.text(f"/grupper/{world.group(GROUP).id}/fragor")


def test_what_need_not_be_seen_at_once_is_folded_up_with_its_reading(world: World, visit: Any) -> None:
    case(world, GROUP, date(2026, 3, 2), gruppmening="Kallelsen kom sent.", gruppmening_approved_at=world.now)
    page = visit(world.member(GROUP)).get(address(world)).get_data(as_text=True)
    folded = page.replace("\xa0", " ").split('<details class="av-fold">')
    news = next(part for part in folded if "Nytt i mars 2026" in part)
    assert "1 avvikelse" in news.split("</summary>")[0]
    assert "Kallelsen kom sent." in news
    assert "Att besluta" in folded[0]


def test_where_young_people_fall_between_becomes_a_theme(world: World, client: CheckingClient, visit: Any) -> None:
    """Nobody has said how long it took, so it is the commonest passage."""
    for day in (2, 3):
        case(world, GROUP, date(2026, 3, day), category="H2", sender_kind="elevhalsa", receiver_kind="bup")
    convenor = visit(world.convenor(GROUP))
    client.submit(convenor.get(address(world)), button="Gör den vanligaste till ett tema")
    theme = world.session.scalars(select(ProblemType)).one()
    assert (theme.category, theme.sender_kind, theme.receiver_kind) == ("H2", "elevhalsa", "bup")
    assert "Elevhälsan rapporterar, gäller BUP" in theme.sentence
    assert "till ett tema" not in visit(world.member(GROUP)).text(address(world))


def test_the_decision_of_a_published_months_question_is_told_beside_it(world: World, visit: Any) -> None:
    _, page = asked(world, raised_at=world.now - timedelta(days=20))
    months.make_month(world.session, world.group(GROUP).id, "2026-02", world.now)
    convenor = visit(world.convenor(GROUP))
    assert "Besluta om frågan" in convenor.text(address(world, month="2026-02"))
    convenor.post(page, on=page, decision="BUP kallar.", **IN_WORDS, due_on="2026-04-01")
    asked(world, text="En ny fråga")
    text = convenor.text(address(world, month="2026-02"))
    assert "Beslutad 11 mars 2026 BUP kallar." in text
    assert "Besluta om frågan" not in text
    assert "1 fråga har kommit sedan dess" in text
    assert "En ny fråga" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"decision": ""}, "Skriv vad gruppen beslutar."),
        ({"owner": " "}, "Skriv vilken roll eller verksamhet som ansvarar."),
        ({"due_on": "i morgon"}, "Skriv datumet så här: 2026-03-11."),
        ({"due_on": "2026-03-10"}, "Dagen har redan varit."),
        ({"decision": "Ring 070-123 45 67 om barnet."}, "elefon"),
        ({"decision": "x" * 1001}, "Skriv högst 1 000 tecken."),
    ],
)
def test_what_is_wrong_is_said_and_the_text_kept(
    world: World, visit: Any, changes: dict[str, str], sentence: str
) -> None:
    waiting, page = asked(world)
    convenor = visit(world.convenor(GROUP))
    fields = {"decision": "BUP kallar.", **IN_WORDS, "due_on": "2026-04-01"} | changes
    answer = convenor.post(page, on=page, **fields)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert fields["owner"].strip() in answer.get_data(as_text=True)
    world.session.refresh(waiting)
    assert waiting.status is GroupQuestionStatus.OPEN


def test_a_member_reads_but_does_not_decide(world: World, visit: Any) -> None:
    waiting, page = asked(world)
    member = visit(world.member(GROUP))
    text = member.get(address(world)).get_data(as_text=True)
    assert "Vem ansvarar?" in text
    assert page not in text
    assert member.get(page).status_code == 403
    assert _posted(member, page).status_code in {400, 403}
    world.session.refresh(waiting)
    assert waiting.status is GroupQuestionStatus.OPEN


def test_a_question_whose_words_nobody_approved_is_not_there(world: World, visit: Any) -> None:
    _, page = asked(world, approved_at=None)
    convenor = visit(world.convenor(GROUP))
    assert "Vem ansvarar?" not in convenor.text(address(world))
    assert convenor.get(page).status_code == 404


def test_a_question_of_another_group_is_not_there(world: World, visit: Any) -> None:
    waiting, _ = asked(world, group_id=world.group(ABOVE).id)
    convenor = visit(world.convenor(GROUP))
    assert convenor.get(f"/grupper/{world.group(GROUP).id}/fragor/{waiting.ref}").status_code == 404
    assert convenor.get(f"/grupper/{world.group(ABOVE).id}/fragor/{waiting.ref}").status_code == 404


def test_a_question_is_decided_once(world: World, visit: Any) -> None:
    waiting, page = asked(world)
    convenor = visit(world.convenor(GROUP))
    fields = {"decision": "BUP kallar.", **IN_WORDS, "due_on": "2026-04-01"}
    other = asked(world)[1]
    convenor.post(page, on=other, **fields)
    again = convenor.post(page, on=other, **(fields | {"decision": "Skolan kallar."}))
    assert again.status_code == 409
    world.session.refresh(waiting)
    assert world.session.get_one(GroupDecision, waiting.decision_id).text == "BUP kallar."


def _posted(visitor: Visitor, page: str) -> Any:
    return visitor.client.post(page, data={"decision": "x", "owner": "y", "due_on": "2026-04-01"})


def test_a_role_that_has_ended_ends_the_reading(world: World, visit: Any) -> None:
    actor: Actor = world.member(GROUP)
    member = visit(actor)
    assert member.get(address(world)).status_code == 200
    world.session.execute(update(RoleAssignment).values(valid_to=world.now.date() - timedelta(days=1)))
    world.session.commit()
    assert member.get(address(world)).status_code in {403, 404}
