"""What a form of the board sends: fields, and for an upload one file; anything malformed is an empty form.

Multipart is read by a reader of our own: one pass, few parts, short heads. The standard library's takes a time that
grows with the square of a head, and more than a stranger may ask for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

MOST_FIELDS = 30
LONGEST_HEAD = 2 * 1024
"""Octets of the head of a part: two lines in a browser's."""

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"

_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s";,]{1,70}))', re.IGNORECASE)
_LONGEST_TYPE = 300
_DISPOSITION = "content-disposition: form-data;"
_NAME = re.compile(r';\s*name="([^"]*)"')
_FILE_NAME = re.compile(r';\s*filename="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form; of a name that comes twice the first counts."""

    fields: dict[str, str] = field(default_factory=dict, repr=False)
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    names: dict[str, str] = field(default_factory=dict, repr=False)

    def text(self, name: str) -> str:
        """Return a field without the spaces around it; empty when it is missing."""
        return self.fields.get(name, "").strip()

    def secret(self, name: str) -> str:
        """Return a field as it was typed."""
        return self.fields.get(name, "")


def read_form(content_type: str, body: bytes) -> Form:
    """Return the form in a request's body."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == URLENCODED:
            return _urlencoded(body)
        return _multipart(content_type, body) if kind == MULTIPART else Form()
    except ValueError:
        return Form()


def read_fields(content_type: str, body: bytes) -> Form:
    """Return a form without files: all that is read of somebody who has not signed in."""
    kind = content_type.partition(";")[0].strip().lower()
    return read_form(content_type, body) if kind == URLENCODED else Form()


def _urlencoded(body: bytes) -> Form:
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    form = Form()
    for name, value in pairs:
        form.fields.setdefault(name, value)
    return form


def _multipart(content_type: str, body: bytes) -> Form:
    found = _BOUNDARY.search(content_type[:_LONGEST_TYPE])
    if found is None:
        raise ValueError("no boundary")
    line = b"\r\n--" + (found[1] or found[2]).encode("latin-1")
    _before, *parts = (b"\r\n" + body).split(line, MOST_FIELDS + 1)
    if not parts or not parts[-1].startswith(b"--"):
        raise ValueError("cut short, or too many parts")
    form = Form()
    for part in parts[:-1]:
        _take(part, form)
    return form


def _take(part: bytes, form: Form) -> None:
    head, end, content = part[:LONGEST_HEAD].partition(b"\r\n\r\n")
    if not end or not head.startswith(b"\r\n"):
        raise ValueError("no head")
    content = part[len(head) + len(end) :]
    lines = head.decode("utf-8").split("\r\n")
    said = next((line for line in lines if line.lower().startswith(_DISPOSITION)), "")
    name, file_name = _NAME.search(said), _FILE_NAME.search(said)
    if name is None:
        return
    if file_name is None:
        form.fields.setdefault(name[1], content.decode("utf-8"))
    else:
        form.files.setdefault(name[1], content)
        form.names.setdefault(name[1], file_name[1])
