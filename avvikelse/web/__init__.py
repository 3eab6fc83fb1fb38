"""HTTP for people. Open to add an area: write its blueprint file, add its import path here.

A blueprint file holds `blueprint = Blueprint(...)`; each view declares its access (access.py), a GET view that
records its reading says `@writes`, or `record_first` where others wait for it (transaction.py). Views parse, call one
query or service, and answer.
"""

from __future__ import annotations

# "module:attribute", in the order in which they are registered.
BLUEPRINTS: tuple[str, ...] = (
    "avvikelse.web.start:blueprint",
    "avvikelse.web.auth:blueprint",
    "avvikelse.web.second_step:blueprint",
    "avvikelse.web.report:blueprint",
    "avvikelse.web.links:blueprint",
    "avvikelse.web.answer_check:blueprint",
    "avvikelse.web.voices:blueprint",
    "avvikelse.web.open_report:blueprint",
    "avvikelse.web.family:blueprint",
    "avvikelse.web.follow:blueprint",
    "avvikelse.web.phone:blueprint",
    "avvikelse.web.cases:blueprint",
    "avvikelse.web.room:blueprint",
    "avvikelse.web.standing_in:blueprint",
    "avvikelse.web.case_texts:blueprint",
    "avvikelse.web.case_split:blueprint",
    "avvikelse.web.samordnare:blueprint",
    "avvikelse.web.measures:blueprint",
    "avvikelse.web.own_unit:blueprint",
    "avvikelse.web.account:blueprint",
    "avvikelse.web.calendar:blueprint",
    "avvikelse.web.invite:blueprint",
    "avvikelse.web.roles:blueprint",
    "avvikelse.web.role_review:blueprint",
    "avvikelse.web.units:blueprint",
    "avvikelse.web.log_review:blueprint",
    "avvikelse.web.contacts:blueprint",
    "avvikelse.web.groups:blueprint",
    "avvikelse.web.group_month:blueprint",
    "avvikelse.web.wide:blueprint",
    "avvikelse.web.group_pages:blueprint",
    "avvikelse.web.group_minutes:blueprint",
    "avvikelse.web.group_followup:blueprint",
    "avvikelse.web.group_plan:blueprint",
    "avvikelse.web.group_goals:blueprint",
    "avvikelse.web.annual:blueprint",
    "avvikelse.web.sip:blueprint",
    "avvikelse.web.reviews:blueprint",
    "avvikelse.web.internal_control:blueprint",
    "avvikelse.web.desk_themes:blueprint",
    "avvikelse.web.desk_acts:blueprint",
    "avvikelse.web.guard_words:blueprint",
    "avvikelse.web.situation:blueprint",
    "avvikelse.web.avtal:blueprint",
    "avvikelse.web.responsibility:blueprint",
    "avvikelse.web.organisation:blueprint",
    "avvikelse.web.lov:blueprint",
    "avvikelse.web.lan_texts:blueprint",
    "avvikelse.web.lan_settings:blueprint",
    "avvikelse.web.information:blueprint",
    "avvikelse.web.feedback:blueprint",
    "avvikelse.web.health:blueprint",
)
