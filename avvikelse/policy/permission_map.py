"""May I? Every thing a person can do with a case, and to whom it is open. What stands not here is refused.

Steps that change the status stand in domain/workflow.py (`who`); this table holds the rest.
"""

from __future__ import annotations

from collections.abc import Iterable

from avvikelse.domain.relation import Relation as R
from avvikelse.domain.vocabulary import Labelled, Status


class Permission(Labelled):
    """Something to do with a case that does not move it."""

    READ = "read", "Öppna ärendet"
    READ_FORMER = "read_former", "Se egna anteckningar och överlämningar i ett ärende som lämnats vidare"
    ASK = "ask", "Fråga rapportören"
    ANSWER_QUESTION = "answer_question", "Svara på en fråga"
    ADD_FACT = "add_fact", "Lägga till uppgifter"
    NOTE = "note", "Skriva intern anteckning"
    RECODE = "recode", "Ändra kategori och allvar"
    FACTORS = "factors", "Ange orsaker"
    NAME_HANDLER = "name_handler", "Utse handläggare"
    OUTSIDE_CONTACT = "outside_contact", "Notera kontakt utanför systemet"
    OWN_PROCESS = "own_process", "Ange att ärendet också hanteras på annat sätt"
    ATGARD = "atgard", "Lägga till och ändra åtgärder"
    WRITE_GRUPPMENING = "write_gruppmening", "Skriva gruppmening"
    APPROVE_GRUPPMENING = "approve_gruppmening", "Godkänna gruppmening och lyft fråga"
    MASK = "mask", "Maska text"
    COMMIT = "commit", "Göra ett åtagande när ni löser ärendet tillsammans"
    PROPOSE_TALK = "propose_talk", "Skriva att det är löst i samtal"
    REPORT_AGAIN = "report_again", "Rapportera att det har hänt igen"
    DIARIENUMMER = "diarienummer", "Ange diarienummer"


_OWNERS = frozenset({R.OWNER_CHEF, R.HANDLER})
_SAMORDNARE = frozenset({R.SENDER_SAMORDNARE, R.OWNER_SAMORDNARE})
_CURRENT = frozenset({R.REPORTER, R.SENDER_CHEF, R.SENDER_SAMORDNARE, R.OWNER_CHEF, R.HANDLER, R.OWNER_SAMORDNARE})
_LIVING = frozenset({Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS, Status.DISPUTED, Status.WITH_GROUP})
_HANDLED = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.DISPUTED, Status.WITH_GROUP})
_ANY = frozenset(Status)

# permission: who, in which states
# fmt: off
PERMISSIONS: dict[Permission, tuple[frozenset[R], frozenset[Status]]] = {
    Permission.READ:                (_CURRENT,                                     _ANY),
    Permission.READ_FORMER:         (_CURRENT | {R.FORMER_CHEF, R.FORMER_SAMORDNARE}, _ANY),
    Permission.ASK:                 (_OWNERS | _SAMORDNARE,                        _LIVING),
    Permission.ANSWER_QUESTION:     (frozenset({R.REPORTER}),                      _LIVING),
    Permission.ADD_FACT:            (frozenset({R.REPORTER}),                      _LIVING | {Status.ANSWERED}),
    Permission.NOTE:                (_CURRENT - {R.REPORTER},                      _ANY),
    Permission.RECODE:              (_OWNERS | _SAMORDNARE,                        _LIVING | {Status.ANSWERED}),
    Permission.FACTORS:             (_OWNERS,                                      _HANDLED | {Status.ANSWERED}),
    Permission.NAME_HANDLER:        (frozenset({R.OWNER_CHEF}),                    _HANDLED),
    Permission.OUTSIDE_CONTACT:     (_OWNERS | _SAMORDNARE,                        _LIVING),
    Permission.OWN_PROCESS:         (frozenset({R.OWNER_CHEF, R.OWNER_SAMORDNARE}), _LIVING | {Status.ANSWERED}),
    Permission.ATGARD:              (_OWNERS,                                      _ANY - {Status.SUBMITTED, Status.DRAFT}),
    Permission.WRITE_GRUPPMENING:   (_SAMORDNARE,                                  _ANY),
    Permission.APPROVE_GRUPPMENING: (frozenset({R.SENDER_SAMORDNARE}),             _ANY),
    Permission.MASK:                (frozenset({R.SENDER_SAMORDNARE}),             _ANY),
    Permission.COMMIT:              (frozenset({R.OWNER_CHEF}),                    frozenset({Status.DISPUTED})),
    Permission.PROPOSE_TALK:        (frozenset({R.OWNER_CHEF, R.SENDER_CHEF}),     frozenset({Status.ASSIGNED, Status.IN_PROGRESS})),
    Permission.REPORT_AGAIN:        (frozenset({R.REPORTER}),                      frozenset({Status.CLOSED})),
    Permission.DIARIENUMMER:        (_SAMORDNARE | {R.OWNER_CHEF},                 _ANY),
}
# fmt: on


def allows(permission: Permission, relations: Iterable[R], status: Status) -> bool:
    """May somebody with these relations do it in this state? Unknown = no."""
    who, states = PERMISSIONS.get(permission, (frozenset(), frozenset()))
    return status in states and bool(who & frozenset(relations))
