"""What the people of the demo write: answers, åtgärder, decisions by kind of problem, and the gruppmeningar.

Open to change the demo's texts. All of them pass the guard like everybody else's.
"""
# ruff: noqa: E501 -- tables are read across

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avvikelse.domain.vocabulary import AnswerKind
from avvikelse.services.answers import AnswerText
from avvikelse.services.question_words import Proposal


@dataclass(frozen=True, slots=True)
class Reply:
    """A party's answer to one kind of problem (the category's letter), with the åtgärd that belongs to it."""

    orsak: str
    atgard: str
    konsekvens: str
    uppfoljning: str
    kind: str  # codes.json atgardstyper

    def quick(self) -> AnswerText:
        return AnswerText(AnswerKind.QUICK, what_happened=self.orsak, what_now=self.atgard)

    def full(self, *, without_atgard: bool) -> AnswerText:
        return AnswerText(
            AnswerKind.FULL, orsak=self.orsak, atgard=self.atgard, konsekvens=self.konsekvens, uppfoljning=self.uppfoljning,
            no_atgard_reason="Rutinen finns redan och följs nu." if without_atgard else None,
        )  # fmt: skip


THANKS = "Tack för att ni berättar. Vi fortsätter så, och tar upp det på nästa arbetsplatsträff."
R = Reply
# fmt: off
REPLIES: Mapping[str, Reply] = {
    "A": R("Kallelsen skickades utan vår vanliga framförhållning, och ingen ersättare var utsedd.",
           "Vi kallar minst tio arbetsdagar före och skriver alltid vem som ersätter.",
           "De kallade hinner förbereda sig och mötet kan hållas som planerat.",
           "Vi går igenom alla kallelser efter två månader.", "M05"),
    "B": R("Vi läste överenskommelsen på olika sätt och trodde att den andra parten började.",
           "Vi har kommit överens om vem som tar första steget och skrivit in det i rutinen.",
           "Familjen får en kontakt som behåller ansvaret tills någon annan har tagit över.",
           "Cheferna stämmer av varje månad under hösten och våren.", "M02"),
    "C": R("Remissen bedömdes på papper, utan att vi frågade efter det som saknades.",
           "Vi ringer den som skrivit innan en remiss går tillbaka, och skriver alltid vem som ska ta emot.",
           "Färre remisser vänder, och den som väntar får besked i tid.",
           "Vi räknar återsända remisser efter ett kvartal.", "M01"),
    "D": R("Uppgiften fanns hos oss men nådde inte fram i rätt tid.",
           "Vi har utsett en funktionsbrevlåda som läses varje dag, även vid ledighet.",
           "Den som väntar på besked får det samma vecka.",
           "Vi prövar kontaktvägen varje månad.", "M04"),
    "E": R("Personalen var osäker på vad anmälan ska innehålla och när den ska göras.",
           "Vi går igenom mallen med alla arbetslag och erbjuder konsultation före anmälan.",
           "Anmälningarna blir tydligare och kommer tidigare.",
           "Vi följer upp med stickprov efter terminen.", "M03"),
    "F": R("Frånvaron följdes upp för sent och den andra parten fick inte veta något.",
           "Vi stämmer av frånvaron varje månad och hör av oss vid en bestämd gräns.",
           "Eleven får stöd medan det går att vända.",
           "Skolan redovisar antalet kontakter i mars och oktober.", "M01"),
    "G": R("Vi löste inte frågan om vem som betalar och undervisar innan flytten.",
           "En gemensam plan är klar innan ett barn flyttar, med namn på ansvarig verksamhet.",
           "Behandling och skolgång fortsätter utan avbrott.",
           "Vi går igenom alla flyttar en gång i halvåret.", "M09"),
    "H": R("Överlämningen började för sent och ingen ägde den.",
           "Vi börjar planera ett halvår före och håller ett gemensamt möte vid överlämning.",
           "Den unga vet vem som tar över innan den gamla kontakten slutar.",
           "Vi frågar de unga själva efter tre månader.", "M06"),
    "I": R("Vi hade inte avsatt tid för uppdraget, och köerna har växt.",
           "Uppdraget har fått tid i bemanningen och väntande familjer får besked varje månad.",
           "Stödet finns när mötet hålls.",
           "Verksamhetschefen följer väntetiden varje månad.", "M07"),
    "J": R("Frågan låg hos en person och kom inte vidare när den personen var borta.",
           "Frågor till oss registreras nu och besvaras inom en vecka.",
           "Den som frågar vet vad som har hänt med frågan.",
           "Gruppen ser en lista över öppna frågor på varje möte.", "M10"),
    "K": R("Mötet saknade ledning och vi höll oss inte till barnets frågor.",
           "En mötesledare från en annan verksamhet leder möten där vi är oense.",
           "Barnets frågor kommer först på varje möte.",
           "Vi utvärderar de tre nästa mötena tillsammans med familjerna.", "M06"),
    "L": R("Det här fungerade därför att en person hade uppdraget att ta emot.",
           "Vi skriver ned arbetssättet och berättar om det för de andra verksamheterna.",
           "Fler familjer får hjälp samma vecka.",
           "Vi räknar hur många som har kommit den vägen.", "M03"),
}
# fmt: on

# What is different now, in one sentence to those who reported, by the category's letter. Not the same one each time.
CHANGED: Mapping[str, tuple[str, ...]] = {
    "A": (
        "Kallelser går ut minst tio arbetsdagar före och säger vem som ersätter.",
        "Den som inte kan komma ringer före mötet, och en ersättare är utsedd.",
        "Mötestiderna för terminen bestäms i augusti, tillsammans med de andra parterna.",
    ),
    "B": (
        "Det står i rutinen vem som tar första steget, och den parten behåller kontakten.",
        "Den som får frågan först ringer den andra parten samma dag, innan någon säger nej.",
    ),
    "C": (
        "Vi ringer innan en remiss går tillbaka, och skriver vem som i stället ska ta emot.",
        "En remiss som saknar uppgifter ligger kvar hos oss medan vi frågar efter dem.",
    ),
    "D": (
        "En funktionsbrevlåda läses varje dag, även när någon är ledig.",
        "Den som frågar får veta samma vecka när svaret kommer.",
    ),
    "E": ("Alla arbetslag har gått igenom mallen och kan rådgöra innan de anmäler.",),
    "F": (
        "Frånvaron stäms av varje månad, och vi hör av oss vid en bestämd gräns.",
        "Närvaroteamet bjuds in redan när frånvaron börjar, inte när den är lång.",
        "Skolan och den andra parten ses en gång i månaden om elever som saknas.",
    ),
    "G": ("En gemensam plan är klar innan ett barn flyttar.",),
    "H": (
        "Överlämningar börjar ett halvår före, med ett gemensamt möte.",
        "Den som lämnar över är med på det första mötet hos den som tar emot.",
    ),
    "I": (
        "Uppdraget har tid i bemanningen, och den som väntar får besked varje månad.",
        "Två personer delar på uppdraget, så att ett möte inte ställs in när en är borta.",
        "Chefen ser varje vecka vilka möten som saknar någon från oss, och sätter in en ersättare.",
    ),
    "J": (
        "Frågor registreras och besvaras inom en vecka.",
        "Beslutet går till verksamhetens brevlåda samma dag, inte bara till den som frågade.",
    ),
    "K": ("En mötesledare från en annan verksamhet leder möten där vi är oense.",),
    "L": ("Arbetssättet är nedskrivet och delat med de andra verksamheterna.",),
}


def changed(category: str | None, number: int) -> str:
    """What is different after the case with this number in the demo."""
    sentences = CHANGED[(category or "A")[0]]
    return sentences[number % len(sentences)]


SAME_HERE = "Vi har varit med om samma sak hos oss den här veckan."
STILL = "Det hände igen förra veckan, på samma sätt."
DROPPED = "Den nya regionala rutinen täcker det här. Vi följer den i stället för att ha en egen."
EVIDENCE = (
    "Vi gick igenom de tio senaste tillfällena tillsammans med den andra parten.",
    "Vi frågade tre av dem som brukar möta detta.",
    "Vi räknade under två månader.",
)

# What changes from one report to the next about the same thing.
AGAIN = (
    "",
    "Det hände igen den här månaden.",
    "Samma sak har hänt förut, med en annan familj.",
    "Vi berättade om det redan i våras.",
    "Den här gången märkte familjen det själv.",
    "Vi fick ringa flera gånger innan vi fick besked.",
    "Två av våra kollegor har varit med om samma sak.",
    "Mötet fick planeras om med kort varsel.",
)
QUESTIONS = (
    ("Vilken väg kom kallelsen till er?", "Den kom med vanlig post till mottagningen."),
    ("Hade ni kontakt med någon hos oss före?", "Ja, vi ringde två gånger men fick ingen tid."),
    ("Var en ersättare utsedd hos er?", "Nej, det fanns ingen ersättare då."),
)
REASONS_TO_HAND_OVER = (
    "Det gäller stöd i hemmet och hör till er del av överenskommelsen.",
    "Det gäller bedömning och vård, som ni ansvarar för.",
)
REASON_TO_DECLINE = "Vi tolkar överenskommelsen så att första insatsen ligger hos den andra verksamheten."
ROOM_ANSWERS = (
    {
        "offer": "Vi kan ta första kontakten inom en vecka och hålla i samordningen tills planen är klar.",
        "need": "En vuxen som håller ihop det, och besked om vem som kallar till nästa möte.",
        "hinder": "Vi har ingen att fråga hos er när remissen är på väg, och vårt uppdrag slutar vid utredningen.",
    },
    {
        "offer": "Vi kan vara med från första mötet och ge stöd i hemmet medan utredningen pågår.",
        "need": "Stöd redan nu, och att båda är med när planen görs.",
        "hinder": "Vi får veta för sent att något är på gång, och har inte råd att vara med på alla möten.",
    },
)
DISAGREEMENT = (
    "Vi läser punkten om första insatsen olika, och ingen av oss har medel för tiden till dess att utredningen är klar."
)
COMMITMENTS = (
    "Vi tar första kontakten och kallar båda parter.",
    "Vi deltar från första mötet och tar över när planen är klar.",
)
NOTE = "Vi vet vilket ärende det gäller och tar upp det på teamets möte."
TALK_AGREED = "Vi ringer varandra direkt när något liknande är på väg att hända."
TALK_TO_REPORTER = "Cheferna har pratat med varandra. Nästa gång får ni besked samma dag, och ni vet vem ni kan ringa."
NOT_TAKEN_UP = "Tack för rapporten. Det här handlar om den egna verksamhetens arbetssätt och tas upp där. Din chef har fått veta det."
LIFTED_PROPOSAL = Proposal("Den som först ser behovet kallar, inom tio arbetsdagar.", "Verksamhetschef BUP")
LIFTED = "Två verksamheter läser samma överenskommelse på olika sätt. Vem tar första steget, och inom vilken tid?"
# Decisions on questions from cases: what, and what changes for those who reported.
DECISIONS = (
    (
        "Den verksamhet som först får kontakt håller i ärendet tills den andra har svarat. Rutinen ändras.",
        "Du vet vem som håller i ärendet från första dagen, även om en annan verksamhet ska ta över.",
    ),
    (
        "Är två verksamheter oense om vem som börjar ringer cheferna varandra inom tre dagar.",
        "Du får besked inom en vecka om vem som börjar.",
    ),
    (
        "Punkten om första insatsen skrivs om så att den bara kan läsas på ett sätt.",
        "Det står i överenskommelsen vem som tar första steget.",
    ),
)
DECISION_OWNER = "Ordföranden i gruppen"
NO_REASONS = (
    "Vi har fått ett svar men inget har ändrats hos oss.",
    "Svaret säger inte vem vi ska kontakta nästa gång.",
    "Det hände igen veckan efter svaret.",
)

# The one sentence that groups read, per narrative.
GRUPPMENINGAR: Mapping[str, str] = {
    "BL-01": "En återremiss sa inte vem som i stället ska ta emot, och familjen väntade i veckor.",
    "BL-04": "Två vårdenheter väntade på varandra vid ätproblematik fast den gemensamma tabellen säger vem som börjar.",
    "BL-05": "En part uteblev från SIP utan besked, och barnets viktigaste fråga fick vänta en månad.",
    "BL-06": "Parterna diskuterade kostnader när barnet och vårdnadshavaren satt med på mötet.",
    "BL-10": "Underlag om läs- och skrivsvårigheter skickas fram och tillbaka, eftersom båda vill ha den andras först.",
    "BL-12": "En avvikelse gick inte att dela mellan parternas system, och uppgifter försvann på vägen.",
    "BL-13": "Personalen känner inte till det gemensamma avtalet, och den version som finns är inaktuell.",
    "BL-14": "En familj slussades mellan två utredande enheter, och utredningen började om två gånger.",
    "BL-15": "Kommunerna kallar till SIP på olika sätt, så mottagningen kan inte ha en gemensam rutin.",
    "BL-17": "En begärd fråga kom inte upp på gruppens möte, och den som frågade fick inget besked.",
    "BL-19": "Gott exempel: en gemensam ingång tog emot en familj samma vecka och behöll kontakten.",
    "JH-01": "Kallelsen till SIP kom några dagar före mötet, så att den som behövdes inte kunde delta.",
    "JH-05": "Ett möte om ett barn kom mest att handla om en yrkesgrupps arbetssätt.",
    "JH-06": "SIP skrevs på en gammal mall utan fält för ansvar och uppföljning.",
    "JH-08": "Remiss skrevs innan skolans egna anpassningar var prövade, och familjen väntade på fel hjälp.",
    "JH-09": "Ett ärende gick flera vändor mellan parterna utan att någon tog ansvar.",
    "JH-11": "Behandlingen stannade av när barnet flyttade till ett boende i ett annat län.",
    "JH-13": "Aktivitetsansvaret fick veta om en elev först när avhoppet var klart.",
    "JH-14": "Aktivitetsansvaret kallades inte till SIP om en elev som var på väg att lämna skolan.",
    "JH-15": "Fritidsledare vet inte vem som tar emot oro för ungdomar som har god närvaro i skolan.",
    "JH-16": "Fritidsledare bjuds inte längre in till elevhälsosamtal fast ungdomen har bett om det.",
    "JH-20": "Hög frånvaro leder inte till ansökan om stöd från närvaroteamet på alla skolor.",
    "JH-22": "En behandling tog slut vid arton års ålder utan att någon annan hade tagit över.",
    "JH-23": "Stödbehov i gymnasiet blev känt först i oktober, eftersom överlämningen kom sent.",
    "JH-24": "En rapport per telefon registrerades inte, och den som ringde fick inget svar.",
    "JH-25": "En fråga till chefsnätverket fick inget svar tillbaka.",
    "JH-28": "En orosanmälan saknade uppgifter om vad som hänt och vad skolan redan gjort.",
    "JH-29": "Få orosanmälningar kommer från förskolan, där personalen är osäker på vad som ska anmälas.",
    "JH-31": "Gott exempel: skolan hör av sig redan på våren om elever som riskerar att inte fortsätta.",
    "JH-32": "Skolan når inte det gemensamma systemet, så två versioner av planen lever samtidigt.",
    "JH-33": "SIP-stödjaren har ingen avsatt tid, och stödet inför svåra möten uteblir.",
    "SK-01": "Kallade verksamheter ansåg sig inte skyldiga att delta när skolan kallar till SIP.",
    "SK-04": "Sjukhuset fick inte kontakt med socialtjänsten före hemgång, och uppföljningen blev inte bestämd.",
    "SK-06": "Osäkerhet om samtycke gjorde att parterna ställde in ett möte som familjen ville ha.",
    "SK-10": "Täta byten av handläggare gjorde att beslutade insatser glömdes bort.",
    "SK-11": "Ett nätverksmöte ersatte SIP, och ingen samordnad plan fanns när familjen flyttade.",
    "SK-12": "Planen beskriver parternas åsikter och saknar barnets egna mål.",
    "SK-13": "Ansvaret för skolgången under en placering var inte bestämt, och undervisningen uteblev.",
    "SK-14": "En familj visste inte att man kan begära SIP och samordnade kontakterna själv.",
    "SK-15": "Vård och socialtjänst väntade på varandra när en ungdom hade både droger och psykisk ohälsa.",
    "SK-17": "En privat vårdgivare deltog inte i SIP, och det är oklart vem som tar upp det.",
    "SK-18": "En insats i planen blev aldrig av, och den som lovat den var inte med vid uppföljningen.",
}
