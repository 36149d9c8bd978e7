"""What is done on the board: an invitation withdrawn, a name that was here, evidence fetched, a fault noted."""

from __future__ import annotations

import io
import json
import logging
import re
import time

import pytest

from app.capofila.audit import list_audit
from app.capofila.log import JsonLines
from app.capofila.register import list_invitations
from tests.board.scene import PASSPHRASE, TODAY, Page, Scene
from tests.board.story import usual

URL = "https://127.0.0.1:8443"


def test_an_open_invitation_is_withdrawn_on_its_page(own: Scene) -> None:
    own.office.enrolments.invite(shelter_name="Casa Aurora", url=URL, days_valid=60)
    with own.sign_in() as browser:
        page = Page(browser.get("/board/invitations").text)
        (invitation,) = [tag["value"] for tag in page.all("input") if tag.get("name") == "invitation"]
        words = {**page.form(), "invitation": str(invitation)}
        assert browser.post("/board/invitations/withdraw", data=words).status_code == 303
        after = Page(browser.get("/board/invitations").text)
        assert "ritirato" in after.text
        assert not [tag for tag in after.all("input") if tag.get("name") == "invitation"]
        assert browser.post("/board/invitations/withdraw", data=words).status_code == 422
        assert "invito ritirato" in browser.get("/board/audit").text


@pytest.mark.parametrize("answer", ["another", "continued"])
def test_a_name_that_was_here_is_asked_about(own: Scene, answer: str) -> None:
    old = own.enrol("Casa Aurora")
    own.office.enrolments.revoke(old.id)
    with own.sign_in() as browser:
        form = {**Page(browser.get("/board/invitations").text).form(), "shelter": "casa aurora", "url": URL}
        asked = browser.post("/board/invitations", data=form)
        assert asked.status_code == 422
        page = Page(asked.text)
        assert "È la stessa casa?" in page.text
        ids = {str(tag["id"]): str(tag["value"]) for tag in page.all("input") if tag.get("name") == "was"}
        named = {tag["for"] for tag in page.all("label")}
        assert set(ids) <= named
        done = browser.post("/board/invitations", data={**form, "was": ids[f"was-{answer}"]})
        assert done.status_code == 200
    (made, *_) = list_invitations(own.office.store)
    assert made.succeeds == (old.id if answer == "continued" else None)


def test_a_name_that_is_here_is_asked_about_and_what_was_chosen_stays(own: Scene) -> None:
    here = own.enrol("Casa Aurora")
    with own.sign_in() as browser:
        form = {
            **Page(browser.get("/board/invitations").text).form(),
            "shelter": "Casa Aurora",
            "url": URL,
            "days": "7",
        }
        asked = browser.post("/board/invitations", data=form)
        assert asked.status_code == 422
        page = Page(asked.text)
        fields = {tag.get("id"): tag.get("value") for tag in page.all("input")}
        assert fields["days"] == "7"
        assert "was-another" in fields
        assert "was-continued" not in fields, "what has not ended cannot be continued"
        assert f"/board/invitations?shelter={here.id}" in {tag.get("href") for tag in page.all("a")}
        assert browser.post("/board/invitations", data={**form, "was": "another"}).status_code == 200
        log = browser.get("/board/audit").text
    (made, _used) = list_invitations(own.office.store)
    assert (made.expires_at - made.created_at).days == 7
    assert made.id not in log, "the log names the house, not the number"
    assert log.count("<bdi>Casa Aurora</bdi>") == 3, "two invitations and who used the first"


def test_a_month_sent_by_one_who_joined_afterwards_is_counted(own: Scene) -> None:
    own.clock.at = TODAY
    own.enrol("Casa Aurora")
    own.deliver("Casa Aurora", "2026-10", usual(1, 10))
    with own.sign_in() as browser:
        assert "1 / 1" in Page(browser.get("/board/").text).text


def test_an_address_that_no_shelter_could_use_is_refused_to_who_invites(own: Scene) -> None:
    with own.sign_in() as browser:
        form = Page(browser.get("/board/invitations").text).form()
        answer = browser.post("/board/invitations", data={**form, "shelter": "Casa Aurora", "url": "http://x.invalid"})
    assert answer.status_code == 422
    assert "correggilo" in answer.text
    assert "chiedi un nuovo invito" not in answer.text, "this is who makes them"


def test_totals_that_cannot_be_handed_out_yet_say_why(own: Scene) -> None:
    own.clock.at = TODAY
    own.enrol("Casa Aurora")
    own.deliver("Casa Aurora", "2026-10", usual(1, 10))
    with own.sign_in() as browser:
        answer = browser.get("/board/handouts/dhis2-outside?year=2026")
        assert answer.status_code == 404
        page = Page(answer.text)
        assert "almeno tre strutture" in page.text
        assert "/board/handouts?year=2026" in {tag.get("href") for tag in page.all("a")}
        assert "nessun rapporto" in Page(browser.get("/board/handouts/adx?year=2025").text).text


def test_evidence_that_is_fetched_is_noted_and_no_number_is_too_large(own: Scene) -> None:
    own.clock.at = TODAY
    shelter = own.enrol("Casa Aurora")
    own.deliver("Casa Aurora", "2026-10", usual(1, 10))
    place = f"/board/shelters/{shelter.id}/2026-10"
    with own.sign_in() as browser:
        assert browser.get(f"{place}/1/receipt.jwt").status_code == 200
        assert browser.get(f"{place}/1/package.json").status_code == 200
        assert browser.get(f"{place}/{10**25}/receipt.jwt").status_code == 404
        assert own.operator is not None
        noted = [line for line in list_audit(own.office.store) if line.action.endswith("_fetched")]
        assert [line.action for line in noted] == ["package_fetched", "receipt_fetched"]
        assert {(line.account_id, line.subject) for line in noted} == {(own.operator.id, shelter.id)}
        text = browser.get("/board/audit").text
    assert "ricevuta presa" in text
    assert "la struttura" in text, "who enrolled"


def test_guesses_at_the_old_passphrase_end(own: Scene) -> None:
    with own.sign_in() as browser:
        form = Page(browser.get("/board/accounts").text).form()
        words = {"new": "una frase del tutto nuova", "again": "una frase del tutto nuova"}
        for _ in range(5):
            browser.post("/board/accounts/passphrase", data={**form, **words, "old": "non e questa frase"})
        answer = browser.post("/board/accounts/passphrase", data={**form, **words, "old": PASSPHRASE})
    assert answer.status_code == 422
    assert "Troppi tentativi" in answer.text


def test_a_fault_of_a_page_is_logged_with_its_kind_and_the_number_of_the_request(
    own: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    handler = JsonLines(stream)
    logging.getLogger("app.capofila").addHandler(handler)

    def broken(*_words: object) -> object:
        raise RuntimeError("CANARINO")

    try:
        with own.sign_in() as browser:
            monkeypatch.setattr("app.capofila.board.page.read_network", broken)
            answer = browser.get("/board/")
            deadline = time.monotonic() + 10
            while '"fault"' not in stream.getvalue() and time.monotonic() < deadline:
                time.sleep(0.01)  # it is written after the answer
    finally:
        logging.getLogger("app.capofila").removeHandler(handler)
    assert answer.status_code == 500
    (line,) = [line for line in map(json.loads, stream.getvalue().splitlines()) if line["event"] == "fault"]
    assert line["error"] == "RuntimeError"
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert re.fullmatch(r"[a-z_]+\.py:\d+", line["where"])
    assert "CANARINO" not in stream.getvalue()
