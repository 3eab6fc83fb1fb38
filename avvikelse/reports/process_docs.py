"""The pictures in docs/generated/: the workflow and who reads what, drawn from the tables that the program follows."""

from __future__ import annotations

from avvikelse.domain import workflow
from avvikelse.domain.relation import REPORTING, Relation
from avvikelse.domain.sekretess import FieldGroup, may_read
from avvikelse.domain.vocabulary import Status
from avvikelse.domain.workflow import WORKFLOW, Guard
from avvikelse.policy.permission_map import NOT_OF_GOOD, PERMISSIONS, Permission

MADE = "<!-- Görs av `make docs` ur programmets tabeller. Ändra inte för hand. -->"

# The guards in the words of those who approve the picture. A guard without words stops `make docs`.
CONDITIONS: dict[Guard, str] = {
    workflow.needs_reason: "skäl är skrivet",
    workflow.needs_reporter_text: "text till rapportören finns",
    workflow.not_locked: "ärendet är inte låst och har inte gått fram och tillbaka",
    workflow.no_open_question: "ingen obesvarad fråga till rapportören",
    workflow.not_accepted: "ingen har tagit emot ärendet",
    workflow.in_time_to_undo: "inom fem arbetsdagar, så länge ingen har gått vidare",
    workflow.both_agree: "alla parter som ska säga ja har gjort det",
    workflow.goes_back_to_handler: "första eller andra gången",
    workflow.goes_to_group: "tredje gången",
    workflow.comes_back: "minst två växlingar, och tillbaka hos ett område som haft det",
    workflow.has_home_group: "det finns en samverkansgrupp för ärendet",
    workflow.is_good: "det är ett gott exempel",
    workflow.is_no_good: "det är inget gott exempel",
}


def workflow_markdown() -> str:
    """The status flow as a Mermaid diagram and a table."""
    lines = [
        MADE,
        "# Arbetsflöde",
        "",
        "Källa: `avvikelse/domain/workflow.py`.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "  direction LR",
    ]
    lines += [f'  state "{status.label}" as {status.value}' for status in Status]
    lines.append(f"  [*] --> {Status.DRAFT.value}")
    arrows: dict[tuple[Status, Status], list[str]] = {}  # one arrow per pair, or nobody could read the picture
    for row in WORKFLOW:
        for source in row.sources:
            arrows.setdefault((source, row.target), []).append(row.action.label)
    lines += [
        f"  {source.value} --> {target.value}: {'<br>'.join(labels)}" for (source, target), labels in arrows.items()
    ]
    lines += [
        f"  {Status.CLOSED.value} --> [*]",
        "```",
        "",
        "| Steg | Från | Till | Vem | Villkor | Får veta |",
        "|---|---|---|---|---|---|",
    ]
    for row in WORKFLOW:
        lines.append(
            f"| {row.action.label} | {_labels(row.sources)} | {row.target.label} | {_labels(row.who)} "
            f"| {', '.join(CONDITIONS[guard] for guard in row.guards) or '–'} | {_labels(row.told) or '–'} |"
        )
    return "\n".join(lines) + "\n"


def secrecy_markdown() -> str:
    """Field group × relation, and permission × relation."""
    people = [relation for relation in Relation if relation is not Relation.SYSTEM]
    lines = [MADE, "# Vem får läsa vad", "", "Källa: `avvikelse/domain/sekretess.py`. L = läser, – = får inte.", ""]
    lines.append("| Uppgifter | " + " | ".join(person.label for person in people) + " |")
    lines.append("|---" * (len(people) + 1) + "|")
    lines += [
        f"| {group.label} | " + " | ".join("L" if may_read(group, _as(person)) else "–" for person in people) + " |"
        for group in FieldGroup
    ]
    lines += [
        "",
        "# Vem får göra vad",
        "",
        "Källa: `avvikelse/policy/permission_map.py`; stegen i flödet står i arbetsflode.md.",
        "",
    ]
    lines.append("| Behörighet | " + " | ".join(person.label for person in people) + " | I status |")
    lines.append("|---" * (len(people) + 2) + "|")
    for permission, (who, states) in PERMISSIONS.items():
        where = "alla" if states == frozenset(Status) else _labels(status for status in Status if status in states)
        lines.append(
            f"| {permission.label} | "
            + " | ".join("ja" if who & _as(person) else "–" for person in people)
            + f" | {where} |"
        )
    left_out = ", ".join(permission.label.lower() for permission in Permission if permission in NOT_OF_GOOD)
    lines += ["", f"Ett gott exempel läses och tackas för. Då går det inte att {left_out}."]
    return "\n".join(lines) + "\n"


def _as(person: Relation) -> frozenset[Relation]:
    """The relations that somebody in this column has."""
    return REPORTING if person is Relation.BY_CODE else frozenset({person})


def _labels(members: object) -> str:
    return ", ".join(member.label for member in members)  # type: ignore[attr-defined]
