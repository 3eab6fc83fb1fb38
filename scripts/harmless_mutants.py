"""Changes that change nothing, and why: what survives and is no hole in the tests."""

from __future__ import annotations

AS_LONG = "De två raderna är lika långa: den ena görs av den andra."
A_TYPE = "Bara en typ, som ingen läser när programmet kör."

# (file, the line as it stands, the change): why nobody could notice
HARMLESS: dict[tuple[str, str, str], str] = {}
