"""The convenor's words to a section of the annual report."""

from __future__ import annotations

from wtforms.validators import Length, Optional

from avvikelse.services.annual import MAX_COMMENT
from avvikelse.web.forms.base import BaseForm, GuardedTextAreaField


class SectionCommentForm(BaseForm):
    text = GuardedTextAreaField(
        "Vad vill gruppen säga om det här?",
        description="Texten följer med när årsrapporten godkänns, också till dem utanför gruppen. Lämna tomt för att "
        "ta bort den.",
        validators=[Optional(), Length(max=MAX_COMMENT)],
    )
