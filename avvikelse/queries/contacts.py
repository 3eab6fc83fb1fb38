"""*Kontaktvägar*: "Vart skickar jag kallelsen?" – units with mailbox, phone and who is in charge now.

Open for the look-up page. A role is shown, never a person, unless the party has chosen to show the manager's name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.kommuner import kommun_name
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.unit_search import TYPE_WORDS, Found, UnitIndex, UnitWords, Weight, ages_text, fold, query_words
from avvikelse.models.organisation import Enhet, EnhetKommun, EnhetName, Huvudman, Pack
from avvikelse.queries.answering import Answering, InCharge, OfficeContact, offices_of

SHOWN = 20


@dataclass(frozen=True, slots=True)
class ContactCard:
    """One unit as Kontaktvägar shows it. Nothing here is about a person or a case."""

    enhet_id: int
    pack: str
    slug: str
    name: str
    kind: str
    huvudman: str
    kommuner: tuple[str, ...]
    ages: str
    assignment: str | None
    mailbox: str | None
    phone: str | None
    in_charge: InCharge | None
    samordnare: OfficeContact | None
    takes_referrals: bool
    starts_on: date | None = None  # set while it has not opened
    closed_on: date | None = None  # last day, set when it is over
    successor: tuple[str, str, str] | None = None  # pack, slug, name


@dataclass(frozen=True, slots=True)
class ContactSearch:
    """What a search gave: the first SHOWN cards, how many there were, and words that nothing matched."""

    cards: tuple[ContactCard, ...]
    total: int
    missed: tuple[str, ...]


def search(session: Session, text: str, today: date, *, near: int | None = None) -> ContactSearch:
    """Units that match the words in `text`, those of the pack `near` first. Text without a real word finds nothing."""
    if not query_words(text):
        return ContactSearch((), 0, ())
    found = _index_of(session, today).search(text, near)
    return ContactSearch(cards(session, found.unit_ids[:SHOWN], today), len(found.unit_ids), _as_typed(text, found))


def card(session: Session, pack: str, slug: str, today: date) -> ContactCard | None:
    """One unit's card; None when there is no such unit."""
    enhet_id = session.scalar(
        select(Enhet.id).join(Pack, Pack.id == Enhet.pack_id).where(Pack.slug == pack, Enhet.slug == slug)
    )
    return cards(session, [enhet_id], today)[0] if enhet_id is not None else None


def cards(session: Session, enhet_ids: Collection[int], today: date) -> tuple[ContactCard, ...]:
    """Cards in the order of the ids, in a fixed number of queries."""
    if not enhet_ids:
        return ()
    rows = {
        unit.id: unit
        for unit in session.scalars(
            select(Enhet)
            .where(Enhet.id.in_(enhet_ids))
            .options(
                joinedload(Enhet.huvudman),
                joinedload(Enhet.successor),
                selectinload(Enhet.kommuner),
            )
        )
    }
    packs = dict(session.execute(select(Pack.id, Pack.slug)).all())
    answering = Answering.of(session, rows.values(), today)
    offices = offices_of(session, rows.values())
    return tuple(_card(rows[i], packs, answering, offices, today) for i in enhet_ids if i in rows)


def _card(
    unit: Enhet,
    packs: Mapping[int, str],
    answering: Answering,
    offices: Mapping[int, OfficeContact],
    today: date,
) -> ContactCard:
    closed = unit.active_to is not None and unit.active_to < today
    successor = unit.successor
    return ContactCard(
        enhet_id=unit.id,
        pack=packs[unit.pack_id],
        slug=unit.slug,
        name=unit.name,
        kind=unit_type_label(unit.kind),
        huvudman=unit.huvudman.name,
        kommuner=tuple(sorted((kommun_name(row.kommunkod) for row in unit.kommuner), key=swedish)),
        ages=ages_text(unit.age_min, unit.age_max),
        assignment=unit.assignment,
        mailbox=None if closed else unit.function_mailbox,
        phone=None if closed else unit.phone,
        in_charge=None if closed else answering.for_unit(unit, offices.get(unit.omrade_id)),
        samordnare=offices.get(unit.omrade_id),
        takes_referrals=unit.tar_emot_remiss,
        starts_on=unit.active_from if unit.active_from and unit.active_from > today else None,
        closed_on=unit.active_to if closed else None,
        successor=(packs[successor.pack_id], successor.slug, successor.name) if successor and unit.active_to else None,
    )


# The index of the latest organisation that this process has met. One assignment replaces it, so threads are safe.
_latest: tuple[object, UnitIndex] | None = None


def _index_of(session: Session, today: date) -> UnitIndex:
    """The index of every unit, kept for the process until any pack's organisation changes, or the day does."""
    global _latest  # noqa: PLW0603
    version = (today, tuple(session.execute(select(Pack.id, Pack.revision).order_by(Pack.id))))
    known = _latest
    if known is None or known[0] != version:
        known = (version, UnitIndex(_unit_words(session, today)))
        _latest = known
    return known[1]


def _unit_words(session: Session, today: date) -> Iterable[UnitWords]:
    kommuner: defaultdict[int, list[str]] = defaultdict(list)
    for enhet_id, kod in session.execute(select(EnhetKommun.enhet_id, EnhetKommun.kommunkod)):
        kommuner[enhet_id].append(kommun_name(kod))
    earlier: defaultdict[int, list[str]] = defaultdict(list)
    for enhet_id, name in session.execute(select(EnhetName.enhet_id, EnhetName.name)):
        earlier[enhet_id].append(name)
    rows = session.execute(
        select(Enhet.id, Enhet.name, Enhet.kind, Enhet.active_to, Enhet.pack_id, Huvudman.name).join(
            Huvudman, Huvudman.id == Enhet.huvudman_id
        )
    )
    for enhet_id, name, kind, active_to, pack_id, huvudman in rows:
        yield UnitWords(
            enhet_id,
            name,
            closed=active_to is not None and active_to < today,
            texts=(
                (Weight.NAME, name),
                (Weight.TYPE, f"{unit_type_label(kind)} {TYPE_WORDS.get(kind, '')}"),
                (Weight.PLACE, " ".join(kommuner[enhet_id])),
                (Weight.CONTEXT, " ".join((huvudman, *earlier[enhet_id]))),
            ),
            area=pack_id,
        )


def _as_typed(text: str, found: Found) -> tuple[str, ...]:
    """The words that nothing matched, as the user wrote them."""
    return tuple(word for word in text.split() if set(fold(word)) & set(found.missed))
