"""*Jag också* through the pages (F 1.16): what is offered and what never, joined, counted, answered, taken back.

Each case that is shown has a twin that is not: another område, too severe, too old, no account, the own område's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import AnswerKind, Channel, Role, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, ReportDraft
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.voices import AddedVoice
from avvikelse.queries.similar_open import Near, similar_open
from avvikelse.services import answers, outbox, reporting, voices
from avvikelse.services.answers import AnswerText
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

SECRET, PROPOSAL, SENTENCE = "Kanariefågeln kom inte.", "Papegojan borde ringa.", "Kallelser kommer för sent till BUP."
ANSWER = "Vi kallar nu i tid."
MINE = "Samma sak hände oss, kallelsen kom dagen före mötet."


@pytest.fixture
def colleague(world: World) -> Actor:
    return world.reporter("skola-2380", "kollegan")


@pytest.fixture
def first(world: World, bup: Actor, teacher: Actor) -> Avvikelse:
    """An open report at BUP, from the school."""
    row = world.report(teacher, "bup-behandling", description=SECRET, proposal=PROPOSAL)
    assert row.status is Status.ASSIGNED
    return row


def typed(world: World, **changes: Any) -> dict[str, Any]:
    fields = {
        "counterpart": world.unit("bup-behandling").id, "description": MINE, "severity": 1, "category": "A2",
        "occurred_on": local_date(world.now).isoformat(), "sender_enhet_id": world.unit("skola-2380").id,
        "key": "nyckelnyckel",
    }  # fmt: skip
    return fields | changes


def review(acting: Acting, who: Actor, **changes: Any) -> Any:
    return acting.sends(who, "/rapportera", **typed(acting.world, **changes))


def near(world: World, sender: str = "skola-2380", category: str | None = None) -> Near:
    return Near(world.unit(sender).id, world.unit("bup-behandling").id, category)


def offered(world: World, who: Actor, sender: str = "skola-2380", category: str | None = None) -> list[int]:
    return [one.id for one in similar_open(world.session, who, near(world, sender, category), local_date(world.now))]


def joined(acting: Acting, who: Actor) -> AddedVoice:
    page = review(acting, who)
    answer = acting.client.submit(page, button="Jag också")
    assert answer.status_code == 302
    assert answer.location.startswith("/jag-ocksa/")
    return acting.world.session.scalars(select(AddedVoice).order_by(AddedVoice.id.desc())).first()  # type: ignore[return-value]


# --- what is offered --------------------------------------------------------------------------------------------------


def test_a_colleague_is_shown_kind_category_and_month_and_no_more(
    acting: Acting, first: Avvikelse, colleague: Actor
) -> None:
    page = review(acting, colleague)
    text = words(page)
    assert "Gäller det samma sak?" in text
    assert "Skolan rapporterar, gäller BUP, hände i mars" in text
    for secret in (SECRET, PROPOSAL, first.ref, first.number, "Person 1"):
        assert secret not in page.get_data(as_text=True)


def test_an_approved_gruppmening_is_shown_also_elsewhere(world: World, first: Avvikelse) -> None:
    social = world.reporter("soc-2380")
    assert offered(world, social, "soc-2380") == []
    first.gruppmening = SENTENCE
    world.session.flush()
    assert offered(world, social, "soc-2380") == [], "written, but not approved"
    first.gruppmening_approved_at = world.now
    world.session.flush()
    (one,) = similar_open(world.session, social, near(world, "soc-2380"), local_date(world.now))
    assert (one.id, one.sentence) == (first.id, SENTENCE)


def test_severe_and_without_account_need_an_approved_gruppmening(
    world: World, first: Avvikelse, colleague: Actor
) -> None:
    for changes in ({"severity": 3}, {"channel": Channel.NO_ACCOUNT, "severity": 1}):
        for name, value in changes.items():
            setattr(first, name, value)
        first.gruppmening, first.gruppmening_approved_at = None, None
        world.session.flush()
        assert offered(world, colleague) == [], changes
        first.gruppmening, first.gruppmening_approved_at = SENTENCE, world.now
        world.session.flush()
        assert offered(world, colleague) == [first.id], changes


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.ANSWERED},
        {"status": Status.SUBMITTED},
        {"category": "E3"},
        {"category": "L1"},
        {"category": None},
        {"occurred_on": -200},
        {"reporter_user_id": "me"},
        {"receiver_enhet_id": "elsewhere", "counterpart_enhet_id": "elsewhere"},
        {"receiver_enhet_id": "mine"},
    ],
    ids=str,
)
def test_what_is_never_offered(world: World, first: Avvikelse, colleague: Actor, change: dict[str, Any]) -> None:
    assert offered(world, colleague) == [first.id]
    values = {
        "me": colleague.user_id, "elsewhere": world.unit("barnhab").id, "mine": world.unit("skola-2380").id,
        -200: local_date(world.now - timedelta(days=200)),
    }  # fmt: skip
    for name, value in change.items():
        setattr(first, name, values.get(value, value))
    world.session.flush()
    assert offered(world, colleague) == []


def test_what_another_unit_of_the_same_side_has_taken_is_still_about_the_unit(
    world: World, first: Avvikelse, colleague: Actor
) -> None:
    first.receiver_enhet_id = world.unit("bup-mottagning").id
    world.session.flush()
    assert offered(world, colleague) == [first.id]


def test_another_kind_of_problem_is_not_similar(world: World, first: Avvikelse, colleague: Actor) -> None:
    assert offered(world, colleague, category="A2") == [first.id]
    assert offered(world, colleague, category="A3") == []  # of the same group, and still another thing
    assert offered(world, colleague, category="B1") == []


@pytest.mark.parametrize(("category", "folded"), [("A2", False), ("", True)])
def test_the_way_to_send_comes_first_and_a_loose_likeness_is_folded(
    acting: Acting, first: Avvikelse, colleague: Actor, category: str, folded: bool
) -> None:
    page = review(acting, colleague, category=category).get_data(as_text=True)
    assert page.index("data-submit-once") < page.index("Gäller det samma sak")
    assert ("<details" in page[page.index("data-submit-once") :]) is folded


def test_nobody_can_look_for_complaints_about_the_own_omrade(world: World, first: Avvikelse) -> None:
    first.gruppmening, first.gruppmening_approved_at = SENTENCE, world.now
    world.session.flush()
    nurse = world.reporter("bup-behandling", "syster")
    assert offered(world, nurse, "bup-behandling") == []
    both = world.grant("kollegan-med-tva", Role.RAPPORTOR, enhet_id=world.unit("bup-mottagning").id)
    both = world.grant("kollegan-med-tva", Role.RAPPORTOR, enhet_id=world.unit("skola-2380").id)
    assert offered(world, both) == []


def test_looking_often_shows_nothing_more(
    acting: Acting, world: World, first: Avvikelse, colleague: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voices, "SHOWN_PER_PERSON", 2)
    seen = ["Gäller det samma sak?" in words(review(acting, colleague)) for _ in range(3)]
    assert seen == [True, True, False]


def test_the_script_gets_the_same_while_one_writes(acting: Acting, first: Avvikelse, colleague: Actor) -> None:
    half = typed(acting.world, description="", severity="", category="")
    plain = acting.sends(colleague, "/rapportera/utkast", **half).get_json()
    assert "similar" not in plain
    asked = acting.sends(colleague, "/rapportera/utkast", **half, liknande="1").get_json()["similar"]
    assert "Skolan rapporterar" in asked
    assert SECRET not in asked
    nobody = acting.sends(colleague, "/rapportera/utkast", **half | {"counterpart": "vet-inte"}, liknande="1")
    assert nobody.get_json()["similar"].strip() == ""


# --- joining ----------------------------------------------------------------------------------------------------------


def test_joined_counted_and_the_text_stays_as_a_draft(
    acting: Acting, world: World, session: Session, first: Avvikelse, bup: Actor, colleague: Actor
) -> None:
    version = first.version_id
    voice = joined(acting, colleague)
    session.refresh(first)
    assert (voice.avvikelse_id, voice.user_id, first.voices) == (first.id, colleague.user_id, 1)
    assert first.version_id == version, "nobody's half-written answer becomes stale"
    assert MINE in session.scalars(select(ReportDraft.payload)).one()
    assert session.scalars(select(Avvikelse)).all() == [first], "no report of her own"
    page = acting.reads(bup, f"/avvikelser/{first.ref}")
    assert "1 till har sagt ”jag också”" in page
    assert "Någon till har sagt ”jag också”" not in page, "the timeline would tell when, and so perhaps who"
    assert world.user("kollegan").name not in page
    assert "Jag också" in acting.reads(colleague, "/mina-rapporter")
    assert "Gäller det samma sak?" not in words(review(acting, colleague)), "not twice"
    event = session.scalars(select(AuditEvent).where(AuditEvent.event == "voice_added")).one()
    assert (event.user_id, event.avvikelse_id) == (colleague.user_id, first.id)


def test_a_voice_opens_nothing(acting: Acting, world: World, first: Avvikelse, colleague: Actor) -> None:
    voice = joined(acting, colleague)
    page = acting.get(colleague, f"/jag-ocksa/{voice.ref}").get_data(as_text=True)
    for secret in (SECRET, PROPOSAL, first.ref, first.number, world.user("rapportor-skola-2380").name):
        assert secret not in page
    for path in ("", "/komplettera", "/kvitto"):
        assert acting.get(colleague, f"/avvikelser/{first.ref}{path}").status_code == 404
    assert acting.get(colleague, f"/rapportera/kvitto/{first.ref}").status_code == 404
    found = acting.reads(colleague, "/sok?q=Kanariefågeln")
    assert first.number not in found
    assert first.number not in acting.reads(colleague, "/mina-rapporter")


def test_only_what_is_offered_can_be_joined(
    acting: Acting, world: World, session: Session, first: Avvikelse, teacher: Actor, colleague: Actor
) -> None:
    for word in ("", "1", str(first.id), first.ref, "a" * 32):
        answer = acting.sends(colleague, "/rapportera/jag-ocksa", **typed(world, rost=word))
        assert answer.status_code == 422
        assert MINE in answer.get_data(as_text=True)
    page = review(acting, colleague)
    first.status = Status.ANSWERED
    session.flush()
    late = acting.client.submit(page, button="Jag också")
    assert late.status_code == 422
    assert "går inte längre att säga" in words(late)
    assert session.scalars(select(AddedVoice)).all() == []


def test_another_persons_voice_is_not_there(acting: Acting, world: World, first: Avvikelse, colleague: Actor) -> None:
    voice = joined(acting, colleague)
    for other in (world.reporter("skola-2380", "tredje"), world.chef("chef-skola-2380"), world.samordnare("region-jh")):
        assert acting.get(other, f"/jag-ocksa/{voice.ref}").status_code == 404
        for path in ("ta-tillbaka", "har-det-hant-igen"):
            answer = acting.sends(other, f"/jag-ocksa/{voice.ref}/{path}", again="nej")
            assert answer.status_code == 404


def test_what_the_guard_stops_is_not_lost_on_the_way(
    acting: Acting, session: Session, first: Avvikelse, colleague: Actor
) -> None:
    stopped = acting.sends(
        colleague, "/rapportera/jag-ocksa", **typed(acting.world, description="Eleven 19121212-1212.", rost="x")
    )
    assert stopped.status_code == 422
    assert 'id="description-error"' in stopped.get_data(as_text=True)
    assert session.scalars(select(AddedVoice)).all() == []


# --- afterwards -------------------------------------------------------------------------------------------------------


def test_the_answer_reaches_the_voice_and_the_mail_has_no_number(
    acting: Acting, world: World, session: Session, first: Avvikelse, bup: Actor, colleague: Actor
) -> None:
    voice = joined(acting, colleague)
    acting.step(bup, first, "ta-emot")
    text = AnswerText(kind=AnswerKind.QUICK, what_happened="Kallelsen kom bort.", what_now=ANSWER)
    answers.answer(session, bup, first.ref, text, now=world.now)
    mail = session.scalars(select(OutboxMail).where(OutboxMail.notice == "voice_news")).one()
    assert (mail.recipient_user_id, mail.params) == (colleague.user_id, {"voice": voice.ref})
    page = acting.reads(colleague, f"/jag-ocksa/{voice.ref}")
    assert ANSWER in page
    assert "Frågan har fått ett svar" in page
    assert SECRET not in page


def test_a_report_that_ends_without_answer_says_so(
    acting: Acting, world: World, session: Session, first: Avvikelse, teacher: Actor, colleague: Actor
) -> None:
    voice = joined(acting, colleague)
    reporting.withdraw(session, teacher, first.ref, now=world.now)
    assert len(session.scalars(select(OutboxMail).where(OutboxMail.notice == "voice_news")).all()) == 1
    assert "avslutades utan svar" in acting.reads(colleague, f"/jag-ocksa/{voice.ref}")


def test_taken_back(
    acting: Acting, world: World, session: Session, first: Avvikelse, bup: Actor, colleague: Actor
) -> None:
    voice = joined(acting, colleague)
    address = f"/jag-ocksa/{voice.ref}"
    answer = acting.client.submit(acting.get(colleague, address), button="Ta tillbaka")
    assert answer.location == "/mina-rapporter"
    session.refresh(first)
    assert first.voices == 0
    assert acting.get(colleague, address).status_code == 404
    acting.step(bup, first, "ta-emot")
    answers.answer(
        session, bup, first.ref, AnswerText(AnswerKind.QUICK, what_happened="Borta.", what_now=ANSWER), now=world.now
    )
    assert session.scalars(select(OutboxMail).where(OutboxMail.notice == "voice_news")).all() == []


def test_a_queued_mail_to_a_voice_that_was_taken_back_is_not_sent(
    acting: Acting, world: World, session: Session, first: Avvikelse, teacher: Actor, colleague: Actor
) -> None:
    voice = joined(acting, colleague)
    reporting.withdraw(session, teacher, first.ref, now=world.now)
    mail = session.scalars(select(OutboxMail).where(OutboxMail.notice == "voice_news")).one()
    rule = outbox.RECHECK[next(notice for notice in outbox.RECHECK if notice.value == "voice_news")]
    assert rule(session, mail, world.now)
    voices.take_back(session, colleague, voice.ref, now=world.now)
    assert not rule(session, mail, world.now)
