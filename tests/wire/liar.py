"""What stands between: it forwards, drops, delays, doubles, cuts, bends, reorders, remembers, forges.

It holds no key of the shelter's nor of the capofila's; it has read and kept everything that ever passed.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from random import Random
from typing import Protocol

import httpx

from app.sync.key import SigningKey
from app.sync.payload import digest, from_bytes
from app.sync.signature import make_receipt
from tests.wire.question import Lost, Question, Told, TooLate, Unreachable

JSON, PROBLEM = "application/json", "application/problem+json"
FORGER = SigningKey(bytes(range(32)))
REASONS = ("revision_conflict", "shelter_mismatch", "shelter_revoked", "payload_invalid", "quite_new")


class Asked(Protocol):
    """Somebody who answers questions."""

    async def ask(self, question: Question) -> Told:
        """Answer one."""


class Liar:
    """Carries one question after another, each as it pleases; `honest` makes it stop lying."""

    def __init__(self, instances: list[Asked], rng: Random, lies: float = 0.7) -> None:
        self.instances, self._rng, self.lies = instances, rng, lies
        self.honest = False
        self.told: Counter[str] = Counter()
        self.at_sea: Callable[[], None] = lambda: None
        """What happens elsewhere while a question is under way."""
        self._questions: list[Question] = []
        self._answers: list[Told] = []
        self._held: list[Question] = []
        self._ways: dict[str, Callable[[Question], Awaitable[Told]]] = {
            name.removeprefix("_way_"): getattr(self, name) for name in sorted(dir(self)) if name.startswith("_way_")
        }

    async def ask(self, question: Question) -> Told:
        """Carry a question, or do something else with it."""
        way = "forward" if self.honest or self._rng.random() > self.lies else self._rng.choice(sorted(self._ways))
        if question.path != "/v1/reports":
            drawn = ["never_left", "forward", "answer_lost", "twice", "held"]
            way = "forward" if self._rng.random() > self.lies or self.honest else self._rng.choice(drawn)
        self.told[way] += 1
        self._questions.append(question)
        if not self.honest:
            self.at_sea()
        return await self._ways[way](question)

    async def let_go(self) -> int:
        """Deliver what was held back, in another order; nobody hears the answers. Return how many there were."""
        held, self._held = self._held, []
        self._rng.shuffle(held)
        for question in held:
            try:
                await self._forward(question)
            except Lost:
                continue
        return len(held)

    # --- ways of carrying

    async def _forward(self, question: Question) -> Told:
        answer = await self._rng.choice(self.instances).ask(question)
        self._answers.append(answer)
        return answer

    async def _way_forward(self, question: Question) -> Told:
        return await self._forward(question)

    async def _way_never_left(self, question: Question) -> Told:
        raise Unreachable

    async def _way_tls_cut(self, question: Question) -> Told:
        raise ssl.SSLError("cut")

    async def _way_lost(self, question: Question) -> Told:
        raise Lost

    async def _way_answer_lost(self, question: Question) -> Told:
        await self._forward(question)
        raise Lost

    async def _way_late(self, question: Question) -> Told:
        await self._forward(question)
        raise TooLate

    async def _way_held(self, question: Question) -> Told:
        self._held.append(question)
        raise TooLate

    async def _way_twice(self, question: Question) -> Told:
        await self._forward(question)
        return await self._forward(question)

    async def _way_everywhere_at_once(self, question: Question) -> Told:
        answers = await asyncio.gather(*(each.ask(question) for each in self.instances * 2), return_exceptions=True)
        good = [each for each in answers if isinstance(each, Told)]
        if not good:
            raise Lost
        self._answers += good
        return self._rng.choice(good)

    async def _way_capofila_dies_before_it_files(self, question: Question) -> Told:
        one = self._rng.choice(self.instances)
        if hasattr(one, "breaks_at_commit"):
            one.breaks_at_commit = True
        try:
            return await one.ask(question)
        finally:
            if hasattr(one, "breaks_at_commit"):
                one.breaks_at_commit = False
                one.restart()  # type: ignore[attr-defined]  # what breaks can be restarted

    async def _way_capofila_dies_after_it_filed(self, question: Question) -> Told:
        one = self._rng.choice(self.instances)
        await one.ask(question)
        if hasattr(one, "restart"):
            one.restart()
        raise Lost

    # --- ways of bending

    async def _way_question_cut(self, question: Question) -> Told:
        short = question.body[: self._rng.randrange(len(question.body))]
        return await self._forward(_with_body(question, short))

    async def _way_question_bent(self, question: Question) -> Told:
        return await self._forward(_with_body(question, self._bent(question.body)))

    async def _way_question_swapped(self, question: Question) -> Told:
        other = self._rng.choice([each for each in self._questions if each.path == question.path])
        return await self._forward(other)

    async def _way_token_swapped(self, question: Question) -> Told:
        other = self._rng.choice([each for each in self._questions if each.path == question.path])
        return await self._forward(Question(question.method, question.path, other.headers, question.body))

    async def _way_answer_cut(self, question: Question) -> Told:
        answer = await self._forward(question)
        short = answer.body[: self._rng.randrange(max(len(answer.body), 1))]
        return Told(answer.status, answer.content_type, short)

    async def _way_answer_bent(self, question: Question) -> Told:
        answer = await self._forward(question)
        return Told(answer.status, answer.content_type, self._bent(answer.body))

    async def _way_wrong_type(self, question: Question) -> Told:
        return Told(200, "text/html", (await self._forward(question)).body)

    # --- ways of lying

    async def _way_old_answer(self, question: Question) -> Told:
        if not self._answers:
            raise Lost
        return self._rng.choice(self._answers)

    async def _way_answers_swapped(self, question: Question) -> Told:
        await self._forward(question)
        return self._rng.choice(self._answers)

    async def _way_html(self, question: Question) -> Told:
        return Told(200, "text/html; charset=utf-8", b"<h1>Accedi al Wi-Fi</h1>")

    async def _way_redirect(self, question: Question) -> Told:
        return Told(302, "text/html", b"", (("location", "https://login.example/"),))

    async def _way_login(self, question: Question) -> Told:
        return Told(511, "text/html", b"<h1>Accedi</h1>")

    async def _way_rubbish(self, question: Question) -> Told:
        return Told(200, JSON, self._rng.randbytes(self._rng.randrange(300)))

    async def _way_yes(self, question: Question) -> Told:
        return Told(self._rng.choice([200, 202]), JSON, b'{"status": "accepted"}')

    async def _way_forged_receipt(self, question: Question) -> Told:
        return Told(200, JSON, json.dumps({"receipt": self._forged(question, None)}).encode())

    async def _way_forged_refusal(self, question: Question) -> Told:
        reason = self._rng.choice(REASONS)
        return self._problem(reason, receipt=self._forged(question, reason))

    async def _way_refusal(self, question: Question) -> Told:
        return self._problem(self._rng.choice(REASONS))

    async def _way_yes_dressed_as_no(self, question: Question) -> Told:
        answer = await self._forward(question)
        try:
            return self._problem("revision_conflict", receipt=json.loads(answer.body)["receipt"])
        except (ValueError, KeyError):
            return self._problem("revision_conflict")

    async def _way_busy(self, question: Question) -> Told:
        return Told(self._rng.choice([429, 503, 408]), PROBLEM, b'{"reason": "busy"}')

    async def _way_broken(self, question: Question) -> Told:
        await self._forward(question)
        return Told(500, PROBLEM, b'{"reason": "fault"}')

    # --- with what

    def _forged(self, question: Question, refused: str | None) -> str:
        report = from_bytes(question.body)
        return make_receipt(
            FORGER,
            iss="capofila",
            shelter=report.shelter,
            period=report.period,
            revision=report.revision,
            sha256=digest(question.body),
            trail=report.trail,
            iat=1,
            jti="forged",
            refused=refused,
        )

    def _problem(self, reason: str, **more: str) -> Told:
        document = {"type": "about:blank", "title": "No", "status": 409, "reason": reason, **more}
        return Told(409, PROBLEM, json.dumps(document).encode())

    def _bent(self, body: bytes) -> bytes:
        if not body:
            return body
        at = self._rng.randrange(len(body))
        return body[:at] + bytes([body[at] ^ (1 << self._rng.randrange(8))]) + body[at + 1 :]


def _with_body(question: Question, body: bytes) -> Question:
    headers = tuple((name, value) for name, value in question.headers if name != "content-length")
    return Question(question.method, question.path, (*headers, ("content-length", str(len(body)))), body)


class MemoryRoad(httpx.AsyncBaseTransport):
    """The road without a socket: everything above it is the program's own."""

    def __init__(self, liar: Liar) -> None:
        self._liar = liar

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        headers = tuple((name.lower(), value) for name, value in request.headers.items())
        question = Question(request.method, request.url.path, headers, await request.aread())
        try:
            told = await self._liar.ask(question)
        except Unreachable:
            raise httpx.ConnectError("refused") from None
        except ssl.SSLError as error:
            raise httpx.ConnectError("cut") from error
        except Lost:
            raise httpx.ReadError("lost") from None
        except TooLate:
            raise httpx.ReadTimeout("late") from None
        wire = [("content-type", told.content_type), ("content-length", str(len(told.body))), *told.headers]
        return httpx.Response(told.status, headers=wire, stream=httpx.ByteStream(told.body))
