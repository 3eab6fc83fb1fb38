"""Every free text passes here before it is stored, whatever door it came through.

The finding itself is domain/persondata.py.
"""

from __future__ import annotations

from avvikelse.domain.errors import Invalid
from avvikelse.domain.persondata import blocking, explain, refuse_control_characters


def guard(**texts: str | None) -> None:
    """Raises Invalid at the first field (named by the keyword) with personal data or control characters.

    The sentence says what kind was found and what to write instead; it never repeats the text.
    """
    for field, text in texts.items():
        if not text:
            continue
        try:
            refuse_control_characters(text)
        except Invalid as error:
            raise Invalid(error.reason, field=field) from error
        found = blocking(text)
        if found:
            raise Invalid(explain(found), field=field)
