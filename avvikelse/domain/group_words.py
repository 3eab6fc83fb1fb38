"""The closed lists of a samverkansgrupp's own work: meetings, agenda, decisions, themes. Open beside vocabulary.py."""

from __future__ import annotations

from avvikelse.domain.vocabulary import Labelled


class MeetingKind(Labelled):
    ORDINARY = "ordinarie", "Ordinarie möte"
    EXTRA = "extra", "Extra möte"
    FOLLOW_UP = "uppfoljning", "Årlig uppföljning"


class MeetingStatus(Labelled):
    """A meeting is held from the moment it is opened; closing it ends the minutes."""

    PLANNED = "planned", "Planerat"
    OPEN = "open", "Pågår"
    CLOSED = "closed", "Hållet"
    CANCELLED = "cancelled", "Inställt"


HELD = (MeetingStatus.OPEN, MeetingStatus.CLOSED)


class Presence(Labelled):
    """How a verksamhet was there. Never a person."""

    PRESENT = "narvarande", "Närvarande"
    SUBSTITUTE = "ersattare", "Ersättare kom"
    EXCUSED = "anmalt", "Anmält förhinder"
    MISSING = "saknades", "Saknades"


WAS_THERE = (Presence.PRESENT, Presence.SUBSTITUTE)


class SeatKind(Labelled):
    """What a place in a group is."""

    MEMBER = "ledamot", "Ledamot"
    ADJUNCT = "adjungerad", "Adjungerad"
    USER_ORGANISATION = "brukarorganisation", "Brukarorganisation"


class AgendaKind(Labelled):
    """Where an agenda item comes from; in the order in which they stand when nobody has ordered them by hand."""

    REMAINS = "kvarstar", "Frågan kvarstår"
    GAP = "ansvarslucka", "Ansvarslucka"
    QUESTION = "fraga", "Fråga att besluta"
    ESCALATION = "forslag_lyft", "Förslag att lyfta"
    NOT_HELPED = "hjalpte_inte", "Åtgärd som inte hjälpte"
    DECISION = "beslut", "Beslut som inte är klart"
    CANDIDATE = "kandidat", "Mönster att bekräfta"
    THEME = "tema", "Tema"
    FORUM_GAP = "saknad_part", "Part som saknar plats"
    OWN = "egen", "Egen punkt"
    STANDING = "staende", "Stående punkt"


class DecisionStatus(Labelled):
    OPEN = "open", "Inte klart"
    LIFTED = "lifted", "Lyft till gruppen ovanför"
    DONE = "done", "Genomfört"
    CLOSED = "closed", "Avslutat med skäl"


class GapOutcome(Labelled):
    """What a group has found out about an *ansvarslucka*."""

    RESPONSIBLE = "ansvar", "Någon ansvarar"
    NO_MANDATE = "inget_uppdrag", "Inget uppdrag finns"


LIVING_DECISIONS = (DecisionStatus.OPEN, DecisionStatus.LIFTED)


class DecisionStep(Labelled):
    """What has happened to a decision."""

    TAKEN = "taken", "Beslutet togs"
    PUBLISHED = "published", "Beslutet publicerades"
    CARRIED = "carried", "Fördes vidare till nästa möte"
    NEW_OWNER = "new_owner", "Ny ansvarig eller ny dag"
    LIFTED = "lifted", "Lyftes till gruppen ovanför"
    SENT_BACK = "sent_back", "Kom tillbaka med skäl"
    DONE = "done", "Genomfört"
    CLOSED = "closed", "Avslutat med skäl"


class ProblemTypeStatus(Labelled):
    OPEN = "oppen", "Öppen"
    WATCHED = "bevakas", "Bevakas"
    CLOSED = "stangd", "Stängd"


class CandidateStatus(Labelled):
    """A pattern that the system has seen. It counts nowhere until somebody has confirmed it."""

    WAITING = "waiting", "Väntar på gruppen"
    CONFIRMED = "confirmed", "Bekräftad"
    DISMISSED = "dismissed", "Avfärdad"


class StoryStatus(Labelled):
    """*Händelsebeskrivning*."""

    WAITING = "waiting", "Väntar på godkännande"
    PUBLISHED = "published", "Publicerad"
    WITHDRAWN = "withdrawn", "Indragen"
