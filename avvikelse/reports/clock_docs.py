"""The clocks with their ladder, and every mail, as pages for people who do not read code. Drawn from the tables."""

# ruff: noqa: E501 -- sentences for people
from __future__ import annotations

from collections.abc import Iterator

from avvikelse.domain.deadlines import CLOCKS, SHORTER, ClockId, Unit
from avvikelse.domain.escalation import LADDER, Rung, Target
from avvikelse.domain.notices import Notice
from avvikelse.reports.process_docs import MADE


def clocks_markdown() -> str:
    """docs/generated/klockor.md."""
    lines = [MADE, "# Klockor", ""]
    lines += ["Källa: `avvikelse/domain/deadlines.py`. Gränserna är förval; ett län kan ha egna, från en dag.", ""]
    lines += ["| Id | Klocka | Startar när | Går under | Gräns |", "|---|---|---|---|---|"]
    for clock, row in CLOCKS.items():
        during = ", ".join(status.label for status in row.runs_in) or "–"
        lines.append(f"| `{clock.value}` | {clock.label} | {row.starts} | {during} | {row.limit} |")
    lines += [
        "",
        "Bara en fråga till rapportören stoppar klockan. Under lov väntar den, om ingen är utsedd att träda in.",
        *(
            f"`{short.value}` gäller i stället för `{clock.value}` när den tar slut tidigare."
            for clock, short in SHORTER.items()
        ),
        "Ett ärende som har börjat sin tid behåller sin gräns när länets gräns ändras.",
        "",
        "# Vad som händer när tiden går",
        "",
        "Källa: `avvikelse/domain/escalation.py`. Dagar räknas från klockans sista dag, i klockans egna dagar. Det som går till",
        "en människa kommer en arbetsdag. Varje steg tas en gång per sista dag, högst ett steg per klocka och dag.",
        "",
        "En inbjuden part (fristående, privat, polis) påminns, men inget går över dess egen chef: gruppen får se tystnaden.",
        "",
        "| Klocka | När | Vem | Vad | Mejl |",
        "|---|---|---|---|---|",
        *_rungs(),
    ]
    return "\n".join(lines) + "\n"


def _rungs() -> Iterator[str]:
    for clock, rungs in LADDER.items():
        for rung in rungs:
            who = "" if rung.to is Target.NOBODY else rung.to.label
            mails = [f"”{n.subject.removeprefix('{number}: ')}”" for n in (rung.notice, rung.owner_hears) if n]
            yield f"| {clock.label} | {_when(rung, clock)} | {who or '–'} | {rung.deed.label} | {', '.join(mails) or '–'} |"


def _when(rung: Rung, clock: ClockId) -> str:
    unit, days = CLOCKS[clock].limit.unit, abs(rung.days)
    words = "arbetsdag" if unit is Unit.WORKDAYS else "dag"
    many = words if days == 1 else f"{words}ar"
    if rung.days == 0:
        return "på sista dagen"
    when = f"{days} {many} {'före' if rung.days < 0 else 'efter'}"
    return f"{when}, sedan var {rung.again}:e {words}" if rung.again else when


def notices_markdown() -> str:
    """docs/generated/mejl.md."""
    lines = [MADE, "# Mejl", ""]
    lines += [
        "Källa: `avvikelse/domain/notices.py`. Ett mejl är en mening och en länk; vad ärendet gäller står aldrig där.",
        "",
    ]
    lines += ["| Till | Ämne | Text | Länk |", "|---|---|---|---|"]
    lines += [f"| {n.audience} | {n.subject} | {n.sentence} | `{n.path}` |" for n in Notice]
    return "\n".join(lines) + "\n"
