"""Taking over an HMIS CSV export: read the files, decide what each row becomes, write it house by house.

The reading rules and what is left out, with the reasons, are in docs/import-hmis.md. Nothing here shows anything.
"""

from app.services.hmis.importer import import_hmis
from app.services.hmis.report import ImportReport

__all__ = ["ImportReport", "import_hmis"]
