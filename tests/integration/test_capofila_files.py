"""Files instead of the network, at the capofila: the same rules, the same receipt, counted once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.capofila.answer import Filed
from app.capofila.service import list_received
from app.cli.main import run
from app.sync import sealed
from app.sync.file_answer import read_answer
from app.sync.key import SealingKey, SigningKey
from app.sync.keychange import make_key_change, make_leave
from app.sync.sealed import Sealed, SealedEnrolment, SealedKeyChange, SealedLeave, SealedReport, seal
from app.sync.signature import read_enrolment
from tests.capofila_office import URL, Desk, open_desk
from tests.shelter import Shelter


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path / "capofila") as opened:
        yield opened


def file_of(desk: Desk, content: Sealed) -> bytes:
    return seal(content, desk.office.keys.identity.sealing.public)


def report_file(desk: Desk, shelter: Shelter, period: str = "2026-06", jti: str = "jti-1", **changes: int) -> bytes:
    package = shelter.package(period, **changes)
    return file_of(desk, SealedReport.of(package, shelter.token(package, jti), jti))


def test_a_report_that_comes_both_ways_counts_once_and_has_one_receipt(desk: Desk) -> None:
    shelter = desk.shelter()
    by_network = desk.office.reception.receive(shelter.delivery(shelter.package()))
    opened = desk.office.files.open_file(report_file(desk, shelter))
    assert isinstance(by_network, Filed)
    assert (opened.kind, opened.shelter_id, opened.period, opened.revision) == ("filed", shelter.id, "2026-06", 1)
    assert opened.content is not None
    answer = read_answer(opened.content)
    assert (answer.kind, answer.about, answer.receipt, answer.reason) == ("receipt", "jti-1", by_network.receipt, None)
    # And the other way round.
    first = desk.office.files.open_file(report_file(desk, shelter, "2026-07", "jti-2"))
    assert first.content is not None
    second = desk.office.reception.receive(shelter.delivery(shelter.package("2026-07"), "jti-2"))
    assert second == Filed(read_answer(first.content).receipt or "")
    assert desk.office.files.open_file(report_file(desk, shelter, "2026-07", "jti-2")).content == first.content
    assert len(list_received(desk.office.store)) == 2


def test_a_conflict_is_refused_with_proof_and_a_stranger_learns_nothing(desk: Desk) -> None:
    shelter = desk.shelter()
    desk.office.files.open_file(report_file(desk, shelter))
    refused = desk.office.files.open_file(report_file(desk, shelter, jti="jti-2", nights=1000))
    assert (refused.kind, refused.reason, refused.shelter_id) == ("refused", "revision_conflict", shelter.id)
    assert refused.content is not None
    assert read_answer(refused.content).receipt is not None
    stranger = Shelter(shelter.id, shelter.capofila_id, SigningKey.generate())
    told = desk.office.files.open_file(report_file(desk, stranger, "2026-08"))
    assert (told.kind, told.reason, told.shelter_id, told.period) == ("refused", "shelter_unknown", None, None)
    assert told.content is not None
    assert read_answer(told.content).receipt is None


@pytest.mark.parametrize(
    "spoil", [lambda file: b"", lambda file: file[:-9], lambda file: b"x" * 9, lambda file: b"\xff"]
)
def test_a_file_that_cannot_be_opened_is_refused_without_an_answer(desk: Desk, spoil: object) -> None:
    shelter = desk.shelter()
    file = spoil(report_file(desk, shelter))  # type: ignore[operator]
    opened = desk.office.files.open_file(file)
    assert (opened.kind, opened.reason, opened.content) == ("refused", "seal_invalid", None)
    package = shelter.package()
    elsewhere = seal(SealedReport.of(package, shelter.token(package), "jti-1"), SealingKey.generate().public)
    assert desk.office.files.open_file(elsewhere).reason == "seal_invalid"
    assert list_received(desk.office.store) == []


def test_a_shelter_without_any_network_enrols_changes_its_key_and_leaves_by_files(desk: Desk) -> None:
    key, new = SigningKey.generate(), SigningKey.generate()
    invitation = desk.office.enrolments.invite(shelter_name="Casa Aurora", url=URL, days_valid=14)
    identity = desk.office.keys.identity
    assert invitation.seal == identity.sealing.public.raw
    opened = desk.office.files.open_file(file_of(desk, SealedEnrolment(invitation.token, key.public)))
    assert (opened.kind, opened.reason) == ("enrolled", None)
    assert opened.content is not None
    answer = read_answer(opened.content)
    assert answer.about == key.public.thumbprint()
    assert answer.certificate == identity.certificate
    word = read_enrolment(answer.enrolment or "", identity.key.public, iss=identity.capofila_id, shelter_key=key.public)
    claims = {"iss": word.shelter, "aud": identity.capofila_id, "iat": 9}
    change = make_key_change(key, new, jti="c-1", **claims)  # type: ignore[arg-type]
    changed = desk.office.files.open_file(file_of(desk, SealedKeyChange(change)))
    assert changed.kind == "key_changed"
    assert changed.content is not None
    assert read_answer(changed.content).about == new.public.thumbprint()
    leave = make_leave(new, jti="l-1", **claims)  # type: ignore[arg-type]
    left = desk.office.files.open_file(file_of(desk, SealedLeave(leave)))
    assert (left.kind, left.shelter_id) == ("left", word.shelter)
    assert left.content is not None
    assert read_answer(left.content).about == new.public.thumbprint()


def test_a_file_sealed_to_the_key_before_is_opened_after_a_renewal(desk: Desk) -> None:
    shelter = desk.shelter()
    file = report_file(desk, shelter)
    desk.office.keys.renew()
    opened = desk.office.files.open_file(file)
    assert opened.kind == "filed"
    assert opened.content is not None
    assert len(read_answer(opened.content).successions) == 1


def test_the_command_opens_files_and_writes_the_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "capofila"
    with open_desk(folder) as desk:
        shelter = desk.shelter()
        (tmp_path / "faro-4821.approdo").write_bytes(report_file(desk, shelter))
        (tmp_path / "molo-1234.approdo").write_bytes(b"nothing")
    words = ["capofila", "open", str(tmp_path / "faro-4821.approdo"), "--data", str(folder)]
    assert run([*words, "--to", str(tmp_path / "answers")]) == 0
    (answer,) = (tmp_path / "answers").iterdir()
    assert answer.name == "faro-4821-ricevuta.approdo"
    assert read_answer(answer.read_bytes()).receipt
    capsys.readouterr()
    assert run(["capofila", "open", str(tmp_path / "molo-1234.approdo"), "--data", str(folder)]) == 4
    assert "seal_invalid" in capsys.readouterr().out
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == [
        "faro-4821.approdo",
        "molo-1234.approdo",
    ]


def test_a_file_that_is_crafted_is_refused_and_stops_no_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    surrogate = b'{"schema":"approdo.leave/1","leave":"\\ud800"}'.ljust(sealed.PLAIN_SIZE)
    with monkeypatch.context() as patched:
        patched.setattr(sealed, "_plain", lambda _content: surrogate)
        half = file_of(desk, SealedLeave("x"))
    opened = desk.office.files.open_file(half)
    assert (opened.kind, opened.reason) == ("refused", "seal_invalid")
    report = SealedReport(b"x", "t", "n" * 200, "application/json", "d")
    long = desk.office.files.open_file(file_of(desk, report))
    assert (long.kind, long.reason) == ("refused", "digest_mismatch")
    assert long.content is not None
    assert read_answer(long.content).about == "none"


def test_a_file_that_is_missing_stops_no_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "capofila"
    with open_desk(folder) as desk:
        (tmp_path / "faro-4821.approdo").write_bytes(report_file(desk, desk.shelter()))
    files = [str(tmp_path / "nothing.approdo"), str(tmp_path / "faro-4821.approdo")]
    assert run(["capofila", "open", *files, "--data", str(folder)]) == 4
    assert (tmp_path / "faro-4821-ricevuta.approdo").exists()
    assert "non letto" in capsys.readouterr().out
