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
    LOCKED = "locked", "Parterna löser ärendet tillsammans", SHOWN
    COMMITMENT_MADE = "commitment_made", "En part skrev sitt åtagande", SHOWN
    AGREED = "agreed", "Parterna kom överens", SHOWN
    TALK_PROPOSED = "talk_proposed", "En part skrev att det är löst i samtal", SHOWN
    TALK_REJECTED = "talk_rejected", "Den andra parten ville fortsätta i ärendet", SHOWN
    TALK_CONFIRMED = "talk_confirmed", "Båda parter bekräftade att det är löst i samtal", SHOWN
    LIFTED = "lifted", "Frågan lyftes till samverkansgruppen", SHOWN
    DECIDED = "decided", "Samverkansgruppen beslutade", SHOWN
    ANSWER_PROPOSED = "answer_proposed", "Ett gemensamt svar väntar på bekräftelse", SHOWN
    ANSWERED = "answered", "Rapportören fick svar", SHOWN
    ANSWER_CORRECTED = "answer_corrected", "Svaret rättades", SHOWN
    FEEDBACK_GIVEN = "feedback_given", "Rapportören berättade om svaret hjälpte", SHOWN
    CLOSED = "closed", "Ärendet avslutades", SHOWN
    CLOSED_SILENT = "closed_silent", "Ärendet avslutades utan betyg", SHOWN
    WITHDRAWN = "withdrawn", "Rapportören återtog rapporten", SHOWN
    NOT_TAKEN_UP = "not_taken_up", "Ärendet togs inte upp här", SHOWN
    MERGED = "merged", "Ärendet fördes samman med ett annat", SHOWN
    REPORTED_AGAIN = "reported_again", "Rapportören berättade att det har hänt igen", SHOWN
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
    ATGARD_FOLLOWED_UP = "atgard_followed_up", "En åtgärd följdes upp", SHOWN
    RECODED = "recoded", "Kategori eller allvar ändrades", SHOWN
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
    QUESTION_APPROVED = "question_approved", "Frågan till samverkansgruppen godkändes", HIDDEN
    QUESTION_DECLINED = "question_declined", "Samverkansgruppen sände tillbaka frågan med skäl", SHOWN
    MEETING_HELD = "meeting_held", "Ett möte hölls", HIDDEN
    MONTH_FROZEN = "month_frozen", "Gruppens månad fastställdes", HIDDEN
    # --- reading and refusing
    CASE_READ = "case_read", "Ärendet öppnades", HIDDEN
    SEARCHED = "searched", "En sökning gjordes", HIDDEN
    EXPORTED = "exported", "Uppgifter hämtades ut", HIDDEN
    REFUSED = "refused", "Något nekades", HIDDEN
    GUARD_WARNED = "guard_warned", "En varning om personuppgifter besvarades", HIDDEN
    LOG_REVIEWED = "log_reviewed", "Loggen granskades", HIDDEN
    # --- people
    LOGGED_IN = "logged_in", "Inloggning", HIDDEN
    LOGGED_OUT = "logged_out", "Utloggning", HIDDEN
    LOGIN_FAILED = "login_failed", "Misslyckad inloggning", HIDDEN
    SESSION_REVOKED = "session_revoked", "En inloggning avslutades i förtid", HIDDEN
    PASSWORD_CHANGED = "password_changed", "Lösenordet byttes", HIDDEN
    PASSWORD_RESET_ASKED = "password_reset_asked", "Ett nytt lösenord begärdes", HIDDEN
    INVITED = "invited", "En person bjöds in", HIDDEN
    INVITATION_ACCEPTED = "invitation_accepted", "En inbjudan togs emot", HIDDEN
    ACCOUNT_DISABLED = "account_disabled", "Ett konto stängdes", HIDDEN
    ACCOUNT_ENABLED = "account_enabled", "Ett konto öppnades", HIDDEN
    ROLE_GRANTED = "role_granted", "En roll gavs", HIDDEN
    ROLE_REVOKED = "role_revoked", "En roll togs bort", HIDDEN
    # --- organisation
    ORGANISATION_IMPORTED = "organisation_imported", "Organisationen lästes in", HIDDEN
    UNIT_RENAMED = "unit_renamed", "En enhet bytte namn", HIDDEN
    UNIT_CONTACT_CHANGED = "unit_contact_changed", "En enhets kontaktvägar ändrades", HIDDEN
    FUNKTION_CONTACT_CHANGED = "funktion_contact_changed", "En funktions kontaktvägar ändrades", HIDDEN
    POSITION_CHANGED = "position_changed", "En befattning ändrades", HIDDEN
    HOLDER_CHANGED = "holder_changed", "En befattning fick en ny innehavare", HIDDEN
    ABSENCE_ADDED = "absence_added", "Frånvaro lades in", HIDDEN
    ABSENCE_REMOVED = "absence_removed", "Frånvaro togs bort", HIDDEN
    CONTACT_REPORTED = "contact_reported", "En kontaktväg anmäldes som felaktig", HIDDEN
    CONTACT_REPORT_DONE = "contact_report_done", "En anmäld kontaktväg åtgärdades", HIDDEN
    LIMITS_CHANGED = "limits_changed", "Tidsgränser ändrades", HIDDEN
    CODES_CHANGED = "codes_changed", "Kodlistor ändrades", HIDDEN
    # --- the system itself
    NOTICE_SENT = "notice_sent", "Ett mejl skickades", HIDDEN
    NOTICE_DROPPED = "notice_dropped", "Ett mejl behövdes inte längre", HIDDEN
    NOTICE_FAILED = "notice_failed", "Ett mejl kunde inte skickas", HIDDEN
    CASES_LOADED = "cases_loaded", "Ärenden lästes in", HIDDEN
    DRAFTS_PURGED = "drafts_purged", "Gamla utkast gallrades", HIDDEN
    PURGED = "purged", "Uppgifter gallrades efter beslut", HIDDEN
    # fmt: on
