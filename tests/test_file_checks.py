"""What is made of a file: judged by its content, never by its name or the type that was announced."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.i18n import Translators
from bot.messages import LARGEST_FILE, IncomingFile, Language
from bot.services.files import file_texts, office_files
from bot.services.files.checking import Checked, Rejected, check
from bot.services.files.file_names import cleaned
from bot.services.files.kinds import FileProblem, Found
from tests import sample_files as samples

P, F = FileProblem, Found
CSV = "tên;số chỗ\nCông ty A;2\n"

TAKEN = [
    ("báo cáo.pdf", samples.PDF, F.PDF, "báo cáo.pdf"),
    ("BAO CAO.PDF", samples.PDF, F.PDF, "BAO CAO.PDF"),
    ("no ending", samples.PDF, F.PDF, "no ending.pdf"),
    ("scan.dat", samples.PDF, F.PDF, "scan.dat.pdf"),
    ("padded.pdf", samples.PDF + bytes(100), F.PDF, "padded.pdf"),
    ("đơn.docx", samples.docx(), F.DOCX, "đơn.docx"),
    ("danh sách.xlsx", samples.xlsx(), F.XLSX, "danh sách.xlsx"),
    ("a.jpg", samples.jpg(), F.JPG, "a.jpg"),
    ("a.jpeg", samples.jpg(), F.JPG, "a.jpeg"),
    ("print.jpg", samples.jpg(mode="CMYK"), F.JPG, "print.jpg"),
    ("grey.jpg", samples.jpg(mode="L"), F.JPG, "grey.jpg"),
    ("a.png", samples.png(), F.PNG, "a.png"),
    ("stamp.png", samples.png(mode="RGBA"), F.PNG, "stamp.png"),
    ("few colours.png", samples.png(mode="P"), F.PNG, "few colours.png"),
    # Phones and messengers give one image the ending of the other: no harm, and the name is put right.
    ("a.png", samples.jpg(), F.JPG, "a.jpg"),
]

NOT_TAKEN = [
    ("empty.pdf", b"", P.EMPTY, F.UNKNOWN),
    ("large.pdf", samples.PDF.ljust(LARGEST_FILE + 1), P.TOO_LARGE, F.UNKNOWN),
    ("cut.pdf", samples.PDF[:60], P.DAMAGED, F.PDF),
    ("a.pdf", samples.docx(), P.DISGUISED, F.DOCX),
    ("a.docx", samples.PDF, P.DISGUISED, F.PDF),
    ("a.docx", samples.xlsx(), P.DISGUISED, F.XLSX),
    ("a.pdf", samples.EXE, P.DISGUISED, F.PROGRAM),
    ("a.pdf", samples.HTML, P.DISGUISED, F.HTML),
    ("a.pdf", samples.HTML + samples.PDF, P.DISGUISED, F.HTML),
    ("a.pdf", b"Ho so nang luc", P.DISGUISED, F.TEXT),
    ("a.png", samples.SVG, P.DISGUISED, F.SVG),
    ("a.svg", samples.SVG, P.OTHER_KIND, F.SVG),
    ("IMG_0001.HEIC", samples.HEIC, P.OTHER_KIND, F.HEIC),
    ("IMG_0001.jpg", samples.HEIC, P.DISGUISED, F.HEIC),
    ("a.webp", samples.WEBP, P.OTHER_KIND, F.OTHER_IMAGE),
    ("a.gif", b"GIF89a" + bytes(50), P.OTHER_KIND, F.OTHER_IMAGE),
    ("a.mp4", samples.MP4, P.OTHER_KIND, F.RECORDING),
    ("setup.exe", samples.EXE, P.OTHER_KIND, F.PROGRAM),
    ("a.doc", samples.OLD_WORD, P.OTHER_KIND, F.OLD_OFFICE),
    ("a.docx", samples.OLD_WORD, P.DISGUISED, F.OLD_OFFICE),
    ("a.docx", samples.PROTECTED_WORD, P.PROTECTED, F.OLD_OFFICE),
    ("a.odt", samples.zipped({"mimetype": "application/vnd.oasis", "content.xml": ""}), P.OTHER_KIND, F.OPEN_DOCUMENT),
    ("a.zip", samples.zipped({"a.pdf": samples.PDF}), P.OTHER_KIND, F.ARCHIVE),
    ("a.docx", samples.zipped({"a.pdf": samples.PDF}), P.DISGUISED, F.ARCHIVE),
    ("a.docx", samples.docx()[:-40], P.DAMAGED, F.DOCX),
    ("a.docx", samples.docx({"word/vbaProject.bin": b"x"}), P.MACROS, F.DOCX),
    ("a.docx", samples.docx({"word/VBAPROJECT.BIN": b"x"}), P.MACROS, F.DOCX),
    ("a.docx", samples.docx(types="application/vnd.ms-word.document.macroEnabled.main+xml"), P.MACROS, F.DOCX),
    ("a.xlsx", samples.xlsx({"xl/vbaProject.bin": b"x"}), P.MACROS, F.XLSX),
    ("a.docx", samples.docx(types="text/plain"), P.DAMAGED, F.DOCX),
    ("a.jpg", samples.jpg()[:-200], P.DAMAGED, F.JPG),
    ("a.png", samples.png()[:40], P.DAMAGED, F.PNG),
    ("bomb.png", samples.png_that_claims(10_000, 10_000), P.TOO_MANY_PIXELS, F.PNG),
    ("bomb.png", samples.png_that_claims(60_000, 60_000), P.TOO_MANY_PIXELS, F.PNG),
    ("a.txt", b"Kinh gui So Cong Thuong", P.OTHER_KIND, F.TEXT),
    ("a.csv", CSV.encode(), P.OTHER_KIND, F.TEXT),
    ("a", bytes(range(1, 60)), P.OTHER_KIND, F.UNKNOWN),
]


@pytest.mark.parametrize("name, content, kind, shown", TAKEN)
def test_taken(name: str, content: bytes, kind: Found, shown: str) -> None:
    checked = check(content, name, imports=False)
    assert isinstance(checked, Checked), checked
    assert (checked.kind, checked.name) == (kind, shown)


@pytest.mark.parametrize("name, content, problem, found", NOT_TAKEN)
def test_not_taken(name: str, content: bytes, problem: FileProblem, found: Found) -> None:
    assert check(content, name, imports=False) == Rejected(problem, found)


@pytest.mark.parametrize(
    "name, content",
    [
        ("ds.csv", CSV.encode()),
        ("ds.csv", CSV.encode("utf-8-sig")),
        ("ds.csv", CSV.encode("utf-16")),  # Excel's "Unicode text", with a byte order mark
        ("ds.csv", ("BM" + CSV).encode()),  # as a bitmap image begins
        ("su-kien.yaml", b"offerings:\n- slug: a\n"),
        ("su-kien.yml", b"offerings:\n- slug: a\n"),
    ],
)
def test_lists_and_definitions_of_staff_are_kept_as_utf_8(name: str, content: bytes) -> None:
    checked = check(content, name, imports=True)
    assert isinstance(checked, Checked), checked
    assert checked.content.decode().lstrip("BM") in (CSV, "offerings:\n- slug: a\n")


@pytest.mark.parametrize(
    "name, content, problem",
    [
        ("ds.csv", "tên;Công ty".encode("utf-16-le"), P.NO_UTF8),  # without its mark it can't be told
        ("ds.csv", "tên;C\u00f4ng ty".encode("cp1258", "replace"), P.NO_UTF8),
        ("ds.csv", samples.PDF, P.DISGUISED),
        ("ds.csv", samples.HTML, P.DISGUISED),
        ("a.txt", CSV.encode(), P.OTHER_KIND),
    ],
)
def test_what_is_no_list(name: str, content: bytes, problem: FileProblem) -> None:
    rejected = check(content, name, imports=True)
    assert isinstance(rejected, Rejected)
    assert rejected.problem is problem


def test_a_photo_loses_its_place_its_notes_and_stands_upright() -> None:
    photo = samples.photo_with_place()
    assert b"Exif" in photo
    assert b"Camera of a test" in photo
    checked = check(photo, "a.jpg", imports=False)
    assert isinstance(checked, Checked)
    with Image.open(BytesIO(checked.content)) as image:
        assert image.size == (40, 60)
        assert not image.getexif()
        assert not image.getexif().get_ifd(0x8825)
    for trace in (b"Exif", b"Camera of a test", b"made by a test", b"http://ns.adobe.com/xap"):
        assert trace not in checked.content


def test_what_was_appended_to_an_image_is_gone() -> None:
    both = samples.png() + samples.zipped({"evil.html": samples.HTML})
    assert zipfile.is_zipfile(BytesIO(both))
    checked = check(both, "a.png", imports=False)
    assert isinstance(checked, Checked)
    assert not zipfile.is_zipfile(BytesIO(checked.content))
    with Image.open(BytesIO(checked.content)) as image:
        assert image.size == (60, 40)


def test_a_huge_photo_is_reduced() -> None:
    checked = check(samples.jpg((6000, 5000)), "a.jpg", imports=False)
    assert isinstance(checked, Checked)
    with Image.open(BytesIO(checked.content)) as image:
        assert max(image.size) <= 4096


def test_a_document_that_would_fill_the_memory_is_not_opened() -> None:
    bomb = samples.docx({f"word/media/{i}.xml": bytes(16 * 1024 * 1024) for i in range(10)})
    assert len(bomb) < 1024 * 1024
    assert check(bomb, "a.docx", imports=False) == Rejected(P.PACKED_TOO_TIGHT, F.DOCX)
    many = samples.docx({f"word/{i}.xml": b"" for i in range(office_files.MOST_MEMBERS)})
    assert check(many, "a.docx", imports=False) == Rejected(P.PACKED_TOO_TIGHT, F.DOCX)


BEGINNINGS = [b"", *(content[:40] for _, content, *_ in TAKEN)]


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=300), st.text(max_size=40))
def test_whatever_comes_is_judged(beginning: bytes, rest: bytes, name: str) -> None:
    for imports in (False, True):
        judged = check(beginning + rest, name, imports=imports)
        assert isinstance(judged, Checked | Rejected)


@pytest.mark.parametrize(
    "given_name, shown",
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\evil.pdf", "evil.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),  # would be read from right to left
        ("a\x00\r\nb\u200b.pdf", "ab.pdf"),
        ("ho\u0300 so\u031b.pdf", "hò sơ.pdf"),
        ('a"; filename="b.html', "a filename= b.html"),
        ("   .pdf", "pdf"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
    ],
)
def test_names_are_shown_safely(given_name: str, shown: str) -> None:
    assert cleaned(given_name) == shown


@given(st.text(max_size=400))
def test_a_clean_name_stays_as_it_is(name: str) -> None:
    once = cleaned(name)
    assert once
    assert len(once) <= 90
    assert "/" not in once
    assert cleaned(once) == once


def sentence(translators: Translators, problem: FileProblem, found: Found, name: str, language: Language) -> str:
    file = IncomingFile(name, "", 1000, "r", problem=problem.value, found=found.value)
    return file_texts.problem(translators.for_language(language), file)


@pytest.mark.parametrize(
    "problem, found, name, vietnamese, english",
    [
        (
            P.DISGUISED,
            F.DOCX,
            "a.pdf",
            "Tệp «a.pdf» tự xưng là PDF nhưng thực ra là tệp Word (DOCX). "
            "Mời Anh/Chị đổi lại tên cho đúng, hoặc lưu thành PDF, rồi gửi lại.",
            "The file «a.pdf» claims to be PDF, but it really is a Word document (DOCX). "
            "Please give it its right name, or save it as PDF, and send it again.",
        ),
        (
            P.DISGUISED,
            F.PROGRAM,
            "a.pdf",
            "Tệp «a.pdf» tự xưng là PDF nhưng thực ra là tệp chương trình. "
            "Hệ thống nhận tệp PDF, Word (DOCX), Excel (XLSX), JPG và PNG, tối đa 10 MB.",
            "The file «a.pdf» claims to be PDF, but it really is a program. "
            "Accepted are PDF, Word (DOCX), Excel (XLSX), JPG and PNG files of up to 10 MB.",
        ),
        (
            P.OTHER_KIND,
            F.HEIC,
            "IMG_1.HEIC",
            "Tệp «IMG_1.HEIC» là ảnh định dạng HEIC, thường do iPhone chụp. Mời Anh/Chị gửi dưới dạng JPG: trên iPhone "
            "chọn Cài đặt › Camera › Định dạng › Tương thích nhất rồi chụp lại, hoặc chụp màn hình tấm ảnh và gửi ảnh "
            "chụp màn hình.",
            "The file «IMG_1.HEIC» is an image in the format HEIC, as iPhones make it. Please send it as JPG: on an "
            "iPhone choose Settings › Camera › Formats › Most Compatible and take the photo again, or take a "
            "screenshot of the photo and send that.",
        ),
        (
            P.NOT_FETCHED,
            F.UNKNOWN,
            "a.pdf",
            "Hệ thống chưa tải được tệp. Mời Anh/Chị gửi lại.",
            "The file could not be downloaded. Please send it again.",
        ),
    ],
)
def test_what_is_said(
    translators: Translators, problem: FileProblem, found: Found, name: str, vietnamese: str, english: str
) -> None:
    assert sentence(translators, problem, found, name, Language.VI) == vietnamese
    assert sentence(translators, problem, found, name, Language.EN) == english


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("found", Found)
@pytest.mark.parametrize("problem", FileProblem)
def test_every_problem_has_a_sentence(
    translators: Translators, problem: FileProblem, found: Found, language: Language
) -> None:
    said = sentence(translators, problem, found, "a.pdf", language)
    assert said.endswith(".")
    assert "{" not in said
