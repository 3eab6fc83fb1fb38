"""Ways to break a rule: one small change in a file, and what a test must run in order to notice it."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed file. `what` says the change to a reader."""

    file: str
    line: int
    what: str
    source: str
    text: str  # the line as it was
    lines: range  # of the statement: a test that runs none of them cannot notice
    function: str | None  # the function or method whose body was changed; None: what runs when the file is imported


# --- ways to break a line: (in words, what to do with the node) -------------------------------------------------------

Change = tuple[str, Callable[[Any], Any]]
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
OTHER: dict[type[ast.operator], type[ast.operator]] = {ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Sub: ast.BitOr}
INSTEAD = {"any": "all", "all": "any", "or_": "and_", "and_": "or_", "true": "false", "false": "true"}


def comparisons(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in TURNED:
        turned = TURNED[type(node.ops[0])]
        yield f"{type(node.ops[0]).__name__} → {turned.__name__}", lambda n: n.ops.__setitem__(0, turned())


def operators(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} → {other.__name__}", lambda n: setattr(n, "op", other())
    if isinstance(node, ast.BinOp) and type(node.op) in OTHER:
        instead = OTHER[type(node.op)]
        yield f"{type(node.op).__name__} → {instead.__name__}", lambda n: setattr(n, "op", instead())


def negations(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} → {not node.value}", lambda n: setattr(n, "value", not n.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not not", lambda n: setattr(n, "operand", ast.UnaryOp(ast.Not(), n.operand))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        yield "~~", lambda n: setattr(n, "operand", ast.UnaryOp(ast.Invert(), n.operand))


def names(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in INSTEAD:
        instead = INSTEAD[node.func.id]
        yield f"{node.func.id} → {instead}", lambda n: setattr(n.func, "id", instead)


def members(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Tuple | ast.List) and not isinstance(node.ctx, ast.Load):
        return
    if isinstance(node, ast.Set | ast.Tuple | ast.List):
        for place, member in enumerate(node.elts):
            if not isinstance(member, ast.Constant):
                yield f"utan {ast.unparse(member)[:60]}", partial(_without, place=place)


def rows(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Dict):
        for place, key in enumerate(node.keys):
            if key is not None and not isinstance(key, ast.Constant):
                yield f"utan raden {ast.unparse(key)[:60]}", partial(_without_row, place=place)


def _without(node: Any, *, place: int) -> None:
    node.elts.pop(place)


def _without_row(node: Any, *, place: int) -> None:
    node.keys.pop(place)
    node.values.pop(place)


WAYS = (comparisons, operators, negations, names, members, rows)


def mutants_of(file: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a file that still is Python."""
    tree = ast.parse(source)
    typed = {id(inner) for annotation in _annotations(tree) for inner in ast.walk(annotation)}
    places = dict(_places(tree, range(0), (), None))
    for number, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.expr) or id(node) in typed:
            continue
        text = source.splitlines()[node.lineno - 1].strip()
        lines, function = places[id(node)]
        for what, change in (found for way in WAYS for found in way(node)):
            changed = copy.deepcopy(tree)
            change(next(twin for place, twin in enumerate(ast.walk(changed)) if place == number))
            changed_source = ast.unparse(ast.fix_missing_locations(changed))
            yield Mutant(file, node.lineno, what, changed_source, text, lines, function)


Place = tuple[range, str | None]


def _places(node: ast.AST, lines: range, inside: tuple[str, ...], body_of: str | None) -> Iterator[tuple[int, Place]]:
    """For every expression, by its id: the lines of its statement, and the outermost function whose body holds it."""
    if isinstance(node, ast.stmt):
        body = getattr(node, "body", None)
        lines = range(node.lineno, max(node.lineno, body[0].lineno - 1 if body else node.end_lineno or 0) + 1)
    if isinstance(node, ast.expr):
        yield id(node), (lines, body_of)
    named = isinstance(node, ast.FunctionDef | ast.ClassDef)
    within = (*inside, node.name) if named else inside  # type: ignore[attr-defined]
    for field, value in ast.iter_fields(node):
        starts = body_of is None and field == "body" and isinstance(node, ast.FunctionDef)
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _places(child, lines, within, ".".join(within) if starts else body_of)


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    """Types and decorators: changing one changes nothing that a test could see."""
    for node in ast.walk(tree):
        found = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        found += getattr(node, "decorator_list", [])
        yield from (one for one in found if isinstance(one, ast.expr))
