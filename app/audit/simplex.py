"""Linear equations and bounds over exact rationals: is there a solution, and which.

The general simplex of SMT solvers (Dutertre and de Moura, 2006): every bound can be set and taken back, and the last
solution is where the next search starts. Python integers and fractions only: no rounding anywhere. It knows nothing of
persons, and nothing of whole numbers: that is `search`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

Number = int | Fraction

# So many steps by the most violated row; after them Bland's rule, which is slow and always ends.
EAGER_STEPS = 400


def _ratio(upper: Number, lower: Number) -> Number:
    """Return the exact quotient, as an integer where it is one."""
    if type(upper) is int and type(lower) is int and upper % lower == 0:
        return upper // lower
    return _plain(Fraction(upper) / lower)


def _plain(value: Number) -> Number:
    # `type … is`, here and below: asking a Fraction's abstract classes takes longer than the sum itself
    return value.numerator if type(value) is Fraction and value.denominator == 1 else value


class Simplex:
    """Columns with bounds, and rows that are sums of columns and have bounds of their own."""

    def __init__(self, columns: int, tick: Callable[[], None]) -> None:
        self.value: list[Number] = [0] * columns
        self.low: list[int | None] = [0] * columns
        self.high: list[int | None] = [None] * columns
        self._rows: dict[int, dict[int, Number]] = {}  # a basic variable and what it is made of
        self._users: list[dict[int, None]] = [{} for _ in range(columns)]  # a variable and the rows that use it
        self._constant: set[int] = set()
        self._tick = tick

    def add_column(self, high: int) -> int:
        """Add a column between 0 and `high`."""
        self._grow(0, 0, high)
        return len(self.value) - 1

    def add_row(self, parts: Mapping[int, int], low: int | None = None, high: int | None = None) -> int:
        """Add the sum of columns as a variable that is kept between its bounds, and return it."""
        total: Number = 0
        row: dict[int, Number] = {}
        for column, factor in parts.items():
            total = total + factor * self.value[column]
            made_of = self._rows.get(column)
            if made_of is None:
                _add(row, column, factor)
            else:
                for inner, weight in made_of.items():
                    _add(row, inner, factor * weight)
        self._grow(_plain(total), low, high)
        new = len(self.value) - 1
        self._rows[new] = row
        for column in row:
            self._users[column][new] = None
        return new

    def fix(self, row: int) -> None:
        """Say that a row's bounds, which are equal, will never be taken back."""
        self._constant.add(row)

    def seal(self) -> None:
        """After the first solution: take every fixed row out of the basis, so that none can move again."""
        for row in [row for row in self._rows if row in self._constant]:
            if self._rows[row]:  # an empty one says again what others say
                self._swap(row, min(self._rows[row], key=lambda column: (len(self._users[column]), column)))

    def drop_rows(self, rows: list[int]) -> None:
        """Forget rows, and what they asked for."""
        for row in rows:
            self.low[row] = self.high[row] = None
            if row not in self._rows and self._users[row]:
                self._swap(next(iter(self._users[row])), row)
            for column in self._rows.pop(row, {}):
                del self._users[column][row]

    def bound(self, variable: int, low: int | None, high: int | None) -> None:
        """Set both bounds; the caller remembers the old ones."""
        self.low[variable], self.high[variable] = low, high
        if variable not in self._rows:
            self._settle(variable)

    def solve(self) -> bool:
        """Move to a solution; False when the equations and bounds have none."""
        steps = 0
        while True:
            steps += 1
            self._tick()
            row = self._violated(eager=steps <= EAGER_STEPS)
            if row is None:
                return True
            low = self.low[row]
            target = low if low is not None and self.value[row] < low else self.high[row]
            assert target is not None  # noqa: S101 - a violated row has the bound that it violates
            column = self._entering(row, rising=self.value[row] < target, eager=steps <= EAGER_STEPS)
            if column is None:
                return False
            step = _ratio(target - self.value[row], self._rows[row][column])
            self._move(column, step)
            self._swap(row, column)

    def _violated(self, *, eager: bool) -> int | None:
        worst: Number = 0
        found = None
        value, low, high = self.value, self.low, self.high
        for row in self._rows:
            least, most = low[row], high[row]
            gap: Number = 0
            if least is not None and value[row] < least:
                gap = least - value[row]
            elif most is not None and value[row] > most:
                gap = value[row] - most
            if gap and (found is None or (gap > worst if eager else row < found)):
                worst, found = gap, row
        return found

    def _entering(self, row: int, *, rising: bool, eager: bool) -> int | None:
        found, fewest = None, 0
        for column, factor in self._rows[row].items():
            bound = self.high[column] if (factor > 0) == rising else self.low[column]
            if bound is not None and self.value[column] == bound:
                continue
            cost = len(self._users[column]) if eager else column
            if found is None or (cost, column) < (fewest, found):
                found, fewest = column, cost
        return found

    def _move(self, column: int, step: Number) -> None:
        value = self.value
        value[column] = _plain(value[column] + step)
        for row in self._users[column]:
            moved = value[row] + self._rows[row][column] * step
            value[row] = moved if type(moved) is int else _plain(moved)

    def _settle(self, column: int) -> None:
        low, high, value = self.low[column], self.high[column], self.value[column]
        if low is not None and value < low:
            self._move(column, low - value)
        elif high is not None and value > high:
            self._move(column, high - value)

    def _swap(self, row: int, column: int) -> None:
        """Let `column` become basic in the place of `row`; no value changes."""
        old = self._rows.pop(row)
        for part in old:
            del self._users[part][row]
        pivot = old.pop(column)
        new: dict[int, Number] = {part: _ratio(-factor, pivot) for part, factor in old.items()}
        if row not in self._constant:  # what never moves needs no place in a row
            new[row] = _ratio(1, pivot)
        users, self._users[column] = self._users[column], {}
        for user in users:
            self._put_in(user, self._rows[user].pop(column), new)
        self._rows[column] = new
        for part in new:
            self._users[part][column] = None
        self._settle_left(row)

    def _put_in(self, user: int, factor: Number, new: dict[int, Number]) -> None:
        """Put a row in the place of one of its columns in another row."""
        target, users = self._rows[user], self._users
        for part, weight in new.items():
            both = factor * weight
            if part in target:
                both = both + target[part]
                if not both:
                    del target[part], users[part][user]
                    continue
            else:
                users[part][user] = None
            target[part] = both if type(both) is int else _plain(both)

    def _settle_left(self, variable: int) -> None:
        if variable not in self._constant:
            self._settle(variable)

    def _grow(self, value: Number, low: int | None, high: int | None) -> None:
        self.value.append(value)
        self.low.append(low)
        self.high.append(high)
        self._users.append({})


def _add(row: dict[int, Number], column: int, weight: Number) -> None:
    both = _plain(row.get(column, 0) + weight)
    if both:
        row[column] = both
    else:
        row.pop(column, None)
