"""The form in which a kommun's SIP are counted: only numbers, all optional, because empty is not 0."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField

from avvikelse.analysis.indicators.sip_totals import NUMBERS, SipCount
from avvikelse.web.forms.base import BaseForm, NumberField


class SipForm(BaseForm):
    seen_version = HiddenField()
    new = NumberField("Nya SIP", description="Personer vars första SIP-möte hölls under halvåret.")
    held = NumberField("SIP-möten som hölls", description="Första möten och uppföljningar.")
    once = NumberField("Personer med ett möte")
    twice = NumberField("Personer med två möten")
    more = NumberField("Personer med tre möten eller fler")
    full = NumberField("Möten dit alla kallade kom")
    called = NumberField("Kallade parter, alla möten tillsammans")
    attended = NumberField("Parter som kom, alla möten tillsammans")
    cancelled = NumberField("Planerade möten som inte blev av")
    short = NumberField("Möten med mindre än sju dagars varsel")

    GROUPS = (
        ("Planer och möten", ("new", "held")),
        ("Möten per person", ("once", "twice", "more")),
        ("Vilka som kom", ("full", "called", "attended")),
        ("Kallelserna", ("cancelled", "short")),
    )

    def count(self) -> SipCount:
        """What was typed. Only of a form that has been validated."""
        typed: dict[str, Any] = {name: self[name].data for name in NUMBERS}
        return SipCount(**typed)
