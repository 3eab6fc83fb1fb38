"""THE table of messages: every mail the system can send, to whom, and its words. Open to change what a mail says.

Which step of a case sends which: domain/step_notices.py.

A mail is a subject, one plain sentence and a link. It never says what a case is about. A case's number may stand there,
but not in what goes to a samverkansgrupp, which must not be able to follow a question back to its case.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

CASE = "/avvikelser/{ref}"
ATGARD = "/atgarder/{atgard}"
DECISION = "/gruppbeslut/{decision}"
VOICE = "/jag-ocksa/{voice}"
START = "/"  # the page that says what waits for whoever logs in
ACCOUNT = "/konto"  # as whom one acts, and which roles have ended
GROUPS = "/grupper"  # the groups one sits in, with what waits in each


class Notice(StrEnum):
    """`NAME = "code", who it is for, subject, sentence, path of the link`. Params fill the braces."""

    audience: str
    subject: str
    sentence: str
    path: str

    def __new__(cls, code: str, audience: str = "", subject: str = "", sentence: str = "", path: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.audience = audience
        member.subject = subject
        member.sentence = sentence
        member.path = path
        return member

    # fmt: off
    # --- to the reporter
    RECEIPT = ("receipt", "Rapportören", "{number}: Tack, din rapport är mottagen",
        "Din rapport har kommit fram, och på sidan ser du vad som händer nu.", CASE)
    CASE_ASSIGNED = ("case_assigned", "Rapportören", "{number}: Din rapport har en ansvarig mottagare",
        "Din rapport har fördelats till den som ska svara.", CASE)
    CASE_ACCEPTED = ("case_accepted", "Rapportören", "{number}: Någon arbetar med din rapport",
        "Den ansvariga chefen har tagit emot din rapport.", CASE)
    CASE_MOVED = ("case_moved", "Rapportören", "{number}: Din rapport är på väg till någon annan",
        "Din rapport skickas vidare till den som kan svara, och tiden räknas från början som förut.", CASE)
    CASE_SHARED = ("case_shared", "Rapportören", "{number}: Två parter löser det tillsammans",
        "De som berörs av din rapport löser nu frågan tillsammans.", CASE)
    CASE_AGREED = ("case_agreed", "Rapportören", "{number}: Parterna har kommit överens",
        "De som berörs av din rapport är överens om hur de går vidare.", CASE)
    CASE_LIFTED = ("case_lifted", "Rapportören", "{number}: Frågan går till samverkansgruppen",
        "Frågan bakom din rapport har lyfts till samverkansgruppen.", CASE)
    CASE_DECIDED = ("case_decided", "Rapportören", "{number}: Samverkansgruppen har beslutat",
        "Samverkansgruppen har fattat ett beslut om frågan bakom din rapport.", CASE)
    GROUP_ANSWERED = ("group_answered", "Rapportören", "{number}: Samverkansgruppen har svarat",
        "Samverkansgruppen har svarat på frågan bakom din rapport.", CASE)
    ANSWERED = ("answered", "Rapportören", "{number}: Du har fått svar",
        "Det finns ett svar på din rapport, och vi vill gärna veta om du fick svar på din fråga.", CASE)
    MAIN_CASE_ANSWERED = ("main_case_answered", "Rapportören", "{number}: Frågan har fått svar",
        "Din rapport fördes samman med en annan om samma sak, och nu finns svaret.", CASE)
    NOT_TAKEN_UP = ("not_taken_up", "Rapportören", "{number}: Din rapport tas inte upp här",
        "Samordnaren har avslutat din rapport och förklarar varför.", CASE)
    MERGED = ("merged", "Rapportören", "{number}: Din rapport hör ihop med en annan",
        "Din rapport har förts samman med en annan om samma sak, och du får samma svar.", CASE)
    REPORT_SPLIT = ("report_split", "Rapportören", "{number}: Din rapport har blivit två ärenden",
        "Din rapport handlade om två händelser, och du får ett svar på var och en, räknat från samma dag.", CASE)
    REPORT_LINKED = ("report_linked", "Rapportören", "{number}: En annan part har rapporterat samma händelse",
        "Någon har använt din kopplingskod, och svaret på den ena rapporten når er båda.", CASE)
    LINKED_ANSWERED = ("linked_answered", "Rapportören", "{number}: En kopplad rapport har fått svar",
        "En rapport om samma händelse som din har fått svar, och du kan läsa det under Kopplingskod.", CASE)
    VOICE_NEWS = ("voice_news", "Den som har sagt ”jag också”", "Något nytt om det du också har varit med om",
        "Det har hänt något i en fråga där du har sagt ”jag också”, och på sidan står vad.", VOICE)
    EFFECT_VOICE = ("effect_voice", "Den som har sagt ”jag också”", "Har det hänt igen?",
        "En tid har gått sedan något ändrades, och vi undrar om det har hänt igen.", VOICE)
    THANKED = ("thanked", "Rapportören", "{number}: Du har fått ett tack",
        "Den du berättade om har läst ditt goda exempel och svarat.", CASE)
    GOOD_KEPT = ("good_kept", "Rapportören", "{number}: Tack för ditt goda exempel",
        "Ditt goda exempel är avslutat och finns kvar, så att andra kan ta efter.", CASE)
    CLOSED_SILENT = ("closed_silent", "Rapportören", "{number}: Ärendet är avslutat",
        "Ärendet är avslutat utan betyg, och du kan fortfarande läsa svaret.", CASE)
    QUESTION_ASKED = ("question_asked", "Rapportören", "{number}: Du har fått en fråga",
        "Den som arbetar med din rapport har en fråga till dig.", CASE)
    # --- to those who handle it
    NEW_CASE = ("new_case", "Den som har ärendet", "{number}: En avvikelse väntar på dig",
        "En ny avvikelse har kommit till dig.", CASE)
    UNIT_REPORTED = ("unit_reported", "Rapporterande enhetens chef", "{number}: Din enhet har rapporterat en avvikelse",
        "Någon på din enhet har rapporterat en avvikelse i samverkan.", CASE)
    GOOD_EXAMPLE = ("good_example", "Den som har ärendet", "{number}: Någon berättar om ett gott exempel",
        "Någon tycker att ni gjorde något riktigt bra tillsammans, och berättar vad.", CASE)
    UNIT_GOOD_EXAMPLE = ("unit_good_example", "Rapporterande enhetens chef",
        "{number}: Ett gott exempel från din enhet",
        "Någon på din enhet har berättat om något som gick riktigt bra i samverkan.", CASE)
    HANDED_OVER = ("handed_over", "Den som har ärendet", "{number}: Du har fått över ett ärende",
        "Ett ärende har lämnats över till dig.", CASE)
    DECLINED = ("declined", "Samordnaren", "{number}: Ett ärende behöver en annan mottagare",
        "Mottagaren föreslår att någon annan svarar, och ärendet väntar på att du fördelar det.", CASE)
    DISPUTED = ("disputed", "Båda parters chefer", "{number}: Lös det tillsammans",
        "Ärendet har gått fram och tillbaka, och nu löser ni det tillsammans med den andra parten.", CASE)
    STANDS_IN = ("stands_in", "Den som svarar i chefens ställe", "{number}: Du svarar i chefens ställe",
        "Den ansvariga chefen svarar inte just nu, och du kan göra allt som den chefen kan.", CASE)
    CAME_BACK = ("came_back", "Den ansvariga chefen", "{number}: Ärendet väntar på dig igen",
        "Du svarar själv igen, och ärendet har inte börjat handläggas.", CASE)
    MOVED_TO_YOU = ("moved_to_you", "Den som tar över", "{number}: Ett ärende har följt med till dig",
        "Enheten som hade ärendet har stängt, och din enhet tar över med samma frister.", CASE)
    MOVED_WITH_PROMISE = ("moved_with_promise", "Den som tar över", "{number}: Ett ärende har följt med till dig",
        "Enheten som hade ärendet har stängt, och din enhet tar över det och allt den hade lovat där.", CASE)
    NOBODY_ANSWERS = ("nobody_answers", "Områdets samordnare", "{number}: Ingen svarar för ärendet",
        "Den ansvariga chefen svarar inte, och ingen ersättare finns; du kan ge ärendet till någon annan.", CASE)
    UNLOCKED = ("unlocked", "Den som har ärendet", "{number}: Ärendet är ditt att gå vidare med",
        "Samordnaren har bestämt att ni går vidare med ärendet själva, och skälet står där.", CASE)
    UNLOCKED_FORMER = ("unlocked_former", "Den som nyss hade ärendet", "{number}: Den andra parten går vidare",
        "Samordnaren har bestämt att den andra parten går vidare med ärendet, och du behöver inte göra mer.", CASE)
    ROOM_OTHER_ANSWERED = ("room_other_answered", "Den andra parten", "{number}: Den andra parten har svarat",
        "När ni också har svarat på frågorna läser ni varandras svar.", CASE)
    ROOM_BOTH_ANSWERED = ("room_both_answered", "Båda parters chefer", "{number}: Läs varandras svar",
        "Nu har båda svarat, och ni kan läsa varandras svar och skriva vad ni tar på er.", CASE)
    ROOM_OTHER_COMMITTED = ("room_other_committed", "Den andra parten", "{number}: Den andra parten har skrivit",
        "Den andra parten har skrivit vad den tar på sig, och ni kan säga ja till det eller skriva er egen del.", CASE)
    ROOM_OTHER_AGREES = ("room_other_agrees", "Den andra parten", "{number}: Den andra parten säger ja",
        "Den andra parten är överens, och nu väntar ärendet på ert ja.", CASE)
    ROOM_COST_WRITTEN = ("room_cost_written", "Den andra parten", "{number}: Den andra parten har skrivit om pengar",
        "Den andra parten har skrivit vad ni kan betala tillsammans, och väntar på er del.", CASE)
    ROOM_COST_DECIDED = ("room_cost_decided", "Den andra parten", "{number}: Den andra parten har beslutat om pengarna",
        "Den andra parten har skrivit vad den har beslutat om pengarna.", CASE)
    ROOM_TALK_PROPOSED = ("room_talk_proposed", "Den andra parten", "{number}: Passar dagen för en avstämning?",
        "Den andra parten föreslår en dag då ni talas vid, utan familjen.", CASE)
    ROOM_TALK_ACCEPTED = ("room_talk_accepted", "Den andra parten", "{number}: Dagen för avstämningen passar",
        "Dagen som ni föreslog passar den andra parten.", CASE)
    ROOM_TALK_CANCELLED = ("room_talk_cancelled", "Den andra parten", "{number}: Avstämningen blir inte av",
        "Den andra parten har skrivit att avstämningen inte blir av, och ni kan föreslå en annan dag.", CASE)
    ROOM_OTHER_REPLACED = ("room_other_replaced", "Parten som är kvar", "{number}: En annan enhet tar över",
        "Enheten som ni löser ärendet tillsammans med har stängt, och en annan enhet tar över dess del.", CASE)
    ROOM_NOT_KEPT = ("room_not_kept", "Parten som är kvar", "{number}: Det som var lovat blir inte gjort",
        "Den som tog över efter den andra parten gör inte det som var lovat, så talas vid eller lyft frågan.", CASE)
    AGREED = ("agreed", "Båda parters chefer", "{number}: Ni är överens",
        "Båda parter har sagt ja, och arbetet går vidare gemensamt.", CASE)
    TALK_TO_CONFIRM = ("talk_to_confirm", "Den andra sidans chef", "{number}: Är det löst i samtal?",
        "Den andra parten skriver att ni har löst det i samtal, och du behöver bekräfta.", CASE)
    TALK_CONFIRMED = ("talk_confirmed", "Den som har ärendet", "{number}: Löst i samtal",
        "Båda parter har bekräftat att det är löst i samtal.", CASE)
    ANSWER_TO_CONFIRM = ("answer_to_confirm", "Båda parters chefer", "{number}: Ett gemensamt svar väntar på ditt ja",
        "Den andra parten har skrivit ert gemensamma svar, och du behöver bekräfta det.", CASE)
    ANSWER_TO_CHECK = ("answer_to_check", "Områdets samordnare", "{number}: Läs ett svar innan det skickas",
        "Ett svar till en rapportör väntar på att du läser det, och skickas annars om tre arbetsdagar.", CASE)
    ANSWER_RETURNED = ("answer_returned", "Den som har ärendet", "{number}: Svaret behöver bli lite bättre",
        "Samordnaren har läst svaret och skrivit en kommentar innan det går till rapportören.", CASE)
    QUESTION_ANSWERED = ("question_answered", "Den som har ärendet", "{number}: Rapportören har svarat",
        "Rapportören har svarat på din fråga.", CASE)
    QUESTION_CLOSED = ("question_closed", "Rapportören och den som har ärendet", "{number}: Frågan är stängd",
        "Frågan till rapportören har stängts utan svar, och arbetet går vidare.", CASE)
    FACT_ADDED = ("fact_added", "Den som har ärendet", "{number}: Rapportören har lagt till något",
        "Rapportören har lagt till uppgifter i ett ärende som du har.", CASE)
    REASSIGNED = ("reassigned", "Den som nyss hade ärendet", "{number}: Ärendet har fått en annan mottagare",
        "Samordnaren har fördelat ett ärende som låg hos dig till någon annan, och du behöver inte göra något mer.",
        CASE)
    TAKEN_BACK = ("taken_back", "Den som nyss hade ärendet", "{number}: Ärendet har gått tillbaka",
        "Den som lämnade ärendet har tagit tillbaka det, och du behöver inte göra något mer.", CASE)
    WITHDRAWN = ("withdrawn", "Den som har ärendet", "{number}: Rapporten är återtagen",
        "Rapportören har återtagit rapporten, och du behöver inte göra något mer.", CASE)
    MERGED_OWNER = ("merged_owner", "Den som har ärendet", "{number}: Ärendet hör ihop med ett annat",
        "Samordnaren har fört samman ärendet med ett annat om samma sak.", CASE)
    HELPED = ("helped", "Den som har ärendet", "{number}: Rapportören har sagt vad svaret gav",
        "Rapportören har läst svaret, och ärendet är avslutat.", CASE)
    NOT_HELPED = ("not_helped", "Den som har ärendet", "{number}: Svaret räckte inte",
        "Rapportören behöver mer hjälp, och ärendet är öppet igen.", CASE)
    DECIDED = ("decided", "Den som har ärendet", "{number}: Samverkansgruppen har beslutat",
        "Gruppen har beslutat, och du kan gå vidare med svaret till rapportören.", CASE)
    SEVERE = ("severe", "Mottagande chef", "{number}: Allvarlig händelse, bekräfta inom två arbetsdagar",
        "Kontrollera i ert eget system att barnet har stöd nu, och bekräfta det här.", CASE)
    SEVERE_SENDER = ("severe_sender", "Rapporterande enhetens chef", "{number}: Kontrollera att barnet har stöd",
        "Din enhet har rapporterat något allvarligt, och du behöver se efter i ert eget system att barnet har stöd nu.",
        CASE)
    SEVERE_TRIAGE = ("severe_triage", "Områdets samordnare", "{number}: Allvarlig händelse, fördela i dag",
        "En allvarlig avvikelse väntar på att du fördelar den, så att en chef kan se till att barnet har stöd.", CASE)
    SENT_BACK = ("sent_back", "Den som har ärendet", "{number}: Samverkansgruppen återsänder frågan",
        "Gruppen har skrivit varför den inte tar upp frågan, och du går vidare med svaret till rapportören.", CASE)
    LIFT_TO_APPROVE = ("lift_to_approve", "Båda sidor av ärendet", "{number}: Godkänn frågan till gruppen",
        "En fråga till samverkansgruppen väntar på att du godkänner orden.", CASE)
    STORY_TO_APPROVE = ("story_to_approve", "Den andra sidans samordnare", "{number}: Godkänn en händelsebeskrivning",
        "En berättelse som andra kan lära av väntar på att du godkänner orden.", CASE)
    UNIT_DECIDED = ("unit_decided", "Rapporterande enhetens chef", "{number}: Beslut om det din enhet rapporterat",
        "En samverkansgrupp har beslutat om något som din enhet har rapporterat.", CASE)
    PAGES_COMMENTED = ("pages_commented", "Länets administratör", "Någon har hittat en brist i tillgängligheten",
        "Någon har berättat om en sida som är svår att använda, och väntar på att den blir bättre.",
        "/tillganglighet/synpunkter")
    TEXT_REPLACED = ("text_replaced", "Den som skrev texten", "{number}: En text i ärendet har ändrats",
        "En samordnare har tagit bort något ur en text så att ingen kan kännas igen, och du behöver inte göra något.",
        CASE)
    CONTACT_REPORT = ("contact_report", "Områdets samordnare", "En kontaktväg behöver ses över",
        "Någon har sagt att en kontaktväg i ditt område inte stämmer.", "/kontaktvagar/stammer-inte")
    AVTAL_REVIEW = ("avtal_review", "Den befattning som ansvarar för avtalet, annars länets administratör",
        "Ett avtal skulle ha setts över",
        "Dagen för att se över ett avtal som du ansvarar för har passerat, och du kan skriva när det är gjort.",
        "/avtal")
    SIP_MISSING = ("sip_missing", "Kommunens SIP-samordnare, annars regionens", "Räkna SIP för förra halvåret",
        "Förra halvåret är slut, och minst en kommun som du räknar SIP för har inga siffror än.", "/sip")
    CHANGED = ("changed", "Rapportören", "{number}: Du rapporterade, och det här ändrades",
        "Något har ändrats efter din rapport, och på sidan står vad och sedan när.", CASE)
    UNIT_CHANGED = ("unit_changed", "Rapporterande enhetens chef", "{number}: Ni rapporterade, och det här ändrades",
        "Något har ändrats efter en rapport från din enhet, och på sidan står vad och sedan när.", CASE)
    SAFETY_WARNING = ("safety_warning", "Enhetens chef, annars enhetens brevlåda", "En varning till din enhet",
        "Det finns en kort varning som alla på enheten behöver känna till, och du kan säga att du har läst den.", START)
    # --- to the owner of an åtgärd, who need not have the case
    ATGARD_TO_DECIDE = ("atgard_to_decide", "Åtgärdens ägare", "{number}: En åtgärd väntar på ditt beslut",
        "Någon har föreslagit en åtgärd som du skulle ansvara för.", ATGARD)
    EFFECT_OWNER = ("effect_owner", "Åtgärdens ägare", "{number}: Fungerar åtgärden?",
        "En tid har gått sedan en åtgärd infördes, och du kan skriva om den fungerar.", ATGARD)
    RECURRED = ("recurred", "Åtgärdens ägare", "{number}: Det har hänt igen efter en åtgärd",
        "Samma problem har rapporterats igen, så uppföljningen av en åtgärd görs redan nu.", ATGARD)
    # --- to the position that a group has made responsible: it need not have the case, so no number and no link to it
    DECISION_YOURS = ("decision_yours", "Den befattning som gruppen gjort ansvarig",
        "En samverkansgrupp ger dig ansvar",
        "En samverkansgrupp har beslutat att du ansvarar för något, och på sidan står vad och till när.", DECISION)
    SOON_GRUPPBESLUT = ("soon_gruppbeslut", "Den befattning som gruppen gjort ansvarig",
        "Snart dags för det gruppen beslutade",
        "Dagen för det som en samverkansgrupp gjort dig ansvarig för närmar sig.", DECISION)
    REMIND_GRUPPBESLUT = ("remind_gruppbeslut", "Den befattning som gruppen gjort ansvarig",
        "Är det gruppen beslutade gjort?",
        "Dagen för det som en samverkansgrupp gjort dig ansvarig för har passerat, och du kan skriva vad som är gjort.",
        DECISION)
    # --- to a samverkansgrupp: no number, no link to the case
    GROUP_QUESTION = ("group_question", "Gruppens sammankallande", "En fråga väntar på samverkansgruppen",
        "En fråga har lyfts till din samverkansgrupp.", GROUPS)
    GAP_OPENED = ("gap_opened", "Gruppens sammankallande", "En ansvarslucka väntar på samverkansgruppen",
        "Flera parter har sagt att en uppgift inte är deras, och gruppen behöver besluta.", GROUPS)
    QUESTION_RETURNED = ("question_returned", "Gruppens sammankallande", "Gruppen ovanför har svarat på er fråga",
        "En fråga som din samverkansgrupp lyfte har fått ett svar.",
        "/grupper/{group}/fragor")
    MEETING_PAPERS = ("meeting_papers", "Gruppens ledamöter", "Underlaget till nästa möte är klart",
        "Nu kan du läsa vad som har hänt sedan samverkansgruppens förra möte, och vad ni ska besluta.",
        "/grupper/{group}/moten")
    GROUP_BELOW = ("group_below", "Sammankallande i gruppen ovanför", "En grupp under er behöver hjälp",
        "En samverkansgrupp under din saknar något som den inte kan ordna själv.", "/grupper/{group}/under")
    PROPOSAL_ANSWERED = ("proposal_answered", "Den som ställde frågan", "Samverkansgruppen har svarat på din fråga",
        "Frågan som du ställde till samverkansgruppen har fått ett svar.", GROUPS)
    # --- before a clock's last day (domain/escalation.py says which, to whom and when)
    SOON_TRIAGE = ("soon_triage", "Områdets samordnare", "{number}: Ett ärende väntar på att fördelas",
        "En avvikelse ska snart vara fördelad till en ansvarig chef.", CASE)
    SOON_MOTTAGEN = ("soon_mottagen", "Ansvarig chef", "{number}: Ett ärende väntar på dig",
        "En avvikelse väntar på att du tar emot den, lämnar den vidare eller föreslår någon annan.", CASE)
    SOON_FORSTA_SVAR = ("soon_forsta_svar", "Den som har ärendet", "{number}: Snart dags för ett första svar",
        "Rapportören väntar på ett första svar eller en plan, och tiden går snart ut.", CASE)
    SOON_SVAR = ("soon_svar", "Den som har ärendet", "{number}: Snart dags att svara rapportören",
        "Tiden för att svara rapportören går snart ut.", CASE)
    SOON_GEMENSAMT_TYST = ("soon_gemensamt_tyst", "Den part som inte har skrivit", "{number}: Vad kan ni bidra med?",
        "Ni löser ett ärende tillsammans med en annan part, och din del väntar på att du skriver.", CASE)
    SOON_GEMENSAMT = ("soon_gemensamt", "Båda parters chefer", "{number}: Snart ska ni ha kommit överens",
        "Tiden för att lösa ärendet tillsammans går snart ut, och sedan går frågan till samverkansgruppen.", CASE)
    SOON_ATAGANDE = ("soon_atagande", "Den part som har tagit på sig det", "{number}: Snart dags för det ni tog på er",
        "Dagen för det ni tog på er när ni kom överens närmar sig.", CASE)
    SOON_KOSTNAD = ("soon_kostnad", "Den part som ska besluta", "{number}: Snart ska ni ha beslutat om pengarna",
        "Dagen då ni skulle ha beslutat om en gemensam kostnad närmar sig.", CASE)
    SOON_GRUPP = ("soon_grupp", "Gruppens sammankallande", "En fråga väntar på gruppens beslut",
        "En fråga i din samverkansgrupp ska snart vara beslutad.", GROUPS)
    SOON_ATGARD = ("soon_atgard", "Åtgärdens ägare", "{number}: En åtgärd ska snart vara införd",
        "Dagen för en åtgärd närmar sig.", ATGARD)
    SOON_GOTT_EXEMPEL = ("soon_gott_exempel", "Den som har ärendet", "{number}: Ett gott exempel att läsa",
        "Någon har berättat om något ni gjorde bra, och blir glad för ett tack.", CASE)
    REMIND_BETYG = ("remind_betyg", "Rapportören", "{number}: Fick du svar på din fråga?",
        "Det finns ett svar på din rapport, och vi undrar om du fick svar på din fråga.", CASE)
    REMIND_ALLVARLIG = ("remind_allvarlig", "Mottagande chef", "{number}: Påminnelse, bekräfta att barnet har stöd",
        "En allvarlig händelse väntar på att du bekräftar att stödet är kontrollerat.", CASE)
    # --- after it
    REMIND_TRIAGE = ("remind_triage", "Områdets samordnare", "{number}: Påminnelse, ärendet väntar på att fördelas",
        "En avvikelse har väntat på att fördelas längre än tänkt.", CASE)
    LATE_TRIAGE = ("late_triage", "Områdets alla samordnare", "{number}: Ingen har fördelat ärendet",
        "En avvikelse i ert område har väntat länge på att fördelas, och vem som helst av er kan göra det.", CASE)
    REMIND_MOTTAGEN = ("remind_mottagen", "Ansvarig chef", "{number}: Påminnelse, ta emot eller lämna vidare",
        "En avvikelse har väntat längre än tänkt på att du tar emot den, lämnar den vidare eller föreslår någon annan.",
        CASE)
    STEP_IN_SUBSTITUTE = ("step_in_substitute", "Den som ersätter chefen", "{number}: Ett ärende behöver dig",
        "Ett ärende har väntat för länge, och du kan nu göra allt som den ansvariga chefen kan.", CASE)
    STEP_IN_ABOVE = ("step_in_above", "Chefen över den ansvariga chefen", "{number}: Ett ärende behöver dig",
        "Ett ärende hos en chef i din organisation har väntat för länge, och du kan nu göra allt som den chefen kan.",
        CASE)
    LATE_SAMORDNARE = ("late_samordnare", "Områdets samordnare", "{number}: Ett ärende har väntat länge",
        "Ett ärende i ditt område har väntat för länge, och du kan behöva se till att någon tar det.", CASE)
    REMIND_FORSTA_SVAR = ("remind_forsta_svar", "Den som har ärendet", "{number}: Påminnelse, ge ett första svar",
        "Rapportören väntar på ett första svar eller en plan.", CASE)
    REMIND_SVAR = ("remind_svar", "Den som har ärendet", "{number}: Påminnelse, rapportören väntar på svar",
        "Tiden för att svara rapportören har gått ut.", CASE)
    SVAR_TO_GROUP_SOON = ("svar_to_group_soon", "Den som har ärendet", "{number}: Om en vecka går frågan till gruppen",
        "Om rapportören inte har fått svar om en vecka går frågan till samverkansgruppen.", CASE)
    SVAR_TO_GROUP = ("svar_to_group", "Den som har ärendet", "{number}: Frågan har gått till samverkansgruppen",
        "Tiden för att svara har gått ut, och nu hjälper samverkansgruppen till med frågan.", CASE)
    GEMENSAMT_TO_GROUP = ("gemensamt_to_group", "Båda parters chefer",
        "{number}: Frågan har gått till samverkansgruppen",
        "Tiden för att lösa ärendet tillsammans har gått ut, och nu hjälper samverkansgruppen till med frågan.", CASE)
    SOON_GENOMLASNING = ("soon_genomlasning", "Områdets samordnare", "{number}: Svaret skickas snart oläst",
        "Ett svar till en rapportör väntar fortfarande på att du läser det, och skickas snart ändå.", CASE)
    REMIND_ATAGANDE = ("remind_atagande", "Den part som har tagit på sig det", "{number}: Är det ni tog på er gjort?",
        "Dagen för det ni tog på er har passerat, och ni kan skriva när det blev gjort.", CASE)
    REMIND_KOSTNAD = ("remind_kostnad", "Den part som ska besluta", "{number}: Vad blev beslutet om pengarna?",
        "Dagen då ni skulle ha beslutat om en gemensam kostnad har passerat, och den andra parten väntar.", CASE)
    LATE_AGREED = ("late_agreed", "Områdets samordnare", "{number}: Något två parter kom överens om väntar",
        "En chef i ditt område har tagit på sig något tillsammans med en annan part, och dagen har passerat.", CASE)
    REMIND_APPROVE = ("remind_approve", "Rapporterande områdets samordnare",
        "{number}: Påminnelse, godkänn frågan till gruppen",
        "En fråga till samverkansgruppen väntar på att du godkänner orden, och gruppen kan inte läsa den innan dess.",
        CASE)
    REMIND_GRUPP = ("remind_grupp", "Gruppens sammankallande", "Påminnelse, en fråga väntar på beslut",
        "En fråga i din samverkansgrupp har väntat längre än tänkt på beslut.", GROUPS)
    REMIND_PUBLICERING = ("remind_publicering", "Gruppens sammankallande", "Påminnelse, publicera beslutet",
        "Ett beslut i din samverkansgrupp väntar på att publiceras.", GROUPS)
    REMIND_FRAGA = ("remind_fraga", "Rapportören", "{number}: Påminnelse, du har en fråga att svara på",
        "Den som arbetar med din rapport väntar på ditt svar.", CASE)
    REMIND_ATGARD = ("remind_atgard", "Åtgärdens ägare", "{number}: Påminnelse, en åtgärd skulle vara införd",
        "Dagen för en åtgärd har passerat, och du kan skriva hur det gick.", ATGARD)
    ATGARD_LATE = ("atgard_late", "Gruppens sammankallande", "En åtgärd har inte blivit införd",
        "En åtgärd efter en avvikelse i din samverkansgrupp är en månad sen.", GROUPS)
    EFFECT_SILENT = ("effect_silent", "Gruppens sammankallande", "En åtgärd har inte följts upp",
        "Ingen har svarat på om en åtgärd efter en avvikelse i din samverkansgrupp fungerar.", GROUPS)
    EFFECT_REPORTER = ("effect_reporter", "Rapportören", "{number}: Har det hänt igen?",
        "En tid har gått sedan något ändrades, och vi undrar om det har hänt igen.", CASE)
    STEP_IN_SEVERE = ("step_in_severe", "Ersättaren, sedan förvaltningens chef",
        "{number}: Allvarlig händelse, bekräfta att barnet har stöd",
        "Ingen har bekräftat att stödet är kontrollerat, och du kan göra det i chefens ställe.", CASE)
    SILENCE_SHOWN = ("silence_shown", "Gruppens sammankallande", "En part har inte svarat",
        "En inbjuden part har inte svarat på en avvikelse i tid, och gruppen behöver veta det.", GROUPS)
    # --- instead of single mails, for those who choose it; its lines are made when it is sent
    DIGEST = ("digest", "Den som har valt ett mejl i veckan", "Veckans läge i Avvikelse",
        "Här är det som har hänt eller väntar på dig sedan förra veckan.", START)
    # --- accounts; the token is made at the moment of sending and stored only as a hash
    ROLES_TO_REVIEW = ("roles_to_review", "Områdets samordnare och huvudmannens administratör",
        "Gå igenom vem som har en roll hos er",
        "Ett nytt kvartal har börjat, och några roller väntar på att du säger om de fortfarande behövs.",
        "/roller/genomgang")
    ROLE_TAKEN = ("role_taken", "Den som hade rollen", "En av dina roller har tagits bort",
        "Någon som fördelar roller hos er har tagit bort en av dina, och på ditt konto ser du vilken.", ACCOUNT)
    ROLE_ENDED = ("role_ended", "Den som hade rollen", "En av dina roller har upphört",
        "Sista dagen för en av dina roller har passerat, och på ditt konto ser du vilken.", ACCOUNT)
    INVITATION = ("invitation", "Den inbjudna", "Du är inbjuden till Avvikelse i samverkan",
        "Välj ett lösenord så är ditt konto klart.", "/inbjudan/{token}")
    PASSWORD_RESET = ("password_reset", "Kontots innehavare", "Välj ett nytt lösenord",
        "Någon, troligen du, bad om ett nytt lösenord; annars kan du bortse från mejlet.", "/nytt-losenord/{token}")
    PASSWORD_CHANGED = ("password_changed", "Kontots innehavare", "Ditt lösenord är bytt",
        "Ditt lösenord är bytt; kontakta din administratör om det inte var du.", START)
    SECOND_STEP_SET_UP = ("second_step_set_up", "Kontots innehavare", "Inloggning i två steg är påslagen",
        "Du loggar nu in med en kod från din telefon också; kontakta din administratör om det inte var du.", ACCOUNT)
    SECOND_STEP_RESET = ("second_step_reset", "Kontots innehavare", "Inloggning i två steg är borttagen",
        "Koderna från din telefon gäller inte längre; kontakta din administratör om du inte väntade dig det.", ACCOUNT)
    RECOVERY_CODE_USED = ("recovery_code_used", "Kontots innehavare", "En av dina reservkoder har använts",
        "Någon loggade in med en av dina reservkoder; kontakta din administratör om det inte var du.", ACCOUNT)
    SECOND_STEP_GUESSED = ("second_step_guessed", "Kontots innehavare", "Någon skriver fel kod vid din inloggning",
        "Lösenordet var rätt men koden fel många gånger; byt lösenord om det inte var du.", ACCOUNT)
    # fmt: on


SEVERE_NOTICES = frozenset({Notice.SEVERE, Notice.SEVERE_SENDER, Notice.SEVERE_TRIAGE})
# What never waits for a weekly digest: a child's safety, somebody who must step in, and the account itself.
URGENT = frozenset(
    {
        *SEVERE_NOTICES, Notice.REMIND_ALLVARLIG, Notice.STEP_IN_SEVERE,
        Notice.STANDS_IN, Notice.NOBODY_ANSWERS, Notice.SAFETY_WARNING,
        Notice.STEP_IN_SUBSTITUTE, Notice.STEP_IN_ABOVE, Notice.LATE_TRIAGE, Notice.LATE_SAMORDNARE, Notice.DIGEST,
        Notice.INVITATION, Notice.PASSWORD_RESET, Notice.PASSWORD_CHANGED, Notice.ROLE_TAKEN, Notice.ROLE_ENDED,
        Notice.SECOND_STEP_SET_UP, Notice.SECOND_STEP_RESET, Notice.SECOND_STEP_GUESSED, Notice.RECOVERY_CODE_USED,
    }
)  # fmt: skip
