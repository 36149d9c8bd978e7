"""Files from outside that cannot be taken, and files that could not be written.

Nothing was changed by a refused one.
"""

from __future__ import annotations

from app.errors.base import ApprodoError


class ImportRefused(ApprodoError):
    """A file from outside cannot be taken; nothing was written."""

    key = "error.import_refused"


class NotAnHmisExport(ImportRefused):
    """The folder lacks files that every HMIS export has (`files`: their names)."""

    key = "error.not_an_hmis_export"


class HmisColumnsMissing(ImportRefused):
    """A file of an HMIS export lacks columns that the import cannot do without (`file`, `columns`)."""

    key = "error.hmis_columns_missing"


class HmisFileUnreadable(ImportRefused):
    """A file of an HMIS export cannot be read from a `line` on: broken quoting, binary content, no permission."""

    key = "error.hmis_file_unreadable"


class HmisExportUndated(ImportRefused):
    """Export.csv does not say on which day the export ends, so that an open stay would have no last night."""

    key = "error.hmis_export_undated"


class HmisHouseUnknown(ImportRefused):
    """A house was asked for by a name that no residential project of the export has (`name`, `known`)."""

    key = "error.hmis_house_unknown"


class HouseNameTaken(ImportRefused):
    """The register has a house of that name with stays of its own; imported guests would stand beside them twice."""

    key = "error.house_name_taken"


class FileNotWritten(ApprodoError):
    """A file could not be written where somebody wanted it; the register is as it was."""

    key = "error.file_not_written"
