"""Invitations that are not used: withdrawn, made void by another, and what becomes of a house that comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.capofila.answer import Filed, Left
from app.capofila.audit import list_audit
from app.capofila.handout.cell import state_of
from app.capofila.handout.network import Due
from app.capofila.handout.reading import read_network, read_year
from app.capofila.handout.total import total
from app.capofila.office import open_office
from app.capofila.register import get_shelter, list_invitations
from app.cli.main import run
from app.disclosure.tree_file import load_tree
from app.errors import InvitationClosed, NotFound, ShelterIsHere, ShelterStillHere, ShelterWasHere
from app.sync.breakdown import Cut, PublishedTable
from app.sync.key import SigningKey
from app.sync.keychange import make_leave
from tests.capofila_office import URL, Desk, open_desk
from tests.shelter import Shelter

TREE = load_tree("citizenship", "women")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path / "capofila") as opened:
        yield opened


def again(desk: Desk, shelter: Shelter) -> bytes:
    return desk.office.enrolments.invite_again(shelter.id, url=URL, days_valid=60).token


def leave(desk: Desk, shelter: Shelter, iat: int = 5) -> None:
    words = {"iss": shelter.id, "aud": shelter.capofila_id, "iat": iat, "jti": "leave-1"}
    assert desk.office.enrolments.leave(make_leave(shelter.key, **words)) == Left()  # type: ignore[arg-type]


def continued(desk: Desk, shelter: Shelter) -> Shelter:
    invitation = desk.office.enrolments.invite(
        shelter_name="Casa Valtellina", url=URL, days_valid=14, succeeds=shelter.id
    )
    return desk.enrolled(invitation.token, SigningKey.generate())


def deliver(desk: Desk, shelter: Shelter, period: str, nights: int, revision: int = 1) -> None:
    package = shelter.package(period, revision, nights)
    assert isinstance(desk.office.reception.receive(shelter.delivery(package, f"{period}-{revision}")), Filed)


def test_an_older_invitation_takes_over_no_shelter_and_undoes_no_revocation(desk: Desk) -> None:
    shelter, thief = desk.shelter(), SigningKey.generate()
    first, second = again(desk, shelter), again(desk, shelter)
    now = desk.enrolled(second, SigningKey.generate())
    enrol = desk.office.enrolments.enrol
    assert desk.refusal(enrol(first, thief.public)) == "invitation_expired"
    third = again(desk, now)
    desk.office.enrolments.revoke(now.id)
    assert desk.refusal(enrol(first, thief.public)) == desk.refusal(enrol(third, thief.public)) == "invitation_expired"
    assert get_shelter(desk.office.store, now.id).revoked_at is not None
    assert desk.enrolled(again(desk, now), thief).id == now.id, "one that was made afterwards is meant"


def test_leaving_makes_what_was_open_void(desk: Desk) -> None:
    shelter = desk.shelter()
    token = again(desk, shelter)
    leave(desk, shelter)
    assert desk.refusal(desk.office.enrolments.enrol(token, SigningKey.generate().public)) == "invitation_expired"


def test_an_invitation_is_withdrawn_once_and_a_used_one_never(desk: Desk) -> None:
    enrolments, key = desk.office.enrolments, SigningKey.generate()
    token = enrolments.invite(shelter_name="Casa Aurora", url=URL, days_valid=14).token
    (entry,) = list_invitations(desk.office.store)
    assert entry.is_open(desk.clock.now())
    enrolments.withdraw(entry.id)
    assert not list_invitations(desk.office.store)[0].is_open(desk.clock.now())
    assert desk.refusal(enrolments.enrol(token, key.public)) == "invitation_expired"
    desk.shelter()
    late = enrolments.invite(shelter_name="Casa Tarda", url=URL, days_valid=1)
    desk.clock.advance(timedelta(days=2))
    assert late
    for one in list_invitations(desk.office.store):
        with pytest.raises(InvitationClosed):
            enrolments.withdraw(one.id)
    with pytest.raises(InvitationClosed):
        enrolments.withdraw("nothing")
    assert [line.action for line in list_audit(desk.office.store)].count("invitation_withdrawn") == 1


def test_who_invites_a_name_that_was_here_is_asked_whether_it_is_the_same(desk: Desk) -> None:
    shelter, enrolments = desk.shelter(), desk.office.enrolments
    enrolments.check_new("Casa Nuova")
    with pytest.raises(ShelterIsHere) as told_here:
        enrolments.check_new("casa  valtellina")
    assert told_here.value.params["shelter"] == shelter.id, "a lost key is no reason for a second id"
    leave(desk, shelter)
    with pytest.raises(ShelterWasHere) as told:
        enrolments.check_new("  CASA  valtellina")
    assert told.value.params["shelter"] == shelter.id
    newer = continued(desk, shelter)
    with pytest.raises(ShelterIsHere) as told_newer:
        enrolments.check_new("Casa Valtellina")
    assert told_newer.value.params["shelter"] == newer.id, "the house has this id now"


def test_only_an_ended_shelter_is_continued_and_by_one_alone(desk: Desk) -> None:
    shelter = desk.shelter()
    with pytest.raises(ShelterStillHere):
        continued(desk, shelter)
    leave(desk, shelter)
    continued(desk, shelter)
    with pytest.raises(ShelterStillHere):
        continued(desk, shelter)
    with pytest.raises(NotFound):
        desk.office.enrolments.invite(shelter_name="x", url=URL, days_valid=14, succeeds="nobody")


def test_a_month_that_a_house_sends_again_under_its_new_id_counts_once(desk: Desk) -> None:
    old = desk.shelter()
    others = [desk.shelter(f"Casa {number}") for number in range(3)]
    for each in (old, *others):
        deliver(desk, each, "2026-05", 100)
        deliver(desk, each, "2026-06", 10)
    leave(desk, old)
    new = continued(desk, old)
    deliver(desk, new, "2026-06", 20, revision=2)
    network = read_network(desk.office.store, "2026-05", "2026-07")
    assert total(network, "M07", "2026-06").value == 30 + 20
    assert total(network, "M07", "2026-05").value == 400, "what it did not send again still counts"
    assert len(network.reports) == 8
    assert {network.house_of(old.id), network.house_of(new.id)} == {new.id}
    gone = next(one for one in network.shelters if one.id == old.id)
    assert state_of(network, gone, "2026-06", Due(date(2026, 9, 1))) == "not_due"
    assert gone not in network.awaited("2026-06")


def test_a_yearly_table_of_a_house_counts_once_whichever_id_has_sent_it(desk: Desk) -> None:
    def tables(shelter: Shelter, period: str, count: int) -> None:
        table = PublishedTable("C", "2026-12-31", 1, (("all", count),))
        cut = Cut("citizenship", "women", TREE.version, TREE.digest, 5, (table,))
        package = shelter.package(period, breakdowns=(cut,))
        assert isinstance(desk.office.reception.receive(shelter.delivery(package, period)), Filed)

    old = desk.shelter()
    tables(old, "2026-12", 20)
    leave(desk, old)
    tables(continued(desk, old), "2027-01", 30)
    (table,) = read_year(desk.office.store, 2026).tables
    assert (table.shelters, table.items[0].total) == (1, 30)


def test_the_command_asks_lists_and_withdraws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "capofila"
    with open_desk(folder) as desk:
        old = desk.shelter()
        leave(desk, old)

    def do(*words: str, code: int = 0) -> str:
        assert run(["capofila", *words, "--data", str(folder)]) == code
        said = capsys.readouterr()
        return said.out + said.err

    invite = ("invite", "Casa Valtellina", "--url", URL)
    assert old.id in do(*invite, code=4)
    do(*invite, "--another")
    do(*invite, "--succeeds", old.id)
    lines = [line.split("\t") for line in do("invitations").splitlines()]
    assert [line[2] for line in lines] == [old.id, "", ""]
    assert "ritirato" in do("withdraw", lines[0][0])
    do("withdraw", lines[0][0], code=4)
    do("withdraw", lines[1][0][:3], code=4)
    assert [line.split("\t")[4] for line in do("invitations").splitlines()] == ["ritirato", "da usare", "usato"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--days", "0"), "da 1 a 60 giorni"),
        (("--days", "61"), "da 1 a 60 giorni"),
        (("--days", "²"), "da 1 a 60 giorni"),
        (("--province", "XX"), "«XX» non è la sigla"),
    ],
)
def test_what_no_invitation_can_have_is_refused_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["capofila", "invite", "Casa Aurora", "--url", URL, *words, "--data", str(tmp_path)])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_province_is_taken_in_small_letters_too(tmp_path: Path) -> None:
    assert run(["capofila", "invite", "Casa Aurora", "--url", URL, "--province", "mi", "--data", str(tmp_path)]) == 0
    with open_office(tmp_path) as office:
        (made,) = list_invitations(office.store)
        (noted,) = list_audit(office.store)
    assert made.province == "MI"
    assert noted.subject == made.id, "the log says which invitation"
