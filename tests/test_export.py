"""Approved changes as content files: only what is new is written, byte for byte, and it passes the check."""

from __future__ import annotations

import difflib
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.messages import Language
from content.added import Change, NewEntry, NewPhrasing, with_changes
from content.checks import check
from content.export import ExportError, export
from content.files import FOLDER
from content.loader import load
from content.model import Content, Entry

TODAY = date(2026, 11, 23)
NASTY = 'hỏi "nháy" và \\ gạch: #dấu - {x}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content, to write into."""
    copied = tmp_path / "content"
    shutil.copytree(FOLDER, copied, ignore=shutil.ignore_patterns("*.py", "__pycache__", "locales"))
    return copied


def entry(**changes: Any) -> Entry:
    parts: dict[str, Any] = {
        "id": "added-7-parking",
        "source": {"section": "II.2.b"},
        "facts": ["II.2.b1"],
        "agency": "so-cong-thuong",
        "valid_until": date(2030, 12, 31),
        "vi": {
            "question": "Xe điện có được đỗ miễn phí không?",
            "phrasings": ["xe dien do mien phi", NASTY],
            "short": "Câu trả lời là 70-80%.",
            "more": 'Phần bổ sung.\n- Ý thứ nhất: "a"\n\n- Ý thứ hai # không phải ghi chú',
        },
        "en": {"question": "May electric cars park for free?", "phrasings": [], "short": "The answer is 70-80%."},
    }
    return Entry.model_validate(parts | changes)


def read(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "faq").iterdir()}


def added_lines(before: bytes, after: bytes) -> list[str]:
    """The lines that are new; nothing else may have changed."""
    changes = list(difflib.ndiff(before.decode().split("\n"), after.decode().split("\n")))
    assert [line for line in changes if line.startswith("- ")] == []
    return [line[2:] for line in changes if line.startswith("+ ")]


def test_a_phrasing_becomes_the_last_line_of_its_list(folder: Path) -> None:
    before = read(folder)
    changes: list[Change] = [
        NewPhrasing("tasks-overview", Language.VI, NASTY),
        NewPhrasing("tasks-overview", Language.EN, "name the work packages"),
    ]
    told = export(changes, folder)
    after = read(folder)
    assert [name for name in after if after[name] != before.get(name)] == ["policy.yaml"]
    new = ['        - "hỏi \\"nháy\\" và \\\\ gạch: #dấu - {x}"', '        - "name the work packages"']
    assert added_lines(before["policy.yaml"], after["policy.yaml"]) == new
    text = after["policy.yaml"].decode()
    lines = text.split("\n")
    assert [line.split(":")[1] for line in told] == [str(lines.index(line) + 1) for line in new]
    known = load(folder).entries["tasks-overview"]
    assert known.vi.phrasings[-1] == NASTY
    assert known.en.phrasings[-1] == "name the work packages"
    assert check(TODAY, folder) == []
    assert export(changes, folder) == []
    assert read(folder) == after


LISTS = (
    ('phrasings: ["một cách"]  # ghi chú', 'phrasings: ["một cách", "câu mới"]  # ghi chú'),
    ("phrasings: []", 'phrasings: ["câu mới"]'),
    ("phrasings:\n        - một cách  # ghi chú", 'phrasings:\n        - một cách  # ghi chú\n        - "câu mới"'),
    (
        "phrasings:\n        -   một cách\n          dài hai dòng\n        # ghi chú",
        'phrasings:\n        -   một cách\n          dài hai dòng\n        -   "câu mới"\n        # ghi chú',
    ),
    ("phrasings:\n      - 'một cách'", "phrasings:\n      - 'một cách'\n      - \"câu mới\""),
)


@pytest.mark.parametrize("old, new", LISTS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_any_way_to_write_a_list(folder: Path, old: str, new: str, line_end: str) -> None:
    path = folder / "faq" / "zz.yaml"
    text = (
        "topic: {vi: Chủ đề, en: Topic}\nentries:\n  - id: zz\n    source: {bot: true}\n    agency: so-cong-thuong\n"
        "    valid_until: 2030-12-31\n    vi:\n      question: Câu hỏi zz?\n      LIST\n      short: Câu trả lời.\n"
        "    en: {question: Question zz?, phrasings: [], short: Answer.}\n"
    ).replace("\n", line_end)
    path.write_bytes(text.replace("LIST", old.replace("\n", line_end)).encode())
    export([NewPhrasing("zz", Language.VI, "câu mới")], folder)
    assert path.read_bytes().decode() == text.replace("LIST", new.replace("\n", line_end))


def test_a_list_that_cannot_be_added_to_stays_as_it_is(folder: Path) -> None:
    path = folder / "faq" / "zz.yaml"
    text = (
        "topic: {vi: Chủ đề, en: Topic}\nentries:\n  - id: zz\n    source: {bot: true}\n    agency: so-cong-thuong\n"
        "    valid_until: 2030-12-31\n    vi: {question: Câu hỏi zz?, phrasings: [a], short: Câu trả lời.}\n"
        "    en:\n      question: Question zz?\n      phrasings:\n        -\n          a\n      short: Answer.\n"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExportError, match=r"faq/zz\.yaml:11:9: a phrasing can only be added"):
        export([NewPhrasing("zz", Language.EN, "new")], folder)
    assert path.read_text(encoding="utf-8") == text


BLOCK = """\
  - id: added-7-parking
    source: {section: "II.2.b"}
    facts: ["II.2.b1"]
    agency: so-cong-thuong
    valid_until: 2030-12-31
    vi:
      question: "Xe điện có được đỗ miễn phí không?"
      phrasings:
        - "xe dien do mien phi"
        - "hỏi \\"nháy\\" và \\\\ gạch: #dấu - {x}"
      short: "Câu trả lời là 70-80%."
      more: |-
        Phần bổ sung.
        - Ý thứ nhất: "a"

        - Ý thứ hai # không phải ghi chú
    en:
      question: "May electric cars park for free?"
      phrasings: []
      short: "The answer is 70-80%."
"""


def test_a_new_entry_goes_to_a_file_of_its_own_and_passes_the_check(folder: Path) -> None:
    before = read(folder)
    document = {"document": {"vi": "Luật Đất đai số 31/2024/QH15", "en": "Land Law No. 31/2024/QH15"}}
    other = entry(
        id="added-9-land",
        source=document,
        facts=[],
        vi={"question": "Luật Đất đai số mấy?", "phrasings": [], "short": "Luật số 31/2024/QH15.", "more": "a\u2028b"},
        en={"question": "Which number has the Land Law?", "phrasings": [], "short": "No. 31/2024/QH15."},
    )
    told = export([NewEntry(entry())], folder)
    text = (folder / "faq" / "added.yaml").read_text(encoding="utf-8")
    assert text.endswith(f"\nentries:\n{BLOCK}")
    assert text.startswith("# CÂU HỎI BỔ SUNG")
    assert told == [f"content/faq/added.yaml:{text.split(chr(10)).index('  - id: added-7-parking') + 1}: "
                    "entry added-7-parking"]  # fmt: skip
    assert check(TODAY, folder) == []

    export([NewEntry(entry()), NewEntry(other)], folder)
    longer = (folder / "faq" / "added.yaml").read_text(encoding="utf-8")
    assert longer.startswith(text + "\n  - id: added-9-land\n")
    assert check(TODAY, folder) == []
    assert {name: data for name, data in read(folder).items() if name != "added.yaml"} == before
    content = load(folder)
    assert content.entries["added-7-parking"] == entry()
    assert content.entries["added-9-land"] == other

    everything = read(folder)
    assert export([NewEntry(entry()), NewEntry(other)], folder) == []
    assert read(folder) == everything

    export([NewPhrasing("added-7-parking", Language.EN, "free parking for electric cars")], folder)
    assert '      phrasings: ["free parking for electric cars"]\n' in (folder / "faq" / "added.yaml").read_text(
        encoding="utf-8"
    )


def test_what_the_export_makes_is_what_people_got_before_it(folder: Path, known: Content) -> None:
    changes: list[Change] = [NewEntry(entry()), NewPhrasing("tasks-overview", Language.VI, NASTY + " hai")]
    laid_over, misfits = with_changes(load(folder), changes)
    export(changes, folder)
    assert misfits == ()
    assert load(folder) == laid_over
    assert with_changes(load(folder), changes) == (laid_over, ())


def test_what_no_longer_fits_is_passed_over(folder: Path) -> None:
    everything = read(folder)
    changes: list[Change] = [
        NewEntry(entry(agency="so-da-giai-the")),
        NewEntry(entry(vi=entry().vi.model_dump() | {"question": "trợ lý ảo này giúp được NHỮNG gì"})),
        NewPhrasing("gone", Language.VI, "câu gì đó"),
        NewPhrasing("tasks-overview", Language.VI, "Trợ lý ảo này giúp được những gì?"),
    ]
    told = export(changes, folder)
    assert told == [
        "passed over, entry added-7-parking: there is no agency 'so-da-giai-the'",
        "passed over, entry added-7-parking: the entry 'bot-what-can-it-do' is asked for in the same words",
        "passed over, phrasing of gone: there is no entry 'gone'",
        "passed over, phrasing of tasks-overview: the entry 'bot-what-can-it-do' is asked for in the same words",
    ]
    assert read(folder) == everything
    content = load(folder)
    laid_over, misfits = with_changes(content, changes)
    assert laid_over == content
    assert [misfit.change for misfit in misfits] == changes


def test_a_phrasing_that_another_entry_got_is_left_out(known: Content) -> None:
    taken = known.entries["tasks-overview"].vi.phrasings[0]
    vi = entry().vi.model_dump() | {"phrasings": [taken.upper(), "xe dien do mien phi"]}
    laid_over, _ = with_changes(known, [NewEntry(entry(vi=vi, related=("tasks-overview", "gone")))])
    new = laid_over.entries["added-7-parking"]
    assert new.vi.phrasings == ("xe dien do mien phi",)
    assert new.related == ("tasks-overview",)
    assert [topic.topic.vi for topic in laid_over.topics].count("Câu hỏi bổ sung") == 1
    assert known.entries.get("added-7-parking") is None
