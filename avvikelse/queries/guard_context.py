"""What the guard must know of the organisation: its names and phones, and the words of the administrators.

Open for what passes the guard here and not elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from avvikelse.domain.actor import Actor
from avvikelse.domain.guard.lexicon import is_ordinary, name_list
from avvikelse.domain.persondata import GuardContext
from avvikelse.domain.vocabulary import WordUse
from avvikelse.models.asking import ask
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.guard_word import GuardWord
from avvikelse.models.organisation import Enhet, Funktion, Huvudman, Organisation, Pack, Sekretessomrade
from avvikelse.policy.organisation import administered_ids

FEW_WORDS = 2  # "Chefsnätverket Birger" is also called Birger; "Anna Lindhs förskola" is not called Anna
_NAMED = (Enhet, Huvudman, Sekretessomrade, Organisation, Samverkansgrupp, Funktion)
_NAMES = union_all(*(select(table.name) for table in _NAMED))
_PHONES = union_all(*(select(table.phone).where(table.phone.is_not(None)) for table in (Enhet, Funktion)))
_REVISIONS = select(Pack.revision).order_by(Pack.id)

Revisions = tuple[str, ...]
_kept: dict[str, tuple[Revisions, GuardContext]] = {}  # one entry: names and phones of this process


@dataclass(frozen=True, slots=True)
class WordRow:
    """A line of the administrator's page; `huvudman` empty = for everybody."""

    id: int
    word: str
    use: WordUse
    huvudman: str
    mine: bool


def words_context(session: Session, actor: Actor) -> GuardContext:
    """The words that count for this writer: those for everybody and those of the own huvudmän. One small question."""
    rows = ask(session, _WORDS, **_whose(actor)).all()
    return GuardContext.of(
        allowed=[row.word for row in rows if row.use is WordUse.ALLOWED],
        names=[row.word for row in rows if row.use is WordUse.NAME],
    )


def organisation_context(session: Session, words: GuardContext) -> GuardContext:
    """`words` with everything that the organisation calls its own, and its function phones."""
    return words.joined(_organisation(session))


def _organisation(session: Session) -> GuardContext:
    """Read once a process, and anew when a pack has another revision."""
    revisions = tuple(ask(session, _REVISIONS).scalars())
    kept = _kept.get("organisation")
    if kept is None or kept[0] != revisions:
        names = set(session.scalars(_NAMES))
        own = GuardContext.of(phones=session.scalars(_PHONES), allowed={*names, *_short_names(names)})
        kept = _kept["organisation"] = (revisions, own)
    return kept[1]


def _short_names(names: Iterable[str]) -> Iterator[str]:
    """The word that people say instead of the whole name."""
    for name in names:
        words = name.replace("/", " ").split()
        if len(words) <= FEW_WORDS:
            yield from (word for word in words if word[:1].isupper() and _is_telling(word.lower()))


def _is_telling(word: str) -> bool:
    return not is_ordinary(word) and word not in name_list()


def _whose(actor: Actor) -> dict[str, list[int]]:
    """Through what words count for somebody: ids for the placeholders of `_WORDS`."""
    return {
        "huvudman": [grant.huvudman_id for grant in actor.grants if grant.huvudman_id is not None],
        "omraden": [grant.omrade_id for grant in actor.grants if grant.omrade_id is not None],
        "units": [actor.own_enhet_id] if actor.own_enhet_id is not None else [],
    }


def _ids(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


_WORDS = select(GuardWord.word, GuardWord.use).where(
    or_(
        GuardWord.huvudman_id.is_(None),
        GuardWord.huvudman_id.in_(_ids("huvudman")),
        GuardWord.huvudman_id.in_(select(Sekretessomrade.huvudman_id).where(Sekretessomrade.id.in_(_ids("omraden")))),
        GuardWord.huvudman_id.in_(select(Enhet.huvudman_id).where(Enhet.id.in_(_ids("units")))),
    )
)


# --- the administrator's page


def word_list(session: Session, actor: Actor) -> tuple[WordRow, ...]:
    """Every word that the administrator may change, and those for everybody."""
    ids = administered_ids(actor)
    query = select(GuardWord).options(joinedload(GuardWord.huvudman))
    if ids is not None:
        query = query.where(or_(GuardWord.huvudman_id.is_(None), GuardWord.huvudman_id.in_(ids)))
    rows = session.scalars(query.order_by(GuardWord.word, GuardWord.id)).all()
    return tuple(
        WordRow(
            row.id,
            row.word,
            row.use,
            row.huvudman.name if row.huvudman is not None else "",
            ids is None or row.huvudman_id in ids,
        )
        for row in rows
    )


def decided_for(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the huvudmän that the actor may decide for; 0 = everybody."""
    ids = administered_ids(actor)
    query = select(Huvudman.id, Huvudman.name).order_by(Huvudman.name, Huvudman.id)
    if ids is not None:
        query = query.where(Huvudman.id.in_(ids))
    everybody = [(0, "Alla huvudmän")] if ids is None else []
    return everybody + [(row.id, row.name) for row in session.execute(query)]
