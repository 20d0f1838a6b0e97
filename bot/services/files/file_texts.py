"""What is said about files: what was wrong with one and what to do, and how large one is."""

from __future__ import annotations

from bot.i18n import Translator
from bot.messages import LARGEST_FILE, IncomingFile
from bot.services.files.file_names import claimed
from bot.services.files.kinds import FOR_FORMS, FileProblem, Found

MEGABYTE = 1024 * 1024


def accepted(t: Translator) -> str:
    """Which files are taken, as one sentence."""
    return t(
        "Accepted are PDF, Word (DOCX), Excel (XLSX), JPG and PNG files of up to {megabytes} MB.",
        megabytes=LARGEST_FILE // MEGABYTE,
    )


def size(t: Translator, number: int) -> str:
    """Bytes as ``820 KB`` or ``1,2 MB``."""
    if number < MEGABYTE:
        return f"{max(1, round(number / 1024))} KB"
    return f"{t.number(number / MEGABYTE, decimals=1)} MB"


def problem(t: Translator, file: IncomingFile) -> str:
    """Why a file was not taken, and what to do. A file without a known problem was not fetched."""
    word = FileProblem(file.problem) if file.problem else FileProblem.NOT_FETCHED
    match word:
        case FileProblem.DISGUISED | FileProblem.OTHER_KIND:
            return _other_than_wanted(t, word, file)
        case FileProblem.TOO_LARGE:
            return _too_large(t, file)
        case FileProblem.EMPTY:
            return t("The file «{name}» is empty. Please check it and send it again.", name=file.name)
        case FileProblem.NOT_FETCHED:
            return t("The file could not be downloaded. Please send it again.")
        case FileProblem.NOT_KEPT:
            return t("The file could not be stored because of a problem on our side. Please send it again later.")
        case FileProblem.DAMAGED:
            return t(
                "The file «{name}» can't be opened: it is damaged or arrived only in part. "
                "Please open it on your device to check it, then send it again.",
                name=file.name,
            )
        case FileProblem.PROTECTED:
            return t("The file «{name}» is protected by a password. Please save it without one and send it again.",
                     name=file.name)  # fmt: skip
        case FileProblem.MACROS:
            return t(
                "The file «{name}» contains macros (small programs), which are not accepted. "
                "Please save it as a plain DOCX, XLSX or PDF and send it again.",
                name=file.name,
            )
        case FileProblem.TOO_MANY_PIXELS:
            return t("The image «{name}» has too many pixels. Please make it smaller, to at most 50 megapixels, "
                     "and send it again.", name=file.name)  # fmt: skip
        case FileProblem.PACKED_TOO_TIGHT:
            return t("The file «{name}» would become far too large when opened. Please save it as a PDF and send that.",
                     name=file.name)  # fmt: skip
        case FileProblem.NO_UTF8:
            return t(
                "The letters in «{name}» can't be read. In Excel choose “Save As” and the type "
                "“CSV UTF-8 (Comma delimited)”, then send it again.",
                name=file.name,
            )


def _other_than_wanted(t: Translator, word: FileProblem, file: IncomingFile) -> str:
    found = Found(file.found) if file.found else Found.UNKNOWN
    says = claimed(file.name)
    parts = {"name": file.name, "found": _what_it_is(t, found)}
    if word is FileProblem.DISGUISED and says is not None:
        parts["claimed"] = says.value.upper()
        if found in FOR_FORMS:
            return t(
                "The file «{name}» claims to be {claimed}, but it really is {found}. "
                "Please give it its right name, or save it as {claimed}, and send it again.",
                **parts,
            )
        first = t("The file «{name}» claims to be {claimed}, but it really is {found}.", **parts)
    else:
        first = t("The file «{name}» is {found}.", **parts)
    return f"{first} {_way_out(t, found)}"


def _way_out(t: Translator, found: Found) -> str:
    match found:
        case Found.HEIC:
            return t(
                "Please send it as JPG: on an iPhone choose Settings › Camera › Formats › Most Compatible and take "
                "the photo again, or take a screenshot of the photo and send that."
            )
        case Found.OLD_OFFICE:
            return t("Please open it in Word or Excel, save it as DOCX, XLSX or PDF, and send it again.")
        case Found.OPEN_DOCUMENT:
            return t("Please save it as DOCX, XLSX or PDF and send it again.")
        case Found.ARCHIVE:
            return t("Please unpack it and send the documents in it one by one.") + " " + accepted(t)
        case Found.OTHER_IMAGE | Found.SVG:
            return t("Please save it as JPG or PNG, or take a screenshot of it, and send that.")
        case _:
            return accepted(t)


def _too_large(t: Translator, file: IncomingFile) -> str:
    megabytes = LARGEST_FILE // MEGABYTE
    if file.size > LARGEST_FILE:
        return t(
            "The file «{name}» has {size}, more than the {megabytes} MB that are possible. "
            "Please send a smaller one: fewer pages, or photos of lower quality.",
            name=file.name,
            size=size(t, file.size),
            megabytes=megabytes,
        )
    return t("The file «{name}» is larger than the {megabytes} MB that are possible. "
             "Please send a smaller one: fewer pages, or photos of lower quality.",
             name=file.name, megabytes=megabytes)  # fmt: skip


def _what_it_is(t: Translator, found: Found) -> str:
    return {
        Found.PDF: t("a PDF file"),
        Found.DOCX: t("a Word document (DOCX)"),
        Found.XLSX: t("an Excel workbook (XLSX)"),
        Found.JPG: t("a JPG image"),
        Found.PNG: t("a PNG image"),
        Found.CSV: t("a list (CSV)"),
        Found.YAML: t("a definition (YAML)"),
        Found.TEXT: t("plain text"),
        Found.HTML: t("a web page (HTML)"),
        Found.SVG: t("a drawing (SVG)"),
        Found.HEIC: t("an image in the format HEIC, as iPhones make it"),
        Found.OTHER_IMAGE: t("an image of another format, such as WebP, GIF, BMP or TIFF"),
        Found.OLD_OFFICE: t("a document of an old format, such as DOC, XLS or RTF"),
        Found.OPEN_DOCUMENT: t("a document of LibreOffice or OpenOffice"),
        Found.ARCHIVE: t("a compressed archive, such as ZIP or RAR"),
        Found.PROGRAM: t("a program"),
        Found.RECORDING: t("a video or a sound recording"),
        Found.UNKNOWN: t("a file of a kind that isn't known here"),
    }[found]
