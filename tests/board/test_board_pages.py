"""What the pages say and how they are made: nothing unescaped, nothing inline, nothing from elsewhere, all named."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from app.capofila.answer import EnrolmentWord, Filed, TurnedAway
from app.capofila.handout.handout_file import HANDOUTS
from app.reference.figure import reported_figures
from app.reference.texts import tr
from app.sync.invitation import read_invitation
from app.sync.key import SigningKey
from app.sync.payload import digest
from app.sync.signature import verify_receipt
from tests.board.scene import HOSTILE, TODAY, Page, Scene
from tests.board.story import HIDDEN, usual
from tests.shelter import Shelter

VOID_OF_MEANING = {"script", "style", "iframe", "object", "embed", "base", "img", "video"}
PATHS = ("", "years", "handouts", "late", "invitations", "files", "audit", "accounts")


def every_page(scene: Scene, browser: httpx.Client) -> dict[str, Page]:
    one = scene.shelters[HOSTILE[1]].id
    more = (f"shelters/{one}", f"shelters/{one}/2026-10", f"shelters/{one}/revoke")
    found = {path: browser.get(f"/board/{path}") for path in (*PATHS, *more, "nothing")}
    with scene.browser() as stranger:
        found["login"] = stranger.get("/board/login")
    return {path: Page(answer.text) for path, answer in found.items()}


@pytest.fixture
def pages(scene: Scene, browser: httpx.Client) -> dict[str, Page]:
    return every_page(scene, browser)


def test_no_page_has_anything_inline_or_from_elsewhere(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        for tag, attrs in page.tags:
            assert tag not in VOID_OF_MEANING, (path, tag)
            assert "style" not in attrs, (path, tag)
            assert not [name for name in attrs if name.startswith("on")], (path, tag)
            for name in ("href", "src", "action"):
                if name in attrs:
                    assert str(attrs[name]).startswith(("/board/", "#")), (path, attrs)


def test_a_hostile_name_is_shown_as_it_is_and_does_nothing(scene: Scene, browser: httpx.Client) -> None:
    html = browser.get("/board/").text
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    page = Page(html)
    for name in HOSTILE:
        assert name in page.text
    assert not page.all("img")


def test_a_name_that_would_turn_the_line_round_is_shown_without_that_sign(own: Scene) -> None:
    from app.capofila.handout.network import visible

    assert visible("Casa \u202eesrever\u2066") == "Casa esrever"
    assert visible("\u200b") == "?"


def test_every_page_can_be_read_without_seeing_it(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert page.all("html")[0]["lang"] == "it", path
        assert len(page.all("h1")) == 1, path
        assert page.tags[[tag for tag, _ in page.tags].index("a")][1]["href"] == "#content", path
        assert page.all("main")[0]["id"] == "content"
        assert all(attrs.get("scope") in ("col", "row") for attrs in page.all("th")), path
        ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
        assert len(ids) == len(set(ids)), path
        for _, attrs in page.tags:
            for name in ("aria-labelledby", "aria-describedby", "for"):
                assert name not in attrs or attrs[name] in ids, (path, attrs)
        named = {attrs["for"] for attrs in page.all("label")}
        for tag in ("input", "select", "textarea"):
            for attrs in page.all(tag):
                assert attrs.get("type") == "hidden" or attrs.get("id") in named, (path, attrs)
        assert all(attrs.get("aria-hidden") == "true" or attrs.get("aria-label") for attrs in page.all("svg")), path


def test_the_board_tells_who_has_sent_what(scene: Scene, browser: httpx.Client) -> None:
    page = Page(browser.get("/board/").text)
    words = " ".join(page.text.split())
    silent = words[words.index("Casa Valtellina") :]
    assert "5 / 6" in words
    assert "entro il 5 nov 2026" in words
    assert silent.index("ricevuto") < silent.index("manca") < silent.index("atteso")
    assert "ricevuto · rev. 2" in words
    for figure in reported_figures():
        assert figure.label() in words
        assert " ".join(figure.definition().split()) in words, "every total says how it was counted"


def test_after_the_due_day_an_awaited_report_is_missing(own: Scene) -> None:
    own.fill(("Una", "Due", "Tre", "Quattro"), TODAY)
    own.clock.at = datetime(2026, 11, 5, 22, 50, tzinfo=UTC)  # ten to midnight on the fifth, where the shelters are
    with own.sign_in() as browser:
        assert "atteso" in Page(browser.get("/board/").text).text
    own.clock.at = datetime(2026, 11, 5, 23, 10, tzinfo=UTC)
    with own.sign_in() as browser:
        assert "atteso" not in Page(browser.get("/board/").text).text


def test_a_protected_figure_is_nowhere_told_through_places_or_totals(own: Scene) -> None:
    own.clock.at = datetime(2026, 10, 1, tzinfo=UTC)
    for number, name in enumerate(("Una", "Due", "Tre", "Quattro"), start=1):
        own.enrol(name)
        told = {**usual(number, 10), "M05": HIDDEN if number == 1 else 7}
        own.deliver(name, "2026-10", told)
    own.clock.at = TODAY
    with own.sign_in() as browser:
        html = browser.get("/board/").text
    words = " ".join(Page(html).text.split())
    assert "una sola struttura protegge questo dato" in words
    row = " ".join(Page(html[html.index("<bdi>Una</bdi>") :]).text.split())
    assert re.search(r"^Una.*?Posti ?9 Liberi ?n\.p\.", row)
    assert "su 31 posti" not in words


def test_without_shelters_the_board_says_what_to_do(own: Scene) -> None:
    with own.sign_in() as browser:
        page = Page(browser.get("/board/").text)
        assert "Fai il primo invito" in page.text
        for path in PATHS:
            assert browser.get(f"/board/{path}").status_code == 200, path
        assert browser.get("/board/handouts/xlsx").status_code == 200
        assert browser.get("/board/handouts/adx").status_code == 404


def test_a_month_has_every_revision_and_its_receipt_proves_it(scene: Scene, browser: httpx.Client) -> None:
    shelter = scene.shelters[HOSTILE[0]]
    page = Page(browser.get(f"/board/shelters/{shelter.id}/2026-10").text)
    assert "Revisione 2" in page.text
    assert "sostituita" in page.text
    for revision in (1, 2):
        place = f"/board/shelters/{shelter.id}/2026-10/{revision}"
        package = browser.get(f"{place}/package.json").content
        receipt = verify_receipt(
            browser.get(f"{place}/receipt.jwt").text,
            scene.office.keys.identity.key.public,
            shelter=shelter.id,
            period="2026-10",
            revision=revision,
            sha256=digest(package),
            trail="5c" * 32,
        )
        assert receipt.status == "accepted"
        assert digest(package) in page.text


@pytest.mark.parametrize(
    "path",
    [
        "shelters/none",
        "shelters/none/2026-10",
        "shelters/{one}/2026-13",
        "shelters/{one}/2025-01",
        "shelters/{one}/2026-10/9/receipt.jwt",
        "shelters/{one}/2026-10/1/etc",
        "handouts/exe",
        "static/..%2f..%2ffigures.toml",
    ],
)
def test_what_is_not_there_is_told_as_such(scene: Scene, browser: httpx.Client, path: str) -> None:
    answer = browser.get(f"/board/{path.format(one=scene.shelters[HOSTILE[0]].id)}")
    assert answer.status_code == 404
    assert "Pagina non trovata" in answer.text


def test_an_invitation_made_here_is_one_that_a_shelter_can_use(own: Scene) -> None:
    with own.sign_in() as browser:
        form = Page(browser.get("/board/invitations").text).form()
        wish = {**form, "shelter": "Casa <b>Nuova</b>", "province": "MI", "url": "https://127.0.0.1:8443", "days": "9"}
        html = browser.post("/board/invitations", data=wish).text
        text = re.search(r"APPRODO\d-[A-Za-z0-9_-]+", html)
        assert text is not None
        made = read_invitation(text.group())
        assert made.shelter_name == "Casa <b>Nuova</b>"
        assert made.comparison_code() in html
        assert 'class="qr"' in html
        assert "<b>Nuova" not in html
        assert text.group() not in browser.get("/board/invitations").text, "it is shown once"


def test_an_invitation_that_cannot_be_is_refused_in_words_and_keeps_what_was_typed(own: Scene) -> None:
    with own.sign_in() as browser:
        form = Page(browser.get("/board/invitations").text).form()
        wish = {**form, "shelter": 'Casa "Nuova"', "url": "http://example.invalid"}
        answer = browser.post("/board/invitations", data=wish)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert 'role="alert"' in answer.text
    assert [attrs["value"] for attrs in page.all("input") if attrs.get("name") == "shelter"] == ['Casa "Nuova"']


def test_a_shelter_that_lost_its_key_is_invited_as_itself(own: Scene) -> None:
    shelter = own.enrol("Casa Aurora")
    with own.sign_in() as browser:
        page = Page(browser.get(f"/board/invitations?shelter={shelter.id}").text)
        assert "Casa Aurora" in page.text
        wish = {**page.form(), "again": shelter.id, "url": "https://127.0.0.1:8443"}
        text = re.search(r"APPRODO\d-[A-Za-z0-9_-]+", browser.post("/board/invitations", data=wish).text)
        assert text is not None
        assert browser.post("/board/invitations", data={**wish, "again": "nobody"}).status_code == 404
    key = SigningKey.generate()
    assert isinstance(own.office.enrolments.enrol(read_invitation(text.group()).token, key.public), EnrolmentWord)
    again = Shelter(shelter.id, shelter.capofila_id, key)
    answer = own.office.reception.receive(again.delivery(again.package("2026-01"), "again"))
    assert isinstance(answer, Filed)


def test_a_shelter_is_revoked_only_when_somebody_says_so_twice(own: Scene) -> None:
    shelter = own.enrol("Casa Aurora")
    with own.sign_in() as browser:
        place = f"/board/shelters/{shelter.id}/revoke"
        form = Page(browser.get(place).text).form()
        browser.post(place, data=form)
        own.deliver("Casa Aurora", "2026-01", usual(1, 1))
        browser.post(place, data={**form, "sure": "yes"})
        package = shelter.package("2026-02")
        answer = own.office.reception.receive(shelter.delivery(package, "late"))
        assert isinstance(answer, TurnedAway)
        assert answer.reason == "shelter_revoked"
        assert "revoca" in Page(browser.get("/board/audit").text).text


def test_a_file_is_judged_as_if_it_had_come_over_the_network_and_its_answer_proves_it(own: Scene) -> None:
    from app.sync.sealed import SealedReport, seal

    shelter: Shelter = own.enrol("Casa Aurora")
    package = shelter.package("2026-01")
    delivery = shelter.delivery(package, "jti-1")
    sealed = seal(
        SealedReport(package, delivery.token, delivery.idempotency_key, delivery.content_type, delivery.digest),
        own.office.keys.identity.sealing.public,
    )
    with own.sign_in() as browser:
        form = Page(browser.get("/board/files").text).form()
        for _ in range(2):
            html = browser.post("/board/files", data=form, files={"file": ("faro-4821.approdo", sealed)}).text
            assert "Rapporto ricevuto" in html
        hidden = {str(one["name"]): str(one["value"]) for one in Page(html).all("input") if one.get("value")}
        answer = browser.post("/board/files/answer", data=hidden)
        assert 'filename="faro-4821-ricevuta.approdo"' in answer.headers["Content-Disposition"]
        assert own.office.reception.receive(delivery).receipt.encode() in answer.content  # type: ignore[union-attr]
        refused = browser.post("/board/files", data=form, files={"file": ("x.approdo", b"nonsense")})
        assert "Rifiutato" in refused.text
        assert browser.post("/board/files", data=form, files={"file": ("x.approdo", b"")}).status_code == 422


def test_changing_the_passphrase_ends_every_session(own: Scene) -> None:
    from tests.board.scene import PASSPHRASE

    with own.sign_in() as browser:
        form = Page(browser.get("/board/accounts").text).form()
        new = "una frase del tutto nuova"
        wrong = browser.post("/board/accounts/passphrase", data={**form, "old": "x", "new": new, "again": new})
        assert wrong.status_code == 422
        differs = browser.post("/board/accounts/passphrase", data={**form, "old": PASSPHRASE, "new": new, "again": "x"})
        assert differs.status_code == 422
        browser.post("/board/accounts/passphrase", data={**form, "old": PASSPHRASE, "new": new, "again": new})
        assert browser.get("/board/").status_code == 303


def test_every_action_that_the_capofila_notes_has_its_words() -> None:
    root = Path(__file__).resolve().parents[2] / "app"
    sources = [*(root / "capofila").rglob("*.py"), *(root / "cli").glob("capofila*.py")]
    noted = re.compile(r"\bnote\(\s*[\w.]+,\s*\"([a-z_]+)\"")
    actions = {found for source in sources for found in noted.findall(source.read_text(encoding="utf-8"))}
    actions |= {f"handed_out_{kind.replace('-', '_')}" for kind in HANDOUTS}
    assert {"revoked", "signed_in"} <= actions
    for action in sorted(actions):
        assert tr(f"board.did_{action}")


def test_the_page_before_the_door_names_nobody(scene: Scene) -> None:
    with scene.browser() as stranger:
        text = Page(stranger.get("/board/login").text).text
    assert "Comune capofila" not in text


def test_the_audit_log_says_who_fetched_which_file(scene: Scene, browser: httpx.Client) -> None:
    browser.get("/board/handouts/csv")
    page = Page(browser.get("/board/audit").text)
    assert "CSV preso" in page.text
    assert "Marta" in page.text


def test_reminders_name_the_months_and_not_the_shelter(scene: Scene, browser: httpx.Client) -> None:
    html = browser.get("/board/late").text
    text = html[html.index("<textarea") : html.index("</textarea>")]
    assert "settembre 2026" in text
    assert "Valtellina" not in text


def test_sixty_shelters_are_one_page(own: Scene) -> None:
    own.clock.at = datetime(2026, 10, 1, tzinfo=UTC)
    names = [f"Casa numero {number}" for number in range(60)]
    for number, name in enumerate(names):
        own.enrol(name)
        own.deliver(name, "2026-10", usual(number, 10))
    own.clock.at = TODAY + timedelta(minutes=1)
    with own.sign_in() as browser:
        text = Page(browser.get("/board/").text).text
    assert "60 / 60" in text
    assert all(name in text for name in names)
