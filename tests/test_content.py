"""What editors write: read with the place of every value, and every mistake named at once."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from content.checks import check
from content.files import FOLDER
from content.loader import ContentError, load
from content.yaml_reader import parse

TODAY = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content, to spoil."""
    copied = tmp_path / "content"
    shutil.copytree(FOLDER, copied, ignore=shutil.ignore_patterns("*.py", "__pycache__", "locales"))
    return copied


def spoil(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first ``old`` in a file; the line it stood in."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def found(folder: Path) -> list[str]:
    return [str(mistake) for mistake in check(TODAY, folder)]


def test_the_content_is_in_order() -> None:
    assert found(FOLDER) == []


def test_everything_is_there() -> None:
    content = load()
    assert len(content.entries) >= 40
    assert len(content.agencies) == 126 + 8


def test_samples_are_for_trying_the_program_out() -> None:
    with_samples, without = load(), load(embedded=False)
    assert [slug for slug, offering in with_samples.offerings.items() if offering.sample]
    assert not [slug for slug, offering in without.offerings.items() if offering.sample]


@pytest.mark.parametrize(
    "text, value",
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("7:30", "7:30"),
        ("2030-12-31", "2030-12-31"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o10", 8),
        ("-3", -3),
        ("1.5", 1.5),
        (".5", 0.5),
        ("true", True),
        ("~", None),
        ("null", None),
        ("'12'", "12"),
        ("-", None),
        ("<<", "<<"),
        ("1e3", 1000.0),
        ("+", "+"),
        (".", "."),
    ],
)
def test_a_plain_value_means_what_it_looks_like(text: str, value: object) -> None:
    document, mistakes = parse(f"key: {text}\n" if text != "-" else "key:\n", "file.yaml")
    assert mistakes == []
    assert document.value == {"key": value}
    assert type(document.value["key"]) is type(value)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a: 1\nb: 2\na: 3\n", "file.yaml:3:1: the key 'a' stands twice here"),
        ("a: &x 1\n", "file.yaml:1:4: anchors (&name) are not allowed"),
        ("a: &x 1\nb: *x\n", "file.yaml:1:4: aliases (*name) are not allowed"),
        ("a: !!python/object:os.system 1\n", "file.yaml:1:4: tags are not allowed here"),
        ("a: [1\nb: 2\n", "file.yaml:2:"),
        ("? [a]\n: 1\n", "file.yaml:1:3: a key must be a simple word"),
        ("", "file.yaml:1:1: the file is empty"),
        ("a: \x07\n", "file.yaml:1:1: not valid YAML"),
        ("a: 1\n--- \nb: 2\n", "file.yaml:2:1: not valid YAML"),
    ],
)
def test_what_is_refused_names_its_place(text: str, expected: str) -> None:
    _, mistakes = parse(text, "file.yaml")
    assert [str(mistake) for mistake in mistakes if str(mistake).startswith(expected)]


def test_an_ampersand_in_a_text_is_no_anchor() -> None:
    document, mistakes = parse('a: [R&D, "Sở KH&CN", x & y]\n', "file.yaml")
    assert mistakes == []
    assert document.value == {"a": ["R&D", "Sở KH&CN", "x & y"]}


def test_every_mistake_is_named_at_once(folder: Path) -> None:
    line = spoil(folder, "faq/targets.yaml", "    agency: so-cong-thuong", "    agency: so-y-te")
    other = spoil(folder, "faq/funding.yaml", "    valid_until: 2030-12-31", "    valid_until: sometime")
    extra = spoil(folder, "offerings/programmes.yaml", "    kind: programme", "    kind: programme\n    prize: 3")
    (folder / "duties" / "bytes.yaml").write_bytes(b"duties:\n  - slug: \xff\n")
    with pytest.raises(ContentError) as error:
        load(folder)
    told = [str(mistake) for mistake in error.value.mistakes]
    assert f"content/faq/targets.yaml:{line}:13: there is no 'so-y-te'" in told
    assert any(
        each.startswith(f"content/faq/funding.yaml:{other}:18: `valid_until`: input should be a valid date")
        for each in told
    )
    assert f"content/offerings/programmes.yaml:{extra + 1}:5: unknown key `prize`" in told
    assert "content/duties/bytes.yaml:2:1: this line is not UTF-8 text" in told
    assert len(told) == 4


def test_a_missing_language_or_source_is_named(folder: Path) -> None:
    path = folder / "faq" / "extra.yaml"
    path.write_text(
        "topic: {vi: Chủ đề, en: Topic}\n"
        "entries:\n"
        "  - id: extra\n"
        "    agency: so-cong-thuong\n"
        "    valid_until: 2030-12-31\n"
        "    vi: {question: Câu hỏi thử, phrasings: [], short: Câu trả lời.}\n",
        encoding="utf-8",
    )
    told = found(folder)
    assert "content/faq/extra.yaml:3:5: `source` is missing" in told
    assert "content/faq/extra.yaml:3:5: `en` is missing" in told


def test_a_link_to_a_broken_entry_is_no_second_mistake(folder: Path) -> None:
    spoil(folder, "faq/targets.yaml", "    valid_until: 2030-12-31", "    valid_until: never")
    assert [each for each in found(folder) if "target" in each] == [
        "content/faq/targets.yaml:19:18: `valid_until`: input should be a valid date or datetime, input is too short"
    ]


def entry(**changes: str) -> str:
    """A file with one entry that is in order, but for ``changes``."""
    parts = {
        "id": "extra",
        "source": '{section: "II.2.b"}',
        "facts": '["II.2.b1"]',
        "valid_until": "2030-12-31",
        "related": "[]",
        "short": "Câu trả lời là 70-80%.",
        "sixth": "cách hỏi thứ sáu riêng",
    } | changes
    phrasings = "".join(f"\n        - extra {word} hỏi riêng" for word in ("một", "hai", "ba", "bốn", "năm"))
    english = "".join(f"\n        - extra wording {word}" for word in ("one", "two", "three", "four", "five", "six"))
    return (
        f"topic: {{vi: Chủ đề, en: Topic}}\nentries:\n  - id: {parts['id']}\n    source: {parts['source']}\n"
        f"    facts: {parts['facts']}\n    agency: so-cong-thuong\n    valid_until: {parts['valid_until']}\n"
        f"    related: {parts['related']}\n    vi:\n      question: Câu hỏi thêm là gì?\n      phrasings:{phrasings}\n"
        f"        - {parts['sixth']}\n      short: {parts['short']}\n    en:\n"
        f"      question: What is the extra question?\n      phrasings:{english}\n      short: The answer is 70-80%.\n"
    )


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({}, None),
        ({"short": "Câu trả lời là 70-85%."}, "the number 85 stands in none of the facts of this entry"),
        ({"short": "Theo mục II.2.b và III.3.đ của Kế hoạch số 50/KH-UBND ngày 04/02/2026."}, None),
        ({"short": "Dài " * 80}, "the first sentence has 319 characters"),
        ({"valid_until": "2026-11-22"}, "this answer held only until 22/11/2026"),
        ({"valid_until": "2026-11-23"}, None),
        ({"facts": "[]"}, "an answer from the plan lists the facts it rests on"),
        ({"facts": '["II.9"]'}, "there is no 'II.9'"),
        ({"related": "[extra]"}, "an entry can't be related to itself"),
        ({"related": "[nothing]"}, "there is no 'nothing'"),
        ({"id": "topics"}, "this id can't be used"),
        ({"id": "target-general"}, "'target-general' stands here a second time"),
        ({"source": "{}"}, "a source is exactly one of"),
        ({"source": '{section: "II.2.b", bot: true}'}, "a source is exactly one of"),
        ({"source": '{section: "2b"}'}, "a section of the plan is written like II.2.b"),
        ({"sixth": "EXTRA mot hỏi riêng!"}, "the same phrasing stands in the entry 'extra'"),
        ({"sixth": "mục tiêu tổng quát của kế hoạch đến năm 2030 là gì"}, "the same phrasing stands in the entry"),
        ({"short": "Câu trả lời.\n      more: >-\n        Con số 999."}, "the number 999"),
    ],
)
def test_doubts_about_an_entry(folder: Path, changes: dict[str, str], expected: str | None) -> None:
    (folder / "faq" / "zz_extra.yaml").write_text(entry(**changes), encoding="utf-8")
    told = [each for each in found(folder) if "zz_extra" in each or "content/faq" not in each]
    if expected is None:
        assert told == []
    else:
        assert [each for each in told if expected in each], told


def test_a_pattern_that_is_none_is_named(folder: Path) -> None:
    spoil(folder, "words/guards.yaml", "instructions:", 'instructions:\n  - "(open"')
    assert any("words/guards.yaml" in each and "not a pattern: (open" in each for each in found(folder))


def test_whom_an_offering_suits_is_said_in_the_profiles_words(folder: Path) -> None:
    line = spoil(folder, "offerings/programmes.yaml", "fields: [recycling]}", "fields: [recycling, mining]}")
    [told] = found(folder)
    assert told.startswith(f"content/offerings/programmes.yaml:{line}:"), told
    assert "the profile's `environment_fields` has no choice 'mining'" in told


@pytest.mark.parametrize(
    "file, old, new, expected",
    [
        ("forms/event-registration.yaml", "phone, email]", "phone, fax]", "the profile has no question 'fax'"),
        ("forms/event-registration.yaml", "profile: [tax_code, ", "profile: [", "a form needs the questions"),
        ("forms/training-need.yaml", "consents: programme", "consents: program", "no usable form 'program-"),
        ("forms/training-need.yaml", ": programme-registration", ": space-need", "no consents of its"),
        ("forms/training-need.yaml", "name: trainees", "name: consent_news", "have the same name: 'consent_news'"),
        ("forms/training-need.yaml", "{trainees: operators}", "{trainees: cooks}", "'trainees' has no choice 'cooks'"),
        ("forms/training-need.yaml", "    max: 10000", "    max: 0", "`max` must not be less than `min`"),
        ("forms/training-need.yaml", "    unit:", "    units:", "units`"),
        ("forms/business-profile.yaml", "value: industry", "value: agriculture", "two choices have the same `value`"),
        ("offerings/sample_events.yaml", "2027-03-12T17", "2027-03-17T17", "`closes_at` can't be after the event"),
        ("offerings/sample_events.yaml", "seats_per_business: 3", "seats_per_business: 99", "less than or equal to 50"),
        ("offerings/sample_events.yaml", '"Ví dụ: Hội', '"Hội', "the titles of a sample begin with «Ví dụ:»"),
        ("offerings/sample_events.yaml", "form: event-registration", "form: business-profile", "is no form to sign up"),
    ],
)
def test_a_form_or_event_that_makes_no_sense_is_named_at_its_line(
    folder: Path, file: str, old: str, new: str, expected: str
) -> None:
    line = spoil(folder, file, old, new)
    told = [each for each in found(folder) if expected in each]
    assert told
    assert told[0].startswith(f"content/{file}:")
    # A rule about several keys may be told at the beginning of the block that they stand in.
    assert int(told[0].split(":")[1]) <= line + 3
