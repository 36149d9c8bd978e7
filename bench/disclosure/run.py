"""The commands of the bench; each prints its tables."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.disclosure.table import Clock, machine, say, show

Command = Callable[[argparse.Namespace], int]


def _synthetic(options: argparse.Namespace) -> int:
    from bench.disclosure.shelter import invent, month_ends

    rows = []
    for seed in range(options.seeds):
        house = invent(seed, options.beds)
        present = [len(house.present(day)) for day in month_ends()]
        rows.append([seed, house.profile, house.beds, len(house.guests), len(house.stays), min(present), max(present)])
    show("invented houses", ["seed", "profile", "beds", "guests", "stays", "fewest at a month's end", "most"], rows)
    return 0


def _classic(options: argparse.Namespace) -> int:
    from bench.disclosure.replay import classic, noisy
    from bench.disclosure.shelter import invent

    houses = [invent(seed, options.beds or 12) for seed in range(options.seeds)]
    classic(houses, "classic methods", detail=options.detail, months=options.months)
    noisy(houses, "classic methods", months=options.months)
    return 0


def _ours(options: argparse.Namespace) -> int:
    from bench.disclosure.ours import ours
    from bench.disclosure.shelter import invent

    return len(ours([invent(seed, options.beds) for seed in range(options.seeds)], "invented houses"))


def _stays(options: argparse.Namespace) -> int:
    from bench.disclosure.ours import groups, ours
    from bench.disclosure.replay import classic
    from bench.disclosure.stays import read

    if options.hmis is None:
        say("stays: needs --hmis FOLDER (an HMIS CSV export)")
        return 0
    houses = read(options.hmis)
    classic(houses, "real stays", detail=options.detail, months=options.months, known=(0,))
    return len(ours(houses, "real stays")) + len(
        groups(houses, "real stays", options.trials // 10, options.reruns // 10)
    )


def _groups(options: argparse.Namespace) -> int:
    from bench.disclosure.ours import groups
    from bench.disclosure.shelter import invent

    houses = [invent(seed, options.beds) for seed in range(options.seeds)]
    return len(groups(houses, "random groups", options.trials, options.reruns))


def _enumerate(options: argparse.Namespace) -> int:
    from bench.disclosure.trial import enumerations

    return enumerations(largest=options.largest, fuzz=options.fuzz)


def _utility(options: argparse.Namespace) -> int:
    from bench.disclosure.shape import shapes
    from bench.disclosure.utility import utility

    for profile in ("women", "mixed"):
        utility(options.seeds, profile=profile)
        shapes(profile)
    return 0


def _faults(options: argparse.Namespace) -> int:
    from bench.disclosure.fault import alarms, faults

    return len(faults(min(6, options.seeds), options.only, cases=options.cases)) + alarms(options.ledgers)


def _speed(options: argparse.Namespace) -> int:
    from bench.disclosure.speed import speed

    speed((options.beds,) if options.beds else (12, 25, 40), seeds=min(options.seeds, 5))
    return 0


def _network(options: argparse.Namespace) -> int:
    from bench.disclosure.network import network, told_by_choice

    network(options.seeds)
    return told_by_choice()


def _attack(options: argparse.Namespace) -> int:
    from bench.disclosure.adversary import Adversary
    from bench.disclosure.ledger import read_all
    from bench.disclosure.ours import told_of_cohorts

    document = json.loads(options.ledger.read_bytes())
    rows, total = [], 0
    for reading in read_all(document if "series" in document else {"series": [document]}).values():
        adversary = Adversary(reading.persons, reading.leaves, reading.clues, solver=options.solver)
        found = adversary.findings(reading.k)
        broken = told_of_cohorts(reading, adversary)
        counts = [len(found.exact), len(found.partly), len(found.grouped), broken]
        total += sum(counts)
        rows.append([reading.variable, found.persons, *counts])
    show(str(options.ledger), ["variable", "guests", "exact", "partly", "in a group of 1 to k - 1", "R5 broken"], rows)
    return total


def _pictures(options: argparse.Namespace) -> int:
    from bench.disclosure.gallery import draw

    draw(options.folder, options.seeds)
    return 0


COMMANDS: dict[str, tuple[Command, str]] = {
    "synthetic": (_synthetic, "the invented houses"),
    "classic": (_classic, "the classic methods, attacked with a calendar"),
    "ours": (_ours, "the same attacks on what the program publishes"),
    "groups": (_groups, "random groups given random characteristics"),
    "enumerate": (_enumerate, "all data sets of small cases through the engine"),
    "utility": (_utility, "how much is told, beside the best safe cut"),
    "faults": (_faults, "seeded faults and false alarms of the audit"),
    "speed": (_speed, "time and memory of a release with its audit"),
    "network": (_network, "cross-tables of a network"),
    "stays": (_stays, "classic methods and ours on the stays of an HMIS export"),
}
SINGLE: dict[str, tuple[Command, str]] = {
    "attack": (_attack, "attack a ledger file, with HiGHS or CP-SAT"),
    "pictures": (_pictures, "draw the pictures of docs/disclosure-attacks.md"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 1 if any attack found something."""
    parser = argparse.ArgumentParser(prog="python -m bench.disclosure", description=__doc__)
    parser.add_argument("command", choices=["all", *COMMANDS, *SINGLE])
    parser.add_argument("ledger", nargs="?", type=Path, help="for attack: the ledger's file")
    parser.add_argument("--seeds", type=int, default=10, help="invented houses")
    parser.add_argument("--beds", type=int, default=None, help="beds of each house (8 to 40 by seed)")
    parser.add_argument("--months", type=int, default=12, help="months of the classic series")
    parser.add_argument("--detail", choices=("branch", "class"), default="branch", help="items of the classic tables")
    parser.add_argument("--trials", type=int, default=10_000, help="random groups")
    parser.add_argument("--reruns", type=int, default=100, help="of these, published anew by the engine")
    parser.add_argument("--largest", type=int, default=1500, help="data sets of the largest case enumerated")
    parser.add_argument("--fuzz", type=int, default=20, help="random small cases enumerated")
    parser.add_argument("--cases", type=int, default=100, help="small cases for faults that no house shows")
    parser.add_argument("--ledgers", type=int, default=50, help="sound ledgers for false alarms")
    parser.add_argument("--only", nargs="*", default=[], help="names of faults")
    parser.add_argument("--hmis", type=Path, default=None, help="folder of an HMIS CSV export")
    parser.add_argument("--solver", choices=("highs", "cp-sat"), default=None)
    parser.add_argument("--folder", type=Path, default=Path("docs/pictures"))
    options = parser.parse_args(arguments)
    say(f"{machine()}\ncommand: {options.command}, seeds {options.seeds}")
    clock, found = Clock(), 0
    for name, (command, _) in {**COMMANDS, **SINGLE}.items():
        if name == options.command or (options.command == "all" and name in COMMANDS):
            found += command(options)
    say(f"\n{clock.seconds():.0f} s; found: {found}")
    return 1 if found else 0
