"""*Kopplingskod* through the pages (SCENARIOS MS23): joined without a text crossing, counted once, answered to both."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain import link_code
from avvikelse.domain.actor import Actor
from avvikelse.domain.group_words import ProblemTypeStatus
from avvikelse.domain.vocabulary import AnswerKind
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, ReportDraft
from avvikelse.models.links import LinkCode
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.themes import ProblemType, ProblemTypeCase
from avvikelse.queries.indicator_rows import case_rows
from avvikelse.queries.situation import board, figures_of
from avvikelse.services import answers, links
from avvikelse.services.answers import AnswerText
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
SECRET, HERS = "Kanariefågeln kom inte till mötet.", "Papegojan satt och väntade förgäves."
TYPED = "Vi fick vänta förgäves på mötet."
CODE = re.compile(r"[a-zåäö]+-[a-zåäö]+-[a-zåäö]+ [0-9]")


@pytest.fixture
def nurse(world: World) -> Actor:
    return world.reporter("bup-mottagning")


@pytest.fixture
def first(world: World, teacher: Actor) -> Avvikelse:
    return world.report(teacher, "soc-2380", description=SECRET)


@pytest.fixture
def second(world: World, nurse: Actor) -> Avvikelse:
    return world.report(nurse, "soc-2380", description=HERS)


def at(row: Avvikelse) -> str:
    return f"/mina-rapporter/{row.ref}/kopplingskod"


def made(client: CheckingClient, actor: Actor, row: Avvikelse) -> str:
    log_in(client, actor.user_id or 0)
    found = CODE.search(html.unescape(client.post(at(row)).text.split('av-receipt__number"')[1]))
    assert found
    return found.group()


def used(client: CheckingClient, actor: Actor, row: Avvikelse, code: str) -> int:
    log_in(client, actor.user_id or 0)
    return client.post(f"{at(row)}/anvand", data={"code": code}).status_code


def test_two_reports_become_one_event_and_no_text_crosses(
    client: CheckingClient, world: World, session: Session, teacher: Actor, nurse: Actor, first: Avvikelse,
    second: Avvikelse,
) -> None:  # fmt: skip
    code = made(client, teacher, first)
    assert used(client, nurse, second, code.upper().replace("-", " – ")) == 302
    hers = client.get(at(second)).text
    assert "rapporterad av andra" in hers
    assert SECRET not in hers
    log_in(client, teacher.user_id or 0)
    his = client.get(at(first)).text
    assert "rapporterad av andra" in his
    assert HERS not in his
    told = session.scalars(select(OutboxMail).where(OutboxMail.notice == "report_linked")).all()
    assert [mail.recipient_user_id for mail in told] == [teacher.user_id]
    # one event in every group that has both
    groups = session.scalars(select(GroupMembership.group_id).where(GroupMembership.avvikelse_id == first.id)).all()
    assert groups
    today = world.now.date()
    for group_id in groups:
        assert [one.id for one in case_rows(session, group_id, today, today)] == [str(first.id)]


def test_the_answer_reaches_both(
    client: CheckingClient, world: World, session: Session, teacher: Actor, nurse: Actor, first: Avvikelse,
    second: Avvikelse,
) -> None:  # fmt: skip
    assert used(client, nurse, second, made(client, teacher, first)) == 302
    chef = world.chef("chef-soc-2380")
    log_in(client, chef.user_id or 0)
    client.post(f"/avvikelser/{first.ref}/ta-emot")
    text = AnswerText(kind=AnswerKind.QUICK, what_happened="Kallelsen kom bort.", what_now="Vi har en ny brevlåda.")
    answers.answer(session, chef, first.ref, text, now=world.now)
    told = session.scalars(select(OutboxMail).where(OutboxMail.notice == "linked_answered")).all()
    assert [mail.recipient_user_id for mail in told] == [nurse.user_id]
    log_in(client, nurse.user_id or 0)
    page = client.get(at(second)).text
    assert "Vi har en ny brevlåda." in page
    assert SECRET not in page


def test_a_code_that_is_wrong_old_taken_back_or_ones_own_is_refused_alike(
    client: CheckingClient, world: World, session: Session, teacher: Actor, nurse: Actor, first: Avvikelse,
    second: Avvikelse,
) -> None:  # fmt: skip
    code = made(client, teacher, first)
    colleague = world.reporter("skola-2380", "kollegan")
    same_party = world.report(colleague, "soc-2380")
    seen = set()

    def refused(actor: Actor, row: Avvikelse, typed: str) -> None:
        log_in(client, actor.user_id or 0)
        page = client.post(f"{at(row)}/anvand", data={"code": typed})
        assert page.status_code == 422
        seen.add(re.findall(r'id="code-error".*?</p>', page.text, re.DOTALL)[0])

    refused(nurse, second, "björk-sten-älv 7" if code != "björk-sten-älv 7" else "björk-sten-älv 8")
    refused(nurse, second, "hej")
    refused(teacher, first, code)
    refused(colleague, same_party, code)
    row = session.scalars(select(LinkCode)).one()
    row.good_to = world.now.date() - timedelta(days=1)
    session.flush()
    refused(nurse, second, code)
    row.good_to = world.now.date()
    session.flush()
    log_in(client, teacher.user_id or 0)
    assert client.post(f"{at(first)}/ta-tillbaka").status_code == 302
    refused(nurse, second, code)
    assert len(seen) == 1
    session.refresh(second)
    assert second.event_id is None


def typed(world: World, **changes: Any) -> dict[str, Any]:
    fields = {
        "counterpart": world.unit("soc-2380").id, "description": TYPED, "severity": 1, "occurred_on": "2026-03-09",
        "sender_enhet_id": world.unit("bup-mottagning").id, "key": "nyckelnyckel",
    }  # fmt: skip
    return fields | changes


def test_the_code_can_be_typed_in_the_report_itself(
    client: CheckingClient, world: World, session: Session, teacher: Actor, nurse: Actor, first: Avvikelse
) -> None:
    code = made(client, teacher, first)
    log_in(client, nurse.user_id or 0)
    review = client.post("/rapportera", data=typed(world, link_code=code))
    assert review.status_code == 200
    sent = client.submit(review, button="Skicka")
    again = client.submit(review, button="Skicka")
    assert sent.location == again.location, "a double click is one report, and its code is not wrong the second time"
    second = session.scalars(select(Avvikelse).where(Avvikelse.id != first.id)).one()
    assert second.event_id == first.event_id == first.id
    assert SECRET not in client.get(at(second)).text


def test_a_wrong_code_in_the_report_stops_it_and_counts(
    client: CheckingClient, world: World, session: Session, teacher: Actor, nurse: Actor, first: Avvikelse
) -> None:
    made(client, teacher, first)
    log_in(client, nurse.user_id or 0)
    for address in ("/rapportera", "/rapportera/skicka") * 5:
        page = client.post(address, data=typed(world, link_code="björk-sten-älv 7"))
        assert page.status_code == 422
        assert 'id="link_code-error"' in page.text
        assert TYPED in page.text
    assert client.post("/rapportera/skicka", data=typed(world, link_code="björk-sten-älv 7")).status_code == 429
    assert session.scalars(select(Avvikelse)).all() == [first]
    assert client.post("/rapportera/skicka", data=typed(world)).status_code == 302, "without the code it goes"


def test_a_code_is_kept_in_no_draft(
    client: CheckingClient, world: World, session: Session, teacher: Actor, nurse: Actor, first: Avvikelse
) -> None:
    code = made(client, teacher, first)
    log_in(client, nurse.user_id or 0)
    client.post("/rapportera/utkast", data=typed(world, link_code=code))
    assert code not in session.scalars(select(ReportDraft.payload)).one()


def test_a_colleague_cannot_join_by_the_form_either(
    client: CheckingClient, world: World, teacher: Actor, first: Avvikelse
) -> None:
    code = made(client, teacher, first)
    log_in(client, world.reporter("skola-2380", "kollegan").user_id or 0)
    fields = typed(world, link_code=code, sender_enhet_id=world.unit("skola-2380").id)
    assert client.post("/rapportera", data=fields).status_code == 422


def test_somebody_without_account_joins_and_reads_the_answer_with_her_code(
    client: CheckingClient, world: World, session: Session, teacher: Actor, first: Avvikelse
) -> None:
    code = made(client, teacher, first)
    lan = "/utan-konto/jamtland-harjedalen/rapport"
    with client.session_transaction() as cookie:
        cookie.clear()
    fields = typed(world, link_code=code, kommunkod="2380", sender="")
    del fields["sender_enhet_id"]
    wrong = client.post(lan, data=fields | {"link_code": "björk-sten-älv 7"})
    assert (wrong.status_code, 'id="link_code-error"' in wrong.text) == (422, True)
    receipt = client.submit(client.post(lan, data=fields), button="Skicka")
    hers = re.search(r"\d{4} \d{4} \d{4} \d{4}", receipt.text)
    assert hers
    second = session.scalars(select(Avvikelse).where(Avvikelse.id != first.id)).one()
    assert second.event_id == first.id
    mail = session.scalars(select(OutboxMail).where(OutboxMail.notice == "report_linked")).one()
    assert mail.next_try_at is not None
    assert mail.next_try_at > world.now, "it waits until the morning, as all that is done without account"
    status = client.post("/utan-konto/folj/sv", data={"code": hers.group()})
    assert "Samma händelse, rapporterad av andra" in status.text
    assert SECRET not in status.text
    log_in(client, teacher.user_id or 0)
    assert TYPED not in client.get(at(first)).text


def test_an_event_is_counted_once_in_a_theme_and_in_the_time_to_answer(
    client: CheckingClient, world: World, session: Session, teacher: Actor, nurse: Actor, first: Avvikelse,
    second: Avvikelse,
) -> None:  # fmt: skip
    assert used(client, nurse, second, made(client, teacher, first)) == 302
    group = session.scalars(select(GroupMembership.group_id).where(GroupMembership.avvikelse_id == first.id)).first()
    theme = ProblemType(
        ref="tematema", group_id=group, name="Kallelser", sentence="Kallelser kommer sent.",
        status=ProblemTypeStatus.OPEN, owner="Rektor", created_at=world.now,
    )  # fmt: skip
    session.add(theme)
    session.flush()
    more = [world.report(teacher, "soc-2380") for _ in range(4)]
    session.add_all(
        ProblemTypeCase(problem_type_id=theme.id, avvikelse_id=row.id, confirmed_at=world.now)
        for row in (first, second, *more)
    )
    session.flush()
    (shown,) = board(session, teacher, "jamtland-harjedalen", world.now.date()).themes
    assert shown.cases == 5
    for row in (first, second, *more):
        row.first_answer_at = world.now
    session.flush()
    assert figures_of(session, world.pack.id, world.now.date())["answered"] == 5


def test_guesses_are_braked(client: CheckingClient, world: World, nurse: Actor, second: Avvikelse) -> None:
    statuses = [used(client, nurse, second, f"björk-sten-älv {number % 10}") for number in range(links.PER_PERSON + 1)]
    assert statuses[:-1] == [422] * links.PER_PERSON
    assert statuses[-1] == 429


def test_no_more_than_five_belong_together(
    client: CheckingClient, world: World, session: Session, teacher: Actor, nurse: Actor, first: Avvikelse,
    second: Avvikelse,
) -> None:  # fmt: skip
    code = made(client, teacher, first)
    more = [world.report(teacher, "soc-2380") for _ in range(link_code.MOST - 1)]
    for row in (first, *more):
        row.event_id = first.id
    session.flush()
    assert used(client, nurse, second, code) == 422
    more[0].event_id = None
    session.flush()
    assert used(client, nurse, second, code) == 302
    assert used(client, nurse, second, code) == 302, "once more is the same"


def test_the_code_is_kept_nowhere_and_shown_again(
    client: CheckingClient, session: Session, teacher: Actor, first: Avvikelse
) -> None:
    code = made(client, teacher, first)
    assert made(client, teacher, first) == code
    row = session.scalars(select(LinkCode)).one()
    assert code not in (row.seed, row.code_hash)
    assert code not in client.get(at(first)).text


def test_nobody_else_gets_near_it(
    client: CheckingClient, world: World, teacher: Actor, nurse: Actor, first: Avvikelse
) -> None:
    made(client, teacher, first)
    for other in (nurse, world.chef("chef-skola-2380"), world.samordnare("kommun-2380/utbildning")):
        log_in(client, other.user_id or 0)
        assert client.get(at(first)).status_code == 404
        for path in ("", "/ta-tillbaka", "/anvand"):
            assert client.post(f"{at(first)}{path}", data={"code": "björk-sten-älv 7"}).status_code == 404


@given(st.binary(min_size=16, max_size=32))
def test_what_is_made_can_be_read_however_it_is_said(random: bytes) -> None:
    code = link_code.from_bytes(random)
    assert CODE.fullmatch(code)
    for typed in (code, code.upper(), code.replace("-", " "), f"  {code.replace('-', '–')} "):
        assert link_code.parsed(typed) == code


def test_the_words_are_many_and_different() -> None:
    assert len(link_code.WORDS) == len(set(link_code.WORDS)) >= 200
    assert all(word.islower() and word.isalpha() for word in link_code.WORDS)
