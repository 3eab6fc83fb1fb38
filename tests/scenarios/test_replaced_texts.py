"""A text with something in it that must not stand there is replaced, and the old words are nowhere.

Not in one row of one table, not in a mail, a draft, the log, a fixed month or the search index. One table says which
texts there are; it is compared with the columns.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Connection, String, Text, select
from sqlalchemy.orm import Session
from wtforms.fields.core import UnboundField

from avvikelse.domain import months
from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import AgendaKind, MeetingKind, MeetingStatus, StoryStatus
from avvikelse.domain.joint_money import CostDecider, CostDecision, MeetingForm, MeetingTopic
from avvikelse.domain.replacing import REMOVED, mentions, swapped, taken_out
from avvikelse.domain.sekretess import FieldGroup
from avvikelse.domain.vocabulary import (
    AnswerKind,
    AtgardStatus,
    EffectAsked,
    GroupQuestionKind,
    GroupQuestionStatus,
    PartySide,
    Role,
)
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.base import Base
from avvikelse.models.dialogue import AddedFact, Answer, Atgard, EffectQuestion, Note, Question, Talk
from avvikelse.models.group_work import GroupQuestion, MonthSummary
from avvikelse.models.joint_room import Commitment, CostPath, JointRoom, RoomAnswer, RoomMeeting
from avvikelse.models.learning import LearningStory
from avvikelse.models.meeting_papers import MeetingPapers
from avvikelse.models.meetings import AgendaItem, GroupMeeting
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.search import NearestCases
from avvikelse.queries.maskable import MASKABLE, Maskable, rows_of
from avvikelse.services import dialogue, drafts, handling, masking, month, triage
from tests.architecture.test_guarded_fields import GUARDED, form_classes
from tests.support.acting import Acting
from tests.support.client import CheckingClient
from tests.support.mailbox import Mailbox
from tests.support.world import World

SLIP = "Kanariefagelsson"
OTHER = "Någon annan skrev det här."
OLD = f"Mamman till {SLIP} ringde tre gånger utan att få svar."
NEW = "Vårdnadshavaren ringde tre gånger utan att få svar."

# Columns of a case that hold text and are no free text: codes, names of lists, what the program writes itself.
NO_FREE_TEXT = {
    "ref", "number", "external_id", "idempotency_key", "sender_kind", "counterpart_kind", "receiver_kind", "kommunkod",
    "category", "reported_category", "age_band", "tillstand", "routing_rule", "routing_reason", "due_clock", "kind",
    "clock", "subject", "step", "stems", "code_hash", "seed", "at",
    "matrix_version",
}  # fmt: skip

_ANSWER = {
    "atgard": "svar-atgard", "konsekvens": "svar-konsekvens", "no_atgard_reason": "svar-ingen-atgard",
    "orsak": "svar-orsak", "uppfoljning": "svar-uppfoljning", "what_happened": "svar-handelse", "what_now": "svar-nu",
}  # fmt: skip
_REPORT = {
    "description": "beskrivning", "proposal": "forslag", "immediate_action": "gjordes-direkt",
    "own_reference": "egen-referens", "managers_outcome": "chefernas-samtal",
}  # fmt: skip
_PROPOSED = {"proposal": "gruppfraga-forslag", "proposed_owner": "gruppfraga-ansvarar"}
_PLAN = {"text": "atgard", "family_told": "atgard-familjen"}
# Guarded form and field: under which codes of the table its text can be replaced; None = it ends in no text of a case.
FIELDS: dict[str, dict[str, str | None]] = {
    "ReportForm": {**_REPORT, "outside_reason": "utanfor-tabellen"},
    "OpenReportForm": {**_REPORT}, "PhoneForm": {**_REPORT},
    "AnswerForm": {**_ANSWER}, "PlanFields": {**_PLAN}, "ChangeForm": {**_PLAN}, "AtgardForm": {**_PLAN},
    "DoForm": {"changed": "atgard-andrat"}, "DoneFields": {"changed": "atgard-andrat"},
    "AtgardDoneForm": {"changed": "atgard-andrat"}, "DropForm": {"reason": "atgard-avford"},
    "FollowUpForm": {"evidence": "effekt"}, "EffectForm": {"comment": "effekt"},
    "LiftForm": {"text": "gruppfraga", **_PROPOSED}, "GroupTextForm": {"text": "gruppfraga"},
    "AgainForm": {"comment": "effekt"},
    "SplitForm": {"description": "beskrivning", "remaining": "beskrivning"}, "AskGroupForm": {"text": "gruppfraga"},
    "ApproveQuestionForm": {"text": "gruppfraga", **_PROPOSED},
    "CommitForm": {"what": "atagande", "who": "atagande-roll"},
    "PromptsForm": {"offer": "rum-bidrag", "need": "rum-behov", "hinder": "rum-hinder"},
    "CostDecisionForm": {"why_not": "pengar-skal"},
    "TalkHeldForm": {"outcome": "avstamning", "family_told": "avstamning-familjen"},
    "DisagreeForm": {"reason": "rum-oense"}, "UnlockForm": {"reason": "skal"},
    "ReceiverForm": {"reason": "skal"}, "HandOverForm": {"reason": "skal"}, "DeclineForm": {"reason": "skal"},
    "DiarienummerForm": {"diarienummer": "diarienummer"}, "FeedbackForm": {"reason": "betyg"},
    "RatingForm": {"reason": "betyg"}, "GruppmeningForm": {"gruppmening": "gruppmening"},
    "MaskForm": {"masked_description": "maskad"}, "NotTakenUpForm": {"to_reporter": "avslut"},
    "CheckAnswerForm": {"comment": "svar-kommentar"}, "ThanksForm": {"to_reporter": "svar-samtal"},
    "TalkForm": {"agreed": "samtal", "to_reporter": "samtal-rapportor"},
    "FamilyForm": {"reason": "familjen", "description": "beskrivning", "proposal": "forslag"},  # two of that name
    "StoryForm": {
        "title": "berattelse-rubrik", "event": "berattelse-hande", "measure": "berattelse-gjordes",
        "effect": "berattelse-gick", "tags": None,  # short labels, written anew with the story
    },
    "TextForm": {"text": "fraga fragans-svar anteckning tillagt"},  # one form, four questions
    "MergeForm": {"main": None},  # a case's number, looked up
    "ReplaceTextForm": {"text": None},  # becomes one of the others
}  # fmt: skip
OF_A_CASE = ("case", "report", "atgard", "open", "phone", "room")  # modules of web/forms whose texts become a case's
NOT_TYPED = {"svar-samtal", "gruppens-svar"}  # copied when a talk is confirmed; written at the group's own desk


class Stage:
    def __init__(self, world: World, client: CheckingClient) -> None:
        self.world, self.acting = world, Acting(client, world)
        self.reporter, self.bup = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
        self.sam, self.other_sam = world.samordnare("kommun-2380/utbildning"), world.samordnare("region-jh")
        self.convenor = world.convenor("birger")

    @property
    def session(self) -> Session:
        return self.world.session

    def report(self, **changes: Any) -> Avvikelse:
        return self.world.report(self.reporter, "bup-behandling", **changes)

    def replace(self, who: Actor, case: Avvikelse, code: str, row_id: int, *, status: int = 302, **fields: Any) -> str:
        given = {"text": NEW, "reason": "namn"} | fields
        answer = self.acting.sends(who, f"/avvikelser/{case.ref}/texter/{code}/{row_id}", **given)
        assert answer.status_code == status, (code, answer.status_code, answer.get_data(as_text=True)[-3000:])
        return str(answer.headers.get("Location") or answer.get_data(as_text=True))

    def everywhere(self) -> str:
        """Every row of every table as one text."""
        self.session.flush()
        self.session.expire_all()
        found = [
            json.dumps([str(value) for value in row], ensure_ascii=False)
            for table in Base.metadata.sorted_tables
            for row in self.session.execute(select(table))
        ]
        return "\n".join(found).casefold()


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(World.of(session, clock.now), client)


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_table_names_every_free_text_column_of_a_case() -> None:
    in_table = {(one.model.__tablename__, one.column.key) for one in MASKABLE}
    found = {
        (mapper.class_.__tablename__, column.key)
        for mapper in Base.registry.mappers
        for column in mapper.columns
        if ("avvikelse_id" in mapper.columns or mapper.class_ in (Avvikelse, RoomAnswer))
        and mapper.class_ not in (AuditEvent, OutboxMail, NearestCases)
        and type(column.type) in (String, Text)
        and column.key not in NO_FREE_TEXT
    }
    assert found - in_table == set()
    assert in_table <= found
    assert len({one.code for one in MASKABLE}) == len(MASKABLE)


def test_every_guarded_field_of_a_case_ends_in_the_table() -> None:
    typed = {
        (form.__name__, name)
        for form in form_classes()
        if form.__module__.rpartition(".")[2] in OF_A_CASE
        for name in dir(form)
        if isinstance(field := getattr(form, name), UnboundField) and issubclass(field.field_class, GUARDED)
    }
    known = {(form, name): code for form, fields in FIELDS.items() for name, code in fields.items()}
    assert typed - set(known) == set()
    codes = {code for place, found in known.items() if place in typed and found for code in found.split()}
    assert codes | NOT_TYPED == {one.code for one in MASKABLE}


@pytest.mark.parametrize("field", MASKABLE, ids=lambda one: one.code)
def test_any_text_can_be_replaced_and_is_nowhere_afterwards(stage: Stage, field: Maskable) -> None:
    """The slip stands in one text at a time, as if it had got past the guard; whoever may read it replaces it."""
    case = _full_case(stage)
    row = next(row for one, row in rows_of(stage.session, case) if one is field)
    setattr(row, field.column.key, f"{OLD[: field.longest - 1]}.")
    masking._refresh(stage.session, case)
    assert SLIP.casefold() in stage.everywhere()
    owners_only = field.group is FieldGroup.JOINT or field.code == "svar-kommentar"
    who = stage.other_sam if owners_only else stage.sam
    new = "Rektor" if field.longest < 200 else NEW
    stage.replace(who, case, field.code, row.id, text=new)
    assert getattr(row, field.column.key) == new
    assert SLIP.casefold() not in stage.everywhere()
    record = stage.session.scalars(
        select(AuditEvent).where(AuditEvent.event == Event.MASKED).order_by(AuditEvent.seq.desc())
    ).first()
    assert record is not None
    assert (record.detail["field"], record.detail["reason"], record.avvikelse_id) == (field.code, "namn", case.id)


def _full_case(stage: Stage) -> Avvikelse:
    """A case with a row of every kind, made past the services: what matters is where texts stand."""
    world, session, now = stage.world, stage.session, stage.world.now
    case = stage.report(proposal=OTHER, immediate_action=OTHER, own_reference="D 1")
    owner = next(party for party in case.parties if party.side is PartySide.OWNER)
    sender = next(party for party in case.parties if party.side is PartySide.SENDER)
    by, today = stage.bup.user_id, now.date()
    of: dict[str, Any] = {"avvikelse_id": case.id, "omrade_id": owner.omrade_id}
    with_it = Party(
        avvikelse_id=case.id, side=PartySide.OWNER, omrade_id=world.omrade("kommun-2380/social").id, since=now,
        open=True, status=case.status, due_on=today,
    )  # fmt: skip
    room = JointRoom(avvikelse_id=case.id, opened_at=now, disagreement=OTHER)
    session.add_all([with_it, room])
    session.flush()
    atgard = Atgard(kind="M01", text=OTHER, status=AtgardStatus.PROPOSED, created_at=now, rounds_asked=0, **of)
    session.add(atgard)
    session.flush()
    session.add_all(
        [
            AddedFact(avvikelse_id=case.id, at=now, text=OTHER),
            Question(asked_at=now, asked_by_user_id=by, asked_as=Role.CHEF, text=OTHER, answered_at=now, **of),
            Answer(version=1, kind=AnswerKind.OROSANMALAN, written_at=now, written_by_user_id=by, sent_at=now, **of),
            Talk(
                proposed_at=now, proposed_by_user_id=by, by_sender=False, talk_on=today, agreed=OTHER,
                to_reporter=OTHER, confirmed_at=now, **of,
            ),
            Note(avvikelse_id=case.id, omrade_id=sender.omrade_id, at=now, by_user_id=by, text=OTHER),
            EffectQuestion(
                atgard_id=atgard.id, avvikelse_id=case.id, asked=EffectAsked.REPORTER, round=1, brought_forward=False,
                asked_on=today, closes_on=today,
            ),
            *(
                RoomAnswer(room_id=room.id, party_id=one.id, offer=OTHER, need=OTHER, hinder=OTHER, sent_at=now)
                for one in (owner, with_it)
            ),
            Commitment(
                room_id=room.id, party_id=owner.id, who=OTHER, what=OTHER, when_on=today, agreed=True, at=now, **of
            ),
            CostPath(
                room_id=room.id, avvikelse_id=case.id, party_id=owner.id, decider=CostDecider.BOARD, decide_by=today,
                at=now, decision=CostDecision.NO, decided_on=today, reason=OTHER,
            ),
            RoomMeeting(
                room_id=room.id, avvikelse_id=case.id, party_id=owner.id, on=today, how=MeetingForm.PHONE,
                topic=MeetingTopic.BOTH, proposed_at=now, held_at=now, outcome=OTHER, family_told=OTHER,
            ),
            GroupQuestion(
                ref="gruppfraga1", avvikelse_id=case.id, group_id=world.group("birger").id, text=OTHER, raised_at=now,
                kind=GroupQuestionKind.LIFTED, approved_at=now, status=GroupQuestionStatus.OPEN, raised_by_user_id=by,
            ),
            LearningStory(
                ref="berattelse1", pack_id=world.pack.id, avvikelse_id=case.id, title=OTHER, event=OTHER, stems=" ",
                measure=OTHER, effect=OTHER, tags=["sip"], status=StoryStatus.WAITING, written_at=now,
                written_by_user_id=by,
            ),
        ]
    )  # fmt: skip
    case.closed_at = now  # so that the text at the end is read
    session.flush()
    return case


# --- copies -----------------------------------------------------------------------------------------------------------


def test_a_group_has_read_it_in_a_fixed_month_in_papers_and_minutes_and_a_draft_holds_it_too(stage: Stage) -> None:
    session, world = stage.session, stage.world
    case = stage.report(description=OLD)
    triage.write_gruppmening(session, stage.sam, case.ref, OLD, now=world.now)
    group, now = world.group("birger"), world.now
    month.make_month(session, group.id, months.month_of(now.date()), now)
    stored = session.scalars(select(MonthSummary)).one()
    assert SLIP in json.dumps(stored.content, ensure_ascii=False)
    meeting = GroupMeeting(
        ref="motet12", group_id=group.id, kind=MeetingKind.ORDINARY, meets_on=now.date(), status=MeetingStatus.CLOSED,
        closed_at=now, minutes={"items": [{"title": OLD, "note": f"Vi talade om: {OLD}"}]}, minutes_published_at=now,
    )  # fmt: skip
    session.add(meeting)
    session.flush()
    session.add(MeetingPapers(meeting_id=meeting.id, version=1, made_at=now, content={"new": [OLD]}))
    session.add(
        AgendaItem(meeting_id=meeting.id, key="fraga:1", kind=AgendaKind.OWN, title=OLD, about=OLD, removed=False)
    )
    drafts.save(session, stage.reporter, "rapport", {"description": OLD, "other": "1"}, ref=None, now=now)
    session.flush()
    stage.replace(stage.sam, case, "gruppmening", case.id)
    assert drafts.mine(session, stage.reporter)  # the draft is there, with other words
    # the description is the same text: it went with it
    assert SLIP.casefold() not in stage.everywhere()
    assert case.description == case.gruppmening == NEW
    assert NEW in json.dumps(stored.content, ensure_ascii=False)
    assert stored.version == 1


def test_the_search_finds_the_new_words_only(stage: Stage) -> None:
    case = stage.report(description=OLD)
    assert case.number in stage.acting.reads(stage.sam, f"/sok?q={SLIP}")
    stage.replace(stage.sam, case, "beskrivning", case.id)
    assert case.number not in stage.acting.reads(stage.sam, f"/sok?q={SLIP}")
    assert case.number in stage.acting.reads(stage.sam, "/sok?q=vårdnadshavaren")


# --- who, and what they are told --------------------------------------------------------------------------------------


def test_the_writer_is_told_and_the_mail_and_the_page_hold_no_old_word(
    stage: Stage, app: Any, database: Connection, clock: Any
) -> None:
    case = stage.report(description=OLD)
    box = Mailbox(app, database, stage.session, clock)
    box.send()
    stage.replace(stage.sam, case, "beskrivning", case.id)
    mails = [mail for mail in box.send() if "har ändrats" in str(mail["Subject"])]
    assert [str(mail["To"]) for mail in mails] == ["rapportor-skola-2380@example.org"]
    assert SLIP not in mails[0].as_string()
    page = stage.acting.reads(stage.reporter, f"/avvikelser/{case.ref}")
    assert NEW in page
    assert SLIP not in page
    assert "Text maskerades" in page


def test_who_has_let_the_case_go_gets_no_mail_about_it(
    stage: Stage, app: Any, database: Connection, clock: Any
) -> None:
    case = stage.report()
    dialogue.ask(stage.session, stage.bup, case.ref, OLD, now=stage.world.now)
    stage.acting.step(stage.reporter, case, "svara-pa-fraga", text="Ingen svarade.")
    stage.acting.step(
        stage.bup, case, "lamna-over", receiver=stage.world.position("chef-soc-2380").id, reason="Gäller stöd."
    )
    box = Mailbox(app, database, stage.session, clock)
    box.send()
    question = stage.session.scalars(select(Question)).one()
    stage.replace(stage.sam, case, "fraga", question.id)
    assert [mail for mail in box.send() if "har ändrats" in str(mail["Subject"])] == []


def test_only_who_reads_the_text_replaces_it(stage: Stage) -> None:
    """The denied twins: another område's samordnare, manager, reporter; and the receiving side the sender's own."""
    case = stage.report(description=OLD, immediate_action=OLD)
    stranger = stage.world.samordnare("kommun-2380/kultur-fritid")
    page = f"/avvikelser/{case.ref}/texter"
    for who, status in ((stranger, 404), (stage.bup, 403), (stage.reporter, 403)):
        assert stage.acting.get(who, page).status_code == status
        assert stage.acting.get(who, f"{page}/beskrivning/{case.id}").status_code == status
        stage.replace(who, case, "beskrivning", case.id, status=status)
    assert stage.acting.get(stage.other_sam, f"{page}/gjordes-direkt/{case.id}").status_code == 404
    stage.replace(stage.other_sam, case, "gjordes-direkt", case.id, status=404)
    assert "Vad som gjordes direkt" not in stage.acting.reads(stage.other_sam, page)
    other = stage.report(description=OLD)
    handling.add_note(stage.session, stage.sam, other.ref, OLD, now=stage.world.now)
    note = stage.session.scalars(select(Note)).one()
    stage.replace(stage.sam, case, "anteckning", note.id, status=404)  # of another case
    stage.replace(stage.other_sam, other, "anteckning", note.id, status=404)  # of another område
    stage.replace(stage.sam, case, "nagot", case.id, status=404)
    assert case.description == OLD
    assert note.text == OLD
    stage.replace(stage.other_sam, case, "beskrivning", case.id)  # the receiving side may, too
    assert case.description == NEW


def test_a_new_text_is_guarded_and_a_reason_is_needed_and_two_do_not_overwrite_each_other(stage: Stage) -> None:
    case = stage.report(description=OLD)
    page = stage.replace(stage.sam, case, "beskrivning", case.id, status=422, text="Ring 070-123 45 67.")
    assert "Ring 070-123 45 67." in page
    stage.replace(stage.sam, case, "beskrivning", case.id, status=422, reason="")
    stage.replace(stage.sam, case, "beskrivning", case.id, status=422, text=OLD)
    stage.replace(stage.sam, case, "beskrivning", case.id, status=409, seen="0" * 16)
    assert case.description == OLD
    stage.replace(stage.sam, case, "beskrivning", case.id, text="", seen=masking.fingerprint(OLD))
    assert case.description == REMOVED


def test_the_same_word_in_another_text_is_pointed_at(stage: Stage) -> None:
    case = stage.report(description=OLD, proposal=f"Låt {SLIP} vara med.")
    where = stage.replace(stage.sam, case, "beskrivning", case.id)
    assert where.endswith(f"/texter?titta=forslag_{case.id}")
    page = stage.acting.reads(stage.sam, where)
    assert "Titta här också" in page
    assert SLIP not in where


def test_short_words_are_replaced_whole_only() -> None:
    assert swapped(["Nej", "Nej, aldrig"], "Nej", "Borta") == ["Borta", "Nej, aldrig"]
    assert swapped({"a": f"Vi sa: {OLD}"}, OLD, NEW) == {"a": f"Vi sa: {NEW}"}
    assert taken_out(OLD, NEW) == {"mamman", SLIP.casefold()}
    assert mentions(f"Hej {SLIP}!", taken_out(OLD, NEW))
    assert not mentions("Hej till dig", taken_out(OLD, NEW))


# --- a copy for one's own system --------------------------------------------------------------------------------------


def test_the_copy_holds_what_the_reader_may_read_and_is_logged(stage: Stage) -> None:
    case = stage.report(immediate_action="Vi ringde direkt.", own_reference="D 77")
    stage.acting.step(stage.sam, case, "anteckning", text="Vår egen anteckning.")
    stage.acting.step(stage.other_sam, case, "anteckning", text="Deras egen anteckning.")
    address = f"/avvikelser/{case.ref}/kopiera"
    own = stage.acting.get(stage.sam, f"{address}.txt")
    assert own.mimetype == "text/plain"
    text_of_own, other = own.get_data(as_text=True), stage.acting.reads(stage.other_sam, address)
    for words in ("Vi ringde direkt.", "D 77", "Vår egen anteckning.", case.number, case.description):
        assert words in text_of_own, words
    assert "Deras egen anteckning." not in text_of_own
    for words in ("Vi ringde direkt.", "D 77", "Vår egen anteckning."):
        assert words not in other, words
    assert "Deras egen anteckning." in other
    name = stage.world.user("rapportor-skola-2380").name
    assert name not in text_of_own
    assert name not in other
    exported = select(AuditEvent.user_id).where(AuditEvent.event == Event.EXPORTED).order_by(AuditEvent.seq)
    assert stage.session.scalars(exported).all() == [stage.sam.user_id, stage.other_sam.user_id]
    stranger = stage.world.samordnare("kommun-2380/kultur-fritid")
    assert stage.acting.get(stranger, address).status_code == 404
    assert stage.acting.get(stage.reporter, address).status_code == 403
    assert stage.acting.get(stage.world.chef("chef-barnhab"), f"{address}.txt").status_code == 404
