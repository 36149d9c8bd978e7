"""Every sentence is there in both languages, with the same places to fill, and every key that the code names exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from app import errors
from app.reference.texts import say_error, tr, tr_n, use_language

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "resources" / "texts"
AREAS = sorted(path.stem for path in (TEXTS / "it").glob("*.toml"))


def area(language: str, name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / language / f"{name}.toml").read_text(encoding="utf-8"))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_areas() -> None:
    assert sorted(path.stem for path in (TEXTS / "en").glob("*.toml")) == AREAS


@pytest.mark.parametrize("name", AREAS)
def test_both_languages_say_the_same_things_with_the_same_places(name: str) -> None:
    italian, english = area("it", name), area("en", name)
    assert italian.keys() == english.keys()
    for key, entry in italian.items():
        other = english[key]
        assert type(entry) is type(other), key
        if isinstance(entry, dict):
            assert entry.keys() == other.keys() == {"one", "other"}, key
            assert places(entry["other"]) == places(other["other"]), key
        else:
            assert entry.strip(), key
            assert places(entry) == places(other), key


def test_every_key_in_the_code_exists() -> None:
    missing = []
    for path in (ROOT / "app").rglob("*.py"):
        for plural, key in re.findall(r"\btr(_n)?\(\s*\"([a-z_]+\.[a-z0-9_]+)\"", path.read_text(encoding="utf-8")):
            entry = area("it", key.split(".")[0]).get(key.split(".")[1])
            if entry is None or isinstance(entry, dict) != bool(plural):
                missing.append(f"{path.name}: {key}")
    assert not missing


def all_errors(root: type[errors.ApprodoError]) -> list[type[errors.ApprodoError]]:
    return [kind for sub in root.__subclasses__() for kind in (sub, *all_errors(sub))]


@pytest.mark.parametrize("kind", all_errors(errors.ApprodoError), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("language", ["it", "en"])
def test_every_error_has_a_sentence_that_says_what_to_do(kind: type[errors.ApprodoError], language: str) -> None:
    use_language(language)
    key = kind.key.partition(".")[2]
    sentence = area(language, "error")[key]
    assert len(sentence) > 40
    filled = say_error(kind(**dict.fromkeys(places(sentence), "…")))
    assert "{" not in filled


def test_a_missing_sentence_is_a_bug_that_is_seen() -> None:
    with pytest.raises(KeyError):
        tr("frame.nothing_like_this")
    with pytest.raises(KeyError):
        tr_n("frame.today", 3)
