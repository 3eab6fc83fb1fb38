"""The month's signs, drawn: each has a shape and a fill of its own, so that they differ without colour too.

The words always stand beside a sign (`words`); a drawing says nothing to a screen reader. The same drawing stands on
the page, in the document and in the legend.
"""

from __future__ import annotations

from avvikelse.analysis.month_content import Sign

BLUE, ORANGE, GREY, INK = "#005ea5", "#b4520a", "#5f6b73", "#1b2a30"

_WORDS: dict[Sign, str] = {
    Sign.RISING: "oftare än väntat",
    Sign.FALLING: "mindre än väntat",
    Sign.BETTER: "ny, bättre nivå",
    Sign.SHIFTED: "annat än vanligt",
    Sign.USUAL: "som väntat",
    Sign.FEW: "för få uppgifter",
    Sign.LATE: "sen",
    Sign.DECIDE: "att besluta",
}
_COLOURS: dict[Sign, str] = {
    Sign.RISING: ORANGE, Sign.LATE: ORANGE, Sign.FALLING: BLUE, Sign.BETTER: BLUE, Sign.DECIDE: BLUE, Sign.SHIFTED: INK,
}  # fmt: skip
_SHAPES: dict[Sign, str] = {
    Sign.RISING: '<path d="M20 9.5 30 27H10z" fill="{ink}"/>',
    Sign.FALLING: '<path d="M20 30.5 30 13H10z" fill="#ffffff" stroke="{ink}" stroke-width="3"/>',
    Sign.BETTER: '<path d="M9 13.5h11v13h11" fill="none" stroke="{ink}" stroke-width="3.4"/>',
    Sign.SHIFTED: '<path d="M20 9.5 30.5 20 20 30.5 9.5 20z" fill="{ink}"/>',
    Sign.USUAL: '<path d="M9 20c3.5-8 8-8 11 0s7.5 8 11 0" fill="none" stroke="{ink}" stroke-width="3"/>',
    Sign.FEW: '<path d="M20 10.5V21l7 4" fill="none" stroke="{ink}" stroke-width="3"/>',
    Sign.LATE: '<path d="M20 10.5v12" stroke="{ink}" stroke-width="3"/><circle cx="20" cy="28.5" r="2.4" fill="{ink}"/>',
    Sign.DECIDE: '<path d="M14.5 16.5a5.6 5.6 0 1 1 8 5c-2 1-2.6 1.8-2.6 4" fill="none" stroke="{ink}" stroke-width="3"/>'
    '<circle cx="20" cy="30" r="2.2" fill="{ink}"/>',
}


def sign_svg(sign: Sign) -> str:
    """The drawing, 40 × 40. Its code is as good as the sign."""
    sign = Sign(sign)
    ink = _COLOURS.get(sign, GREY)
    dashes = ' stroke-dasharray="5 3.5"' if sign is Sign.FEW else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="av-sign av-sign--{sign.value}" viewBox="0 0 40 40" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f'<circle cx="20" cy="20" r="17.5" fill="#ffffff" stroke="{ink}" stroke-width="2.6"{dashes}/>'
        f"{_SHAPES[sign].format(ink=ink)}</svg>"
    )


def words(sign: Sign) -> str:
    """What the sign says."""
    return _WORDS[Sign(sign)]
