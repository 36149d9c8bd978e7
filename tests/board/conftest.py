"""One board with a year of a network, which tests only read; and one of its own for those that change something."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from app.reference.texts import use_language
from tests.board.scene import HOSTILE, TODAY, Scene, open_scene


@pytest.fixture(scope="module")
def read_scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    use_language("it")
    with open_scene(tmp_path_factory.mktemp("board")) as scene:
        scene.fill(HOSTILE, TODAY)
        scene.sign_in().close()  # so that the server's worker thread belongs to no single test
        yield scene


@pytest.fixture
def scene(read_scene: Scene) -> Scene:
    read_scene.clock.at = max(read_scene.clock.at, TODAY)
    return read_scene


@pytest.fixture
def browser(scene: Scene) -> Iterator[httpx.Client]:
    """A browser of somebody who has signed in."""
    with scene.sign_in() as signed_in:
        yield signed_in


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A board without shelters that a test may change."""
    with open_scene(tmp_path_factory.mktemp("own")) as scene:
        yield scene
