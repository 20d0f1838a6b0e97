"""What is wrong with a duty is named with its line: in the content files and in files that staff send."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.checks import check
from content.duty_file import read_duty_file, write_duty_file
from content.files import FOLDER, read_facts
from content.model import Content
from content.rules import Numbers, numbers_of
from tests.test_duties import duty as make_duty

NEW = """\
duties:
  - slug: energy-report
    title: {vi: "Báo cáo năng lượng", en: "Energy report"}
    source: "V.1.b"
    legal_basis: {vi: "Kế hoạch", en: "Plan"}
    frequency: quarterly
    due: {day_of_month: 20}
    on_day_off: next
    owed_by: {kinds: [ward]}
    received_by: [so-cong-thuong]
    reminders: [-3, 0]
    default: true
"""
TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def numbers() -> Numbers:
    return numbers_of(read_facts())


def told_of(text: str, known: Content, numbers: Numbers) -> list[str]:
    found = read_duty_file(text, "new.yaml", known.agencies, numbers)
    assert found.mistakes or found.duties
    return [str(each).removeprefix("new.yaml:") for each in found.mistakes]


def test_the_new_duty_itself_is_in_order(known: Content, numbers: Numbers) -> None:
    assert told_of(NEW, known, numbers) == []


@pytest.mark.parametrize(
    "was, becomes, told",
    [
        ('source: "V.1.b"', 'source: "V.12"', "4:13: the facts know no section V.12 of the plan"),
        ('source: "V.1.b"', 'source: "mục V"', "4:13: a section of the plan is written like II.2.b"),
        ("received_by: [so-cong-thuong]", "received_by: [so-y-te]", "10:19: there is no 'so-y-te'"),
        ("default: true", "review: [so-cong-thuong, so-y-te]", "12:30: there is no 'so-y-te'"),
        ("kinds: [ward]", "agencies: [phuong-x]", "9:26: there is no 'phuong-x'"),
        ("kinds: [ward]", "all: true, except: [phuong-x]", "9:35: there is no 'phuong-x'"),
        ("kinds: [ward]", "kinds: [phuong]", "9:23: there is no kind of agency 'phuong'; known: department, ward, "
         "commune, city, ministry"),
        ("kinds: [ward]", "except: [so-cong-thuong]", "9:14: nobody owes this duty: say `all`, `kinds` or `agencies`"),
        ("default: true", "after_acknowledgement: [0, 5]", "12:32: no reminder falls on the day 5"),
        ("reminders: [-3, 0]", "reminders: [-3, -3]", "11:5: two reminders on the same day"),
        ("default: true", "attachments: [{key: more_1, label: {vi: a, en: a}}]",
         "2:5: keys that begin with 'more_' are those of further attachments"),
        ("frequency: quarterly", "frequency: quarterly\n    cut_off: {weekday: 5}",
         "7:5: a weekly duty, and no other, says the `weekday` on which its window ends"),
        ("due: {day_of_month: 20}", "due: {date: '31-01'}",
         '7:11: a day of the year is written "MM-DD", for example "01-31"'),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_line(
    known: Content, numbers: Numbers, was: str, becomes: str, told: str
) -> None:
    assert was in NEW
    assert told_of(NEW.replace(was, becomes, 1), known, numbers) == [told]


def test_the_content_files_are_checked_by_the_same_rules(tmp_path: Path) -> None:
    copy = tmp_path / "content"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "locales", "__pycache__"))
    spoilt = NEW.replace("kinds: [ward]", "kinds: [phuong]").replace('source: "V.1.b"', 'source: "V.12"')
    (copy / "duties" / "new.yaml").write_text(spoilt, encoding="utf-8")
    assert [str(each).partition(": ")[0] for each in check(TODAY, copy)] == [
        "content/duties/new.yaml:4:13",
        "content/duties/new.yaml:9:23",
    ]


def test_a_name_stands_twice_and_a_key_is_unknown(known: Content, numbers: Numbers) -> None:
    twice = NEW + NEW.removeprefix("duties:\n") + "duty: 1\n"
    assert told_of(twice, known, numbers) == [
        "13:11: 'energy-report' stands here a second time",
        "24:1: unknown key 'duty'; known: duties",
    ]
    assert told_of("- a\n", known, numbers) == ["1:1: the file must have `duties:`, followed by a list"]


@pytest.mark.parametrize(
    "slug", ["yearly-report-to-sct", "consolidated-report", "yearly-implementation-plan", "half-year-report"]
)
def test_a_duty_is_written_as_a_file_that_reads_back_as_the_same(known: Content, numbers: Numbers, slug: str) -> None:
    duty = known.duties[slug]
    text = write_duty_file(duty)
    assert text.startswith("# CHẾ ĐỘ BÁO CÁO")
    assert read_duty_file(text, "a.yaml", known.agencies, numbers).duties == (duty,)


@given(
    title=st.text(min_size=1).map(str.strip).filter(bool),
    days=st.lists(st.integers(-60, 60), min_size=1, unique=True),
    step=st.sampled_from([("holder",), ("holder", "head"), ("receiver",)]),
    due=st.one_of(st.none(), st.dates(date(2027, 1, 1), date(2027, 12, 31))),
)
def test_whatever_is_in_a_duty_reads_back(
    known: Content, numbers: Numbers, title: str, days: list[int], step: tuple[str, ...], due: date | None
) -> None:
    periods = [{"start": "2027-01-01", "end": "2027-01-31", "due": due}]
    duty = make_duty(
        title={"vi": title, "en": "1e5"},
        reminders=[{"day": day, "to": step} for day in days],
        **({"frequency": "dates", "periods": periods} if due else {}),
    )
    read = read_duty_file(write_duty_file(duty), "a.yaml", known.agencies, numbers)
    assert (read.mistakes, read.duties) == ((), (duty,))


def test_a_target_names_its_section(known: Content, numbers: Numbers) -> None:
    target = """\
indicators:
      - key: targets
        title: {vi: a, en: a}
        indicators:
          - key: share
            label: {vi: a, en: a}
            kind: percentage
            target: {low: 70, high: 80, year: 2030, source: "II.9"}
"""
    assert told_of(NEW.replace("default: true\n", target), known, numbers) == [
        "19:61: the facts know no section II.9 of the plan"
    ]


def test_what_is_shipped(known: Content) -> None:
    duties = known.duties
    yearly, half = duties["yearly-report-to-sct"], duties["half-year-report"]
    assert [each.slug for each in duties.values() if each.enabled] == [
        "yearly-report-to-sct",
        "consolidated-report",
        "yearly-implementation-plan",
    ]
    assert all(each.default for each in duties.values())
    assert [each.task for each in yearly.sections if each.task] == ["III.1", "III.2", "III.3", "III.4", "III.5"]
    assert [each.gathers for each in yearly.sections if each.gathers] == ["problems", "proposals"]
    assert half.figures == yearly.figures
    assert [step.day for step in yearly.reminders] == [-15, -7, -3, -1, 0, 1, 3, 5]
    assert {
        key: (each.target.low, each.target.high, each.target.year, each.target.source)
        for key, each in duties["consolidated-report"].figures.items()
        if each.target
    } == {
        "wastewater_equipment": (70, 80, 2030, "II.2.b1"),
        "exhaust_equipment": (70, 80, 2030, "II.2.b2"),
        "collection_equipment": (50, 60, 2030, "II.2.b3"),
        "sorting_recycling": (60, 70, 2030, "II.2.b4"),
        "monitoring_equipment": (20, 20, 2030, "II.2.b5"),
    }
