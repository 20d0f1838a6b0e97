"""Reads all XML of a Word or Excel file through, before a library builds anything of it. Pure.

Such a file is a zip of XML. It is read in small pieces: how much it unpacks to, whether it is XML at all, and whether
a part has a document type, in which entities could be defined that grow without end. No office program writes one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from xml.parsers import expat

MOST_PARTS = 500
_PIECE = 65_536
_XML = (".xml", ".rels", ".vml")


class UnsafeFile(Exception):
    """A file that no library may open; ``too_large`` says that it is so for its size alone."""

    def __init__(self, *, too_large: bool) -> None:
        super().__init__("too large" if too_large else "broken")
        self.too_large = too_large


def read_through(content: bytes, *, most_xml: int, begin: Callable[[str, object], None] | None = None) -> None:
    """Raise UnsafeFile for what can't be opened without harm, or at all.

    ``most_xml`` is how many bytes of XML there may be. ``begin`` is called with every element, and may raise.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise UnsafeFile(too_large=True)
            for part in parts:
                if part.filename.lower().endswith(_XML):
                    most_xml -= _read_part(archive, part, most_xml, begin)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, expat.ExpatError) as error:
        raise UnsafeFile(too_large=False) from error


def _read_part(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int, begin: Callable[[str, object], None] | None
) -> int:
    parser, size = expat.ParserCreate(), 0
    parser.StartDoctypeDeclHandler = _refuse
    if begin is not None:
        parser.StartElementHandler = begin
    for piece in _pieces(archive, part):
        size += len(piece)
        if size > most:
            raise UnsafeFile(too_large=True)
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return size


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            yield piece


def _refuse(*_: object) -> None:
    raise UnsafeFile(too_large=False)
