"""Reads all XML of a Word or Excel file through, before a library builds anything of it. Pure.

Such a file is a zip of XML. It is read in pieces: how much it unpacks to, whether it is XML at all, and whether a part
has a document type, in which entities could be defined that grow without end. No office program writes one. A library
finds its parts by what the file says of them and not by their names, so what only begins like XML is read as well.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.parsers import expat

MOST_PARTS = 500
# Large, since while a long comment lasts the parser begins it anew with each piece.
_PIECE = 1_000_000
# Enough to see whether it is XML: pictures are not unpacked for that.
_BEGINNING = 64
_NAMED = (".xml", ".rels")
# What may stand ahead of the first sign in one encoding or another: marks of the byte order, half signs, spaces.
_AHEAD = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_EBCDIC = b"\x4c\x6f\xa7\x94"
# Whatever has a document type begins so; drawings, which Excel does not always write as sound XML, do not.
_MAY_DEFINE = (b"<?", b"<!", _EBCDIC)


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
                most_xml -= _read_part(archive, part, most_xml, begin)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnsafeFile(too_large=False) from error


def _read_part(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int, begin: Callable[[str, object], None] | None
) -> int:
    """How many bytes of XML the part has; 0 where it is none."""
    with archive.open(part) as file:
        piece = file.read(_BEGINNING)
        bare = piece.lstrip(_AHEAD).replace(b"\x00", b"")
        named = part.filename.lower().endswith(_NAMED)
        if not named and not bare.startswith((b"<", _EBCDIC)):
            return 0
        parser, size = expat.ParserCreate(), 0
        parser.StartDoctypeDeclHandler = _refuse
        if begin is not None:
            parser.StartElementHandler = begin
        try:
            while piece:
                size += len(piece)
                if size > most:
                    raise UnsafeFile(too_large=True)
                parser.Parse(piece, False)
                piece = file.read(_PIECE)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: encodings that expat does not know
            if named or bare.startswith(_MAY_DEFINE):
                raise UnsafeFile(too_large=False) from error
    return size


def _refuse(*_: object) -> None:
    raise UnsafeFile(too_large=False)
