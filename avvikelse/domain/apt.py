"""The three questions of an *APT-underlag*: what a unit talks about at its workplace meeting. Open to change one.

About how work is done, never about who did it. Each place has a question for when there is something to build on and
one for when there is not, so there are always three.
"""

from __future__ import annotations


def questions(*, changed: bool, most_reported: str | None) -> tuple[str, str, str]:
    """`most_reported`: the name of the category that at least five of the unit's reports are about."""
    return (
        "Märker vi av det som har ändrats? Vad behöver vi själva göra annorlunda för att det ska hålla?"
        if changed
        else "Vad i samarbetet med andra verksamheter har krånglat sedan sist, utan att vi har rapporterat det?",
        f"Det vi oftast rapporterar är ”{most_reported}”. Vad kan vi göra för att det ska hända mer sällan?"
        if most_reported
        else "Vilken del av samarbetet med andra verksamheter är svårast just nu, och vad kan vi själva göra åt den?",
        "Vad skulle göra det lättare att rapportera när samarbetet brister?",
    )
