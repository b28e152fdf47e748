"""Sparse linear programs built from named columns, and a bound that any dual vector proves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csc_array

from sunward_agents.errors import UsageError

#: Float64 sums of up to 9e5 products are wrong by less than this share of the sum of their sizes
#: (9e5 x 1.1e-16); every bound is raised by it.
ROUNDING = 1.0e-10


Method = Literal["highs-ipm", "highs-ds"]
#: Faster for a whole day in single steps, as a bound needs it.
INTERIOR_POINT: Method = "highs-ipm"
#: Faster for a plan: a fleet's of 11,640 columns takes two fifths of the time.
DUAL_SIMPLEX: Method = "highs-ds"


class SolverError(UsageError):
    """A linear program that the solver gave up; one clear line."""


#: A number, or one a row.
Level = np.ndarray | float


@dataclass(frozen=True)
class Affine:
    """A sum of factors times columns, and a constant; one a row.

    Terms are pairs (columns, factors): column numbers (n,) or, to be added up, (n, k), and factors
    that broadcast to them.
    """

    terms: tuple[tuple[np.ndarray, Level], ...]
    constant: Level = 0.0

    def __add__(self, other: Affine | Level) -> Affine:
        if isinstance(other, Affine):
            return Affine(self.terms + other.terms, self.constant + other.constant)
        return Affine(self.terms, self.constant + other)

    def __sub__(self, other: Affine | Level) -> Affine:
        return self + -1.0 * other

    def __rmul__(self, factor: Level) -> Affine:
        scaled = tuple(
            (columns, _by_row(factor, columns) * np.asarray(factors))
            for columns, factors in self.terms
        )
        return Affine(scaled, factor * self.constant)

    # NumPy would otherwise multiply element by element, and make an array of these.
    __array_ufunc__ = None


def column(columns: np.ndarray, factors: Level = 1.0) -> Affine:
    """Returns factors times columns; columns (n, k) are added up row by row."""
    return Affine(((columns, factors),))


def _by_row(factor: Level, columns: np.ndarray) -> np.ndarray:
    """Returns a factor a row in a shape that broadcasts to `columns`."""
    factor = np.asarray(factor, float)
    return factor[:, None] if factor.ndim == 1 and columns.ndim == 2 else factor


@dataclass(frozen=True)
class Solution:
    """An optimum of a `Program` as the solver sees it, and what its duals prove."""

    columns: np.ndarray
    duals: np.ndarray  # one a row, at least 0 for a row that is only bounded above
    value: float  # of the columns; not a proof of anything
    bound: float  # no feasible point has a greater value


class Program:
    """maximise value @ x for low <= x <= high, rows @ x <= limit (or = limit).

    Every column must have finite bounds: they make any dual vector prove a bound.
    """

    def __init__(self) -> None:
        self._low: list[np.ndarray] = []
        self._high: list[np.ndarray] = []
        self._value: list[np.ndarray] = []
        self._entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self._limit: list[np.ndarray] = []
        self._is_equal: list[np.ndarray] = []
        self._extra_value: list[tuple[np.ndarray, np.ndarray]] = []
        self._names: dict[str, np.ndarray] = {}
        self.n_columns = 0
        self.n_rows = 0
        #: Numbers of the rows that tie parts of the program together, by name.
        self.shared: dict[str, np.ndarray] = {}
        #: Constant part of the value.
        self.offset = 0.0

    def columns(
        self,
        name: str,
        shape: int | tuple[int, ...],
        low: Level,
        high: Level,
        value: Level = 0.0,
    ) -> np.ndarray:
        """Adds a block of columns and returns their numbers in `shape`."""
        numbers = self.n_columns + np.arange(int(np.prod(shape))).reshape(shape)
        for store, level in ((self._low, low), (self._high, high), (self._value, value)):
            store.append(np.broadcast_to(np.asarray(level, float), numbers.shape).reshape(-1))
        self.n_columns += numbers.size
        self._names[name] = numbers
        return numbers

    def __getitem__(self, name: str) -> np.ndarray:
        """Returns the column numbers of a named block."""
        return self._names[name]

    def add_value(self, sum_of: Affine, factor: Level = 1.0) -> None:
        """Adds `factor` times a sum of columns to what is maximised."""
        for columns, factors in (factor * sum_of).terms:
            entries = np.broadcast_to(factors, columns.shape).reshape(-1)
            self._extra_value.append((columns.reshape(-1), entries))

    def at_most(self, sum_of: Affine, limit: Level) -> None:
        """Adds rows `sum_of <= limit`."""
        self._add_rows(sum_of, limit, is_equal=False)

    def equal(self, sum_of: Affine, limit: Level, name: str | None = None) -> None:
        """Adds rows `sum_of = limit`; those with a name are found again in `shared`."""
        numbers = self._add_rows(sum_of, limit, is_equal=True)
        if name is not None:
            self.shared[name] = numbers

    def _add_rows(self, sum_of: Affine, limit: Level, *, is_equal: bool) -> np.ndarray:
        n = len(sum_of.terms[0][0])
        numbers = self.n_rows + np.arange(n)
        for columns, factors in sum_of.terms:
            width = columns.size // n
            entries = np.broadcast_to(factors, columns.shape).reshape(-1)
            self._entries.append((np.repeat(numbers, width), columns.reshape(-1), entries))
        self._limit.append(np.broadcast_to(np.asarray(limit - sum_of.constant, float), (n,)))
        self._is_equal.append(np.full(n, is_equal))
        self.n_rows += n
        return numbers

    def solve(self, method: Method = INTERIOR_POINT) -> Solution:
        """Returns the optimum by HiGHS, with the bound that its duals prove.

        Raises: SolverError where the solver ends without a solution.
        """
        matrix, value = self.matrix(), self.values()
        columns, duals = maximise(
            value, matrix, self.limits(), self.is_equal(), *self.boxes(), method
        )
        return Solution(
            columns, duals, float(value @ columns) + self.offset, self.dual_bound(duals)
        )

    def dual_bound(self, duals: np.ndarray) -> float:
        """Returns a bound on the value of every feasible point, whatever the duals.

        For y >= 0 on the rows of `<=` and any y on those of `=`, a feasible x has
        value @ x <= y @ limit + (value - y @ rows) @ x, and the last term is at most what each
        column alone makes of it between its bounds (weak duality; Neumaier and Shcherbina, Safe
        bounds in linear and mixed-integer linear programming, Math. Programming 99 (2004)).
        """
        y = np.where(self.is_equal(), duals, np.maximum(duals, 0.0))
        limit = self.limits()
        low, high = self.boxes()
        matrix, value = self.matrix(), self.values()
        left = value - matrix.T @ y
        best = np.maximum(left * low, left * high)
        widest = np.maximum(np.abs(low), np.abs(high))
        size = np.abs(y) @ np.abs(limit) + (np.abs(value) + abs(matrix).T @ np.abs(y)) @ widest
        return float(y @ limit + best.sum() + self.offset + ROUNDING * (size + abs(self.offset)))

    def matrix(self) -> csc_array:
        """Returns the rows as a sparse matrix (n_rows, n_columns)."""
        row, column, entry = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        return coo_array((entry, (row, column)), shape=(self.n_rows, self.n_columns)).tocsc()

    def limits(self) -> np.ndarray:
        """Returns the limit of every row."""
        return np.concatenate(self._limit)

    def is_equal(self) -> np.ndarray:
        """Returns which rows are equations."""
        return np.concatenate(self._is_equal)

    def boxes(self) -> tuple[np.ndarray, np.ndarray]:
        """Returns the lower and upper bound of every column."""
        return np.concatenate(self._low), np.concatenate(self._high)

    def values(self) -> np.ndarray:
        """Returns the value of every column."""
        value = np.concatenate(self._value)
        for columns, entries in self._extra_value:
            np.add.at(value, columns, entries)
        return value


def maximise(
    value: np.ndarray,
    matrix: csc_array,
    limit: np.ndarray,
    is_equal: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    method: Method = INTERIOR_POINT,
) -> tuple[np.ndarray, np.ndarray]:
    """Returns an optimal point and one dual a row, by HiGHS.

    Raises: SolverError where the solver ends without a solution.
    """
    by_row = matrix.tocsr()
    inequalities, equations = np.flatnonzero(~is_equal), np.flatnonzero(is_equal)
    outcome = linprog(
        -value,
        A_ub=by_row[inequalities] if len(inequalities) else None,
        b_ub=limit[inequalities] if len(inequalities) else None,
        A_eq=by_row[equations] if len(equations) else None,
        b_eq=limit[equations] if len(equations) else None,
        bounds=np.stack([low, high], axis=1),
        method=method,
    )
    if outcome.x is None or outcome.status != 0:
        raise SolverError(f"the linear program was not solved: {outcome.message}")
    duals = np.zeros(len(limit))
    if len(inequalities):
        duals[inequalities] = np.maximum(-outcome.ineqlin.marginals, 0.0)
    if len(equations):
        duals[equations] = -outcome.eqlin.marginals
    return outcome.x, duals
