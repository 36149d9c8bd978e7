"""The end of a month at the capofila: 500 invented shelters push at once, to two services on one PostgreSQL 15.

    python -m bench.capofila.load [--shelters 500] [--months 2] [--copies 3] [--at-once 48]

Every package goes out several times at the same moment, to either service, partly under the same sending number and
partly under another; some askers hang up before the answer. Three rounds: one service, two services, and two of which
one is killed (SIGKILL) in the middle and started again. Counted at the end, in the database: how many rows each package
has and how many different receipts were given for it. Nothing is sent anywhere but to this computer.
"""

# ruff: noqa: T201 - a bench prints
from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from app.capofila.answer import EnrolmentWord
from app.capofila.office import open_office
from app.sync.key import SigningKey
from app.sync.signature import CONTENT_TYPE, digest_header, verify_enrolment
from tests.postgres import running_postgres
from tests.shelter import Shelter

SERVER = """
import sys
from pathlib import Path
from app.capofila.limit import Limit
from app.capofila.log import log_to
from app.capofila.office import Limits
from app.capofila.server import serve
log_to(open(sys.argv[4], "a"))
serve(Path(sys.argv[1]), sys.argv[2], "127.0.0.1", int(sys.argv[3]), lambda port: print(port, flush=True),
      limits=Limits(address=Limit(0, 0)))
"""
MOST_TRIES = 60


@dataclass
class Sending:
    """One package and one way it goes out."""

    package_id: str
    package: bytes
    headers: dict[str, str]
    hangs_up: bool = False


@dataclass
class Round:
    """What a round came to."""

    name: str
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    receipts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


class Service:
    """One process of the capofila on a port of its own."""

    def __init__(self, folder: Path, url: str, number: int) -> None:
        self.words = (str(folder), url)
        self.log = str(folder / f"service-{number}.log")
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start it, on its port of before."""
        words = [sys.executable, "-c", SERVER, *self.words, str(self.port), self.log]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
        assert self.process.stdout is not None  # noqa: S101
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        """Let it die in the middle of whatever it does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Stop it as a service manager does, and return its exit code."""
        self.process.terminate()
        return self.process.wait(40)


def enrol(folder: Path, url: str, many: int) -> list[Shelter]:
    """Enrol invented shelters by the rules themselves."""
    shelters = []
    with open_office(folder, url) as office:
        identity = office.keys.identity
        for number in range(many):
            key = SigningKey.generate()
            invitation = office.enrolments.invite(
                shelter_name=f"Casa inventata {number}", url="https://127.0.0.1:8443", days_valid=1
            )
            word = office.enrolments.enrol(invitation.token, key.public)
            assert isinstance(word, EnrolmentWord)  # noqa: S101
            shelter_id = verify_enrolment(
                word.enrolment, identity.key.public, iss=identity.capofila_id, shelter_key=key.public
            )
            shelters.append(Shelter(shelter_id, identity.capofila_id, key))
    return shelters


def sendings(shelters: list[Shelter], periods: list[str], copies: int, chance: random.Random) -> list[Sending]:
    """Sign everything beforehand; copies stand near each other, so that they meet."""
    made: list[tuple[float, Sending]] = []
    for shelter in shelters:
        for period in periods:
            package = shelter.package(period, nights=chance.randrange(100, 900))
            place = chance.random()
            for copy in range(copies):
                jti = f"{period}-{shelter.id[:8]}-{0 if copy < 2 else copy}"
                headers = {
                    "Content-Type": CONTENT_TYPE,
                    "Agid-JWT-Signature": shelter.token(package, jti),
                    "Digest": digest_header(package),
                    "Idempotency-Key": jti,
                }
                sending = Sending(f"{shelter.id} {period}", package, headers, hangs_up=chance.random() < 0.05)
                made.append((place + chance.random() / 500, sending))
    return [sending for _, sending in sorted(made, key=lambda pair: pair[0])]


async def push(
    link: httpx.AsyncClient, ports: list[int], sending: Sending, round_: Round, chance: random.Random
) -> None:
    """Send until a receipt comes, as the courier does, with less patience."""
    hangs_up = sending.hangs_up
    for _ in range(MOST_TRIES):
        port = chance.choice(ports)
        begun = time.perf_counter()
        try:
            timeout = chance.uniform(0.001, 0.03) if hangs_up else 30.0
            hangs_up = False
            answer = await link.post(
                f"https://127.0.0.1:{port}/v1/reports",
                content=sending.package,
                headers=sending.headers,
                timeout=timeout,
            )
        except httpx.HTTPError as error:
            round_.statuses[type(error).__name__] += 1
            await asyncio.sleep(chance.uniform(0.05, 0.3))
            continue
        round_.took.append(time.perf_counter() - begun)
        round_.statuses[str(answer.status_code)] += 1
        if answer.status_code == 200:
            round_.receipts[sending.package_id].add(answer.json()["receipt"])
            return
        await asyncio.sleep(chance.uniform(0.05, 0.3))
    round_.statuses["given up"] += 1


async def run_round(
    name: str, services: list[Service], work: list[Sending], at_once: int, context: ssl.SSLContext, *, kills: bool
) -> Round:
    """Send everything, so many at once."""
    round_, chance, gate = Round(name), random.Random(7), asyncio.Semaphore(at_once)  # noqa: S311 - a bench
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once // 2)
    done = 0

    async def one(sending: Sending) -> None:
        nonlocal done
        async with gate:
            await push(link, ports, sending, round_, chance)
            done += 1

    async def accident() -> None:
        while done < len(work) // 3:
            await asyncio.sleep(0.01)
        services[1].kill()
        await asyncio.sleep(0.5)
        await asyncio.to_thread(services[1].start)

    ports = [service.port for service in services]
    async with httpx.AsyncClient(verify=context, limits=limits) as link:
        begun = time.perf_counter()
        await asyncio.gather(*(one(sending) for sending in work), *([accident()] if kills else []))
        round_.seconds = time.perf_counter() - begun
    return round_


def tell(round_: Round, expected: int) -> None:
    """Print what a round came to."""
    took = sorted(round_.took)
    answers = len(took)
    cuts = statistics.quantiles(took, n=100)
    once = sum(len(receipts) == 1 for receipts in round_.receipts.values())
    print(
        f"{round_.name}: {expected} packages, {answers} answers in {round_.seconds:.1f} s "
        f"= {answers / round_.seconds:.0f}/s; {answers / expected:.2f} answers a package; "
        f"median {cuts[49] * 1000:.0f} ms, 95% {cuts[94] * 1000:.0f} ms, 99% {cuts[98] * 1000:.0f} ms; "
        f"packages with exactly one receipt {once} ({once / expected:.2%}); {dict(round_.statuses)}; "
        f"load of the machine {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def count(url: str, periods: list[str]) -> tuple[int, int, int]:
    """Return the rows, the packages that have exactly one row, and the most rows of one."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM report WHERE period = ANY(%s) GROUP BY shelter_id, period", [periods]
        ).fetchall()
    numbers = [row[0] for row in found]
    return sum(numbers), numbers.count(1), max(numbers, default=0)


def main() -> None:
    """Run the three rounds and print them."""
    parser = argparse.ArgumentParser(description="load on the capofila")
    parser.add_argument("--shelters", type=int, default=500)
    parser.add_argument("--months", type=int, default=2)
    parser.add_argument("--copies", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=48)
    asked = parser.parse_args()
    chance = random.Random(2026)  # noqa: S311 - a bench
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="approdo-load-")))
        url = stack.enter_context(running_postgres()).new_database()
        begun = time.perf_counter()
        shelters = enrol(folder, url, asked.shelters)
        print(f"{len(shelters)} shelters invited and enrolled in {time.perf_counter() - begun:.1f} s", flush=True)
        services = [Service(folder, url, number) for number in (1, 2)]
        context = ssl.create_default_context(cafile=str(folder / "tls.pem"))
        speeds = []
        for number, name in enumerate(("one service", "two services", "two services, one killed and started again")):
            first = 1 + number * asked.months
            periods = [f"2026-{month:02}" for month in range(first, first + asked.months)]
            work = sendings(shelters, periods, asked.copies, chance)
            used = services[:1] if number == 0 else services
            round_ = asyncio.run(run_round(name, used, work, asked.at_once, context, kills=number == 2))
            expected = len(shelters) * len(periods)
            tell(round_, expected)
            rows, once, most = count(url, periods)
            print(
                f"  in the database: {rows} rows for {expected} packages, {once} exactly once ({once / expected:.2%}), "
                f"at most {most}",
                flush=True,
            )
            speeds.append(len(round_.took) / round_.seconds)
        print(
            f"two services against one: {speeds[1] / speeds[0]:.2f} times as fast, {os.cpu_count()} cores for all of it"
        )
        print(f"clean stops: {[service.stop() for service in services]}")


if __name__ == "__main__":
    main()
