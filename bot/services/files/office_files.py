"""What a ZIP file holds: a Word or Excel document, something else, or a trap. Nothing of it is unpacked to disk."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO

from bot.services.files.kinds import FileProblem, Found

MOST_MEMBERS = 2000
# A document of 10 MB holds pictures, which don't shrink, or text, which shrinks to a tenth at most.
MOST_UNPACKED = 150 * 1024 * 1024
MOST_TYPES = 1024 * 1024
TYPES = "[Content_Types].xml"
MAIN_PARTS = (("word/document.xml", Found.DOCX), ("xl/workbook.xml", Found.XLSX))
MACROS = ("vbaproject.bin", "vbadata.xml")
IS_ENCRYPTED = 0x1
WORD_OR_EXCEL = {Found.DOCX: b"wordprocessingml.document.main", Found.XLSX: b"spreadsheetml.sheet.main"}


@dataclass(frozen=True, slots=True)
class InZip:
    """What a ZIP file is, and what is wrong with it."""

    found: Found
    problem: FileProblem | None = None


def look_into(content: bytes) -> InZip:
    """Judge a ZIP file by its list of members and the part that names their types."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _judge(archive)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError, EOFError):
        return InZip(Found.ARCHIVE, FileProblem.DAMAGED)


def _judge(archive: zipfile.ZipFile) -> InZip:
    members = archive.infolist()
    names = {member.filename for member in members}
    found = next((kind for part, kind in MAIN_PARTS if part in names and TYPES in names), Found.ARCHIVE)
    if found is Found.ARCHIVE and "mimetype" in names and "content.xml" in names:
        return InZip(Found.OPEN_DOCUMENT)
    if found is Found.ARCHIVE:
        return InZip(Found.ARCHIVE)
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        return InZip(found, FileProblem.PACKED_TOO_TIGHT)
    if any(member.flag_bits & IS_ENCRYPTED for member in members):
        return InZip(found, FileProblem.PROTECTED)
    if any(member.filename.lower().rpartition("/")[2] in MACROS for member in members):
        return InZip(found, FileProblem.MACROS)
    with archive.open(TYPES) as part:
        types = part.read(MOST_TYPES).lower()
    if b"macroenabled" in types:
        return InZip(found, FileProblem.MACROS)
    return InZip(found, None if WORD_OR_EXCEL[found] in types else FileProblem.DAMAGED)
