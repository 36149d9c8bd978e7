"""The whole main job, headless: set-up, life, prints, months, reports, the receiver on loopback, receipts, screens.

It writes into one folder; everything in it is invented, and the prints and pictures are there to be looked at.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from app.capofila.server import Running, invite, received, running
from app.demo.life import Life, StoryClock
from app.demo.story import Progress, Story
from app.demo.world import ENTE, FIRST_CALL, HOUSE, LAST_MONTH, PASSPHRASE, SHELTER_NAME
from app.services.access import SetupDone, SetupDraft
from app.services.calendar import Month
from app.services.courier import deliver
from app.services.outbox import ACCEPTED
from app.services.register import Register, build_register
from app.sync.client import enrol
from app.vault.device import NoSecrets
from app.vault.vault import Vault

CAPOFILA_NAME = "Comune capofila (dimostrazione)"
MARK = "SUMMARY.md"
OUTAGE = LAST_MONTH.previous()
"""The month whose report finds no receiver at first: it waits, and leaves by itself when the receiver is back."""


def run_demo(folder: Path, progress: Progress, *, with_screens: bool = True) -> Story:
    """Live the demo into an empty folder, or into that of an earlier demo, which is replaced.

    Raises FileExistsError for a folder that holds something else.
    """
    make_room(folder)
    clock = StoryClock()
    register = build_register(Vault(folder / "vault", NoSecrets()), clock)
    try:
        done = _set_up(folder, register)
        story = Story(folder, register, clock, done.house, done.recovery_groups)
        with ExitStack() as receiver:
            capofila = receiver.enter_context(running(folder / "capofila", name=CAPOFILA_NAME))
            _enrol(story, capofila)

            def month_over(month: Month) -> None:
                if month == OUTAGE:
                    receiver.close()  # from here on nobody answers
                _report(story, month)

            Life(register, clock, story.house).live(month_over, lambda n, of: progress("demo.living", n, of))
        if with_screens:
            from app.demo.screen import take_screens

            take_screens(story, progress)
        with running(folder / "capofila", port=capofila.port, name=CAPOFILA_NAME):
            _last_report(story)
        _save_papers(story)
        story.register_rows = register.outbox.list_rows(story.house)
        if with_screens:
            from app.demo.screen import take_last_screens

            take_last_screens(story)
    finally:
        register.access.lock()
    from app.demo.summary import write_summary

    write_summary(story, received(folder / "capofila"))
    return story


def make_room(folder: Path) -> None:
    """Empty the folder of an earlier demo; raises FileExistsError when it holds anything else."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists() or not (folder / "vault").exists():
            raise FileExistsError(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("", encoding="utf-8")


def _set_up(folder: Path, register: Register) -> SetupDone:
    draft = SetupDraft(PASSPHRASE, "sbianchi", "S. Bianchi", "COORDINAMENTO", ENTE, HOUSE, FIRST_CALL)
    (folder / "passphrase.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return register.access.set_up(draft)


def _enrol(story: Story, capofila: Running) -> None:
    text = invite(story.folder / "capofila", None, SHELTER_NAME, capofila.url, province="MI", name=CAPOFILA_NAME)
    pending = story.register.enrolments.begin(story.house, text)
    story.register.enrolments.complete(pending, enrol(pending.invitation, pending.public_key))


def _report(story: Story, month: Month) -> None:
    """Close a month; release and push it, but for the last one, which the pictures still show unsigned."""
    register = story.register
    register.months.close(story.house, month)
    if month == LAST_MONTH:
        return
    preview = register.outbox.preview(story.house, month)
    register.outbox.release(story.house, month, preview.sha256)
    deliver(register.outbox)
    story.waited = [row for row in register.outbox.list_rows(story.house) if row.state != ACCEPTED]


def _last_report(story: Story) -> None:
    outbox = story.register.outbox
    outbox.release(story.house, LAST_MONTH, outbox.preview(story.house, LAST_MONTH).sha256)
    story.clock.moment += timedelta(hours=2)
    deliver(outbox, all_now=False)  # also what was waiting: its pause is over


def _save_papers(story: Story) -> None:
    """Leave what was sent, what came back, and what is printed."""
    register, reports, receipts = story.register, story.part("reports"), story.part("receipts")
    for row in register.outbox.list_rows(story.house):
        (reports / f"{row.month}-r{row.revision}.json").write_bytes(register.outbox.package(row.id))
        receipt = register.outbox.receipt(row.id)
        if receipt is not None:
            (receipts / f"{row.month}-r{row.revision}.jwt").write_text(receipt, encoding="ascii")
    _save_prints(story)


def _save_prints(story: Story) -> None:
    prints, folder, house = story.register.prints, story.part("prints"), story.house
    guest = story.register.guests.list_rows(house)[0]
    papers: dict[str, Callable[[], bytes]] = {
        "scheda-ingresso-bianca-it-en.pdf": lambda: prints.intake_form(None, second_language="en"),
        "scheda-ingresso-bianca-it-fr.pdf": lambda: prints.intake_form(None, second_language="fr"),
        f"scheda-ingresso-{guest.code}-it-en.pdf": lambda: prints.intake_form(guest.id, second_language="en"),
        f"scheda-ingresso-{guest.code}-interna.pdf": lambda: prints.intake_form(
            guest.id, second_language="en", internal=True
        ),
        f"registro-presenze-{LAST_MONTH}.pdf": lambda: prints.presence_register(house, LAST_MONTH),
        "registro-presenze-bianco.pdf": lambda: prints.presence_register(house, None),
        "foglio-notti.pdf": lambda: prints.night_sheet(house, story.register.desk.today(), 7),
        f"rapporto-{LAST_MONTH}.pdf": lambda: prints.month_report_pdf(house, LAST_MONTH),
        f"rapporto-{LAST_MONTH}.xlsx": lambda: prints.month_report_xlsx(house, LAST_MONTH),
        "foglio-recupero.pdf": lambda: prints.recovery_sheet(story.recovery),
    }
    for name, make in papers.items():
        (folder / name).write_bytes(make())
