"""The door of the board: who gets in, for how long, and what every answer carries."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.capofila.board.guard import CONTENT_POLICY, ENTRY_COOKIE, SESSION_COOKIE, csrf_token, is_ours
from app.capofila.server import running
from tests.board.scene import PASSPHRASE, Page, Scene

PAGES = ("", "years", "handouts", "handouts/xlsx", "late", "invitations", "files", "audit", "accounts", "shelters/x")


@pytest.mark.parametrize("path", PAGES)
def test_nobody_reads_a_page_without_signing_in(scene: Scene, path: str) -> None:
    with scene.browser() as browser:
        answer = browser.get(f"/board/{path}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/board/login")


@pytest.mark.parametrize("path", ["", "login", "static/board.css", "static/nothing", "nothing", "late"])
def test_every_answer_has_the_strict_headers(scene: Scene, browser: httpx.Client, path: str) -> None:
    headers = browser.get(f"/board/{path}").headers
    assert headers["Content-Security-Policy"] == CONTENT_POLICY
    assert CONTENT_POLICY.startswith("default-src 'none'")
    assert "unsafe" not in CONTENT_POLICY
    assert "script-src" not in CONTENT_POLICY
    assert headers["Strict-Transport-Security"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"] or path.startswith("static/")


def test_a_fault_is_told_without_its_words_and_with_the_headers(own: Scene) -> None:
    with own.sign_in() as browser:
        own.office.store.close()
        object.__setattr__(own.office.accounts, "_store", None)
        answer = browser.get("/board/")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "AttributeError" not in answer.text
    assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY


def test_the_session_cookie_is_for_this_host_alone_and_no_script_reads_it(scene: Scene) -> None:
    scene.clock.at += timedelta(seconds=90)
    with scene.browser() as browser:
        page = Page(browser.get("/board/login").text)
        answer = browser.post("/board/login", data={**page.form(), **scene.words()})
    (line,) = [line for line in answer.headers.get_list("Set-Cookie") if line.startswith(f"{SESSION_COOKIE}=")]
    parts = {part.strip() for part in line.split(";")[1:]}
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"} <= parts
    assert not any(part.startswith("Domain") for part in parts)
    assert SESSION_COOKIE.startswith("__Host-")
    assert ENTRY_COOKIE.startswith("__Host-")


@pytest.mark.parametrize("wrong", ["name", "passphrase", "code"])
def test_whatever_was_wrong_the_answer_is_the_same(own: Scene, wrong: str) -> None:
    own.clock.at += timedelta(seconds=90)
    told = set()
    for value in ("000000", "<script>x</script>"):
        with own.browser() as browser:
            page = Page(browser.get("/board/login").text)
            answer = browser.post("/board/login", data={**page.form(), **own.words(), wrong: value})
        assert answer.status_code == 401
        assert SESSION_COOKIE not in answer.headers.get("Set-Cookie", "")
        assert "<script>" not in answer.text
        told.add(next(text for text in answer.text.splitlines() if 'role="alert"' in text))
    assert len(told) == 1


def test_a_code_counts_once(own: Scene) -> None:
    with own.sign_in():
        pass
    with own.browser() as browser:
        page = Page(browser.get("/board/login").text)
        assert browser.post("/board/login", data={**page.form(), **own.words()}).status_code == 401


def test_a_recovery_code_opens_once_in_place_of_the_telephone(own: Scene) -> None:
    assert own.operator is not None
    words = {**own.words(), "code": own.operator.recovery_codes[0]}
    answers = []
    for _ in range(2):
        with own.browser() as browser:
            page = Page(browser.get("/board/login").text)
            answers.append(browser.post("/board/login", data={**page.form(), **words}).status_code)
    assert answers == [303, 401]


def test_guessing_is_slowed_down_and_the_right_words_wait_too(own: Scene) -> None:
    own.clock.at += timedelta(seconds=90)
    with own.browser() as browser:
        page = Page(browser.get("/board/login").text)
        for _ in range(5):
            browser.post("/board/login", data={**page.form(), **own.words(), "passphrase": "non e questa frase"})
        answer = browser.post("/board/login", data={**page.form(), **own.words()})
        assert answer.status_code == 429
        assert "Troppi tentativi" in answer.text
        own.clock.at += timedelta(hours=2)
        assert browser.post("/board/login", data={**page.form(), **own.words()}).status_code == 303


def test_a_session_ends_after_twenty_idle_minutes(own: Scene) -> None:
    with own.sign_in() as browser:
        own.clock.at += timedelta(minutes=19)
        assert browser.get("/board/").status_code == 200
        own.clock.at += timedelta(minutes=19)
        assert browser.get("/board/").status_code == 200
        own.clock.at += timedelta(minutes=21)
        assert browser.get("/board/").status_code == 303


def test_a_session_ends_after_ten_hours_however_busy(own: Scene) -> None:
    with own.sign_in() as browser:
        begun = own.clock.at
        while own.clock.at < begun + timedelta(hours=9, minutes=50):
            assert browser.get("/board/").status_code == 200
            own.clock.at += timedelta(minutes=15)
        own.clock.at = begun + timedelta(hours=10, seconds=1)
        assert browser.get("/board/").status_code == 303


def test_signing_out_ends_the_session_at_the_server_too(own: Scene) -> None:
    with own.sign_in() as browser:
        stolen = dict(browser.cookies)
        form = Page(browser.get("/board/").text).form()
        assert browser.post("/board/logout", data=form).status_code == 303
        with own.browser() as thief:
            thief.cookies.update(stolen)
            assert thief.get("/board/").status_code == 303


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("logout", {}),
        ("invitations", {"shelter": "Casa", "url": "https://127.0.0.1:8443"}),
        ("files/answer", {"answer": "AAAA", "name": "x"}),
        ("accounts/passphrase", {"old": PASSPHRASE, "new": "una frase del tutto nuova"}),
    ],
)
def test_no_form_of_another_page_is_taken(own: Scene, path: str, fields: dict[str, str]) -> None:
    with own.sign_in() as browser:
        right = Page(browser.get("/board/").text).form()
        for data in (fields, {**fields, "csrf": csrf_token("of somebody else")}):
            assert browser.post(f"/board/{path}", data=data).status_code == 403
        foreign = browser.post(f"/board/{path}", data={**fields, **right}, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403
        assert browser.get("/board/").status_code == 200


def test_a_login_form_of_another_page_is_not_taken(own: Scene) -> None:
    own.clock.at += timedelta(seconds=90)
    with own.browser() as browser:
        assert browser.post("/board/login", data={**own.words(), "csrf": csrf_token("")}).status_code == 403


def test_a_token_is_bound_to_its_cookie() -> None:
    assert is_ours("a", csrf_token("a"), "same-origin")
    assert not is_ours("a", csrf_token("b"), "same-origin")
    assert not is_ours("a", csrf_token("a"), "cross-site")
    assert not is_ours("a", "é", "")


def test_a_form_that_is_too_large_is_not_read(scene: Scene, browser: httpx.Client) -> None:
    assert browser.post("/board/files", content=b"x" * 300_000).status_code == 413


def test_the_service_itself_has_the_board_and_does_not_describe_it_to_machines(tmp_path: Path) -> None:
    with running(tmp_path, name="Comune capofila") as served:
        context = ssl.create_default_context(cafile=str(served.identity.tls_file))
        with httpx.Client(base_url=served.url, verify=context) as browser:
            answer = browser.get("/board/login")
            assert answer.status_code == 200
            assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY
            assert browser.get("/board").headers["Location"].endswith("/board/")
            assert "/board" not in browser.get("/openapi.json").text
            assert "Set-Cookie" not in browser.get("/health/ready").headers
