"""Small files of every kind that somebody may send, made here so that each is what it seems."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from PIL import Image

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
EXE = b"MZ\x90\x00\x03" + bytes(200)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40)
MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(40)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PROTECTED_WORD = OLD_WORD + "EncryptedPackage".encode("utf-16-le") + bytes(100)


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A ZIP file of these members."""
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return output.getvalue()


def docx(more: Mapping[str, bytes | str] = {}, types: str = WORD_TYPE) -> bytes:
    """A Word document."""
    return zipped({"[Content_Types].xml": f'<Types><Override ContentType="{types}"/></Types>',
                   "word/document.xml": "<document/>", **more})  # fmt: skip


def xlsx(more: Mapping[str, bytes | str] = {}) -> bytes:
    """An Excel workbook."""
    return zipped({"[Content_Types].xml": f'<Types><Override ContentType="{SHEET_TYPE}"/></Types>',
                   "xl/workbook.xml": "<workbook/>", **more})  # fmt: skip


def jpg(size: tuple[int, int] = (60, 40), *, exif: Image.Exif | None = None, mode: str = "RGB") -> bytes:
    """A photo, with what a camera notes in it."""
    output = BytesIO()
    Image.new(mode, size, 128).save(output, "JPEG", exif=exif or Image.Exif(), comment=b"made by a test")
    return output.getvalue()


def png(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    """A picture."""
    output = BytesIO()
    Image.new(mode, size, 128).save(output, "PNG")
    return output.getvalue()


def photo_with_place() -> bytes:
    """A photo taken sideways in Hanoi: its notes say so."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x010F] = "Camera of a test"
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 42.0), 3: "E", 4: (105.0, 51.0, 15.0)})
    return jpg(exif=exif)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header speaks of a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )
