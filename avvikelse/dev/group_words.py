"""What the demo's groups write: places, mandates, decisions, themes, questions, and the library's stories.

Open to change these texts. All of them pass the guard like everybody else's.
"""
# ruff: noqa: E501 -- tables are read across

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avvikelse.domain.group_words import SeatKind
from avvikelse.services.question_words import Proposal
from avvikelse.services.stories import StoryWords

PLACE = "Sammanträdesrum 2, och på distans"
NOTES = (
    "Var och en tar med sig besluten till sina arbetslag den här veckan.",
    "Elevhälsan har en ny blankett för samtycke. Socialtjänsten byter telefontid från årsskiftet.",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a group. `term_left`: its term ends so many days from now, 0 = it has no term."""

    name: str
    unit_kind: str = ""
    convenes: bool = False
    vacant: bool = False
    term_left: int = 0
    kind: SeatKind = SeatKind.MEMBER


@dataclass(frozen=True, slots=True)
class Decision:
    """`days`: to be done so many days after the meeting. `theme`: the name of the theme that it is about."""

    text: str
    owner: str
    days: int
    changes: str = ""
    theme: str = ""
    internal: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """`category`: the pattern that it comes from."""

    category: str
    name: str
    sentence: str
    owner: str
    contribute: str = ""
    monday: str = ""
    watched: bool = False


BIRGER_PLACES = (
    Place("Områdeschef grundskola", "grundskola", convenes=True),
    Place("Chef barn- och elevhälsan", "elevhalsa"),
    Place("Verksamhetschef socialtjänst barn och unga", "socialtjanst_bou", term_left=70),
    Place("Verksamhetschef barn och unga vuxna, BUP", "bup"),
    Place("Kommunpolis", "polis"),
    Place("Habiliteringen", "habilitering", vacant=True),
    Place("Brukarorganisation", kind=SeatKind.USER_ORGANISATION),
)
MANDATE = (
    "{group} leder samverkan kring barn och unga, löser det som cheferna inte kan lösa själva och följer upp att "
    "överenskommelsen hålls."
)
KARLSKRONA_PLACES = (
    Place("Enhetschef socialtjänst barn och unga", "socialtjanst_bou", convenes=True),
    Place("Enhetschef BUP", "bup"),
    Place("Verksamhetschef vårdcentral", "vardcentral", term_left=40),
    Place("Rektor grundskola", "grundskola"),
)
TRELLEBORG_PLACES = (
    Place("Avdelningschef barn och unga", "socialtjanst_bou", convenes=True),
    Place("Enhetschef BUP", "bup"),
    Place("Enhetschef habilitering", "habilitering"),
    Place("Elevhälsochef", "elevhalsa", vacant=True),
)

# --- decisions

CONTACTS = Decision(
    "Alla verksamheter lägger in sin funktionsbrevlåda i kontaktvägarna.", "Samordnarna i respektive område", 40,
    "Du hittar rätt brevlåda i stället för en persons adress.",
)  # fmt: skip
RESERVE = Decision(
    "Varje part utser en ersättare som får delta i SIP med samma befogenhet.", "Verksamhetscheferna", 60,
    "Ett möte behöver inte ställas in när någon är borta.",
)  # fmt: skip
CALLS = Decision(
    "Kallelsen till SIP skickas minst tio arbetsdagar före mötet, med vem som ersätter.", "Områdeschef grundskola", 45,
    "Du hinner ordna en ersättare före mötet.", theme="Sena kallelser till SIP",
)  # fmt: skip
ABSENCE = Decision(
    "Skolan kallar BUP och socialtjänst när frånvaron når den bestämda gränsen.", "Chef barn- och elevhälsan", 75,
    "Vi ses innan frånvaron har blivit lång.", theme="Hög frånvaro utan gemensam plan",
)  # fmt: skip
HANDOVERS = Decision(
    "Länet får en gemensam rutin för när ett barn byter skola.", "Områdeschef grundskola", 90,
    "Skolorna vet vem som lämnar över vad.",
)  # fmt: skip
TRANSFERS = Decision(
    "En ansvarig per skola håller i överlämningen till gymnasiet, med start i mars.", "Områdeschef grundskola", 50,
    "Stödet är känt när terminen börjar.",
)  # fmt: skip
TEMPLATE = Decision(
    "Den gemensamma mallen för SIP byts ut hos alla parter.", "SIP-samordnaren", 30,
    "Det står i planen vem som gör vad och när ni ses igen.", internal="En part har sagt att den behöver mer tid.",
)  # fmt: skip
REGIONAL = Decision(
    "Länets parter använder samma tid för kallelser: tio arbetsdagar.", "Förvaltningscheferna", 90,
    "Samma regel gäller i alla kommuner.",
)  # fmt: skip
REFERRALS = Decision(
    "Den som skickar tillbaka en remiss skriver vem som i stället tar emot.", "Verksamhetschef vårdcentral", 60,
    "Familjen får veta nästa steg samma dag.",
)  # fmt: skip
CALENDAR = Decision(
    "Kallelser till SIP skickas i den gemensamma kalendern.", "Enhetschef BUP", 30, "Kallelsen når den som ersätter.",
)  # fmt: skip
HOLDS_ON = Decision(
    "Den verksamhet som först får kontakt håller i samordningen tills en annan har tagit över.",
    "Avdelningschef barn och unga", 60, "Familjen har en kontakt hela tiden.",
)  # fmt: skip

DECISION_DONE = "Rutinen är ändrad och gäller hos båda parter."

# --- themes

LATE_CALLS = Theme(
    "A2", "Sena kallelser till SIP", "Kallelser kommer så sent att rätt person inte kan delta.", "Områdeschef grundskola",
    "Kalla tio arbetsdagar före, och skriv vem som ersätter.", "Lägg in höstens möten i kalendern redan nu.",
)  # fmt: skip
LONG_ABSENCE = Theme(
    "F1", "Hög frånvaro utan gemensam plan", "Elever är borta länge innan parterna ses.", "Chef barn- och elevhälsan",
    "Rapportera när frånvaron når gränsen och ingen har kallat.",
)  # fmt: skip
MISSING_PARTS = Theme(
    "A1", "Kallade parter uteblir", "Den som kallats till SIP kommer inte och säger inte till.", "Enhetschef BUP",
    "Svara på kallelsen samma vecka.", watched=True,
)  # fmt: skip
GOES_ROUND = Theme(
    "B7", "Familjer skickas runt", "Två verksamheter väntar på varandra medan familjen väntar.", "Styrgruppens ordförande",
    "Behåll kontakten tills den andra har svarat.",
)  # fmt: skip

# --- questions and comments

LIFTED_WORDS = "Skolor i flera kommuner behöver samma rutin för överlämningen till gymnasiet. Kan länet besluta om en?"
LIFTED_PROPOSAL = Proposal("Länet tar fram en rutin för överlämning som alla kommuner använder.", "Regionalt Jämtbus")
ASKED_EARLIER = "När får vi den nya mallen för samtycke?"
ANSWERED_EARLIER = "Mallen finns hos elevhälsan från och med den här veckan."
ASKED_NOW = "Kan aktivitetsansvaret få en plats i gruppen?"
PROPOSED_NOW = Proposal("Aktivitetsansvaret bjuds in till nästa möte och adjungeras ett år.", "Sammankallande i Birger")
COMMENT = "Kallelserna är månadens viktigaste fråga. Läs beslutet och ta upp det i arbetslagen."
CANCELLED = "Flera ledamöter hade fått förhinder."

# --- the library: by the narrative of the case that it comes from

STORIES: Mapping[str, StoryWords] = {
    "JH-23": StoryWords(
        "Överlämningen till gymnasiet började ett halvår tidigare",
        "Stödbehov blev kända först en bit in på höstterminen, och eleven stod utan stöd i början.",
        "Grundskola och gymnasium möts i mars och skriver en kort plan tillsammans med eleven.",
        "Stödet var på plats vid terminsstart det år då arbetssättet prövades.", "övergång, gymnasiet, stöd",
    ),
    "JH-28": StoryWords(
        "En mall gjorde orosanmälningarna tydligare",
        "Anmälningar saknade det som behövs för att bedöma dem, och frågor fick ställas i efterhand.",
        "Skola och socialtjänst gick igenom en mall tillsammans och erbjöd rådgivning per telefon.",
        "Färre anmälningar behövde kompletteras, och samtalen före blev fler.", "orosanmälan, mall",
    ),
    "SK-10": StoryWords(
        "Beslutade insatser följde med när handläggaren byttes",
        "När handläggare byttes glömdes beslutade insatser bort, och familjen fick börja om.",
        "En lista över pågående insatser lämnas över vid varje byte, och en kollega känner till ärendet.",
        "Insatserna fortsatte utan avbrott vid de byten som följdes upp.", "byte av handläggare, kontinuitet",
    ),
    "BL-19": StoryWords(
        "En gemensam ingång tog emot samma vecka",
        "Familjer visste inte vart de skulle vända sig och ringde flera mottagningar.",
        "En person fick uppdraget att ta emot, svara samma vecka och behålla kontakten.",
        "Familjerna beskrev att de slapp berätta om och om igen.", "gemensam ingång, gott exempel",
    ),
}  # fmt: skip
