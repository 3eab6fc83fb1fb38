"""The pictures in docs/generated/: the workflow and who reads what, drawn from the tables that the program follows."""

from __future__ import annotations

from avvikelse.domain.relation import Relation
from avvikelse.domain.sekretess import READERS, FieldGroup
from avvikelse.domain.vocabulary import Status
from avvikelse.domain.workflow import WORKFLOW
from avvikelse.policy.permission_map import PERMISSIONS

MADE = "<!-- Görs av `make docs` ur programmets tabeller. Ändra inte för hand. -->"


def workflow_markdown() -> str:
    """The status flow as a Mermaid diagram and a table."""
    lines = [MADE, "# Arbetsflöde", "", "Källa: `avvikelse/domain/workflow.py`.", "", "```mermaid", "stateDiagram-v2", "  direction LR"]
    lines += [f'  state "{status.label}" as {status.value}' for status in Status]
    lines.append(f"  [*] --> {Status.DRAFT.value}")
    for row in WORKFLOW:
        lines += [f"  {source.value} --> {row.target.value}: {row.action.label}" for source in row.sources]
    lines += [f"  {Status.CLOSED.value} --> [*]", "```", "", "| Steg | Från | Till | Vem | Villkor | Får veta |", "|---|---|---|---|---|---|"]
    for row in WORKFLOW:
        lines.append(
            f"| {row.action.label} | {_labels(row.sources)} | {row.target.label} | {_labels(row.who)} "
            f"| {', '.join(guard.__name__ for guard in row.guards) or '–'} | {_labels(row.told) or '–'} |"
        )
    return "\n".join(lines) + "\n"


def secrecy_markdown() -> str:
    """Field group × relation, and permission × relation."""
    people = [relation for relation in Relation if relation is not Relation.SYSTEM]
    lines = [MADE, "# Vem får läsa vad", "", "Källa: `avvikelse/domain/sekretess.py`. L = läser, – = får inte.", ""]
    lines.append("| Uppgifter | " + " | ".join(person.label for person in people) + " |")
    lines.append("|---" * (len(people) + 1) + "|")
    for group in FieldGroup:
        lines.append(f"| {group.label} | " + " | ".join("L" if person in READERS[group] else "–" for person in people) + " |")
    lines += ["", "# Vem får göra vad", "", "Källa: `avvikelse/policy/permission_map.py`; stegen i flödet står i arbetsflode.md.", ""]
    lines.append("| Behörighet | " + " | ".join(person.label for person in people) + " | I status |")
    lines.append("|---" * (len(people) + 2) + "|")
    for permission, (who, states) in PERMISSIONS.items():
        where = "alla" if states == frozenset(Status) else _labels(status for status in Status if status in states)
        lines.append(f"| {permission.label} | " + " | ".join("ja" if person in who else "–" for person in people) + f" | {where} |")
    return "\n".join(lines) + "\n"


def _labels(members: object) -> str:
    return ", ".join(member.label for member in members)  # type: ignore[attr-defined]
