"""The rules of the house that a linter does not know."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for path in (ROOT / "app").rglob("*.py") if "migrations" not in path.parts)
LONGEST_FILE = 400


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_every_module_says_what_it_is_and_stays_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module says what it holds"
    assert len(text.splitlines()) <= LONGEST_FILE, "look for a seam"


@pytest.mark.parametrize(
    ("forbidden", "where", "instead"),
    [
        (r"\bQThread\b|\bQRunnable\b", "app", "TaskRunner"),
        (r"\bQMessageBox\b", "app", "app.ui.question or a Dialog of the kit"),
        (r"processEvents", "app/ui", "a Runner"),
        (r"\.(commit|rollback)\(", "app/services", "vault.work(): one intention, one transaction"),
        (r"temp_store\s*=\s*FILE", "app", "MEMORY: a FILE store spills rows in clear"),
        (r"\btempfile\b|NamedTemporaryFile|mkstemp", "app", "bytes in memory"),
        (r"\.exec\(\)", "app/ui/pages", "open(), which does not block"),
        (r"\bopenpyxl\b", "app", "XlsxWriter in memory: openpyxl leaves plain files behind"),
    ],
)
def test_what_must_not_be_used_is_not_used(forbidden: str, where: str, instead: str) -> None:
    found = [
        f"{relative(path)}:{number}"
        for path in SOURCES
        if relative(path).startswith(where)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(forbidden, line.split("#")[0]) and not line.lstrip().startswith('"""')
    ]
    assert not found, f"use {instead}: {found}"


@pytest.mark.parametrize("path", sorted((ROOT / "app/ui/presenters").glob("[a-z]*.py")), ids=relative)
def test_every_presenter_has_its_test(path: Path) -> None:
    named = re.compile(rf"app\.ui\.presenters\.{path.stem}\b|app\.ui\.presenters import [^\n]*\b{path.stem}\b")
    texts = [test.read_text(encoding="utf-8") for test in (ROOT / "tests").rglob("test_*.py")]
    assert any(named.search(text) for text in texts)


def test_no_model_shows_its_values_in_its_repr() -> None:
    from sqlalchemy import inspect

    from app.models.base import Base
    from app.models.schema import metadata

    assert metadata.tables
    for mapper in Base.registry.mappers:
        values = {}
        for column in inspect(mapper.class_).columns:
            if column.name != "id" and column.type.python_type is str:
                values[column.name] = "CANARY"
        assert "CANARY" not in repr(mapper.class_(**values))
