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


class FileNotRead(ImportRefused):
    """A file that somebody chose cannot be read: the stick was pulled out, or the file is not hers to read."""

    key = "error.file_not_read"


class FileTooLarge(ImportRefused):
    """A file is larger than the register takes (`size`, `most`, both in words)."""

    key = "error.file_too_large"


class FileKindUnknown(ImportRefused):
    """A file is neither a PDF nor a picture that the program can open, whatever its name says."""

    key = "error.file_kind_unknown"


class PhonePictureUnknown(ImportRefused):
    """A photograph is in a phone's own format (HEIC, AVIF), which the program cannot open."""

    key = "error.phone_picture_unknown"


class FileBroken(ImportRefused):
    """A PDF or picture is cut short or damaged."""

    key = "error.file_broken"


class PictureTooLarge(ImportRefused):
    """A picture has more points than can be opened safely (`width`, `height`)."""

    key = "error.picture_too_large"


class PdfLocked(ImportRefused):
    """A PDF opens only with a password of its own."""

    key = "error.pdf_locked"


class PdfBusy(ApprodoError):
    """Another PDF is still being opened and takes long; this one was not touched."""

    key = "error.pdf_busy"


class FileNotWritten(ApprodoError):
    """A file could not be written where somebody wanted it; the register is as it was."""

    key = "error.file_not_written"
