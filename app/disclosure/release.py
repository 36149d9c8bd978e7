"""What is published about one population, what is not, and what a ledger keeps of it.

Nothing here decides; a release is what `engine.publish` decided.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import rfc8785

from app.disclosure.cell import Reason
from app.disclosure.population import Family, Population, Token

NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Block:
    """One item of a published cut and how many persons it has."""

    node: str
    leaves: tuple[str, ...]
    count: int

    def to_json(self) -> dict[str, Any]:
        """Return the ledger's form."""
        return {"node": self.node, "leaves": list(self.leaves), "count": self.count}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An item for which not every division that R2 allows would have been made.

    `excluded` are the counts of the first child at which it would have been; the real count is none of them. It does
    not depend on the real count, so it tells nothing that the report does not tell.
    """

    release: str
    population: tuple[Token, ...]
    node: str
    excluded: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the ledger's form."""
        return {
            "release": self.release,
            "population": list(self.population),
            "node": self.node,
            "excluded_values": list(self.excluded),
        }


@dataclass(frozen=True, slots=True)
class Release:
    """A published table; `leaning` says for undivided blocks which child the proof takes as the small one (0 or 1)."""

    id: str
    population: Population
    revision: int
    blocks: tuple[Block, ...]
    tree: str
    leaning: Mapping[str, int] = field(default_factory=dict)
    previous: str = NO_HASH
    hash: str = ""

    @property
    def day(self) -> date:
        """Return the day that the release is about."""
        return self.population.day

    @property
    def family(self) -> Family:
        """Return the kind of population."""
        return self.population.family

    @property
    def is_divided(self) -> bool:
        """Tell whether there is more than the total to show."""
        return sum(block.count > 0 for block in self.blocks) > 1

    def _bare(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "date": self.day.isoformat(),
            "family": self.family.value,
            "revision": self.revision,
            "population": list(self.population.tokens),
            "blocks": [block.to_json() for block in self.blocks],
            "tree": self.tree,
            "leaning": dict(self.leaning),
            "previous": self.previous,
        }

    def sealed(self, previous: str) -> Release:
        """Return the release with its place in the chain."""
        placed = Release(self.id, self.population, self.revision, self.blocks, self.tree, self.leaning, previous)
        digest = seal(placed._bare())
        return Release(self.id, self.population, self.revision, self.blocks, self.tree, self.leaning, previous, digest)

    def to_json(self) -> dict[str, Any]:
        """Return the ledger's form."""
        return {**self._bare(), "hash": self.hash}


def seal(release: Mapping[str, Any]) -> str:
    """Return the SHA-256 over a release's RFC 8785 JSON without its `hash`."""
    return hashlib.sha256(rfc8785.dumps({key: v for key, v in release.items() if key != "hash"})).hexdigest()


@dataclass(frozen=True, slots=True)
class NotPublished:
    """Nothing goes out for this population but its total.

    `changed` is, for CHURN, the number of persons that came or went since the nearest release: it may be told, the
    calendar says it too. `against` is the id of that release.
    """

    population: Population
    reason: Reason
    changed: int = 0
    against: str = ""
