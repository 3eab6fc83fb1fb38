"""A case as plain text, to be put into a party's own diarium or system: what the reader's page shows, and no names.

Made from the redacted view, so nothing can stand here that the page would not show to the same reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from avvikelse.domain import codes
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.workdays import local_date
from avvikelse.queries.case_views import CaseView
from avvikelse.queries.joint_room import RoomPage

Part = tuple[str, list[str]]


def case_text(case: CaseView, room: RoomPage | None, now: datetime) -> str:
    """Headings in capitals, an empty line between parts, "\\n" as line end."""
    title = f"AVVIKELSE I SAMVERKAN {case.head.number}"
    parts = [
        (title, [f"Kopierad {_day(now)}. Uppgifterna kan ha ändrats sedan dess.", *_facts(case)]),
        *_parts(case, room),
    ]
    return "\n\n".join("\n".join((heading.upper(), *lines)) for heading, lines in parts if lines) + "\n"


def _facts(case: CaseView) -> Iterator[str]:
    head, coding = case.head, case.coding
    rows: list[tuple[str, str | None]] = [
        ("Status", head.status.label + (f" ({head.outcome.label.lower()})" if head.outcome else "")),
        ("Hände", long_date(head.occurred_on)),
        ("Rapporterades", _day(head.submitted_at)),
        ("Senast", long_date(head.due_on) if head.due_on else None),
        ("Från", f"{case.sender.name}, {case.sender.huvudman}" if case.sender else "Någon utan konto"),
        ("Gäller", case.counterpart),
        *(("Ansvarar", owner.title) for owner in case.owners),
        ("Diarienummer hos oss", case.diarienummer),
        ("Egen referens", case.sender_only.own_reference if case.sender_only else None),
    ]
    if coding is not None:
        rows += [
            (
                "Kategori",
                codes.category_label(coding.category, local_date(head.submitted_at)) if coding.category else None,
            ),
            ("Följd för barnet", codes.severity(coding.severity).name),
            ("Hur ofta", coding.extent.label if coding.extent else None),
            ("Utan hjälp i övergången, veckor", None if coding.gap_weeks is None else str(coding.gap_weeks)),
            ("Familjen bär samordningen", "Ja" if coding.family_coordinates else None),
        ]
    rows += [
        ("Hanteras även som", ", ".join(case.processes) or None),
        ("Vad bidrog", ", ".join(case.factors or ()) or None),
    ]
    return (f"{name}: {value}" for name, value in rows if value)


def _parts(case: CaseView, room: RoomPage | None) -> Iterator[Part]:
    shared = case.shared
    if shared is not None:
        yield "Vad som hände", [shared.description]
        yield "Rapportörens förslag", [shared.proposal] if shared.proposal else []
        yield "Varför utanför ansvarstabellen", [shared.outside_reason] if shared.outside_reason else []
        yield "Vad chefernas samtal ledde till", [shared.managers_outcome] if shared.managers_outcome else []
    if case.sender_only is not None and case.sender_only.immediate_action:
        yield "Gjordes direkt (bara vårt område)", [case.sender_only.immediate_action]
    yield "Tillagt av rapportören", [f"{_day(fact.at)}: {fact.text}" for fact in case.facts]
    for question in case.questions:
        reply = f"Rapportören svarade {_day(question.answered_at)}: {question.answer}" if question.answered_at else ""
        yield "Fråga till rapportören", [f"{_day(question.asked_at)}: {question.text}", *filter(None, [reply])]
    for answer in case.answers:
        sent = f"Skickat {_day(answer.sent_at)}" if answer.sent_at else "Inte skickat än"
        yield "Svar", [sent, *(f"{heading}: {text}" for heading, text in answer.parts)]
    yield (
        "Åtgärder",
        [f"{one.kind_label}: {one.text} ({one.status.label.lower()}{_by(one.due_on)})" for one in case.atgarder],
    )
    if room is not None:
        yield "Gemensamt rum", list(_room(room))
    for asked in case.group_questions:
        yield (
            f"{asked.kind_label} till samverkansgruppen",
            [asked.text, *([f"Svar: {asked.answer}"] if asked.answer else [])],
        )
    for decision in case.decisions:
        yield "Så här beslutade samverkansgruppen", [decision.text, f"Ansvarar: {decision.owner}{_by(decision.due_on)}"]
    if case.gruppmening is not None and case.gruppmening.sentence:
        yield "Gruppmening", [case.gruppmening.sentence]
    yield "Interna anteckningar (bara vårt område)", [f"{_day(note.at)}: {note.text}" for note in case.notes]
    yield (
        "Ärendets väg",
        [
            f"{_day(step.at)}: {step.label} till {step.to_name}{f'. {step.reason}' if step.reason else ''}"
            for step in case.transfers
        ],
    )
    yield "Text till rapportören", [case.closing_text] if case.closing_text and not case.answers else []


def _room(room: RoomPage) -> Iterator[str]:
    for party in room.parties:
        yield from (f"{party.name}: {prompt} {text}" for prompt, text in party.answers)
        if party.commitment is not None:
            one = party.commitment
            yield f"{party.name} tar på sig: {one.what} ({one.who}{_by(one.when_on)})"
        if room.cost is not None and party.cost is not None:
            yield f"{room.cost.band.label}: {party.name} {party.cost.line}"
    for meeting in room.meetings:
        if meeting.outcome:
            yield f"Avstämning {long_date(meeting.on)}: {meeting.outcome} Familjen får veta: {meeting.family_told}"
    if room.disagreement:
        yield f"Det de inte är överens om: {room.disagreement}"


def _day(moment: datetime | None) -> str:
    return long_date(local_date(moment)) if moment else ""


def _by(day: object) -> str:
    return f", senast {long_date(day)}" if day else ""  # type: ignore[arg-type]
