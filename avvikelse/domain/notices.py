"""THE table of messages: every mail the system can send, to whom, and its words. Open to change what a mail says.

A mail is a subject, one plain sentence and a link. It never says what a case is about. A case's number may stand there,
but not in what goes to a samverkansgrupp, which must not be able to follow a question back to its case.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from avvikelse.domain.deadlines import ClockId
from avvikelse.domain.vocabulary import Action
from avvikelse.domain.workflow import Audience

CASE = "/avvikelser/{ref}"
START = "/"  # the page that says what waits for whoever logs in


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
    ANSWERED = ("answered", "Rapportören", "{number}: Du har fått svar",
        "Det finns ett svar på din rapport, och vi vill gärna veta om det hjälpte.", CASE)
    MAIN_CASE_ANSWERED = ("main_case_answered", "Rapportören", "{number}: Frågan har fått svar",
        "Din rapport fördes samman med en annan om samma sak, och nu finns svaret.", CASE)
    NOT_TAKEN_UP = ("not_taken_up", "Rapportören", "{number}: Din rapport tas inte upp här",
        "Samordnaren har avslutat din rapport och förklarar varför.", CASE)
    MERGED = ("merged", "Rapportören", "{number}: Din rapport hör ihop med en annan",
        "Din rapport har förts samman med en annan om samma sak, och du får samma svar.", CASE)
    CLOSED_SILENT = ("closed_silent", "Rapportören", "{number}: Ärendet är avslutat",
        "Ärendet är avslutat utan betyg, och du kan fortfarande läsa svaret.", CASE)
    QUESTION_ASKED = ("question_asked", "Rapportören", "{number}: Du har fått en fråga",
        "Den som arbetar med din rapport har en fråga till dig.", CASE)
    # --- to those who handle it
    NEW_CASE = ("new_case", "Den som har ärendet", "{number}: En avvikelse väntar på dig",
        "En ny avvikelse har kommit till dig.", CASE)
    UNIT_REPORTED = ("unit_reported", "Rapporterande enhetens chef", "{number}: Din enhet har rapporterat en avvikelse",
        "Någon på din enhet har rapporterat en avvikelse i samverkan.", CASE)
    HANDED_OVER = ("handed_over", "Den som har ärendet", "{number}: Du har fått över ett ärende",
        "Ett ärende har lämnats över till dig.", CASE)
    DECLINED = ("declined", "Samordnaren", "{number}: Ett ärende behöver en annan mottagare",
        "Mottagaren föreslår att någon annan svarar, och ärendet väntar på att du fördelar det.", CASE)
    DISPUTED = ("disputed", "Båda parters chefer", "{number}: Lös det tillsammans",
        "Ärendet har gått fram och tillbaka, och nu löser ni det tillsammans med den andra parten.", CASE)
    AGREED = ("agreed", "Båda parters chefer", "{number}: Ni är överens",
        "Båda parter har sagt ja, och arbetet går vidare gemensamt.", CASE)
    TALK_TO_CONFIRM = ("talk_to_confirm", "Den andra sidans chef", "{number}: Är det löst i samtal?",
        "Den andra parten skriver att ni har löst det i samtal, och du behöver bekräfta.", CASE)
    TALK_CONFIRMED = ("talk_confirmed", "Den som har ärendet", "{number}: Löst i samtal",
        "Båda parter har bekräftat att det är löst i samtal.", CASE)
    ANSWER_TO_CONFIRM = ("answer_to_confirm", "Båda parters chefer", "{number}: Ett gemensamt svar väntar på ditt ja",
        "Den andra parten har skrivit ert gemensamma svar, och du behöver bekräfta det.", CASE)
    QUESTION_ANSWERED = ("question_answered", "Den som har ärendet", "{number}: Rapportören har svarat",
        "Rapportören har svarat på din fråga.", CASE)
    QUESTION_CLOSED = ("question_closed", "Rapportören och den som har ärendet", "{number}: Frågan är stängd",
        "Frågan till rapportören har stängts utan svar, och arbetet går vidare.", CASE)
    FACT_ADDED = ("fact_added", "Den som har ärendet", "{number}: Rapportören har lagt till något",
        "Rapportören har lagt till uppgifter i ett ärende som du har.", CASE)
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
    LIFT_TO_APPROVE = ("lift_to_approve", "Rapporterande områdets samordnare", "{number}: Godkänn frågan till gruppen",
        "En fråga till samverkansgruppen väntar på att du godkänner orden.", CASE)
    CONTACT_REPORT = ("contact_report", "Områdets samordnare", "En kontaktväg behöver ses över",
        "Någon har sagt att en kontaktväg i ditt område inte stämmer.", "/kontaktvagar/stammer-inte")
    # --- to a samverkansgrupp: no number, no link to the case
    GROUP_QUESTION = ("group_question", "Gruppens sammankallande", "En fråga väntar på samverkansgruppen",
        "En fråga har lyfts till din samverkansgrupp.", START)
    GAP_OPENED = ("gap_opened", "Gruppens sammankallande", "En ansvarslucka väntar på samverkansgruppen",
        "Flera parter har sagt att en uppgift inte är deras, och gruppen behöver besluta.", START)
    # --- reminders, one per clock
    REMIND_TRIAGE = ("remind_triage", "Områdets samordnare", "{number}: Påminnelse, ärendet väntar på att fördelas",
        "En avvikelse har väntat på att fördelas längre än tänkt.", CASE)
    REMIND_MOTTAGEN = ("remind_mottagen", "Ansvarig chef", "{number}: Påminnelse, ta emot eller lämna vidare",
        "En avvikelse väntar på att du tar emot den eller lämnar den vidare.", CASE)
    REMIND_FORSTA_SVAR = ("remind_forsta_svar", "Den som har ärendet", "{number}: Påminnelse, ge ett första svar",
        "Rapportören väntar på ett första svar eller en plan.", CASE)
    REMIND_SVAR = ("remind_svar", "Den som har ärendet", "{number}: Påminnelse, rapportören väntar på svar",
        "Tiden för att svara rapportören har gått ut.", CASE)
    REMIND_GEMENSAMT = ("remind_gemensamt", "Båda parters chefer", "{number}: Påminnelse, lös det tillsammans",
        "Tiden för att lösa ärendet tillsammans har gått ut.", CASE)
    REMIND_GRUPP = ("remind_grupp", "Gruppens sammankallande", "Påminnelse, en fråga väntar på beslut",
        "En fråga i din samverkansgrupp har väntat längre än tänkt på beslut.", START)
    REMIND_PUBLICERING = ("remind_publicering", "Gruppens sammankallande", "Påminnelse, publicera beslutet",
        "Ett beslut i din samverkansgrupp väntar på att publiceras.", START)
    REMIND_BETYG = ("remind_betyg", "Rapportören", "{number}: Hjälpte svaret?",
        "Du har fått svar på din rapport, och vi undrar om det hjälpte.", CASE)
    REMIND_FRAGA = ("remind_fraga", "Rapportören", "{number}: Påminnelse, du har en fråga att svara på",
        "Den som arbetar med din rapport väntar på ditt svar.", CASE)
    REMIND_ATGARD = ("remind_atgard", "Åtgärdens ägare", "{number}: Påminnelse, en åtgärd skulle vara införd",
        "Dagen för en åtgärd har passerat, och du kan skriva hur det gick.", CASE)
    REMIND_EFFEKT = ("remind_effekt", "Åtgärdens ägare och rapportören", "{number}: Blev det bättre?",
        "En tid har gått sedan en åtgärd infördes, och vi undrar om det blev bättre.", CASE)
    REMIND_ALLVARLIG = ("remind_allvarlig", "Mottagande chef", "{number}: Påminnelse, bekräfta att barnet har stöd",
        "En allvarlig händelse väntar på att du bekräftar att stödet är kontrollerat.", CASE)
    # --- accounts; the token is made at the moment of sending and stored only as a hash
    INVITATION = ("invitation", "Den inbjudna", "Du är inbjuden till Avvikelse i samverkan",
        "Välj ett lösenord så är ditt konto klart.", "/inbjudan/{token}")
    PASSWORD_RESET = ("password_reset", "Kontots innehavare", "Välj ett nytt lösenord",
        "Någon, troligen du, bad om ett nytt lösenord; annars kan du bortse från mejlet.", "/nytt-losenord/{token}")
    PASSWORD_CHANGED = ("password_changed", "Kontots innehavare", "Ditt lösenord är bytt",
        "Ditt lösenord är bytt; kontakta din administratör om det inte var du.", START)
    # fmt: on


N, A, W = Notice, Action, Audience

# What each step of domain/workflow.py tells each audience. A test holds it complete.
_STEPS: Mapping[tuple[Action, Audience], Notice] = {
    (A.SUBMIT, W.REPORTER): N.RECEIPT,
    (A.SUBMIT, W.OWNER): N.NEW_CASE,
    (A.SUBMIT, W.SENDER_CHEF): N.UNIT_REPORTED,
    (A.ASSIGN, W.OWNER): N.NEW_CASE,
    (A.ASSIGN, W.REPORTER): N.CASE_ASSIGNED,
    (A.NOT_TAKEN_UP, W.REPORTER): N.NOT_TAKEN_UP,
    (A.MERGE, W.REPORTER): N.MERGED,
    (A.MERGE, W.OWNER): N.MERGED_OWNER,
    (A.WITHDRAW, W.OWNER): N.WITHDRAWN,
    (A.ACCEPT, W.REPORTER): N.CASE_ACCEPTED,
    (A.HAND_OVER, W.OWNER): N.HANDED_OVER,
    (A.HAND_OVER, W.REPORTER): N.CASE_MOVED,
    (A.LOCK, W.OWNER): N.DISPUTED,
    (A.LOCK, W.REPORTER): N.CASE_SHARED,
    (A.DECLINE, W.OWNER): N.DECLINED,
    (A.DECLINE, W.REPORTER): N.CASE_MOVED,
    (A.AGREE, W.OWNER): N.AGREED,
    (A.AGREE, W.REPORTER): N.CASE_AGREED,
    (A.SOLVED_IN_TALK, W.REPORTER): N.ANSWERED,
    (A.SOLVED_IN_TALK, W.OWNER): N.TALK_CONFIRMED,
    (A.LIFT, W.CONVENOR): N.GROUP_QUESTION,
    (A.LIFT, W.SENDER_SAMORDNARE): N.LIFT_TO_APPROVE,
    (A.LIFT, W.REPORTER): N.CASE_LIFTED,
    (A.DECIDE, W.OWNER): N.DECIDED,
    (A.DECIDE, W.REPORTER): N.CASE_DECIDED,
    (A.ANSWER, W.REPORTER): N.ANSWERED,
    (A.FEEDBACK_HELPED, W.OWNER): N.HELPED,
    (A.FEEDBACK_NO, W.OWNER): N.NOT_HELPED,
    (A.FEEDBACK_NO, W.CONVENOR): N.GROUP_QUESTION,
    (A.CLOSE_SILENT, W.REPORTER): N.CLOSED_SILENT,
}

_REMINDERS: Mapping[ClockId, Notice] = {
    ClockId.TRIAGE: N.REMIND_TRIAGE,
    ClockId.MOTTAGEN: N.REMIND_MOTTAGEN,
    ClockId.FORSTA_SVAR: N.REMIND_FORSTA_SVAR,
    ClockId.SVAR: N.REMIND_SVAR,
    ClockId.GEMENSAMT: N.REMIND_GEMENSAMT,
    ClockId.GRUPP: N.REMIND_GRUPP,
    ClockId.PUBLICERING: N.REMIND_PUBLICERING,
    ClockId.BETYG: N.REMIND_BETYG,
    ClockId.FRAGA_PAMINNELSE: N.REMIND_FRAGA,
    ClockId.ATGARD: N.REMIND_ATGARD,
    ClockId.EFFEKT: N.REMIND_EFFEKT,
    ClockId.EFFEKT_IGEN: N.REMIND_EFFEKT,
    ClockId.ALLVARLIG: N.REMIND_ALLVARLIG,
}


def notice_for(action: Action, audience: Audience) -> Notice | None:
    """What a step tells an audience; None = nothing."""
    return _STEPS.get((action, audience))


def reminder_for(clock: ClockId) -> Notice | None:
    """The reminder when a clock runs out; None for clocks that end by themselves. Åtgärder have REMIND_ATGARD."""
    return _REMINDERS.get(clock)
