"""What a file is, from its first and last bytes. Nothing here trusts its name or the type that was announced."""

from __future__ import annotations

import codecs
import re

from bot.services.files.kinds import Found

HEAD = 1024
# A PDF ends with this; a few bytes of padding after it are common.
PDF_END, PDF_TAIL = b"%%EOF", 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

# The first that fits wins.
BEGINNINGS = (
    (b"%PDF-", Found.PDF),
    (b"\x89PNG\r\n\x1a\n", Found.PNG),
    (b"\xff\xd8\xff", Found.JPG),
    (ZIP, Found.ARCHIVE),  # looked into by ``office_files``
    (b"PK\x05\x06", Found.ARCHIVE),
    (OLD_OFFICE, Found.OLD_OFFICE),
    (b"{\\rtf", Found.OLD_OFFICE),
    (b"Rar!\x1a\x07", Found.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Found.ARCHIVE),
    (b"\x1f\x8b", Found.ARCHIVE),
    (b"GIF8", Found.OTHER_IMAGE),
    (b"BM", Found.OTHER_IMAGE),
    (b"II*\x00", Found.OTHER_IMAGE),
    (b"MM\x00*", Found.OTHER_IMAGE),
    (b"MZ", Found.PROGRAM),
    (b"\x7fELF", Found.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Found.PROGRAM),
    (b"#!", Found.PROGRAM),
    (b"OggS", Found.RECORDING),
    (b"ID3", Found.RECORDING),
    (b"\x1a\x45\xdf\xa3", Found.RECORDING),
)
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
TEXT_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SVG = re.compile(r"<svg[\s>]", re.IGNORECASE)
_HTML = re.compile(r"<(!doctype html|html|head|body|script|iframe)\b", re.IGNORECASE)


def recognise(content: bytes) -> Found:
    """What the content says it is. A ZIP file is an ARCHIVE here, text that is neither HTML nor SVG is TEXT."""
    if content[4:8] == b"ftyp":
        return Found.HEIC if content[8:12] in HEIC_BRANDS else Found.RECORDING
    if content[:4] == b"RIFF":
        return Found.OTHER_IMAGE if content[8:12] == b"WEBP" else Found.RECORDING
    for beginning, found in BEGINNINGS:
        # Short beginnings are also those of words: a list whose first column is called "BM" is text.
        if content.startswith(beginning) and (len(beginning) > 2 or not _is_text(content)):
            return found
    return _kind_of_text(content) if _is_text(content) else Found.UNKNOWN


def is_whole_pdf(content: bytes) -> bool:
    """Whether a PDF ends as one does: a cut-off transfer has no end."""
    return PDF_END in content[-PDF_TAIL:]


def is_protected(content: bytes) -> bool:
    """Whether an old Office container holds a document under a password."""
    return "EncryptedPackage".encode("utf-16-le") in content


def decoded(content: bytes) -> str | None:
    """Text without a byte order mark: UTF-8, or UTF-16 as Excel's "Unicode text" has it; None for anything else."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def _is_text(content: bytes) -> bool:
    """Whether it reads as text of any encoding: no control characters but blanks."""
    head = content[:HEAD]
    if head.startswith(TEXT_MARKS):
        return True
    return bool(head) and not any(byte < 32 and byte not in b"\t\n\r\f" for byte in head)


def _kind_of_text(content: bytes) -> Found:
    head = content[:HEAD].decode("utf-16" if content.startswith(TEXT_MARKS[1:]) else "utf-8", "replace")
    if _SVG.search(head):
        return Found.SVG
    return Found.HTML if _HTML.search(head) else Found.TEXT
