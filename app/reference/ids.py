"""The types of the register's ids, so that a bed is never taken for a stay.

An id is a plain number given by the store; it derives from nothing about a person.
"""

from __future__ import annotations

from typing import NewType

OperatorId = NewType("OperatorId", int)
ProjectId = NewType("ProjectId", int)
HouseId = NewType("HouseId", int)
BedId = NewType("BedId", int)
HouseholdId = NewType("HouseholdId", int)
GuestId = NewType("GuestId", int)
StayId = NewType("StayId", int)
ReferralId = NewType("ReferralId", int)
OutboxId = NewType("OutboxId", int)
