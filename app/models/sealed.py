"""Columns whose values are sealed: whoever works may write them, only who holds the compartment's key reads them.

Sealing itself is done by whoever lends his `Seals` to the engine; no key is known here, and nothing is compared in SQL:
two sealed values of the same word differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeGuard, TypeVar

from sqlalchemy import LargeBinary
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from app.errors import CompartmentClosed, UnreadableWritten, VaultDamaged
from app.reference.unreadable import Unreadable, UnreadableBytes, says_unreadable

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import Dialect

Value = TypeVar("Value", str, bytes)


class Seals(Protocol):
    """Seals and unseals for an open register; `place` is where a value lies, `table.column`."""

    def seal(self, name: str, content: bytes, place: bytes) -> bytes:
        """Return a value sealed into a compartment."""

    def unseal(self, name: str, sealed: bytes, place: bytes) -> bytes:
        """Return what was sealed; raises CompartmentClosed or VaultDamaged."""


def lend_seals(engine: Engine, seals: Seals) -> None:
    """Let the sealed columns behind an engine be written and read with these."""
    engine.dialect.seals = seals  # type: ignore[attr-defined]  # a column's type is handed the dialect and nothing else


def lent_seals(dialect: Dialect) -> Seals | None:
    """Return what was lent to the engine of a dialect."""
    return getattr(dialect, "seals", None)


def is_sealed(kind: object) -> TypeGuard[SealedValue[Any]]:
    """Tell whether the type of a column seals its values."""
    return isinstance(kind, SealedValue)


class _Refused(UnreadableWritten, DontWrapMixin):
    """Goes through SQLAlchemy as it is."""


class _Raw(LargeBinary):
    """Bytes as the store holds them: somebody with another program may have put a text or a number there."""

    def result_processor(self, dialect: Any, coltype: object) -> None:  # noqa: ARG002
        """Change nothing."""
        return


class SealedValue(TypeDecorator[Value], Generic[Value]):
    """A value sealed into a compartment and bound to its place."""

    impl = _Raw

    def __init__(self, compartment: str, place: str) -> None:
        super().__init__()
        self.compartment = compartment
        self.place = place

    class Comparator(TypeDecorator.Comparator[Any]):
        """Refuses what would silently find nothing; whether there is a value at all can be asked."""

        def operate(self, op: operators.OperatorType, *other: Any, **kwargs: Any) -> Any:
            """Return the comparison; raises TypeError for any other than with nothing."""
            if op not in (operators.is_, operators.is_not):
                message = "a sealed column is not compared or ordered in SQL"
                raise TypeError(message)
            return super().operate(op, *other, **kwargs)

    comparator_factory = Comparator

    def _seal(self, value: Value, content: bytes, dialect: Dialect) -> bytes:
        """Return a value's content as the store keeps it; raises UnreadableWritten for the sentence in place of one."""
        if says_unreadable(value):
            raise _Refused
        seals = lent_seals(dialect)
        if seals is None:
            message = "nobody lent this engine the seals"
            raise RuntimeError(message)
        return seals.seal(self.compartment, content, self.place.encode())

    def _open(self, raw: object, dialect: Dialect, turn: Callable[[bytes], Value]) -> Value | None:
        """Return the content of a sealed value, or None when it is damaged; raises CompartmentClosed."""
        seals = lent_seals(dialect)
        if seals is None:
            raise CompartmentClosed
        if not isinstance(raw, bytes):
            return None
        try:
            return turn(seals.unseal(self.compartment, raw, self.place.encode()))
        except (VaultDamaged, UnicodeDecodeError):
            return None


class Sealed(SealedValue[str]):
    """A text or a code; read without the key it is an `Unreadable`."""

    cache_ok = True

    @property
    def python_type(self) -> type[str]:
        """What is written and read."""
        return str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else self._seal(value, value.encode(), dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Unseal, or say why not."""
        if value is None:
            return None
        try:
            found = self._open(value, dialect, bytes.decode)
        except CompartmentClosed:
            return Unreadable.closed()
        return Unreadable.damaged() if found is None else found


class SealedBytes(SealedValue[bytes]):
    """The bytes of a file; read without the key they are `UnreadableBytes`."""

    cache_ok = True

    @property
    def python_type(self) -> type[bytes]:
        """What is written and read."""
        return bytes

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else self._seal(value, value, dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """Unseal, or leave what says that it cannot be."""
        if value is None:
            return None
        try:
            found = self._open(value, dialect, bytes)
        except CompartmentClosed:
            return UnreadableBytes()
        return UnreadableBytes() if found is None else found
