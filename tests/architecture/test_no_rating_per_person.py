"""Never a personnel matter: no read puts what reporters thought of answers together with who wrote or handled them.

The unit's page, the month and the indicators may count ratings; none of them may so much as touch a person.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import avvikelse

ROOT = Path(avvikelse.__file__).parent
READS = ("queries", "analysis", "reports")
RATING = {"rating", "rating_reason", "rated_at", "ratings", "Rating"}
PERSON = {"written_by_user_id", "handler_user_id", "handler", "confirmed_by_user_id", "proposed_by_user_id"}
# The one answer on its own case page stands beside its verdict; the page names the unit that answered, not who wrote.
ONE_CASE = {"queries/case_parts.py", "queries/case_views.py", "queries/case_page.py"}


def names_in(node: ast.AST) -> set[str]:
    found = {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
    return found | {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def mixed(source: str) -> Iterator[str]:
    """Functions and classes that name both a rating and a person."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = names_in(node)
            if names & RATING and names & PERSON:
                yield node.name


def test_no_read_puts_ratings_and_people_together() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for folder in READS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if str(path.relative_to(ROOT)) not in ONE_CASE
        for name in mixed(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_an_answer_on_a_page_does_not_say_who_wrote_it() -> None:
    from dataclasses import fields

    from avvikelse.queries.case_views import AnswerView

    assert not {field.name for field in fields(AnswerView)} & (PERSON | {"by", "author", "writer", "written_by"})


def test_the_walker_finds_a_planted_read() -> None:
    assert list(mixed("def bad():\n    return select(Answer.rating, Answer.written_by_user_id)")) == ["bad"]
    assert list(mixed("def good():\n    return select(Answer.rating)")) == []
