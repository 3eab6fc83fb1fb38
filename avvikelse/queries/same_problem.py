"""Do two reports at a unit tell of the same problem? Open where an åtgärd is followed: what came again, and how often.

They do when people have confirmed both in one problem type, whatever their categories. They do not when a group has put
them in different ones. Where no group has judged both, the category decides: so a new report counts at once, before
anybody has sorted it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.themes import ProblemType, ProblemTypeCase

_one, _other = aliased(ProblemTypeCase), aliased(ProblemTypeCase)
_ones_type, _others_type = aliased(ProblemType), aliased(ProblemType)


def in_one_type(case_id: Any, other_id: Any) -> ColumnElement[bool]:
    """Confirmed in the same problem type."""
    return exists().where(
        _one.avvikelse_id == case_id,
        _other.problem_type_id == _one.problem_type_id,
        _other.avvikelse_id == other_id,
    )


def judged_by_one_group(case_id: Any, other_id: Any) -> ColumnElement[bool]:
    """Both confirmed by a group. Without `in_one_type` it has told them apart."""
    return exists().where(
        _one.avvikelse_id == case_id,
        _ones_type.id == _one.problem_type_id,
        _others_type.group_id == _ones_type.group_id,
        _other.problem_type_id == _others_type.id,
        _other.avvikelse_id == other_id,
    )


def beside_it(case_id: Any) -> Select[*tuple[Any, ...]]:
    """The ids of the cases that share a problem type with it, itself too."""
    return (
        select(_other.avvikelse_id)
        .join(_one, _one.problem_type_id == _other.problem_type_id)
        .where(_one.avvikelse_id == case_id)
    )


def judged_beside(case_id: Any) -> Select[*tuple[Any, ...]]:
    """The ids of the cases that a group has judged as well as this one: found once, for a question about one case."""
    return (
        select(_other.avvikelse_id)
        .join(_others_type, _others_type.id == _other.problem_type_id)
        .join(_ones_type, _ones_type.group_id == _others_type.group_id)
        .join(_one, _one.problem_type_id == _ones_type.id)
        .where(_one.avvikelse_id == case_id)
    )


def same_problem(row: Avvikelse) -> ColumnElement[bool]:
    """Reports of the case's problem at its unit, itself too."""
    by_category = and_(Avvikelse.category == row.category, Avvikelse.id.not_in(judged_beside(row.id)))
    by_type = and_(Avvikelse.id.in_(beside_it(row.id)), Avvikelse.category != GOOD_EXAMPLE)
    return and_(Avvikelse.receiver_enhet_id == row.receiver_enhet_id, or_(by_category, by_type))
