"""A verdict in sentences, in the reader's language, from `resources/texts/<language>/audit.toml`.

It words the answer in its JSON form, so that a kept answer can be read again. It finds the file of sentences by itself,
so that the audit runs without the rest of the program.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("it", "en")
LEAVES_SHOWN = 12

Answer = Mapping[str, Any]


@cache
def _sentences(language: str) -> dict[str, str]:
    root = getattr(sys, "_MEIPASS", None) or Path(__file__).resolve().parents[2]
    file = Path(root) / "resources" / "texts" / (language if language in LANGUAGES else "en") / "audit.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def lines(answer: Answer, language: str) -> list[str]:
    """Return what a person reads: the verdict first, the file, then why, then the witness."""
    text = _sentences(language)
    said = [text[f"head_{answer['outcome']}"], text["file"].format(sha256=answer["sha256"])]
    if answer["outcome"] == "pass":
        asked = {"series": answer["series"], "releases": answer["releases"], "asked": answer["questions"]}
        said.append(text["coverage"].format(**asked))
        if answer["exhaustive"]:
            said.append(text["coverage_exhaustive"])
    else:
        said += _why(answer, text)
    if answer["witness"] is not None:
        said += _witness(answer["witness"], text)
    for note in answer["notes"]:
        places = {"variable": note["variable"], "release": note["release"], "number": note["number"]}
        said.append(text[f"note_{note['reason']}"].format(**places))
    return said


def _why(answer: Answer, text: dict[str, str]) -> list[str]:
    said, reason = [], text[f"reason_{answer['reason']}"]
    if answer["variable"]:
        said.append(text["place"].format(variable=answer["variable"], release=answer["release"] or "–"))
    places = {"node": answer["node"], "number": answer["number"], "where": answer["where"]}
    said.append(reason.format(other=answer["other_release"], **places))
    if answer["tokens"]:
        said.append(text["tokens"].format(tokens=", ".join(answer["tokens"])))
    if answer["where"] and "{where}" not in reason:
        said.append(text["at"].format(where=answer["where"]))
    if answer["rule"].startswith("R"):
        said.append(text["rule"].format(rule=answer["rule"]))
    return said


def _witness(witness: Answer, text: dict[str, str]) -> list[str]:
    said, cohort = [], witness["cohort"]
    if cohort:
        a, b = (*witness["cohort_of"], "", "")[:2]
        least, most = witness["interval"]
        said.append(text[f"cohort_{witness['cohort_kind']}"].format(n=len(cohort), a=a, b=b))
        said.append(text["tokens"].format(tokens=", ".join(cohort)))
        said.append(text["item"].format(item=_item(witness["item"], text)))
        said.append(text["interval"].format(least=least, most=most))
    for kind in ("known", "combination"):
        for one in witness[kind]:
            said.append(text[kind].format(token=one["token"], item=_item(one["is"], text)))
    return said


def _item(parts: list[Answer], text: dict[str, str]) -> str:
    said = []
    for part in parts:
        leaves = ", ".join(part["leaves"][:LEAVES_SHOWN]) + (" …" if len(part["leaves"]) > LEAVES_SHOWN else "")
        said.append(text["part"].format(variable=part["variable"], node=part["node"], leaves=leaves))
    return "; ".join(said)
