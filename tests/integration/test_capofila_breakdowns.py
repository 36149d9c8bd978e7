"""The capofila's side of breakdowns: what it files, what it refuses, and the network's tables as sums alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from app.capofila.answer import Filed, TurnedAway
from app.capofila.breakdown import NetworkTable, network_year
from app.capofila.service import Delivery, list_received
from app.capofila.store import Base, ShelterRow, Store
from app.disclosure.tree_file import load_tree
from app.sync.breakdown import Cut, PublishedTable, UnpublishedTable
from app.sync.key import SigningKey
from app.sync.payload import FIRST_SCHEMA, MonthReport, Shown, to_bytes
from app.sync.signature import CONTENT_TYPE, digest_header, sign_report
from tests.ui.capofila_side import NOW, CapofilaSide

TREE = load_tree("citizenship", "women")
Counts = dict[str, int]


class Network(CapofilaSide):
    """A capofila with some shelters enrolled."""

    def __init__(self, shelters: int) -> None:
        super().__init__()
        self.keys = {f"casa-{n}": SigningKey(bytes([n + 1]) * 32) for n in range(shelters)}
        with self.store.work() as session:
            for name, key in self.keys.items():
                row = ShelterRow(id=name, name=name, public_key=key.public.raw, enrolled_at=NOW)
                row.thumbprint = key.public.thumbprint()
                session.add(row)

    def send(self, report: MonthReport) -> Filed | TurnedAway:
        package, jti = to_bytes(report), f"{report.shelter}-{report.period}-{report.revision}"
        token = sign_report(package, self.keys[report.shelter], iss=report.shelter, aud=self.id, jti=jti, iat=1)
        return self.reception.receive(Delivery(package, token, CONTENT_TYPE, digest_header(package), jti))

    def tables(self, year: int = 2026) -> tuple[NetworkTable, ...]:
        return network_year(list_received(self.store), year).tables


def report(shelter: str, counts: Counts | None, *, revision: int = 1, **changes: object) -> MonthReport:
    table = (
        PublishedTable("C", "2026-12-31", 1, tuple(sorted(counts.items())))
        if counts is not None
        else UnpublishedTable("C", "2026-12-31", "too_few")
    )
    cut = Cut("citizenship", "women", TREE.version, TREE.digest, 5, (table,))
    made = MonthReport(shelter, "2026-12", revision, 5, (Shown("M07", 341),), "5c" * 32, (cut,))
    return replace(made, **changes)  # type: ignore[arg-type]


def test_both_versions_are_filed_and_come_out_as_they_came() -> None:
    network = Network(2)
    old = report("casa-0", None, breakdowns=(), schema=FIRST_SCHEMA)
    assert isinstance(network.send(old), Filed)
    assert isinstance(network.send(report("casa-1", {"all": 12})), Filed)
    assert {row.report.schema for row in list_received(network.store)} == {"approdo.month/1", "approdo.month/2"}
    assert isinstance(network.send(old), Filed), "a report of the first version may be pushed again"


@pytest.mark.parametrize(
    ("counts", "why"),
    [({"subsaharan": 12}, "partition"), ({"nigeria": 7, "world_other": 5}, "partition"), ({"mars": 12}, "node")],
)
def test_a_table_that_is_no_cut_of_the_public_tree_is_not_filed(counts: Counts, why: str) -> None:
    network = Network(1)
    answer = network.send(report("casa-0", counts))
    assert isinstance(answer, TurnedAway)
    assert (answer.reason, answer.detail) == ("payload_invalid", why)
    assert list_received(network.store) == []


def test_the_network_s_table_is_a_sum_and_says_what_is_not_divided() -> None:
    network = Network(5)
    for number, counts in enumerate(
        (
            {"subsaharan": 7, "world_other": 5},
            {"nigeria": 6, "subsaharan_other": 5, "world_other": 9},
            {"subsaharan": 10, "world_other": 10},
            {"all": 13},
            None,
        )
    ):
        assert isinstance(network.send(report(f"casa-{number}", counts)), Filed)
    (table,) = network.tables()
    assert (table.shelters, table.untold, table.unknown) == (4, 1, 0)
    found = {item.node: (item.total, item.undivided, item.shelters, item.may_be_handed_on) for item in table.items}
    assert found == {
        "all": (65, 13, 4, True),
        "subsaharan": (28, 17, 3, False),  # 65 − 28 − 24 would be the fourth house alone
        "nigeria": (6, 0, 1, False),
        "subsaharan_other": (5, 5, 1, False),
        "world_other": (24, 24, 3, False),
    }


def test_of_a_month_s_revisions_the_highest_counts_in_whatever_order_they_came_and_all_are_kept() -> None:
    network = Network(1)
    assert isinstance(network.send(report("casa-0", {"subsaharan": 9, "world_other": 8}, revision=2)), Filed)
    assert isinstance(network.send(report("casa-0", {"all": 12}, revision=1)), Filed)
    (table,) = network.tables()
    assert {item.node: item.total for item in table.items} == {"all": 17, "subsaharan": 9, "world_other": 8}
    assert len(list_received(network.store)) == 2


def test_a_year_has_the_tables_of_its_days_alone_and_profiles_are_not_mixed() -> None:
    network = Network(2)
    network.send(report("casa-0", {"all": 12}))
    mixed = load_tree("citizenship", "mixed")
    cut = Cut(
        "citizenship", "mixed", mixed.version, mixed.digest, 5, (PublishedTable("S", "2025-12-31", 1, (("all", 20),)),)
    )
    network.send(report("casa-1", None, breakdowns=(cut,)))
    assert [(t.profile, t.family, t.items[0].total) for t in network.tables()] == [("women", "C", 12)]
    assert [(t.profile, t.family, t.items[0].total) for t in network.tables(2025)] == [("mixed", "S", 20)]
    assert network.tables(2024) == ()


def test_a_tree_that_is_not_known_here_is_filed_and_left_out_of_the_sum() -> None:
    network = Network(1)
    cut = Cut("citizenship", "women", "2031.1", "0" * 64, 5, (PublishedTable("C", "2026-12-31", 1, (("mars", 12),)),))
    assert isinstance(network.send(report("casa-0", None, breakdowns=(cut,))), Filed)
    (table,) = network.tables()
    assert (table.shelters, table.unknown, table.items) == (0, 1, ())


def test_an_empty_store_has_no_table() -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    assert network_year(list_received(Store(engine)), 2026).tables == ()
