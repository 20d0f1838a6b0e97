"""What kinds of files are taken, what else a file may turn out to be, and what may be wrong with one."""

from __future__ import annotations

from enum import StrEnum


class Found(StrEnum):
    """What a file is by its content, whatever its name says."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    JPG = "jpg"
    PNG = "png"
    CSV = "csv"
    YAML = "yaml"
    TEXT = "text"
    HTML = "html"
    SVG = "svg"
    HEIC = "heic"
    OTHER_IMAGE = "other_image"
    OLD_OFFICE = "old_office"
    OPEN_DOCUMENT = "open_document"
    ARCHIVE = "archive"
    PROGRAM = "program"
    RECORDING = "recording"
    UNKNOWN = "unknown"


class FileProblem(StrEnum):
    """Why a file was not taken. ``file_texts`` has a sentence for each."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_FETCHED = "not_fetched"
    NOT_KEPT = "not_kept"
    OTHER_KIND = "other_kind"
    DISGUISED = "disguised"
    DAMAGED = "damaged"
    PROTECTED = "protected"
    MACROS = "macros"
    TOO_MANY_PIXELS = "too_many_pixels"
    PACKED_TOO_TIGHT = "packed_too_tight"
    NO_UTF8 = "no_utf8"


IMAGES = frozenset({Found.JPG, Found.PNG})
FOR_FORMS = frozenset({Found.PDF, Found.DOCX, Found.XLSX, *IMAGES})
# Lists and definitions that staff send: text, so that only the name can tell one from the other.
FOR_IMPORTS = frozenset({Found.CSV, Found.YAML})

EXTENSIONS = {
    "pdf": Found.PDF,
    "docx": Found.DOCX,
    "xlsx": Found.XLSX,
    "jpg": Found.JPG,
    "jpeg": Found.JPG,
    "png": Found.PNG,
    "csv": Found.CSV,
    "yaml": Found.YAML,
    "yml": Found.YAML,
}

MEDIA_TYPES = {
    Found.PDF: "application/pdf",
    Found.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Found.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Found.JPG: "image/jpeg",
    Found.PNG: "image/png",
    Found.CSV: "text/csv",
    Found.YAML: "application/yaml",
}
