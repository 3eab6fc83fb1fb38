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
    AVTALSPUNKT = "avtalspunkt", "Ange vilket avtal som inte följdes"
    FACTORS = "factors", "Ange orsaker"
    NAME_HANDLER = "name_handler", "Utse handläggare"
    OUTSIDE_CONTACT = "outside_contact", "Notera kontakt utanför systemet"
    OWN_PROCESS = "own_process", "Ange att ärendet också hanteras på annat sätt"
    ATGARD = "atgard", "Lägga till och ändra åtgärder"
    WRITE_GRUPPMENING = "write_gruppmening", "Skriva gruppmening"
    APPROVE_GRUPPMENING = "approve_gruppmening", "Godkänna gruppmening"
    APPROVE_QUESTION = "approve_question", "Godkänna frågan till gruppen för sin sida"
    WRITE_STORY = "write_story", "Skriva, godkänna och dra in en händelsebeskrivning"
    ASK_GROUP = "ask_group", "Ställa en egen fråga till samverkansgruppen"
    MASK = "mask", "Maska text"
    REPLACE_TEXT = "replace_text", "Byta ut en text som inte får stå kvar"
    SPLIT = "split", "Dela rapporten i två ärenden"
    COPY = "copy", "Kopiera ärendet till eget system"
    CHECK_ANSWER = "check_answer", "Läsa ett svar innan det går till rapportören"
    COMMIT = "commit", "Svara och göra åtaganden i det gemensamma rummet"
    CARRY_OUT = "carry_out", "Skriva hur det gick med åtagandet, pengarna och avstämningen"
    TAKE_BACK = "take_back", "Ta över ärendet igen från den som svarar i ens ställe"
    PLACE = "place", "Ge ett ärende som ingen svarar för till en annan chef"
    CONFIRM_SUPPORT = "confirm_support", "Bekräfta att barnets stöd är kontrollerat"
    PROPOSE_TALK = "propose_talk", "Skriva att det är löst i samtal"
    EFFECT = "effect", "Svara på om det har hänt igen"
    FAMILY = "family", "Ange om familjen bär samordningen"
    REPORT_AGAIN = "report_again", "Rapportera att det har hänt igen"
    DIARIENUMMER = "diarienummer", "Ange diarienummer"


_OWNERS = frozenset({R.OWNER_CHEF, R.HANDLER})
_SAMORDNARE = frozenset({R.SENDER_SAMORDNARE, R.OWNER_SAMORDNARE})
_CURRENT = frozenset({R.REPORTER, R.SENDER_CHEF, R.SENDER_SAMORDNARE, R.OWNER_CHEF, R.HANDLER, R.OWNER_SAMORDNARE})
MAY_APPROVE_QUESTION = frozenset({R.OWNER_CHEF}) | _SAMORDNARE  # each for the own side
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
    Permission.AVTALSPUNKT:         (_OWNERS | _SAMORDNARE,                        _LIVING | {Status.ANSWERED}),
    Permission.FACTORS:             (_OWNERS,                                      _HANDLED | {Status.ANSWERED}),
    Permission.NAME_HANDLER:        (frozenset({R.OWNER_CHEF}),                    _HANDLED),
    Permission.OUTSIDE_CONTACT:     (_OWNERS | _SAMORDNARE,                        _LIVING),
    Permission.OWN_PROCESS:         (frozenset({R.OWNER_CHEF, R.OWNER_SAMORDNARE}), _LIVING | {Status.ANSWERED}),
    Permission.ATGARD:              (_OWNERS,                                      _ANY - {Status.SUBMITTED, Status.DRAFT}),
    Permission.WRITE_GRUPPMENING:   (_SAMORDNARE,                                  _ANY),
    Permission.APPROVE_GRUPPMENING: (frozenset({R.SENDER_SAMORDNARE}),             _ANY),
    Permission.APPROVE_QUESTION:    (MAY_APPROVE_QUESTION,                         _ANY),
    Permission.WRITE_STORY:         (_SAMORDNARE,                                  frozenset({Status.ANSWERED, Status.CLOSED})),
    Permission.ASK_GROUP:           (frozenset({R.REPORTER}),                      _ANY - {Status.DRAFT}),
    Permission.MASK:                (frozenset({R.SENDER_SAMORDNARE}),             _ANY),
    Permission.REPLACE_TEXT:        (_SAMORDNARE,                                  _ANY),
    Permission.SPLIT:               (frozenset({R.SENDER_SAMORDNARE}),             frozenset({Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS})),
    Permission.COPY:                (_CURRENT - {R.REPORTER},                      _ANY),
    Permission.CHECK_ANSWER:        (frozenset({R.OWNER_SAMORDNARE}),              frozenset({Status.IN_PROGRESS})),
    Permission.COMMIT:              (frozenset({R.OWNER_CHEF}),                    frozenset({Status.DISPUTED})),
    Permission.CARRY_OUT:           (frozenset({R.OWNER_CHEF}),                    _ANY - {Status.DRAFT, Status.SUBMITTED, Status.ASSIGNED}),
    Permission.TAKE_BACK:           (frozenset({R.OWNER_CHEF}),                    _HANDLED | {Status.ANSWERED}),
    Permission.PLACE:               (frozenset({R.OWNER_SAMORDNARE}),              _HANDLED | {Status.ANSWERED}),
    Permission.CONFIRM_SUPPORT:     (frozenset({R.OWNER_CHEF, R.SENDER_CHEF}),     _LIVING | {Status.ANSWERED}),
    Permission.PROPOSE_TALK:        (frozenset({R.OWNER_CHEF, R.SENDER_CHEF}),     frozenset({Status.ASSIGNED, Status.IN_PROGRESS})),
    Permission.EFFECT:              (frozenset({R.REPORTER}),                      _ANY),
    Permission.FAMILY:              (_CURRENT - {R.REPORTER},                      _LIVING | {Status.ANSWERED}),
    Permission.REPORT_AGAIN:        (frozenset({R.REPORTER}),                      frozenset({Status.CLOSED})),
    Permission.DIARIENUMMER:        (_SAMORDNARE | {R.OWNER_CHEF},                 _ANY),
}
# fmt: on


# What asks who failed, why, and what is to be done about it. A good example is read, thanked for and told on.
NOT_OF_GOOD = frozenset(
    {
        Permission.AVTALSPUNKT, Permission.FACTORS, Permission.ATGARD, Permission.EFFECT, Permission.OWN_PROCESS,
        Permission.OUTSIDE_CONTACT, Permission.PROPOSE_TALK, Permission.CONFIRM_SUPPORT, Permission.FAMILY,
        Permission.SPLIT, Permission.ASK_GROUP, Permission.REPORT_AGAIN,
    }
)  # fmt: skip


def allows(permission: Permission, relations: Iterable[R], status: Status, *, good: bool = False) -> bool:
    """May somebody with these relations do it in this state? Unknown = no. `good`: a good example, told as one."""
    if good and permission in NOT_OF_GOOD:
        return False
    who, states = PERMISSIONS.get(permission, (frozenset(), frozenset()))
    return status in states and bool(who & frozenset(relations))
