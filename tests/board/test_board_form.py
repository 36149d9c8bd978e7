"""What a browser sends is read; what nobody's browser sends is an empty form."""

from __future__ import annotations

import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.capofila.board.form import MULTIPART, URLENCODED, Form, read_fields, read_form

NASTY = bytes(range(256)) + b"\r\n--\r\n--x--\r\n"


def test_fields_are_read_and_the_first_of_a_name_counts() -> None:
    form = read_form(f"{URLENCODED}; charset=utf-8", b"a=%C3%A8+x&b=&a=2")
    assert form.text("a") == "è x"
    assert form.text("b") == form.text("c") == ""


def test_a_file_comes_as_it_was_sent() -> None:
    sent = httpx.Request("POST", "https://x", data={"csrf": "t", "è": "ù"}, files={"file": ("faro-1.approdo", NASTY)})
    form = read_form(sent.headers["Content-Type"], sent.read())
    assert form.files["file"] == NASTY
    assert form.names["file"] == "faro-1.approdo"
    assert form.text("csrf") == "t"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("", b"a=1"),
        ("text/plain", b"a=1"),
        ("application/json", b"{}"),
        (URLENCODED, b"\xff\xfe"),
        (URLENCODED, b"&".join(b"a%d=1" % n for n in range(40))),
        (MULTIPART, b"nothing"),
        (f"{MULTIPART}; boundary=x", b"--x\r\n\r\n--x--"),
        (f"{MULTIPART}; boundary=", b"--"),
    ],
)
def test_anything_else_is_an_empty_form(kind: str, body: bytes) -> None:
    assert read_form(kind, body) == Form()


@given(st.binary(max_size=300), st.sampled_from([URLENCODED, f"{MULTIPART}; boundary=x", f"{MULTIPART}; boundary=é"]))
def test_no_body_breaks_the_reader(body: bytes, kind: str) -> None:
    read_form(kind, b'--x\r\nContent-Disposition: form-data; name="a"\r\n' + body + b"\r\n--x--\r\n")
    read_form(kind, body)


EVIL_HEAD = b"--b\r\nContent-Disposition: form-data; "
EVIL_END = b"\r\n\r\nv\r\n--b--\r\n"


@pytest.mark.parametrize(
    "body",
    [
        EVIL_HEAD + b"a;" * 120_000 + EVIL_END,
        EVIL_HEAD + b"a=b; " * 50_000 + EVIL_END,
        EVIL_HEAD + b"name=" + b"(" * 200_000 + EVIL_END,
        EVIL_HEAD + b'name="' + b"=?utf-8?q?a?= " * 15_000 + b'"' + EVIL_END,
        b"--b\r\n\r\nx\r\n" * 20_000 + b"--b--\r\n",
        b"".join(b"--b\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % n for n in range(4000)),
        b"\r\n" * 120_000,
    ],
    ids=["bare", "parameters", "brackets", "encoded", "parts", "nested", "blank"],
)
def test_no_body_takes_long(body: bytes) -> None:
    begun = time.process_time()
    assert read_form(f"{MULTIPART}; boundary=b", body) == Form()
    read_form(f"{MULTIPART}; " + "a;" * 30_000 + "boundary=b", body)
    assert time.process_time() - begun < 0.5


def test_before_the_door_no_file_is_read() -> None:
    sent = httpx.Request("POST", "https://x", data={"name": "x"}, files={"file": ("a", b"b")})
    assert read_fields(sent.headers["Content-Type"], sent.read()) == Form()
    assert read_fields(URLENCODED, b"name=x").text("name") == "x"
