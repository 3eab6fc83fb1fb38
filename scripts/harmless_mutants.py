"""Changes that change nothing, and why: what survives and is no hole in the tests."""

from __future__ import annotations

AS_LONG = "De två raderna är lika långa: den ena görs av den andra."
A_TYPE = "Bara en typ, som ingen läser när programmet kör."

# (file, the line as it stands, the change): why nobody could notice
HARMLESS: dict[tuple[str, str, str], str] = {
    ("domain/workflow.py", "Guard = Callable[[CaseFacts], str | None]", "utan CaseFacts"): A_TYPE,
    ("policy/role_granting.py", "Test = Callable[[Actor, Target], bool]", "utan Actor"): A_TYPE,
    ("policy/role_granting.py", "Test = Callable[[Actor, Target], bool]", "utan Target"): A_TYPE,
    ("policy/visibility.py", "return list(zip(row.parties, found, strict=True))", "True → False"): AS_LONG,
    (
        "domain/relation.py",
        (
            "return tuple(party_relations(actor, party, own_only=own) "
            "for party, own in zip(parties, partial, strict=True))"
        ),
        "True → False",
    ): AS_LONG,
}
