"""One quantity of one reference table, its limit, and what our functions make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from sunward_agents.errors import UsageError
from sunward_agents.validation.tables import Row, Spec, Table

Statistic = Literal["worst", "p99", "mean", "count"]
Errors = Callable[[Table], Iterable[float]]

#: What a limit may apply to. `count` is the number of wrong rows, where an error is 0 or 1.
STATISTICS: dict[Statistic, Callable[[np.ndarray], float]] = {
    "worst": lambda errors: float(np.max(errors)),
    "p99": lambda errors: float(np.percentile(errors, 99.0)),
    "mean": lambda errors: float(np.mean(errors)),
    "count": lambda errors: float(np.sum(errors)),
}


@dataclass(frozen=True)
class Check:
    """A promise about one quantity of a table.

    Args:
        table: The file and its columns.
        quantity: What is compared, in a few words.
        unit: Unit of the error, "" for a share or a count.
        limit: Greatest value of the statistic that passes.
        errors: From the table to our errors, each at least 0, one a row (or event) that counts.
        statistic: What the limit applies to.
        needs: Optional columns this check cannot do without.
        is_own: True where the limit is ours and not of the tables' README.
    """

    table: Spec
    quantity: str
    unit: str
    limit: float
    errors: Errors
    statistic: Statistic = "worst"
    needs: tuple[str, ...] = ()
    is_own: bool = False

    @property
    def family(self) -> str:
        """Name of the table without its ending: checks of one family are shown together."""
        return self.table.file.removesuffix(".csv")


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a check found; `note` says why there is nothing to compare."""

    check: Check
    errors: np.ndarray  # (n_cases,)
    note: str = ""

    @property
    def value(self) -> float:
        """The statistic the limit applies to; NaN where nothing was compared."""
        return STATISTICS[self.check.statistic](self.errors) if self.errors.size else np.nan

    @property
    def passed(self) -> bool | None:
        """Whether the limit holds (no NaN does); None where nothing was compared."""
        return bool(self.value <= self.check.limit) if self.errors.size else None


def each_row(error: Callable[[Row], float | None]) -> Errors:
    """Returns the errors of all rows; None from `error` means that the row does not count."""

    def errors(table: Table) -> Iterator[float]:
        for row in table.rows:
            with table.blame(row):
                value = error(row)
            if value is not None:
                yield value

    return errors


def run_check(check: Check, table: Table) -> Outcome:
    """Returns the outcome of a check on a table.

    Raises: UsageError where the rows are such that our functions cannot be called.
    """
    absent = [name for name in check.needs if name not in table.columns]
    if absent:
        return Outcome(check, np.empty(0), f"no column {', '.join(absent)}")
    try:
        errors = np.fromiter(check.errors(table), dtype=np.float64)
    except UsageError:
        raise
    except (ArithmeticError, ValueError) as error:
        raise UsageError(f"{table.path}: {check.quantity} cannot be computed ({error})") from error
    return Outcome(check, errors, "" if errors.size else "no row of this kind")


def largest(values: Iterable[float]) -> float:
    """Returns the greatest of some errors; NaN, which fails, where any of them is NaN."""
    return float(np.max(np.fromiter(values, dtype=np.float64)))


def beyond_rounding(ours: float, theirs: float, decimals: int) -> float:
    """Returns the distance between two numbers beyond half a unit of the last decimal written."""
    return max(abs(ours - theirs) - 0.5 * 10.0**-decimals, 0.0)


def written_decimals(values: Iterable[float]) -> int:
    """Returns to how many decimals a column was written: those of its longest number."""
    return max(-int(Decimal(repr(value)).as_tuple().exponent) for value in values)
