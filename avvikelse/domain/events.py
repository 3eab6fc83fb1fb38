"""Everything the system remembers having happened: one line each, past tense. Open to add an event or change its words.

The label is what a reader of the log sees, and of the timeline where `on_timeline` is true. It names no person and
blames nobody.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

SHOWN, HIDDEN = True, False


class Event(StrEnum):
    """`NAME = "code", "Swedish label", on_timeline`. The log is never rewritten: never reuse or rename a code."""

    label: str
    on_timeline: bool

    def __new__(cls, code: str, label: str = "", on_timeline: bool = HIDDEN) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.on_timeline = on_timeline
        return member

    # fmt: off
    # --- the way of a case
    SUBMITTED = "submitted", "Rapporten skickades in", SHOWN
    ASSIGNED = "assigned", "Ärendet fördelades till ansvarig chef", SHOWN
    ACCEPTED = "accepted", "Ärendet togs emot", SHOWN
    HANDED_OVER = "handed_over", "Ärendet lämnades över", SHOWN
    DECLINED = "declined", "Ärendet gick tillbaka med förslag om en annan ansvarig", SHOWN
    TAKEN_BACK = "taken_back", "Den som hade lämnat ärendet tog tillbaka det", SHOWN
    LOCKED = "locked", "Parterna löser ärendet tillsammans", SHOWN
    STOOD_IN = "stood_in", "Någon svarar i stället för den ansvariga chefen", SHOWN
    CAME_BACK = "came_back", "Den ansvariga chefen svarar igen", SHOWN
    MOVED = "moved", "Ärendet följde med till verksamheten som tar över", SHOWN
    PLACED = "placed", "Samordnaren gav ärendet en chef som svarar", SHOWN
    STEPPED_IN = "stepped_in", "Någon trädde in därför att tiden gick ut", SHOWN
    ROOM_ANSWERED = "room_answered", "En part svarade i det gemensamma rummet", SHOWN
    COMMITMENT_MADE = "commitment_made", "En part skrev sitt åtagande", SHOWN
    YES_SAID = "yes_said", "En part sa ja till åtagandena", SHOWN
    COMMITMENT_DONE = "commitment_done", "En part har gjort det den tog på sig", SHOWN
    COMMITMENT_NOT_KEPT = "commitment_not_kept", "Den som tog över gör inte det som var lovat", SHOWN
    COST_WRITTEN = "cost_written", "En part skrev vad som kan betalas tillsammans", SHOWN
    COST_DROPPED = "cost_dropped", "Kostnaden delas inte", SHOWN
    COST_PATH_SET = "cost_path_set", "En part skrev vem som beslutar om pengarna", SHOWN
    COST_DECIDED = "cost_decided", "En part har beslutat om pengarna", SHOWN
    TALK_PLANNED = "talk_planned", "En part föreslog en avstämning", SHOWN
    TALK_ACCEPTED = "talk_accepted", "Dagen för avstämningen passar båda", SHOWN
    TALK_HELD = "talk_held", "Parterna har haft en avstämning", SHOWN
    TALK_CANCELLED = "talk_cancelled", "Avstämningen blev inte av", SHOWN
    DISAGREED = "disagreed", "Parterna kom inte överens", SHOWN
    UNLOCKED = "unlocked", "Samordnaren gav ärendet till en av parterna", SHOWN
    BECAME_ONE = "became_one", "Parterna har blivit en verksamhet, som har ärendet ensam", SHOWN
    AGREED = "agreed", "Parterna kom överens", SHOWN
    TALK_PROPOSED = "talk_proposed", "En part skrev att det är löst i samtal", SHOWN
    TALK_REJECTED = "talk_rejected", "Den andra parten ville fortsätta i ärendet", SHOWN
    TALK_CONFIRMED = "talk_confirmed", "Båda parter bekräftade att det är löst i samtal", SHOWN
    LIFTED = "lifted", "Frågan lyftes till samverkansgruppen", SHOWN
    DECIDED = "decided", "Samverkansgruppen beslutade", SHOWN
    ANSWER_PROPOSED = "answer_proposed", "Ett gemensamt svar väntar på bekräftelse", SHOWN
    ANSWER_TO_CHECK = "answer_to_check", "Ett svar väntar på att samordnaren läser det", SHOWN
    ANSWER_CHECKED = "answer_checked", "Samordnaren läste svaret", SHOWN
    ANSWER_RETURNED = "answer_returned", "Samordnaren gav svaret tillbaka med en kommentar", SHOWN
    ANSWERED = "answered", "Rapportören fick svar", SHOWN
    ANSWER_CORRECTED = "answer_corrected", "Svaret rättades", SHOWN
    FEEDBACK_GIVEN = "feedback_given", "Rapportören berättade om frågan fick svar", SHOWN
    CLOSED = "closed", "Ärendet avslutades", SHOWN
    CLOSED_SILENT = "closed_silent", "Ärendet avslutades utan betyg", SHOWN
    WITHDRAWN = "withdrawn", "Rapportören återtog rapporten", SHOWN
    NOT_TAKEN_UP = "not_taken_up", "Ärendet togs inte upp här", SHOWN
    MERGED = "merged", "Ärendet fördes samman med ett annat", SHOWN
    SPLIT = "split", "Rapporten delades, så att två händelser blev två ärenden", SHOWN
    REPORTED_AGAIN = "reported_again", "Rapportören berättade att det har hänt igen", SHOWN
    PHONE_REPORT_TAKEN = "phone_report_taken", "En samordnare skrev ner rapporten vid ett samtal", SHOWN
    LINK_CODE_MADE = "link_code_made", "Rapportören fick en kopplingskod", HIDDEN
    LINK_CODE_REVOKED = "link_code_revoked", "Rapportören tog tillbaka sin kopplingskod", HIDDEN
    REPORTS_LINKED = "reports_linked", "Rapporten kopplades till en annan parts rapport om samma händelse", SHOWN
    VOICE_ADDED = "voice_added", "Någon till har sagt ”jag också”", HIDDEN
    VOICE_TAKEN_BACK = "voice_taken_back", "Någon tog tillbaka sitt ”jag också”", HIDDEN
    REPORT_CLAIMED = "report_claimed", "Den som ringde följer nu rapporten med sitt konto", HIDDEN
    # --- beside the way
    QUESTION_ASKED = "question_asked", "Rapportören fick en fråga", SHOWN
    QUESTION_ANSWERED = "question_answered", "Rapportören svarade på frågan", SHOWN
    QUESTION_CLOSED = "question_closed", "Frågan stängdes utan svar", SHOWN
    FACT_ADDED = "fact_added", "Rapportören lade till uppgifter", SHOWN
    CONTACT_OUTSIDE = "contact_outside", "Parterna hade kontakt utanför systemet", SHOWN
    ALSO_HANDLED_AS = "also_handled_as", "Ärendet hanteras även i egen ordning", SHOWN
    ATGARD_ADDED = "atgard_added", "En åtgärd lades till", SHOWN
    ATGARD_CHANGED = "atgard_changed", "En åtgärd ändrades", SHOWN
    ATGARD_DONE = "atgard_done", "En åtgärd infördes", SHOWN
    ATGARD_DECIDED = "atgard_decided", "En åtgärd beslutades", SHOWN
    ATGARD_DROPPED = "atgard_dropped", "En åtgärd genomförs inte", SHOWN
    ATGARD_FOLLOWED_UP = "atgard_followed_up", "En åtgärd följdes upp", SHOWN
    EFFECT_ASKED = "effect_asked", "Frågor om en åtgärd fungerar skickades", SHOWN
    EFFECT_ANSWERED = "effect_answered", "Rapportören svarade på om det har hänt igen", SHOWN
    RECURRED = "recurred", "Samma problem rapporterades igen efter en åtgärd", SHOWN
    FAMILY_FLAGGED = "family_flagged", "En part såg att familjen bär samordningen", SHOWN
    FAMILY_CLEARED = "family_cleared", "En part såg att familjen inte längre bär samordningen", SHOWN
    RECODED = "recoded", "Kategori eller allvar ändrades", SHOWN
    AVTALSPUNKT_SET = "avtalspunkt_set", "Det angavs vilket avtal som inte följdes", SHOWN
    FACTORS_SET = "factors_set", "Orsaker angavs", SHOWN
    HANDLER_NAMED = "handler_named", "En handläggare utsågs", SHOWN
    MASKED = "masked", "Text maskerades", SHOWN
    SEVERE_CONFIRMED = "severe_confirmed", "Chefen bekräftade att stödet är kontrollerat", SHOWN
    NOTE_ADDED = "note_added", "En intern anteckning skrevs", HIDDEN
    DIARIENUMMER_SET = "diarienummer_set", "Diarienummer angavs", HIDDEN
    GRUPPMENING_WRITTEN = "gruppmening_written", "En gruppmening skrevs", HIDDEN
    GRUPPMENING_APPROVED = "gruppmening_approved", "Gruppmeningen godkändes", HIDDEN
    # --- the group
    GAP_OPENED = "gap_opened", "En ansvarslucka lämnades till samverkansgruppen", SHOWN
    GAP_DECIDED = "gap_decided", "Samverkansgruppen beslutade om ansvarsluckan", SHOWN
    SILENCE_SHOWN = "silence_shown", "Samverkansgruppen fick veta att parten inte har svarat", SHOWN
    EFFECT_LIFTED = "effect_lifted", "Samverkansgruppen får frågan igen: problemet finns kvar efter åtgärden", SHOWN
    QUESTION_APPROVED = "question_approved", "Frågan till samverkansgruppen godkändes", HIDDEN
    QUESTION_PROPOSED = "question_proposed", "Gruppen skrev ett förslag till en fråga", HIDDEN
    QUESTION_DECLINED = "question_declined", "Samverkansgruppen sände tillbaka frågan med skäl", SHOWN
    QUESTION_ANSWERED_BY_GROUP = "question_answered_by_group", "Samverkansgruppen svarade på frågan", SHOWN
    QUESTION_LIFTED_ON = "question_lifted_on", "Frågan lyftes till gruppen ovanför", SHOWN
    GROUP_ASKED = "group_asked", "En fråga ställdes till samverkansgruppen", SHOWN
    DECISION_TAKEN = "decision_taken", "Gruppen fattade ett beslut", HIDDEN
    DECISION_CHANGED = "decision_changed", "Ett beslut ändrades", HIDDEN
    DECISION_ENDED = "decision_ended", "Ett beslut avslutades", HIDDEN
    DECISION_PUBLISHED = "decision_published", "Samverkansgruppens beslut publicerades", SHOWN
    MEETING_PLANNED = "meeting_planned", "Ett möte planerades", HIDDEN
    MEETING_CHANGED = "meeting_changed", "Ett möte ändrades", HIDDEN
    MEETING_OPENED = "meeting_opened", "Ett möte öppnades", HIDDEN
    MEETING_HELD = "meeting_held", "Ett möte hölls", HIDDEN
    MONTH_COMMENTED = "month_commented", "Sammankallande skrev till månaden", HIDDEN
    LEVEL_SET = "level_set", "Ett diagram fick en ny nivå", HIDDEN
    LEVEL_REMOVED = "level_removed", "En ny nivå i ett diagram togs bort", HIDDEN
    LACKS_TOLD = "lacks_told", "Gruppen ovanför fick veta vad en grupp saknar", HIDDEN
    PAPERS_MADE = "papers_made", "Underlaget till ett möte gjordes", HIDDEN
    WIDE_PUBLISHED = "wide_published", "Gruppens siffror publicerades brett", HIDDEN
    SIP_COUNTED = "sip_counted", "En kommuns SIP räknades", HIDDEN
    PLAN_WRITTEN = "plan_written", "En handlingsplan skrevs", HIDDEN
    ACTIVITY_CHANGED = "activity_changed", "En aktivitet i en handlingsplan ändrades", HIDDEN
    GOALS_SET = "goals_set", "En grupps mål för ett år skrevs", HIDDEN
    ANNUAL_MADE = "annual_made", "En årsrapport gjordes", HIDDEN
    ANNUAL_COMMENTED = "annual_commented", "Sammankallande skrev till en årsrapport", HIDDEN
    ANNUAL_APPROVED = "annual_approved", "En årsrapport godkändes", HIDDEN
    MEETING_CANCELLED = "meeting_cancelled", "Ett möte ställdes in", HIDDEN
    MINUTES_PUBLISHED = "minutes_published", "Ett protokoll publicerades", HIDDEN
    SEATS_CHANGED = "seats_changed", "Platserna i en grupp ändrades", HIDDEN
    MANDATE_WRITTEN = "mandate_written", "En grupps uppdrag skrevs in", HIDDEN
    PROBLEM_TYPE_ADDED = "problem_type_added", "En grupp skapade ett tema", HIDDEN
    PROBLEM_TYPE_CHANGED = "problem_type_changed", "En grupp ändrade ett tema", HIDDEN
    CANDIDATE_CONFIRMED = "candidate_confirmed", "En grupp bekräftade ett mönster", HIDDEN
    CANDIDATE_DISMISSED = "candidate_dismissed", "En grupp avfärdade ett mönster", HIDDEN
    STORY_WRITTEN = "story_written", "En händelsebeskrivning skrevs", HIDDEN
    STORY_APPROVED = "story_approved", "En händelsebeskrivning godkändes", HIDDEN
    STORY_PUBLISHED = "story_published", "En händelsebeskrivning publicerades", SHOWN
    STORY_WITHDRAWN = "story_withdrawn", "En händelsebeskrivning drogs in", HIDDEN
    MONTH_FROZEN = "month_frozen", "Gruppens månad fastställdes", HIDDEN
    WARNING_SENT = "warning_sent", "En snabbvarning skickades till enheter", HIDDEN
    WARNING_WITHDRAWN = "warning_withdrawn", "En snabbvarning togs tillbaka", HIDDEN
    WARNING_READ = "warning_read", "En snabbvarning lästes på en enhet", HIDDEN
    # --- reading and refusing
    CASE_READ = "case_read", "Ärendet öppnades", HIDDEN
    SEARCHED = "searched", "En sökning gjordes", HIDDEN
    EXPORTED = "exported", "Uppgifter hämtades ut", HIDDEN
    REFUSED = "refused", "Något nekades", HIDDEN
    GUARD_WARNED = "guard_warned", "En varning om personuppgifter besvarades", HIDDEN
    GUARD_WORD_ADDED = "guard_word_added", "Ett ord lades till i vaktens lista", HIDDEN
    GUARD_WORD_REMOVED = "guard_word_removed", "Ett ord togs bort ur vaktens lista", HIDDEN
    LOG_REVIEWED = "log_reviewed", "Loggen granskades", HIDDEN
    REVIEW_OPENED = "review_opened", "En granskning öppnades", HIDDEN
    REVIEW_ENDED = "review_ended", "En granskning avslutades", HIDDEN
    REVIEW_READ = "review_read", "En revisor läste underlag", HIDDEN
    # --- people
    LOGGED_IN = "logged_in", "Inloggning", HIDDEN
    LOGGED_OUT = "logged_out", "Utloggning", HIDDEN
    LOGIN_FAILED = "login_failed", "Misslyckad inloggning", HIDDEN
    SESSION_REVOKED = "session_revoked", "En inloggning avslutades i förtid", HIDDEN
    PASSWORD_CHANGED = "password_changed", "Lösenordet byttes", HIDDEN
    PASSWORD_RESET_ASKED = "password_reset_asked", "Ett nytt lösenord begärdes", HIDDEN
    SECOND_STEP_PASSED = "second_step_passed", "Andra steget klarades", HIDDEN
    SECOND_STEP_FAILED = "second_step_failed", "Fel kod i andra steget", HIDDEN
    SECOND_STEP_SET_UP = "second_step_set_up", "Andra steget sattes upp", HIDDEN
    SECOND_STEP_RESET = "second_step_reset", "Andra steget togs bort", HIDDEN
    RECOVERY_CODES_MADE = "recovery_codes_made", "Nya reservkoder skapades", HIDDEN
    RECOVERY_CODE_USED = "recovery_code_used", "En reservkod användes", HIDDEN
    CALENDAR_BEGUN = "calendar_begun", "En kalenderadress skapades", HIDDEN
    CALENDAR_ENDED = "calendar_ended", "En kalenderadress togs bort", HIDDEN
    INVITED = "invited", "En person bjöds in", HIDDEN
    INVITATION_TAKEN_BACK = "invitation_taken_back", "En inbjudan togs tillbaka", HIDDEN
    INVITATION_ACCEPTED = "invitation_accepted", "En inbjudan togs emot", HIDDEN
    ACCOUNT_DISABLED = "account_disabled", "Ett konto stängdes", HIDDEN
    ACCOUNT_ENABLED = "account_enabled", "Ett konto öppnades", HIDDEN
    ROLE_GRANTED = "role_granted", "En roll gavs", HIDDEN
    ROLE_CONFIRMED = "role_confirmed", "En roll gicks igenom och behövs fortfarande", HIDDEN
    ROLE_REVOKED = "role_revoked", "En roll togs bort", HIDDEN
    # --- organisation
    ORGANISATION_IMPORTED = "organisation_imported", "Organisationen lästes in", HIDDEN
    UNIT_OPENED = "unit_opened", "En enhet öppnades", HIDDEN
    UNIT_MOVED = "unit_moved", "En enhet fick en annan förvaltning, andra kommuner eller åldrar", HIDDEN
    UNIT_CLOSED = "unit_closed", "En enhet fick en sista dag", HIDDEN
    UNIT_KEPT_OPEN = "unit_kept_open", "En enhets sista dag togs tillbaka", HIDDEN
    UNIT_RENAMED = "unit_renamed", "En enhet bytte namn", HIDDEN
    UNIT_CONTACT_CHANGED = "unit_contact_changed", "En enhets kontaktvägar ändrades", HIDDEN
    FUNKTION_CONTACT_CHANGED = "funktion_contact_changed", "En funktions kontaktvägar ändrades", HIDDEN
    ANSWER_CHECK_SWITCHED = "answer_check_switched", "En huvudman ändrade om svar ska läsas innan de skickas", HIDDEN
    POSITION_CHANGED = "position_changed", "En befattning ändrades", HIDDEN
    HOLDER_CHANGED = "holder_changed", "En befattning fick en ny innehavare", HIDDEN
    ABSENCE_ADDED = "absence_added", "Frånvaro lades in", HIDDEN
    ABSENCE_REMOVED = "absence_removed", "Frånvaro togs bort", HIDDEN
    CONTACT_REPORTED = "contact_reported", "En kontaktväg anmäldes som felaktig", HIDDEN
    CONTACT_REPORT_DONE = "contact_report_done", "En anmäld kontaktväg åtgärdades", HIDDEN
    LAN_TEXT_CHANGED = "lan_text_changed", "En text för länet ändrades", HIDDEN
    PAGES_COMMENTED = "pages_commented", "En brist i tillgängligheten anmäldes", HIDDEN
    PAGES_COMMENT_DONE = "pages_comment_done", "En anmäld brist i tillgängligheten togs om hand", HIDDEN
    LIMITS_CHANGED = "limits_changed", "Tidsgränser ändrades", HIDDEN
    AVTAL_CHANGED = "avtal_changed", "Registret över avtal ändrades", HIDDEN
    LOV_CHANGED = "lov_changed", "Lovkalendern ändrades", HIDDEN
    EMERGENCY_CHANGED = "emergency_changed", "Länets akuta nummer ändrades", HIDDEN
    CODES_CHANGED = "codes_changed", "Kodlistor ändrades", HIDDEN
    # --- the system itself
    NOTICE_SENT = "notice_sent", "Ett mejl skickades", HIDDEN
    NOTICE_DROPPED = "notice_dropped", "Ett mejl behövdes inte längre", HIDDEN
    NOTICE_FAILED = "notice_failed", "Ett mejl kunde inte skickas", HIDDEN
    CASES_LOADED = "cases_loaded", "Ärenden lästes in", HIDDEN
    DRAFTS_PURGED = "drafts_purged", "Gamla utkast gallrades", HIDDEN
    PURGED = "purged", "Uppgifter gallrades efter beslut", HIDDEN
    # fmt: on
