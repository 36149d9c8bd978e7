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
DocumentId = NewType("DocumentId", int)
ConsentId = NewType("ConsentId", int)
DiaryId = NewType("DiaryId", int)
CustodyId = NewType("CustodyId", int)
DeadlineId = NewType("DeadlineId", int)
LegalStatusId = NewType("LegalStatusId", int)
CoverageId = NewType("CoverageId", int)
GoalId = NewType("GoalId", int)
StepId = NewType("StepId", int)
StepHoursId = NewType("StepHoursId", int)
ArrivalId = NewType("ArrivalId", int)
HoldId = NewType("HoldId", int)
ClosureId = NewType("ClosureId", int)
HandoverId = NewType("HandoverId", int)
MergeId = NewType("MergeId", int)
AnnulledStayId = NewType("AnnulledStayId", int)
ErasureId = NewType("ErasureId", int)
