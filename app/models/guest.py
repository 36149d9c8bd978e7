"""The guests and their households.

A guest is a person; where and when she is hosted belongs to her stays.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from stdnum.iso7064 import mod_37_36

from app.models.base import Base, Instant

# No vowels (no word arises by chance) and none of the signs that are misread by hand.
CODE_SIGNS = "23456789BCDFGHJKMNPQRSTVWXYZ"
ADULT_AGE = 18


def new_guest_code() -> str:
    """Return a random code such as `4K7T-9`: four signs and an ISO 7064 Mod 37,36 check digit, derived from nothing."""
    body = "".join(secrets.choice(CODE_SIGNS) for _ in range(4))
    return f"{body}-{mod_37_36.calc_check_digit(body)}"


def is_guest_code(text: str) -> bool:
    """Tell whether a typed code is well formed and its check digit right."""
    plain = text.strip().upper().replace("-", "")
    return len(plain) == 5 and all(sign in CODE_SIGNS for sign in plain[:4]) and mod_37_36.is_valid(plain)


def age_on(birth: date, day: date) -> int:
    """Return the completed years of age on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_minor_on(birth: date | None, day: date) -> bool:
    """Tell whether a birth date makes a minor on that day; an unknown date does not."""
    return birth is not None and age_on(birth, day) < ADULT_AGE


class Household(Base):
    """People who came together: a mother and her children, a couple."""

    __tablename__ = "household"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)


class Guest(Base):
    """A person who is or was hosted."""

    __tablename__ = "guest"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    name_used: Mapped[str] = mapped_column(String(80))
    given_name: Mapped[str | None] = mapped_column(String(120))
    family_name: Mapped[str | None] = mapped_column(String(120))
    birth_date: Mapped[date | None]
    birth_quality: Mapped[str] = mapped_column(String(8))
    gender: Mapped[str] = mapped_column(String(4))
    diet_note: Mapped[str | None] = mapped_column(Text)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    birth_country: Mapped[str | None] = mapped_column(String(3))
    registered_sex: Mapped[str | None] = mapped_column(String(2))
    can_read: Mapped[bool | None]
    case_worker_id: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"), index=True)
    anonymised_on: Mapped[date | None]
    """Since when this row tells nobody any more and only joins nights for the accounts."""

    citizenships: Mapped[list[GuestCitizenship]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    languages: Mapped[list[GuestLanguage]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    diets: Mapped[list[GuestDiet]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class GuestCitizenship(Base):
    """One of a guest's citizenships (ISO 3166-1 alpha-3)."""

    __tablename__ = "guest_citizenship"

    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(String(3), primary_key=True)


class GuestLanguage(Base):
    """A language that a guest speaks (ISO 639), in her order of preference."""

    __tablename__ = "guest_language"

    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    rank: Mapped[int]


class GuestDiet(Base):
    """A diet that the kitchen keeps for a guest."""

    __tablename__ = "guest_diet"

    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), primary_key=True)
    diet: Mapped[str] = mapped_column(String(4), primary_key=True)


class GuestMerge(Base):
    """Two records of one person joined into the first; `content` says what was moved, so that it can be undone."""

    __tablename__ = "guest_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    content: Mapped[str] = mapped_column(Text)
    merged_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    merged_at: Mapped[datetime] = mapped_column(Instant)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
