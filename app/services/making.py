"""The tables of one closing, one after the other, beside everything that was published before.

Nothing of it counts until the audit has passed it (`app.services.press`); nothing is written here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from app.models.ledger import new_token
from app.services.tabulation import WITHHELD, Answer, Proof, Question, TableMade, calendar_of, due_in

if TYPE_CHECKING:
    from app.disclosure.ledger import Ledger, Series
    from app.disclosure.population import Population, Token
    from app.disclosure.release import NotPublished, Release
    from app.disclosure.schedule import Due
    from app.disclosure.tree import Tree

SECONDS = 600.0
"""The most that all tables of a closing may take together, once a year: a house of forty in its sixth year needs some
minutes. Where even this is not enough all tables are withheld."""


class Engine(Protocol):
    """Publishes one variable for one population, or says why not (`app.disclosure.publish`)."""

    def __call__(
        self,
        ledger: Ledger,
        tree: Tree,
        population: Population,
        values: Mapping[Token, str],
        *,
        k: int | None,
        seconds: float,
    ) -> tuple[Release | NotPublished, Ledger]:
        """Return the release and the ledger that holds it."""


class Withheld(Exception):
    """Ends the making: nothing of it goes."""

    def __init__(self, why: str) -> None:
        self.why = why


class Making:
    """The tables of one closing, one after the other; nothing of it counts until the audit has passed it."""

    def __init__(self, question: Question, engine: Engine, stop: Callable[[], bool]) -> None:
        self._question, self._engine, self._stop = question, engine, stop
        self._profile = question.profile
        self._end = time.monotonic() + SECONDS
        self._tokens: dict[str, dict[int, str]] = {}
        self.tables: list[TableMade] = []
        self.entries: list[str] = []
        self._counted: dict[str, dict[str, str]] = {}
        self._renewed: list[tuple[str, str, str]] = []
        self._waiting = 0

    def make_all(self) -> None:
        """Make every table that is due, in its order."""
        from app.disclosure.fault import DisclosureFault, LedgerBroken, TreeChanged, TreeInvalid, ValueMissing
        from app.disclosure.ledger_file import read_ledger
        from app.disclosure.tree_file import VARIABLES

        try:
            self.ledger = read_ledger(self._question.document())
            for table in due_in(self._question.month, self._question.people, self._question.k):
                for variable in VARIABLES:
                    if self._stop():
                        raise Withheld("stopped")
                    self._make(table, variable)
        except LedgerBroken:
            raise Withheld("ledger") from None
        except (TreeChanged, TreeInvalid):
            raise Withheld("tree") from None
        except ValueMissing:
            raise Withheld("values") from None
        except DisclosureFault:
            raise Withheld("solver") from None

    def document(self) -> bytes:
        """Return the ledger as it would be: what the audit is asked about."""
        import rfc8785

        return rfc8785.dumps(self._question.document(self.entries, self.ledger.to_json()["calendar"]))

    def answered(self, why: str, proof: Proof | None) -> Answer:
        """Return what was made; when something went wrong nothing new, and what left before as it left."""
        question = self._question
        left_out = sum(person.is_left_out for person in question.people)
        people = tuple((person.guest, person.token("")) for person in question.people)
        if why:
            return Answer(question.digest(), why, people, self._withheld(), left_out=left_out, proof=proof)
        return Answer(
            digest=question.digest(),
            why="",
            people=people,
            tables=tuple(self.tables),
            entries=tuple(self.entries),
            counted=self._counted,
            renewed=tuple(self._renewed),
            calendar=tuple(self.ledger.to_json()["calendar"]),
            waiting=self._waiting,
            left_out=left_out,
            proof=proof,
        )

    # --- one table

    def _make(self, table: Due, variable: str) -> None:
        from app.disclosure.release import Release
        from app.disclosure.revision import settle

        tree, k = self._tree_for(variable, table.day.year)
        population = self._population(table, variable)
        values = self._values_of(variable, population.tokens)
        if not tree.zeros.isdisjoint(values.values()):
            raise Withheld("profile")
        settled = settle(self.ledger, variable, values, self._published(variable), k=k, new_token=_fresh_token)
        prior = self._prior(table, variable)
        same = prior is not None and prior.population.members == population.members
        made: Release | NotPublished | None = None
        if settled.renewed:
            made = self._renew(tree, population, settled.values, settled.renewed, k)
        if not isinstance(made, Release) and not same:
            frozen = settled.values if not settled.renewed else self._frozen(variable, values)
            made = self._ask(self.ledger, tree, population, frozen, k)
        self._waiting += 0 if isinstance(made, Release) and settled.renewed else self._kept_back(variable, values)
        if isinstance(made, Release):
            self._add_shown(tree, made, shown_before=False)
        elif prior is not None:
            self._add_shown(tree, prior, shown_before=True)
        elif made is not None:
            self._add_refused(tree, k, table, made.reason.value, total=len(population), changed=made.changed)

    def _tree_for(self, variable: str, year: int) -> tuple[Tree, int]:
        """Return a year's tree and threshold: those it was begun with, or for a new year those of today."""
        from app.disclosure.tree_file import load_tree

        fresh = load_tree(variable, self._profile)
        for series in self.ledger.of(variable):
            if year in series.years():
                same = series.tree.digest == fresh.digest
                return (fresh if same else replace(series.tree, version=self._version_of(series))), series.k
        return fresh, max(fresh.k, self._question.k)

    def _version_of(self, series: Series) -> str:
        """Return the edition of a series' tree, which its entries say."""
        hashes = {release.hash for release in series.releases}
        entries = (*self._question.contents, *(json.loads(entry) for entry in self.entries))
        return next(str(entry["version"]) for entry in entries if entry["release"]["hash"] in hashes)

    def _ask(
        self, ledger: Ledger, tree: Tree, population: Population, values: Mapping[Token, str], k: int
    ) -> Release | NotPublished:
        from app.disclosure.cell import Reason
        from app.disclosure.release import Release

        left = self._end - time.monotonic()
        if left <= 0:
            raise Withheld("solver")
        made, after = self._engine(ledger, tree, population, values, k=k, seconds=left)
        if isinstance(made, Release):
            self.ledger = after
            self._remember(tree, made, values)
        elif made.reason is Reason.SOLVER_STOPPED:
            raise Withheld("solver")
        return made

    def _renew(
        self,
        tree: Tree,
        population: Population,
        values: Mapping[Token, str],
        renewed: Mapping[Token, Token],
        k: int,
    ) -> Release | NotPublished:
        """Ask with new tokens for all whose corrections wait; they hold only if the table is published."""
        from app.disclosure.population import Population
        from app.disclosure.release import Release
        from app.disclosure.revision import renewed_calendar

        people = tuple(sorted(renewed.get(token, token) for token in population.tokens))
        wider = self.ledger.with_calendar(renewed_calendar(self.ledger.calendar, renewed))
        made = self._ask(wider, tree, Population(population.family, population.day, people), values, k)
        if isinstance(made, Release):
            now = self._now(tree.variable)
            for guest, token in list(now.items()):
                now[guest] = renewed.get(token, token)  # type: ignore[call-overload]  # a Token is a str
            self._renewed += [(old, new, tree.variable) for old, new in renewed.items()]
        return made

    def _remember(self, tree: Tree, made: Release, values: Mapping[Token, str]) -> None:
        """Keep what the ledger gains by a release, and under which item each new token was counted."""
        import rfc8785

        known = self._question.published.get(tree.variable, {})
        counted = self._counted.setdefault(tree.variable, {})
        counted.update({token: values[token] for token in made.population.tokens if token not in known})
        series = next(one for one in self.ledger.of(tree.variable) if made in one.releases)
        content: dict[str, Any] = {
            "variable": tree.variable,
            "k": series.k,
            "version": tree.version,
            "profile": self._profile,
            "zeros": sorted(tree.zeros),
            "tree": tree.to_json(),
            "release": made.to_json(),
            "refusals": [refusal.to_json() for refusal in series.refusals if refusal.release == made.id],
        }
        self.entries.append(rfc8785.dumps(content).decode())

    # --- who and as what

    def _now(self, variable: str) -> dict[int, str]:
        if variable not in self._tokens:
            self._tokens[variable] = {person.guest: person.token(variable) for person in self._question.people}
        return self._tokens[variable]

    def _population(self, table: Due, variable: str) -> Population:
        from app.disclosure.population import Token
        from app.disclosure.schedule import Absence, population_for

        now = self._now(variable)
        people = self._question.people
        absences = [
            Absence(Token(now[person.guest]), date.min)
            for person in people
            if person.is_left_out or person.is_taken_over
        ]
        return population_for(calendar_of((now[p.guest], p.stays) for p in people), table, absences)

    def _values_of(self, variable: str, tokens: tuple[Token, ...]) -> dict[Token, str]:
        from app.disclosure.population import Token

        wanted, codes = frozenset(tokens), self._question.values[variable]
        return {Token(t): codes[guest] for guest, t in self._now(variable).items() if t in wanted and guest in codes}

    def _published(self, variable: str) -> dict[Token, str]:
        from app.disclosure.population import Token

        known: dict[str, str] = {**self._question.published.get(variable, {}), **self._counted.get(variable, {})}
        return {Token(token): value for token, value in known.items()}

    def _frozen(self, variable: str, values: Mapping[Token, str]) -> dict[Token, str]:
        known = self._published(variable)
        return {token: known.get(token, value) for token, value in values.items()}

    def _kept_back(self, variable: str, values: Mapping[Token, str]) -> int:
        known = self._published(variable)
        return sum(known.get(token, value) != value for token, value in values.items())

    # --- what is told

    def _prior(self, table: Due, variable: str) -> Release | None:
        """Return the last release about the same family and day, as an earlier package showed it."""
        releases = [
            release
            for release in self.ledger.releases(variable)
            if (release.family, release.day) == (table.family, table.day)
        ]
        return max(releases, key=lambda release: release.revision, default=None)

    def _add_shown(self, tree: Tree, release: Release, *, shown_before: bool) -> None:
        blocks = tuple(sorted((block.node, block.count) for block in release.blocks))
        series = next(one for one in self.ledger.of(tree.variable) if release in one.releases)
        self.tables.append(
            TableMade(
                variable=tree.variable,
                family=release.family.value,
                day=release.day,
                profile=self._profile,
                version=self._version_of(series),
                digest=series.tree.digest,
                k=series.k,
                total=len(release.population),
                revision=release.revision,
                blocks=blocks,
                shown_before=shown_before,
            )
        )

    def _add_refused(self, tree: Tree, k: int, table: Due, reason: str, *, total: int = 0, changed: int = 0) -> None:
        self.tables.append(
            TableMade(
                variable=tree.variable,
                family=table.family.value,
                day=table.day,
                profile=self._profile,
                version=tree.version,
                digest=tree.digest,
                k=k,
                total=total,
                reason=reason,
                changed=changed,
            )
        )

    def _withheld(self) -> tuple[TableMade, ...]:
        """Return for every due table what left before, if anything, and else the one reason that tells nothing."""
        from app.disclosure.fault import DisclosureFault
        from app.disclosure.ledger_file import read_ledger
        from app.disclosure.tree_file import VARIABLES

        self.tables, self.entries = [], []
        try:
            self.ledger = read_ledger(self._question.document())
        except DisclosureFault:
            self.ledger = read_ledger({**self._question.document(), "series": [], "calendar": []})
        for table in due_in(self._question.month, self._question.people, self._question.k):
            for variable in VARIABLES:
                (tree, k), prior = self._tree_for(variable, table.day.year), self._prior(table, variable)
                if prior is not None:
                    self._add_shown(tree, prior, shown_before=True)
                else:
                    self._add_refused(tree, k, table, WITHHELD)
        return tuple(self.tables)


def _fresh_token() -> Token:
    from app.disclosure.population import Token

    return Token(new_token())
