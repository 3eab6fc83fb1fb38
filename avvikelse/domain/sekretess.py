"""Who may read which group of fields of a case; deny by default. Drawn in docs/generated/vem-far-lasa.md.

`policy/redaction.py` follows it when it turns rows into views; a template never gets what stands not here.
"""

from __future__ import annotations

from collections.abc import Iterable

from avvikelse.domain.relation import Relation as R
from avvikelse.domain.vocabulary import Labelled


class FieldGroup(Labelled):
    """A set of fields that have the same readers."""

    HEAD = "head", "Nummer, dag, status, frister"
    PARTIES = "parties", "Parter och vem som ansvarar nu"
    CODING = "coding", "Kategori, allvar, ålder"
    SHARED_TEXT = "shared_text", "Beskrivning och förslag"
    GRUPPMENING = "gruppmening", "Gruppmening och lyft fråga"
    SENDER_ONLY = "sender_only", "Egen referens, omedelbar åtgärd och rapporterande områdets anteckningar"
    REPORTER_IDENTITY = "reporter_identity", "Vem som rapporterade"
    RECEIVER_ONLY = "receiver_only", "Orsakskoder och mottagande områdets anteckningar"
    ANSWER = "answer", "Svar och åtgärder"
    DIALOGUE = "dialogue", "Frågor och kompletteringar"
    TRANSFERS = "transfers", "Överlämningar med skäl"
    TRANSFERS_DERIVED = "transfers_derived", "Att och när ärendet lämnats vidare"
    JOINT = "joint", "Gemensamt rum: svar och åtaganden (den andras först när båda har svarat)"
    JOINT_DERIVED = "joint_derived", "Att båda har svarat i det gemensamma rummet"
    DECISION = "decision", "Gruppens beslut, publicerat"
    DECISION_EARLY = "decision_early", "Gruppens beslut innan det publiceras"


_SENDER = frozenset({R.SENDER_CHEF, R.SENDER_SAMORDNARE})
_RECEIVER = frozenset({R.OWNER_CHEF, R.HANDLER, R.OWNER_SAMORDNARE})
_FORMER = frozenset({R.FORMER_CHEF, R.FORMER_SAMORDNARE})
_PARTIES = _SENDER | _RECEIVER
_REPORTER = frozenset({R.REPORTER})

# fmt: off
READERS: dict[FieldGroup, frozenset[R]] = {
    FieldGroup.HEAD:              _REPORTER | _PARTIES | _FORMER,
    FieldGroup.PARTIES:           _REPORTER | _PARTIES | _FORMER,
    FieldGroup.CODING:            _REPORTER | _PARTIES,
    FieldGroup.SHARED_TEXT:       _REPORTER | _PARTIES,
    FieldGroup.GRUPPMENING:       _REPORTER | _PARTIES,
    FieldGroup.SENDER_ONLY:       _REPORTER | _SENDER,
    FieldGroup.REPORTER_IDENTITY: _REPORTER | {R.SENDER_SAMORDNARE},
    FieldGroup.RECEIVER_ONLY:     _RECEIVER,
    FieldGroup.ANSWER:            _REPORTER | _PARTIES,
    FieldGroup.DIALOGUE:          _REPORTER | _PARTIES,
    FieldGroup.TRANSFERS:         _PARTIES | _FORMER,
    FieldGroup.TRANSFERS_DERIVED: _REPORTER | _PARTIES | _FORMER,
    FieldGroup.JOINT:             _RECEIVER,
    FieldGroup.JOINT_DERIVED:     _REPORTER | _PARTIES,
    FieldGroup.DECISION:          _REPORTER | _PARTIES,
    FieldGroup.DECISION_EARLY:    _RECEIVER,
}
# fmt: on

# What a reporter without account reads of what stands above for the reporter: what happens to her report and what is
# said to her, not who has it. Nobody knows who holds the code.
READ_BY_CODE = frozenset({
    FieldGroup.HEAD, FieldGroup.CODING, FieldGroup.SHARED_TEXT, FieldGroup.GRUPPMENING, FieldGroup.ANSWER,
    FieldGroup.DIALOGUE, FieldGroup.TRANSFERS_DERIVED, FieldGroup.DECISION, FieldGroup.JOINT_DERIVED,
})  # fmt: skip

# Internal notes have no row: each område reads its own and nobody else's (policy/redaction.py, own_omraden).


def may_read(group: FieldGroup, relations: Iterable[R], *, chef_may_see_reporter: bool = False) -> bool:
    """May somebody with these relations read the group?

    `chef_may_see_reporter`: the reporter has allowed the own chef to see who reported.
    """
    mine = frozenset(relations)
    if R.BY_CODE in mine and group not in READ_BY_CODE:
        return False
    if group is FieldGroup.REPORTER_IDENTITY and chef_may_see_reporter and R.SENDER_CHEF in mine:
        return True
    return bool(READERS[group] & mine)
