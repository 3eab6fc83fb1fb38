"""Which unit answers? UNIT_RULES, top to bottom: the first that knows decides, or says that a samordnare must.

The numbers R01–R29 are those of tests/cases/routing_examples.json.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.organisation import OrganisationMap, Unit
from avvikelse.domain.situation import Choice, Reason, Situation
from avvikelse.domain.vocabulary import HuvudmanKind

NO_FEEDBACK_ON_OROSANMALAN = "E3"
SOCIALTJANST = "socialtjanst_bou"
FIRST_LINE_AGE = 17
MAX_TRANSFERS = 2
PRIMARY = (1, 2)

UnitRule = Callable[[Situation, OrganisationMap, date], Choice | None]


# --- which unit answers -----------------------------------------------------------------------------------------------


def transferred_twice(s: Situation, org: OrganisationMap, _today: date) -> Choice | None:
    """R28: after two transfers a samordnare decides; the case is not bounced on."""
    if len(s.transferred) < MAX_TRANSFERS:
        return None
    last = org.units.get(s.transferred[-1])
    office = org.samordnare(last.huvudman, last.omrade) if last else None
    office = office or org.samordnare_of_region()
    return (
        Choice(Reason("R28", "ärendet redan har lämnats vidare två gånger och samordnaren avgör"), office=office)
        if office
        else None
    )


def placed_by_another_kommun(s: Situation, org: OrganisationMap, today: date) -> Choice | None:
    """R07, R16: two kommuner concerned. The kommun that has placed the child, or where it is registered, leads."""
    if s.placing_kommun is None:
        return None
    named = org.units.get(s.counterpart_unit or "")
    kind = named.kind if named else s.counterpart_kind
    unit = org.serving((kind,), s.placing_kommun, s.ages, today) if kind else None
    reason = Reason(
        "R07", "två kommuner berörs och den kommun som ansvarar för placeringen eller där barnet är folkbokfört leder"
    )
    if unit is not None:
        return Choice(reason, unit=unit)
    office = org.samordnare_of_kommun(s.placing_kommun)
    return Choice(reason, office=office) if office else None


def not_started_then(s: Situation, org: OrganisationMap, today: date) -> Choice | None:
    """R19: the named unit did not exist on the day; whoever had the task then answers."""
    unit = org.units.get(s.counterpart_unit or "")
    if unit is None or unit.started_by(s.occurred_on):
        return None
    first = _first_line(s, org, today)
    text = f"{unit.name} inte hade startat när det hände"
    if first is not None:
        return Choice(Reason("R19", f"{text}, och {first.name} då hade första linjen"), unit=first)
    office = org.samordnare(unit.huvudman, unit.omrade)
    return Choice(Reason("R19", text), office=office) if office else None


def closed_unit(s: Situation, org: OrganisationMap, today: date) -> Choice | None:
    """R19: a closed or merged unit is answered for by the one that took over."""
    unit = org.units.get(s.counterpart_unit or "")
    seen: set[str] = set()
    while unit is not None and unit.closed_on(today) and unit.id not in seen:
        seen.add(unit.id)
        unit = org.units.get(unit.successor or "")
    if not seen:
        return None
    closed = org.units[s.counterpart_unit or ""]
    if unit is not None and not unit.closed_on(today):
        return Choice(Reason("R19", f"{closed.name} är stängd och {unit.name} har tagit över"), unit=unit)
    office = org.samordnare(closed.huvudman, closed.omrade)
    return Choice(Reason("R19", f"{closed.name} är stängd och ingen har tagit över"), office=office) if office else None


def first_line_at_bup(s: Situation, org: OrganisationMap, today: date) -> Choice | None:
    """R03, where the pack says so: BUP has both the first line and the specialist's responsibility up to 17 years.

    Applies when a vårdcentral is named, or nobody at the region, in a matter where the level decides.
    """
    named = org.units.get(s.counterpart_unit or "")
    instead_of_primary = named is not None and named.kind == "vardcentral"
    if (
        "R03" not in org.overrides
        or not s.asks_matrix
        or s.niva is None
        or not (instead_of_primary or _unknown_at_region(s, org))
    ):
        return None
    first = _first_line(s, org, today)
    if s.niva in PRIMARY:
        return (
            Choice(Reason("R03", f"{first.name} har första linjen för barn och unga i länet"), unit=first)
            if first
            else None
        )
    if instead_of_primary:
        return None
    specialist = next(
        (u for u in org.units.values() if u.kind == "bup" and not u.forsta_linje and u.serves(s.kommunkod, s.ages)),
        first,
    )
    return Choice(Reason("R03", f"{specialist.name} har specialistansvaret"), unit=specialist) if specialist else None


ASKS_MATRIX = "R02"


def matrix(s: Situation, org: OrganisationMap, today: date) -> Choice | None:
    """R02: nobody is named; tillstånd and nivå decide in the pack's responsibility matrix.

    An uncertain cell is distributed by a samordnare.
    """
    cell = org.matrix.get((s.tillstand or "", s.niva or 0))
    if cell is None or not s.asks_matrix or not _unknown_at_region(s, org):
        return None
    known = s.kommunkod is not None and s.ages is not None
    fitting = _by_age(cell.receivers, s.ages)
    unit = org.serving(fitting, s.kommunkod, s.ages, today) if known and not cell.uncertain else None
    if unit is not None:
        kind = unit_type_label(unit.kind).lower()
        return Choice(
            Reason(ASKS_MATRIX, f"ansvarstabellen pekar ut {kind} för det här tillståndet och den här nivån"), unit=unit
        )
    office = org.samordnare_of_region()
    possible = tuple(u.id for kind in cell.receivers if (u := org.serving((kind,), s.kommunkod, s.ages, today)))
    text = (
        "ansvarstabellen inte är entydig här" if cell.uncertain
        else "ingen verksamhet i ansvarstabellen passar åldern" if known
        else "kommun och ålder behövs för att läsa ansvarstabellen"
    )  # fmt: skip
    return (
        Choice(Reason(ASKS_MATRIX, f"{text}, så samordnaren avgör"), office=office, alternatives=possible)
        if office
        else None
    )


def feedback_on_orosanmalan(s: Situation, org: OrganisationMap, today: date) -> Choice | None:
    """R27: missing feedback on an orosanmälan goes to socialtjänsten in the kommun, also when nobody is named."""
    if s.category != NO_FEEDBACK_ON_OROSANMALAN or s.counterpart_unit is not None:
        return None
    unit = org.serving((SOCIALTJANST,), s.kommunkod, None, today) if s.kommunkod else None
    return Choice(Reason("R27", "socialtjänsten lämnar återkoppling på orosanmälningar"), unit=unit) if unit else None


def named_kind(s: Situation, org: OrganisationMap, today: date) -> Choice | None:
    """R01 with a type instead of a unit: the unit of that type in the kommun, when only one huvudman has one there."""
    if s.counterpart_unit is not None or s.counterpart_kind is None:
        return None
    unit = org.serving((s.counterpart_kind,), s.kommunkod, s.ages, today) if s.kommunkod else None
    if (
        unit is None
        or len({u.huvudman for u in org.units.values() if u.kind == unit.kind and u.serves(s.kommunkod, s.ages)}) > 1
    ):
        return None
    return Choice(Reason("R01", f"{unit.name} är den verksamhet av det slaget som finns i kommunen"), unit=unit)


def named_unit(s: Situation, org: OrganisationMap, _today: date) -> Choice | None:
    """R01: the manager of the unit where it happened, at the huvudman that runs it.

    The reason follows the kind of unit.
    """
    unit = org.units.get(s.counterpart_unit or "")
    return Choice(_why(unit, s, org), unit=unit) if unit else None


def known_huvudman(s: Situation, org: OrganisationMap, _today: date) -> Choice | None:
    """R20: the huvudman is known but not the unit; its samordnare distributes.

    One without samordnare and with a single unit (a friskola, the police) is that unit.
    """
    owner = org.huvudman.get(s.counterpart_huvudman or "")
    if owner is None:
        return None
    name, office = owner.name, org.samordnare(owner.id)
    if office is None:
        units = [unit for unit in org.units.values() if unit.huvudman == owner.id]
        return Choice(_why(units[0], s, org), unit=units[0]) if len(units) == 1 else None
    return Choice(Reason("R20", f"du vet att det gäller {name} men inte vilken verksamhet"), office=office)


def own_samordnare(s: Situation, org: OrganisationMap, _today: date) -> Choice | None:
    """R20: nothing is known; the own samordnare distributes, else the kommun's or the region's."""
    own = org.units.get(s.sender_unit or "")
    office = org.samordnare(own.huvudman, own.omrade) if own else None
    if office is None and s.sender_huvudman:
        office = org.samordnare(s.sender_huvudman)
    office = office or org.samordnare_of_kommun(s.kommunkod) or org.samordnare_of_region()
    return (
        Choice(Reason("R20", "det inte är klart vem som ansvarar, och er samordnare tar reda på det"), office=office)
        if office
        else None
    )


UNIT_RULES: tuple[UnitRule, ...] = (
    transferred_twice,
    placed_by_another_kommun,
    not_started_then,
    closed_unit,
    first_line_at_bup,
    named_unit,
    matrix,
    feedback_on_orosanmalan,
    named_kind,
    known_huvudman,
    own_samordnare,
)

# R01 in other words for some kinds of unit: (rule, reason).
_WHY_KIND: dict[str, tuple[str, str]] = {
    "friskola": ("R05", "en fristående skola är sin egen huvudman och rektor svarar"),
    "kaa": ("R12", "det kommunala aktivitetsansvaret ansvarar för unga upp till 20 år som inte går i gymnasiet"),
    "fritidsgard": ("R13", "fritidsgården tar emot avvikelser som andra verksamheter"),
    "polis": ("R14", "det gäller polisens del i samverkan"),
    "privat_vardgivare": ("R25", "en privat utförare har samma skyldighet att delta"),
    "lss": ("R04", "kommunens stödinsatser hör till LSS"),
}


def _why(unit: Unit, s: Situation, org: OrganisationMap) -> Reason:
    owner = org.huvudman[unit.huvudman]
    if unit.id == s.sender_unit:
        return Reason("R11", "rapporten gäller den egna enheten och den egna chefen inte ska avgöra ensam")
    if unit.shared_with:
        return Reason("R26", f"{unit.name} är gemensam och dess ledare tar emot")
    if owner.kind is HuvudmanKind.KOMMUNALFORBUND:
        return Reason("R06", f"{owner.name} är huvudman för alla sina medlemskommuner")
    if s.category == NO_FEEDBACK_ON_OROSANMALAN and unit.kind == SOCIALTJANST:
        return Reason("R27", "socialtjänsten lämnar återkoppling på orosanmälningar")
    if unit.kind in _WHY_KIND:
        return Reason(*_WHY_KIND[unit.kind])
    if s.sender_huvudman == unit.huvudman:
        return Reason("R09", "det gäller en annan verksamhet hos samma huvudman")
    return Reason("R01", f"det hände hos {unit.name}, som {owner.name} ansvarar för")


def _unknown_at_region(s: Situation, org: OrganisationMap) -> bool:
    """Nobody is named, but the region is."""
    owner = org.huvudman.get(s.counterpart_huvudman or "")
    return (
        s.counterpart_unit is None
        and s.counterpart_kind is None
        and owner is not None
        and owner.kind is HuvudmanKind.REGION
    )


def _first_line(s: Situation, org: OrganisationMap, today: date) -> Unit | None:
    """The unit with the first line where the pack has moved it (R03): BUP up to 17, then ungdomsmottagningen."""
    if "R03" not in org.overrides:
        return None
    kind = "ungdomsmottagning" if s.ages is not None and s.ages[0] > FIRST_LINE_AGE else "bup"
    return next(
        (
            u
            for u in org.units.values()
            if u.kind == kind and u.forsta_linje and u.serves(s.kommunkod, s.ages) and not u.closed_on(today)
        ),
        None,
    )


def _by_age(kinds: tuple[str, ...], ages: tuple[int, int] | None) -> tuple[str, ...]:
    """R02: the order in which a cell's types are asked.

    Up to 5 years barnhälsovård first, from 13 ungdomsmottagning, else vårdcentral.
    """
    if ages is None:
        return kinds
    primary = ("barnhalsovard", "ungdomsmottagning", "vardcentral")
    wanted = "barnhalsovard" if ages[1] <= 5 else "ungdomsmottagning" if ages[0] >= 13 else "vardcentral"
    mine = [kind for kind in kinds if kind not in primary or kind in (wanted, "vardcentral")]
    return tuple(sorted(mine, key=lambda kind: kind != wanted))
