"""How closely equations over counts tell a sum of some of them: the range that they leave, by linear programming.

Open when publishing a wide table takes long. One system of equations is asked about hundreds of sums, so the solver is
kept: each question begins at the corner where the last one ended, which is a fifth of the work of beginning anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import highspy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Floats = NDArray[np.float64]

ROUNDING = 1e-6  # of the linear programme
NOTHING = 1e-12
IDLE, GAIN = 2, 8  # looking in all directions stops when it has twice shown fewer than these to be wide enough
FEW = 20  # so many are asked about one by one at once
PRIMAL = 4  # the simplex method that goes on from a corner when only the goal is new
QUICKLY: dict[str, str | int] = {"presolve": "off", "simplex_strategy": PRIMAL, "threads": 1, "random_seed": 0}


class _Solver(highspy.Highs):
    """Without the callbacks: none is used, and switching them on prints a line."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


class Ranges:
    """Ranges under the equations. Every solution found is remembered: it often shows that others are wide enough."""

    def __init__(self, known: Floats, equations: Iterable[Mask]) -> None:
        import numpy as np
        from scipy.sparse import csr_array

        by_name = {line.tobytes(): line for line in equations if line.any()}
        self.names, lines = tuple(by_name), list(by_name.values())
        self.told: Mask = np.logical_or.reduce(lines)
        nothing: Mask = np.logical_or.reduce([line for line in lines if not known[line].sum()] or [self.told & False])
        self.open: Mask = self.told & ~nothing
        self.matrix = csr_array(np.array([line[self.open] for line in lines], dtype=float))
        self.values = np.array([known[line].sum() for line in lines])
        self.solutions = [known[self.open]]
        self._engine: Any = None

    def perhaps_narrow(self, targets: Sequence[Mask], enough: int) -> list[Mask]:
        """Those of the targets that a few solutions in all directions do not already show to be wide enough.

        One programme that pulls all of them, each up or down by chance, does for many what would else take two each.
        """
        import numpy as np
        from scipy.sparse import csr_array

        left = [target for target in targets if not (target & ~self.told).any()]  # the others stand in no table
        if not left:
            return []
        goals = csr_array(np.array([target[self.open] for target in left]), dtype=float)
        low = high = goals @ self.solutions[0]
        here = np.arange(len(left))
        chance = np.random.default_rng(0)
        idle = 0
        while len(here) > FEW and idle < IDLE:
            before = len(here)
            alike = 1 / goals.sum(axis=1)  # a long sum pulls no harder than a single cell
            for sign in (1.0, -1.0):
                reached = goals @ self._solve(sign * (chance.choice((-1.0, 1.0), before) * alike) @ goals)
                low, high = np.minimum(low, reached), np.maximum(high, reached)
            narrow = np.floor(high + ROUNDING) - np.ceil(low - ROUNDING) < enough
            here, goals, low, high = here[narrow], goals[narrow], low[narrow], high[narrow]
            idle = idle + 1 if before - len(here) < GAIN else 0
        return [left[n] for n in here]

    def range_of(self, target: Mask, enough: int) -> tuple[int, int, frozenset[bytes]]:
        """The lowest and highest that the target may be; where solutions at hand are `enough` apart, these.

        Third the equations that the two ends rest on: as long as they all stand, whatever becomes of the others, the
        range is no wider (the dual solution is one of the smaller system too).
        """
        import numpy as np

        goal = target[self.open].astype(float)
        found = np.array(self.solutions) @ goal
        low, high = float(found.min()), float(found.max())
        rests_on: set[bytes] = set()
        for direction in (-1.0, 1.0):
            if floor(high + ROUNDING) - ceil(low - ROUNDING) >= enough:
                break
            reached = float(goal @ self._solve(direction * goal))
            low, high = min(low, reached), max(high, reached)
            prices = np.array(self._engine.getSolution().row_dual)
            rests_on.update(self.names[n] for n in np.flatnonzero(np.abs(prices) > NOTHING))
        return ceil(low - ROUNDING), floor(high + ROUNDING), frozenset(rests_on)

    def _solve(self, goal: Floats) -> Floats:
        """The solution that takes the goal highest, remembered. It begins where the one before ended."""
        import numpy as np

        if self._engine is None:
            self._engine = self._started()
        engine = self._engine
        engine.changeColsCost(len(goal), np.arange(len(goal), dtype=np.int32), -goal)
        engine.run()
        if engine.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(engine.modelStatusToString(engine.getModelStatus()))
        solution: Floats = np.array(engine.getSolution().col_value)
        self.solutions.append(solution)
        return solution

    def _started(self) -> Any:
        """The equations as the solver has them. Only the goal changes, so that its last corner stays a corner."""
        import numpy as np
        from scipy.sparse import csc_array

        columns = csc_array(self.matrix)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = columns.shape
        model.col_cost_ = model.col_lower_ = np.zeros(model.num_col_)
        model.col_upper_ = np.full(model.num_col_, highspy.kHighsInf)
        model.row_lower_ = model.row_upper_ = self.values
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = columns.indptr, columns.indices
        model.a_matrix_.value_ = columns.data
        engine = _Solver()
        engine.setOptionValue("output_flag", False)
        for option, value in QUICKLY.items():
            engine.setOptionValue(option, value)
        engine.passModel(model)
        return engine
