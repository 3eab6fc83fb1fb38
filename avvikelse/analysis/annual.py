"""A group's *årsrapport*: its sections, for the group and for those outside it. Open to change what stands there.

The agreement's own order comes first: SIP, avvikelser, activities; then answers, effect, decisions. Outside the group
no number of 1 to 4 stands and none can be worked out, also by who reads other groups' reports beside it, and only
published decisions are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from avvikelse.analysis.indicators.sip_totals import SipCount, added
from avvikelse.analysis.month_content import IndicatorRow
from avvikelse.analysis.month_wide import WideTable
from avvikelse.analysis.sections import Grid, Section, Value
from avvikelse.analysis.small_numbers import HIDDEN, K, hide, is_small, may_show
from avvikelse.analysis.words import counted

SECTIONS: Mapping[str, str] = {
    "sip": "1. Samordnade individuella planer (SIP)",
    "avvikelser": "2. Rapporterade brister i samverkan och avvikelser",
    "aktiviteter": "3. Aktiviteter ur handlingsplanen",
    "svar": "4. Fick rapportörerna svar?",
    "effekt": "5. Åtgärder och effekt",
    "beslut": "6. Beslut",
}
CAVEAT = (
    "Siffrorna är rapporter, inte händelser. Många rapporter betyder inte sämre kvalitet, och få betyder inte att allt "
    "fungerar. Rangordna inte parter efter antal."
)
TOLD_BESIDE = (
    "Visas inte utanför gruppen. En annan grupp med delvis samma ärenden har visat sina siffror för året, och "
    "skillnaden mellan dem skulle berätta om enstaka ärenden."
)
KEPT = "Som i version {number}. Det som ändrats sedan dess visas inte utanför gruppen: skillnaden kan peka ut någon."
STANDS = ("svar", "effekt")  # parts of lists, told once
ZERO = "En kommun som saknas är inte noll: den räknas inte med i summorna."
CONFIRMED = (
    "Det fungerar: någon rapportör svarar att det inte har hänt igen, och ingen svarar att det har det. Den som inte "
    f"svarar räknas som ”vet inte”, alltså inget svar. Andel visas från {K} åtgärder."
)
EFFECT_IDS = ("I10", "I11", "I12")
SIP_ID = "I14"
CURVE_ID = "I08"  # a share without numerator: whether it is small cannot be seen
_FRACTION = re.compile(r"(\d+) av (\d+)$")


@dataclass(frozen=True, slots=True)
class SipLine:
    """A kommun's year. `missing`: the half-years that nobody has reported, in words."""

    name: str
    count: SipCount
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """Days in words."""

    text: str
    owner: str
    planned: str
    status: str
    said: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    text: str
    owner: str
    decided: str
    due: str
    status: str
    published: bool


@dataclass(frozen=True, slots=True)
class ReportersSaid:
    """Of the åtgärder that reporters were asked about: in how many they say that it works, that it happens still, and
    nothing. `owners`: in how many the owner says that it works.
    """

    confirmed: int = 0
    again: int = 0
    silent: int = 0
    owners: int = 0

    @property
    def asked(self) -> int:
        return self.confirmed + self.again + self.silent


@dataclass(frozen=True, slots=True)
class AnnualFacts:
    """What a year's report is made of. `wide` is what may be told outside about the avvikelser, or why nothing may."""

    year: int
    total: int
    sip: tuple[SipLine, ...] = ()
    by_category: Mapping[str, int] = field(default_factory=dict)
    by_pair: Mapping[str, int] = field(default_factory=dict)
    activities: tuple[ActivityLine, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    ratings: Mapping[str, int] = field(default_factory=dict)
    strengths: Mapping[str, int] = field(default_factory=dict)
    weak: int = 0  # åtgärder that are only information or education
    effects: Mapping[str, int] = field(default_factory=dict)
    said: ReportersSaid = ReportersSaid()
    decisions: tuple[DecisionLine, ...] = ()
    wide: WideTable | None = None
    wide_refusal: str = ""
    told_beside: bool = False  # another group has told its lists of the year, and some of the cases are the same


def annual_sections(facts: AnnualFacts, *, outward: bool) -> tuple[Section, ...]:
    """All six, also the empty ones: that there was nothing is said."""
    return (
        _sip(facts, outward=outward),
        _reported_outward(facts) if outward else _reported(facts),
        _activities(facts),
        _answers(facts, outward=outward),
        _effect(facts, outward=outward),
        _decisions(facts, outward=outward),
    )


# --- what an earlier version has told ---------------------------------------------------------------------------------


def as_told(made: Sequence[Section], told: Sequence[tuple[int, Sequence[Section]]]) -> tuple[Section, ...]:
    """What those outside read of a new version, when these (number, sections) have been approved, oldest first.

    Lists of answers and effect stand as they were told, and so does SIP when a number of it has changed by a few: two
    versions must not tell by their difference what neither tells alone.
    """
    return tuple(_kept(section, told) or section for section in made)


def _kept(made: Section, told: Sequence[tuple[int, Sequence[Section]]]) -> Section | None:
    before = [(number, one) for number, sections in told for one in sections if one.key == made.key and one.grids]
    stands = made.key in STANDS or (made.key == "sip" and any(_differs_by_few(made, one) for _, one in before))
    if not before or not stands:
        return None
    number, section = before[-1]
    if section.lead.startswith(KEPT[:10]):
        return section  # it says already from which version it comes
    return replace(section, lead=f"{KEPT.format(number=number)} {section.lead}".strip())


def _differs_by_few(made: Section, told: Section) -> bool:
    """May any number of a row that stands in both of them have changed by one to four?"""
    before = {(grid.key, row[0]): row for grid in told.grids for row in grid.rows}
    return any(
        _few_apart(new, old)
        for grid in made.grids
        for row in grid.rows
        # Not strict: the last column, in words, stands only where a kommun is missing.
        for new, old in zip(row, before.get((grid.key, row[0]), row), strict=False)
    )


def _few_apart(new: Value, old: Value) -> bool:
    """One that is hidden may be anything below five, or more."""
    if isinstance(new, int) and isinstance(old, int):
        return is_small(abs(new - old))
    told = new if old == HIDDEN else old if new == HIDDEN else None
    return isinstance(told, int) and 0 < told < 2 * K - 1


# --- 1 SIP ------------------------------------------------------------------------------------------------------------


def _sip(facts: AnnualFacts, *, outward: bool) -> Section:
    reported = [line for line in facts.sip if line.count != SipCount()]
    missing = [line for line in facts.sip if line.missing]
    hidden = [outward and _has_small(line) for line in reported]
    columns: tuple[str, ...] = ("Kommun", "Nya SIP", "SIP-möten", "Personer", "Möten per person", "Uppgift")
    rows: list[tuple[Value, ...]] = []
    for place, line in enumerate(reported):
        cells = (HIDDEN,) * 4 if hidden[place] else _sip_cells(line.count)
        rows.append((line.name, *cells, _missing_words(line)))
    rows += [(line.name, None, None, None, None, _missing_words(line)) for line in missing if line not in reported]
    total = added([line.count for line in reported])
    if reported:
        cells = (HIDDEN,) * 4 if any(hidden) else _sip_cells(total)
        rows.append(("Alla som har räknat", *cells, None))
    if not missing:  # then the last column has nothing to say
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    persons = total.persons or 0
    spread = (total.once, total.twice, total.more)
    grids = [
        Grid(
            "sip", "SIP per kommun", columns, tuple(rows), f"{ZERO} Möten per person visas från {K} personer.",
        )
    ]  # fmt: skip
    if persons >= K and not any(hidden) and not (outward and any(map(is_small, spread))):
        names = ("Ett möte", "Två möten", "Tre möten eller fler")
        grids.append(
            Grid(
                "sip-fordelning", "Möten per person", ("Under året", "Personer"), tuple(zip(names, spread, strict=True))
            )
        )
    lead = "Ingen kommun har räknat." if not reported else ""
    if missing:
        lead = f"{lead} Saknas: {', '.join(line.name for line in missing)}.".strip()
    return Section("sip", SECTIONS["sip"], lead, grids=tuple(grids))


def _has_small(line: SipLine) -> bool:
    """Then outside neither it nor any sum with it is told: another group's report may hold the other kommuner."""
    return any(map(is_small, (line.count.new, line.count.held, line.count.persons)))


def _sip_cells(count: SipCount) -> tuple[Value, ...]:
    mean = None
    if count.persons is not None and count.persons >= K and count.held is not None:
        mean = round(count.held / count.persons, 1)
    return count.new, count.held, count.persons, mean


def _missing_words(line: SipLine) -> str | None:
    return f"saknas: {', '.join(line.missing)}" if line.missing else None


# --- 2 avvikelser -----------------------------------------------------------------------------------------------------


def _reported(facts: AnnualFacts) -> Section:
    grids = (
        Grid("kategorier", "Per kategori", ("Vad det gäller", "Antal"), _most_first(facts.by_category)),
        Grid("par", "Per par av parter", ("Parter", "Antal"), _most_first(facts.by_pair), CAVEAT),
    )
    return Section("avvikelser", SECTIONS["avvikelser"], _how_many(facts.total), grids=_filled(grids))


def _reported_outward(facts: AnnualFacts) -> Section:
    title = SECTIONS["avvikelser"]
    if facts.wide is None:
        return Section("avvikelser", title, facts.wide_refusal or "Inga avvikelser rapporterades.")
    table = facts.wide
    rows: list[tuple[Value, ...]] = [
        (name, *(HIDDEN if cell is None else cell for cell in cells), total)
        for name, cells, total in zip(table.rows, table.cells, table.row_totals, strict=True)
        if total
    ]
    rows.append(("Alla", *table.column_totals, table.total))
    grid = Grid(
        "avvikelser-brett", "Vad det gäller och vem", ("Vad det gäller", *table.columns, "Alla"), tuple(rows), CAVEAT
    )
    return Section("avvikelser", title, _how_many(table.total), grids=(grid,))


def _how_many(total: int) -> str:
    return f"{counted(total, 'rapport', 'rapporter')} under året." if total else "Inga avvikelser rapporterades."


def _most_first(counts: Mapping[str, int]) -> tuple[tuple[Value, ...], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


# --- 3 activities, 6 decisions ----------------------------------------------------------------------------------------


def _activities(facts: AnnualFacts) -> Section:
    rows = tuple((row.text, row.owner, row.planned, row.status, row.said) for row in facts.activities)
    grid = Grid("aktiviteter", "Aktiviteter", ("Aktivitet", "Ansvarar", "Planerad till", "Läge", "Uppföljning"), rows)
    lead = "" if rows else "Handlingsplanen har inga aktiviteter för året."
    return Section("aktiviteter", SECTIONS["aktiviteter"], lead, grids=_filled([grid]))


def _decisions(facts: AnnualFacts, *, outward: bool) -> Section:
    told = [row for row in facts.decisions if row.published or not outward]
    rows = tuple((row.text, row.owner, row.decided, row.due, row.status) for row in told)
    grid = Grid("beslut", "Beslut", ("Beslut", "Ansvarar", "Beslutades", "Klart senast", "Läge"), rows)
    return Section("beslut", SECTIONS["beslut"], "" if rows else "Gruppen fattade inga beslut.", grids=_filled([grid]))


# --- 4 answers, 5 effect ----------------------------------------------------------------------------------------------


def _answers(facts: AnnualFacts, *, outward: bool) -> Section:
    if outward and facts.told_beside:
        return Section("svar", SECTIONS["svar"], TOLD_BESIDE)
    rows = [row for row in facts.indicators if not row.id.startswith(EFFECT_IDS)]
    if outward and any(map(_has_small, facts.sip)):
        rows = [row for row in rows if not row.id.startswith(SIP_ID)]  # a sum over all kommuner
    grids = [
        _indicator_grid("matetal", "Mätetal", rows, outward=outward),
        _count_grid("betyg", "Fick rapportören svar?", ("Svarade", "Antal"), facts.ratings, outward=outward),
    ]
    return Section("svar", SECTIONS["svar"], grids=_filled(grids), lead=_if_empty(grids, "Inga svar att räkna."))


def _effect(facts: AnnualFacts, *, outward: bool) -> Section:
    if outward and facts.told_beside:
        return Section("effekt", SECTIONS["effekt"], TOLD_BESIDE)
    rows = [row for row in facts.indicators if row.id.startswith(EFFECT_IDS)]
    number = sum(facts.strengths.values())
    lead = ""
    if number and (not outward or may_show(facts.weak, number)):
        lead = f"{facts.weak} av {counted(number, 'åtgärd', 'åtgärder')} är bara information eller utbildning."
    grids = [
        _count_grid("styrka", "Hur starka är åtgärderna?", ("Styrka", "Antal"), facts.strengths, outward=outward),
        _count_grid("effekt", "Fungerar åtgärderna?", ("Vid uppföljningen", "Antal"), facts.effects, outward=outward),
        _said_grid(facts.said, outward=outward),
        _indicator_grid("matetal-effekt", "Mätetal", rows, outward=outward),
    ]
    return Section(
        "effekt", SECTIONS["effekt"], lead or _if_empty(grids, "Inga åtgärder beslutades."), grids=_filled(grids)
    )


def _indicator_grid(key: str, title: str, rows: Sequence[IndicatorRow], *, outward: bool) -> Grid:
    shown = [safe_row(row) for row in rows if not row.id.startswith(CURVE_ID)] if outward else rows
    return Grid(
        key, title, ("Mätetal", "Antal", "Värde", "95 % intervall", "Mål"),
        tuple((row.name, row.fraction or "–", row.value, row.interval, row.goal or "–") for row in shown),
    )  # fmt: skip


def safe_row(row: IndicatorRow) -> IndicatorRow:
    """Without its numbers when those who are counted, or the rest, are few."""
    found = _FRACTION.match(row.fraction)
    numbers = [int(number) for number in re.findall(r"\d+", row.fraction)]
    safe = may_show(int(found[1]), int(found[2])) if found else all(not 0 < number < K for number in numbers)
    return row if safe else IndicatorRow(row.id, row.name, HIDDEN, "–", "–", row.goal)


def _count_grid(key: str, title: str, columns: tuple[str, ...], counts: Mapping[str, int], *, outward: bool) -> Grid:
    """In the order of `counts`; nothing at all when all are 0."""
    names, numbers = list(counts), list(counts.values())
    if not sum(numbers):
        return Grid(key, title, columns, ())
    hidden = hide([[number] for number in numbers]).rows if outward else frozenset()
    rows = tuple((name, HIDDEN if n in hidden else numbers[n]) for n, name in enumerate(names))
    return Grid(key, title, columns, rows)


def _said_grid(said: ReportersSaid, *, outward: bool) -> Grid:
    """What the reporters say beside what the owners say, of the same åtgärder.

    Outside the three that make up the sum protect one another, and with them the sum; the owners' stands as a share.
    """
    parts = (said.confirmed, said.again, said.silent)
    found = hide([[number] for number in parts])
    hidden = [outward and place in found.rows for place in range(len(parts))]
    no_sum = outward and found.sums
    told: list[tuple[str, int, bool]] = [
        ("Rapportörerna säger att det fungerar", said.confirmed, hidden[0]),
        ("Ägarna säger att det fungerar", said.owners, outward and (no_sum or not may_show(said.owners, said.asked))),
        ("Rapportörer säger att det har hänt igen", said.again, hidden[1]),
        ("Ingen rapportör har svarat", said.silent, hidden[2]),
        ("Alla åtgärder som rapportörer har fått frågan om", said.asked, no_sum),
    ]
    shares = said.asked >= K and not no_sum
    rows: list[tuple[Value, ...]] = [
        (
            name, HIDDEN if few else number,
            f"{round(100 * number / said.asked)} %" if shares and not few else None,
        )
        for name, number, few in told
    ]  # fmt: skip
    return Grid(
        "effekt-rapportorer", "Vad säger rapportörerna om åtgärderna?", ("Vem säger vad", "Antal", "Andel av alla"),
        tuple(rows) if said.asked else (), CONFIRMED,
    )  # fmt: skip


def _filled(grids: Sequence[Grid]) -> tuple[Grid, ...]:
    return tuple(grid for grid in grids if grid.rows)


def _if_empty(grids: Sequence[Grid], words: str) -> str:
    return "" if _filled(grids) else words


def values(sections: Sequence[Section]) -> Iterator[Value]:
    """Every value of every table, for tests and audits."""
    for section in sections:
        for grid in section.grids:
            for row in grid.rows:
                yield from row
