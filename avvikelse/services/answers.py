"""Answer the reporter, confirm a joint answer, and take the reporter's verdict.

Nothing closes without a text to read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.answering import asks_for_orosanmalan, asks_for_thanks, quick_answer_is_enough
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.measures import NO_ATGARD
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import (
    Action,
    AnswerKind,
    AtgardStatus,
    OrosanmalanAnswer,
    Outcome,
    PartySide,
    Rating,
    Status,
)
from avvikelse.domain.workflow import MAX_NEJ_TO_HANDLER, Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer, Atgard
from avvikelse.services import answer_checks, audit, group_questions, links, telling
from avvikelse.services.case_access import CaseInHand, find, in_hand
from avvikelse.services.guarding import guard
from avvikelse.services.handling import begin
from avvikelse.services.transitions import case_facts, choose, perform

FOUR_PARTS = {
    "orsak": "Skriv vad det berodde på.",
    "atgard": "Skriv vad ni gör åt det.",
    "konsekvens": "Skriv vad det innebär för dem som berörs.",
    "uppfoljning": "Skriv hur och när ni följer upp.",
}
THANKS_PARTS = {"to_reporter": "Skriv några ord till den som berättade."}
UNTHANKED_TEXT = "Tack för att du berättade. Samverkansgruppen läser vad som går bra, så att andra kan ta efter."
QUICK_PARTS = {"what_happened": "Skriv vad som hände hos er.", "what_now": "Skriv vad ni gör nu."}

_PARTS = {AnswerKind.QUICK: QUICK_PARTS, AnswerKind.FULL: FOUR_PARTS, AnswerKind.THANKS: THANKS_PARTS}


@dataclass(frozen=True, slots=True)
class AnswerText:
    """What the handler has written; which parts are needed follows from `kind`."""

    kind: AnswerKind
    what_happened: str | None = None
    what_now: str | None = None
    orsak: str | None = None
    atgard: str | None = None
    konsekvens: str | None = None
    uppfoljning: str | None = None
    orosanmalan: OrosanmalanAnswer | None = None
    no_atgard_reason: str | None = None
    to_reporter: str | None = None  # the thanks for a good example


def answer(
    session: Session, actor: Actor, ref: str, text: AnswerText, *, version: int | None = None, now: datetime
) -> Answer:
    """Send the answer; when two parties solve the case together it waits for the other one's yes, and where the
    huvudman wants that, for a samordnare to read it.

    Raises Invalid at the part that is missing, Conflict when a question is open.
    """
    case = begin(session, actor, ref, version=version, now=now)
    _check(session, case.row, text)
    facts = replace(case_facts(session, case.row), both_confirmed=True, has_reporter_text=True)
    choose(case, Action.ANSWER, facts)  # refuses now what could not be sent later
    party = case.my_party(PartySide.OWNER)
    row = Answer(
        avvikelse_id=case.row.id,
        version=next_version(session, case.row),
        kind=AnswerKind.OROSANMALAN if text.orosanmalan is not None else text.kind,
        written_at=now,
        written_by_user_id=actor.user_id,
        omrade_id=party.omrade_id,
        what_happened=_clean(text.what_happened),
        what_now=_clean(text.what_now),
        orsak=_clean(text.orsak),
        atgard=_clean(text.atgard),
        konsekvens=_clean(text.konsekvens),
        uppfoljning=_clean(text.uppfoljning),
        orosanmalan=text.orosanmalan,
        no_atgard_reason=_clean(text.no_atgard_reason),
        to_reporter=_clean(text.to_reporter),
    )
    session.add(row)
    _withdraw_unsent(session, case.row)
    session.flush()
    if case.row.joint and len(case.owners) > 1:
        audit.record(
            session,
            actor,
            Event.ANSWER_PROPOSED,
            now=now,
            avvikelse_id=case.row.id,
            role=case.role,
            omrade_id=party.omrade_id,
        )
        telling.send(
            session,
            case.row,
            Notice.ANSWER_TO_CONFIRM,
            Audience.OWNER,
            now=now,
            except_user_id=actor.user_id,
            key=f"a{row.version}",
        )
        return row
    _send_or_ask(session, case, row, now=now)
    return row


def confirm_answer(session: Session, actor: Actor, ref: str, *, version: int | None = None, now: datetime) -> Answer:
    """The other owner says yes to a joint answer; then it is sent."""
    case = find(session, actor, ref, version=version)
    waiting = session.scalar(
        select(Answer)
        .where(Answer.avvikelse_id == case.row.id, Answer.sent_at.is_(None), Answer.check_since.is_(None))
        .order_by(Answer.version.desc())
    )
    if waiting is None:
        raise NotFound
    party = case.my_party(PartySide.OWNER)
    if party.omrade_id == waiting.omrade_id:
        raise Conflict("Svaret väntar på den andra partens ja.")
    _send_or_ask(session, case, waiting, now=now)
    return waiting


def _send_or_ask(session: Session, case: CaseInHand, row: Answer, *, now: datetime) -> None:
    if not answer_checks.ask(session, case.actor, case.row, row, role=case.role, now=now):
        send(session, case, row, now=now)


def send(session: Session, case: CaseInHand, row: Answer, *, now: datetime) -> None:
    """The reporter gets it."""
    row.sent_at = now
    case.row.closing_text = case.row.closing_text or "Svaret finns i ärendet."
    session.flush()
    group_questions.end_silence(session, case.row, now=now)
    perform(
        session,
        case,
        Action.ANSWER,
        now=now,
        both_confirmed=True,
        has_reporter_text=True,
        detail={"version": row.version, "kind": row.kind.value},
    )
    if case.row.status is Status.CLOSED:  # a good example: nobody is asked whether thanks have helped
        _answer_merged(session, case.row, now=now)
    links.tell_answered(session, case.row, now=now)


def _check(session: Session, row: Avvikelse, text: AnswerText) -> None:
    if asks_for_orosanmalan(row.category):
        if text.orosanmalan is None:
            raise Invalid("Välj ett av de tre svaren.", field="orosanmalan")
        if any(getattr(text, name) for name in (*QUICK_PARTS, *FOUR_PARTS, "no_atgard_reason")):
            raise Invalid("Här går det bara att välja ett av de tre svaren, utan text.", field="orosanmalan")
        return
    if text.orosanmalan is not None:
        raise Invalid("Det här ärendet gäller inte återkoppling på en orosanmälan.", field="kind")
    if text.kind is AnswerKind.QUICK and not quick_answer_is_enough(
        row.severity, row.extent, row.nej_count, again=row.earlier_id is not None
    ):
        raise Invalid("Det här ärendet behöver ett svar i fyra delar.", field="kind")
    if (text.kind is AnswerKind.THANKS) is not asks_for_thanks(row.category, row.reported_category):
        raise Invalid("Ett gott exempel får ett tack, en rapport får ett svar.", field="kind")
    guard(**{name: getattr(text, name) for name in (*QUICK_PARTS, *FOUR_PARTS, *THANKS_PARTS, "no_atgard_reason")})
    for name, sentence in _PARTS.get(text.kind, FOUR_PARTS).items():
        if not (getattr(text, name) or "").strip():
            raise Invalid(sentence, field=name)
    if text.kind is AnswerKind.FULL:
        has_atgard = session.scalar(
            select(Atgard.id)
            .where(Atgard.avvikelse_id == row.id, Atgard.kind != NO_ATGARD, Atgard.status != AtgardStatus.DROPPED)
            .limit(1)
        )
        if has_atgard is None and not (text.no_atgard_reason or "").strip():
            raise Invalid("Lägg till en åtgärd, eller skriv varför ingen åtgärd behövs.", field="no_atgard_reason")
        if has_atgard is not None and (text.no_atgard_reason or "").strip():
            raise Invalid(
                "Ärendet har en åtgärd. Ta bort texten om att ingen behövs, så att rapportören inte får två besked.",
                field="no_atgard_reason",
            )


def next_version(session: Session, row: Avvikelse) -> int:
    latest = session.scalar(
        select(Answer.version).where(Answer.avvikelse_id == row.id).order_by(Answer.version.desc()).limit(1)
    )
    return (latest or 0) + 1


def _withdraw_unsent(session: Session, row: Avvikelse) -> None:
    """A newer joint proposal replaces one that was never sent: nobody has read it as an answer."""
    newest = next_version(session, row) - 1
    for old in session.scalars(
        select(Answer).where(Answer.avvikelse_id == row.id, Answer.sent_at.is_(None), Answer.version < newest)
    ):
        session.delete(old)


def _clean(text: str | None) -> str | None:
    return text.strip() or None if text else None


def feedback(
    session: Session, actor: Actor, ref: str, rating: Rating, reason: str, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """*Fick du svar på din fråga?* Ja and Delvis close; Nej sends it back, the third time to the group."""
    case = find(session, actor, ref, version=version)
    guard(reason=reason)
    latest = _latest_sent(session, case.row)
    row = case.row
    if rating is Rating.NEJ and not reason.strip():
        raise Invalid("Skriv vad som saknas, så att svaret kan bli bättre.", field="reason")
    if latest is None:
        raise Conflict("Det finns inget svar att ta ställning till.")
    if rating is not Rating.NEJ:
        _rate(latest, rating, reason, now)
        outcome = Outcome.SOLVED_IN_TALK if latest.kind is AnswerKind.TALK else Outcome.ANSWERED
        perform(session, case, Action.FEEDBACK_HELPED, now=now, outcome=outcome, detail={"rating": rating.value})
        _answer_merged(session, row, now=now)
        return row
    to_group = row.nej_count >= MAX_NEJ_TO_HANDLER
    if to_group and not group_questions.has_home_group(session, row):
        to_group = False  # no group is registered: the case stays with the handler and the samordnare sees it
    perform(
        session,
        case,
        Action.FEEDBACK_NO,
        now=now,
        target=Status.WITH_GROUP if to_group else Status.IN_PROGRESS,
        detail={"rating": rating.value},
        has_reason=True,
        nej_count=row.nej_count if to_group else 0,  # without a group the case stays with its handler
    )
    _rate(latest, rating, reason, now)
    row.nej_count = min(row.nej_count + 1, 3)
    if to_group:
        group_questions.open_by_third_nej(session, row, now=now)
    return row


def _rate(answer: Answer, rating: Rating, reason: str, now: datetime) -> None:
    answer.rated_at, answer.rating, answer.rating_reason = now, rating, reason.strip() or None


def close_unthanked(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """A good example that nobody has thanked for in time: no one is reminded any more, and it is kept."""
    row.closing_text = UNTHANKED_TEXT
    perform(session, in_hand(session, SYSTEM, row), Action.CLOSE_SILENT, now=now, outcome=Outcome.ANSWERED)
    _answer_merged(session, row, now=now)


def close_silent(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """No verdict in 30 days: closed as "inget betyg", never as good."""
    latest = _latest_sent(session, row)
    outcome = Outcome.SOLVED_IN_TALK if latest is not None and latest.kind is AnswerKind.TALK else Outcome.ANSWERED
    perform(
        session, in_hand(session, SYSTEM, row), Action.CLOSE_SILENT, now=now, outcome=outcome, has_reporter_text=True
    )
    _answer_merged(session, row, now=now)


def _latest_sent(session: Session, row: Avvikelse) -> Answer | None:
    return session.scalar(
        select(Answer)
        .where(Answer.avvikelse_id == row.id, Answer.sent_at.is_not(None))
        .order_by(Answer.version.desc())
        .limit(1)
    )


def _answer_merged(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """Everybody whose report was merged into this one is told that the answer is there."""
    for merged in session.scalars(select(Avvikelse).where(Avvikelse.main_id == row.id)):
        telling.send(session, merged, Notice.MAIN_CASE_ANSWERED, Audience.REPORTER, now=now)
