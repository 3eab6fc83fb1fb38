"""Changes which codes a closed list may hold in the database. Open when a list of domain/vocabulary.py grows.

    LISTS = (ClosedList("avvikelse", "channel", "channel", before=("webb",), after=("webb", "telefon"), instead="webb"),)

A revision writes the codes out, so that it means the same when the list has grown again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alembic import op
from sqlalchemy import text


@dataclass(frozen=True)
class ClosedList:
    """The CHECK `ck_{table}_{name}` on `column`. On the way down, codes that did not exist before become `instead`."""

    table: str
    column: str
    name: str
    before: Sequence[str]
    after: Sequence[str]
    instead: str

    def grow(self) -> None:
        self._set(self.after)

    def shrink(self) -> None:
        gone = [code for code in self.after if code not in self.before]
        op.execute(
            text(
                f"UPDATE {self.table} SET {self.column} = :instead WHERE {self.column} IN ({_quoted(gone)})"
            ).bindparams(instead=self.instead)
        )
        self._set(self.before)

    def _set(self, codes: Sequence[str]) -> None:
        constraint = op.f(f"ck_{self.table}_{self.name}")
        with op.batch_alter_table(self.table) as batch:
            batch.drop_constraint(constraint, type_="check")
            batch.create_check_constraint(constraint, text(f"{self.column} IN ({_quoted(codes)})"))


def _quoted(codes: Sequence[str]) -> str:
    """Codes are our own plain words: no quotes inside."""
    return ", ".join(f"'{code}'" for code in codes)
