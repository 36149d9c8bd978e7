"""A few schedules of every kind, in the suite; `python -m tests.wire` runs thousands."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.wire.house import House, make_template
from tests.wire.liar import Liar
from tests.wire.post import Post, copy_folder
from tests.wire.schedule import World
from tests.wire.socket_road import SocketWorld


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wire")
    make_template(folder / "vault", folder / "capofila")
    return folder


@pytest.fixture(autouse=True)
def _quiet(qapp: QApplication) -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 8])
def test_every_release_arrives_once_whatever_the_network_does(seed: int, templates: Path, tmp_path: Path) -> None:
    figures = World(seed, templates, tmp_path).run()
    assert figures.releases >= 2


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_over_sockets(seed: int, templates: Path, tmp_path: Path) -> None:
    figures = SocketWorld(seed, templates, tmp_path).run()
    assert figures.releases >= 2


def test_what_waits_arrives_from_a_house_that_left_after_its_clock_was_set_back(
    templates: Path, tmp_path: Path
) -> None:
    world = World(3, templates, tmp_path)
    world.liar.lies = 0
    figures = world.run(["pause", "release", "release", "release", "release", "clock_back", "leave", "leave"])
    assert figures.leaves >= 1


def test_a_house_with_waiting_reports_is_invited_again_by_a_capofila_that_has_new_keys(
    templates: Path, tmp_path: Path
) -> None:
    world = World(2, templates, tmp_path)
    world.liar.lies = 0
    figures = world.run(["pause", "release", "release", "release", "release", "renew_capofila", "join", "join"])
    assert figures.joins >= 1


def test_a_month_corrected_before_and_after_a_restore_ends_under_a_free_number(templates: Path, tmp_path: Path) -> None:
    world = World(1, templates, tmp_path)
    world.liar.lies = 0
    figures = world.run(["release", "send_now", "diverge"])
    assert (figures.restores, figures.conflicts, figures.unknown) == (1, 1, 1)


def test_the_invariants_would_see_a_capofila_that_counts_twice(templates: Path, tmp_path: Path) -> None:
    world = World(5, templates, tmp_path)
    honest = world.post.received
    world.post.received = lambda: honest() * 2  # type: ignore[method-assign]  # a liar for the test's own eyes
    with pytest.raises(AssertionError, match="twice"):
        world.run()


def test_the_invariants_would_see_other_bytes_on_the_wire(templates: Path, tmp_path: Path) -> None:
    world = World(6, templates, tmp_path)
    world.house.check_bytes = House.check_bytes.__get__(world.house)  # type: ignore[method-assign]  # as it is
    world.house.signed = _Forgetful()
    with pytest.raises((AssertionError, KeyError)):
        world.run()


class _Forgetful(dict[str, bytes]):
    def __setitem__(self, sha256: str, package: bytes) -> None:
        super().__setitem__(sha256, package[::-1])


def test_a_liar_knows_many_ways(templates: Path, tmp_path: Path) -> None:
    post = Post(copy_folder(templates / "capofila", tmp_path / "c"))
    try:
        assert len(Liar(list(post.instances), __import__("random").Random(1))._ways) >= 30
    finally:
        post.close()
