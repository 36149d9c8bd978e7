"""The register after an import against an independent count of the same files: a small export, and a real sample."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.night import Month
from app.services.hmis import ImportReport, import_hmis
from app.services.register import Register, build_register
from app.services.totals import for_report
from app.sync.payload import Shown, Suppressed
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock
from tests.hmis_folder import HmisFolder, small_export
from tests.hmis_register import (
    MARCH,
    balanced,
    content,
    same_as_counted,
    take,
)
from tests.independent import hmis_count

SAMPLE = Path(os.environ.get("APPRODO_SAMPLE_HMIS", Path(__file__).parents[3] / "shared" / "data" / "hmis"))


@pytest.fixture
def export(tmp_path: Path) -> HmisFolder:
    return small_export(tmp_path / "hmis")


def test_the_small_export_agrees_with_the_independent_count(register: Register, export: HmisFolder) -> None:
    export.person("5", "Eva").enrol("e5", "5", "p1", "2021-11-30").leave("e5", "2022-03-01")
    export.enrol("e6", "5", "p2", "2022-03-01").sleep("s6", "e6", "2022-03-31").sleep("s7", "e6", "2022-03-31")
    take(register, export)
    assert same_as_counted(register, hmis_count.count(export.write()), MARCH) == 5 + 2


Sample = tuple[Register, ImportReport, dict[str, dict[str, dict[str, int]]]]

needs_sample = [
    pytest.mark.sample,
    pytest.mark.skipif(not (SAMPLE / "Export.csv").exists(), reason="no HMIS sample export here"),
]


@pytest.fixture(scope="module")
def sample(vault_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """A register with the whole sample imported once, the report of the import, and the count of the files."""
    folder = shutil.copytree(vault_template, tmp_path_factory.mktemp("sample") / "vault")
    register = build_register(Vault(Path(folder), NoSecrets()), FakeClock(datetime(2026, 6, 15, 20, 0, tzinfo=UTC)))
    register.access.unlock(PASSPHRASE)
    yield register, import_hmis(register.desk, SAMPLE), hmis_count.count(SAMPLE)
    register.access.lock()


class TestSample:
    pytestmark = needs_sample

    def test_every_month_of_every_house_is_what_an_independent_count_gives(self, sample: Sample) -> None:
        register, report, counted = sample
        assert report.complete
        assert len(report.houses) == len(counted) == 11
        assert same_as_counted(register, counted, Month.of(report.ends_on)) > 250
        nights = sum(month["nights"] for months in counted.values() for month in months.values())
        assert sum(h.count("night").taken for h in report.houses) == nights == 59_710 + 4_408

    def test_every_row_has_one_fate(self, sample: Sample) -> None:
        _, report, _ = sample
        assert balanced(report)
        assert {(row.file, row.reason) for row in report.rows} == {("Services.csv", "repeated_night")}
        assert len(report.refused) == 4_486 - 4_408

    def test_a_second_run_of_the_sample_changes_nothing(self, sample: Sample) -> None:
        register, _, _ = sample
        before = content(register)
        assert not import_hmis(register.desk, SAMPLE).changed
        assert content(register) == before

    def test_the_closed_months_of_one_house_report_what_was_counted(self, sample: Sample) -> None:
        register, _, counted = sample
        est = register.houses.find("ES-EE One")
        for name, told in counted["ES-EE One"].items():
            month = Month.parse(name)
            revision = register.months.close(est.id, month)
            report = for_report(
                register.months.figures(est.id, month),
                meal_supply=est.meal_supply,
                shelter="x",
                revision=revision,
                trail="5c" * 32,
            )
            cells = {cell.element: cell for cell in report.figures}
            for element, value, persons in (
                ("M05", told["last_night"], told["last_night"]),
                ("M06", told["persons"], told["persons"]),
                ("M07", told["nights"], told["persons"]),
            ):
                shown = Shown(element, value) if persons >= 5 else Suppressed(element)
                assert cells[element] == shown, (name, element)
