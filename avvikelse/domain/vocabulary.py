"""The closed lists of the house: code and Swedish label on one line. Open to find what a word in the database means."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A closed list whose members are written `NAME = "code", "Swedish label"`."""

    label: str

    # The default is for the type checker only: `Status("draft")` looks a member up, and knows no label.
    def __new__(cls, code: str, label: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


class Status(Labelled):
    """Where an avvikelse stands; one axis."""

    DRAFT = "draft", "Utkast"
    SUBMITTED = "submitted", "Inskickad"
    ASSIGNED = "assigned", "Hos ansvarig chef"
    IN_PROGRESS = "in_progress", "Under arbete"
    DISPUTED = "disputed", "Löses tillsammans"
    WITH_GROUP = "with_group", "Hos samverkansgruppen"
    ANSWERED = "answered", "Svar finns"
    CLOSED = "closed", "Avslutad"


OPEN_STATUSES = (
    Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS, Status.DISPUTED, Status.WITH_GROUP, Status.ANSWERED,
)  # fmt: skip


class WordUse(Labelled):
    """What the guard does with a word of an administrator's list."""

    ALLOWED = "tillatet", "Får stå i texter"
    NAME = "namn", "Är ett namn"


class Outcome(Labelled):
    """How a closed avvikelse ended."""

    ANSWERED = "answered", "Besvarad"
    SOLVED_IN_TALK = "solved_in_talk", "Löst i samtal"
    WITHDRAWN = "withdrawn", "Återtagen av rapportören"
    NOT_TAKEN_UP = "not_taken_up", "Tas inte upp här"
    MERGED = "merged", "Sammanförd med ett annat ärende"


class Action(Labelled):
    """What somebody may do with an avvikelse; the verbs of the workflow table."""

    SUBMIT = "submit", "Skicka in"
    ASSIGN = "assign", "Fördela"
    NOT_TAKEN_UP = "not_taken_up", "Tas inte upp här"
    MERGE = "merge", "För samman"
    WITHDRAW = "withdraw", "Återta"
    ACCEPT = "accept", "Ta emot"
    HAND_OVER = "hand_over", "Lämna över"
    DECLINE = "decline", "Inte vårt ansvar"
    UNDO = "undo", "Ta tillbaka ärendet"
    LOCK = "lock", "Löses tillsammans"
    AGREE = "agree", "Vi är överens"
    UNLOCK = "unlock", "Ge ärendet till en av parterna"
    BECOME_ONE = "become_one", "Parterna har blivit en"
    SOLVED_IN_TALK = "solved_in_talk", "Löst i samtal"
    LIFT = "lift", "Lyft till samverkansgruppen"
    DECIDE = "decide", "Gruppens beslut"
    SEND_BACK = "send_back", "Gruppen återsänder frågan med skäl"
    ANSWER = "answer", "Svara rapportören"
    FEEDBACK_HELPED = "feedback_helped", "Ja eller delvis"
    FEEDBACK_NO = "feedback_no", "Nej"
    CLOSE_SILENT = "close_silent", "Avsluta utan betyg"


class Side(Labelled):
    """From which side of the case somebody acts."""

    REPORTER = "reporter", "Rapportör"
    SENDER = "sender", "Rapporterande område"
    RECEIVER = "receiver", "Mottagande område"
    GROUP = "group", "Samverkansgrupp"
    SYSTEM = "system", "Systemet"


class Role(Labelled):
    """What a person may be; always for something (an område, a unit, a position, a group or the whole system)."""

    RAPPORTOR = "rapportor", "Rapportör"
    SAMORDNARE = "samordnare", "Samordnare"
    CHEF = "chef", "Chef"
    HANDLAGGARE = "handlaggare", "Handläggare"
    SAMMANKALLANDE = "sammankallande", "Sammankallande"
    MEDLEM = "medlem", "Medlem i samverkansgrupp"
    SIP_SAMORDNARE = "sip_samordnare", "SIP-samordnare"
    REVISOR = "revisor", "Revisor"
    LOGGRANSKARE = "loggranskare", "Logggranskare"
    ADMINISTRATOR = "administrator", "Administratör"


class PartySide(Labelled):
    """How a sekretessområde and unit take part in a case (models/avvikelse.py, Party)."""

    SENDER = "sender", "Rapporterar"
    OWNER = "owner", "Ansvarar"
    FORMER = "former", "Har lämnat över"


class HuvudmanKind(Labelled):
    REGION = "region", "Region"
    KOMMUN = "kommun", "Kommun"
    KOMMUNALFORBUND = "kommunalforbund", "Kommunalförbund"
    FRISTAENDE = "fristaende", "Fristående huvudman"
    STAT = "stat", "Statlig myndighet"


class FunktionKind(Labelled):
    """What a funktion (a mailbox or role that is not a manager) is for."""

    SAMORDNARE = "samordnare", "Samordnare"
    SIP_SAMORDNARE = "sip_samordnare", "SIP-samordnare"
    SIP_STODJARE = "sip_stodjare", "SIP-stödjare"
    ANNAN = "annan", "Annan funktion"


class GroupLevel(Labelled):
    POLITISK = "politisk", "Politisk"
    STRATEGISK = "strategisk", "Strategisk"
    TAKTISK = "taktisk", "Taktisk"
    LOKAL = "lokal", "Lokal"
    OPERATIV = "operativ", "Operativ"
    TILLFALLIG = "tillfallig", "Tillfällig"
    INTERN = "intern", "Intern"


class SeesCases(Labelled):
    """What a samverkansgrupp sees of avvikelser (`ser_avvikelser` in the packs)."""

    ENSKILDA = "enskilda", "Avidentifierade ärenden"
    SAMMANSTALLNING = "sammanstallning", "Antal och teman"
    PA_BEGARAN = "pa_begaran", "På begäran"
    NEJ = "nej", "Inget"


class Channel(Labelled):
    WEB = "webb", "Webb"
    SIP_QUICK = "sip_snabb", "SIP-snabbrapport"
    IMPORT = "import", "Inläst"
    NO_ACCOUNT = "utan_konto", "Utan konto"
    PHONE = "telefon", "Telefon"
    FAMILY = "familj", "Från en familj"


WITHOUT_ACCOUNT = (Channel.NO_ACCOUNT, Channel.PHONE, Channel.FAMILY)  # the reporter has a receipt code instead


class Extent(Labelled):
    """Has it happened before? (`utstrackning` in the code list)"""

    ENSTAKA = "enstaka", "En gång"
    UPPREPAD = "upprepad", "Har hänt flera gånger"
    SYSTEMATISK = "systematisk", "Händer regelmässigt"


class RoutingMode(Labelled):
    AUTOMATIC = "automatisk", "Direkt till ansvarig chef"
    MANUAL = "manuell_fordelning", "Samordnaren fördelar"


class NotTakenUpReason(Labelled):
    DUPLICATE = "dubblett", "Dubblett"
    FACTS_MISSING = "uppgifter_saknas", "Uppgifter saknas trots fråga"
    NOT_SAMVERKAN = "ej_samverkan", "Gäller inte samverkan mellan parter"
    TEST = "test", "Testärende"
    OTHER = "annat", "Annat"


class AlsoHandledAs(Labelled):
    """*Hanteras även som*: the party's own process beside this one."""

    LEX_SARAH = "lex_sarah", "Lex Sarah"
    LEX_MARIA = "lex_maria", "Lex Maria"
    OROSANMALAN = "orosanmalan", "Orosanmälan"
    KLAGOMAL = "klagomal", "Klagomål"
    PERSONUPPGIFTSINCIDENT = "personuppgiftsincident", "Personuppgiftsincident"
    ARBETSMILJO = "arbetsmiljo", "Arbetsmiljö"


class ContactOutcome(Labelled):
    """Outcome of *Kontakt utanför systemet*."""

    CLARIFIED = "klarlagt", "Klarlagt"
    NO_CONSENT = "samtycke_saknas", "Samtycke saknas"
    FAILED = "gick_inte", "Gick inte att klarlägga"


class AnswerKind(Labelled):
    QUICK = "snabbsvar", "Snabbsvar"
    FULL = "fyra_delar", "Svar i fyra delar"
    TALK = "samtal", "Löst i samtal"
    OROSANMALAN = "orosanmalan", "Återkoppling på orosanmälan"
    THANKS = "tack", "Tack"


class OrosanmalanAnswer(Labelled):
    """The only three answers about an orosanmälan; whether an investigation has begun is never told here."""

    GIVEN = "lamnad", "Återkoppling lämnad"
    NOT_FOUND = "hittas_inte", "Vi hittar ingen anmälan, ring oss"
    CANNOT = "kan_inte", "Återkoppling kan inte lämnas"


class AtgardStatus(Labelled):
    PROPOSED = "foreslagen", "Föreslagen"
    DECIDED = "beslutad", "Beslutad"
    DONE = "inford", "Införd"
    FOLLOWED_UP = "uppfoljd", "Uppföljd"
    DROPPED = "avford", "Genomförs inte"


class Effect(Labelled):
    """What the owner of an åtgärd says when it is followed up. Whether it is so, the reporters say (`Again`)."""

    WORKS = "effektiv", "Ja, den fungerar"
    PARTLY = "delvis", "Delvis"
    NOT = "ej", "Nej, problemet finns kvar"
    TOO_EARLY = "for_tidigt", "Det är för tidigt att säga"


class Again(Labelled):
    """What a reporter says when an åtgärd has been in place for a while. Silence is "vet inte", never good."""

    NO = "nej", "Nej"
    SOMETIMES = "ibland", "Ja, ibland"
    AS_BEFORE = "som_forut", "Ja, som förut"


class EffectAsked(Labelled):
    """Of whom the effect of an åtgärd is asked."""

    OWNER = "agare", "Åtgärdens ägare"
    REPORTER = "rapportor", "Rapportören"
    VOICE = "rost", "Den som har sagt ”jag också”"


class Rating(Labelled):
    """The reporter's answer to "Fick du svar på din fråga?"; points 5, 3, 1 (`RATING_POINTS`)."""

    JA = "ja", "Ja"
    DELVIS = "delvis", "Delvis"
    NEJ = "nej", "Nej"


RATING_POINTS = {Rating.JA: 5, Rating.DELVIS: 3, Rating.NEJ: 1}


class TransferKind(Labelled):
    ASSIGNED = "assigned", "Fördelad"
    HANDED_OVER = "handed_over", "Överlämnad"
    DECLINED = "declined", "Avböjd"
    MOVED = "moved", "Flyttad med organisationen"
    TAKEN_BACK = "taken_back", "Tagen tillbaka"


class StandInReason(Labelled):
    """Why a position has stepped in for a party."""

    WAITED = "waited", "därför att ärendet har väntat"
    AWAY = "away", "medan chefen är borta"
    VACANT = "vacant", "därför att ingen är tillsatt"
    CLOSED = "closed", "därför att enheten har stängt"


class GroupQuestionKind(Labelled):
    LIFTED = "lyft", "Lyft fråga"
    GAP = "ansvarslucka", "Ansvarslucka"
    PROPOSAL = "forslag", "Förslag"
    SILENCE = "tystnad", "En part svarar inte"
    THEME = "tema", "Fråga från ett tema"
    REMAINS = "kvarstar", "Frågan kvarstår"
    EFFECT = "effekt", "Åtgärden biter inte"


class StepOutcome(Labelled):
    """What became of a step of the ladder (domain/escalation.py)."""

    DONE = "done", "gjort"
    NOBODY = "nobody", "ingen att vända sig till"
    NOT_ABOVE = "not_above", "inte för en inbjuden part"
    NO_GROUP = "no_group", "ingen samverkansgrupp"


class GroupQuestionStatus(Labelled):
    OPEN = "open", "Väntar på beslut"
    DECIDED = "decided", "Beslutad"
    ANSWERED = "answered", "Besvarad"
    LIFTED = "lifted", "Lyft till gruppen ovanför"
    DECLINED = "declined", "Återsänd med skäl"
