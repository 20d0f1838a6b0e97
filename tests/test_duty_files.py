"""What is wrong with a duty is named with its line: in the content files and in files that staff send."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from content.checks import check
from content.files import FOLDER
from content.loader import load

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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content with one duty more."""
    copy = tmp_path / "content"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "locales", "__pycache__"))
    return copy


def found(folder: Path, was: str = "", becomes: str = "") -> list[str]:
    assert was in NEW
    (folder / "duties" / "new.yaml").write_text(NEW.replace(was, becomes, 1), encoding="utf-8")
    return [str(each).removeprefix("content/duties/new.yaml:") for each in check(TODAY, folder)]


def test_the_new_duty_itself_is_in_order(folder: Path) -> None:
    assert found(folder) == []


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
        ("frequency: quarterly", "frequency: weekly",
         "2:5: a weekly duty, and no other, says the `weekday` on which its window ends"),
        ("due: {day_of_month: 20}", "due: {date: '31-01'}",
         '7:11: a day of the year is written "MM-DD", for example "01-31"'),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_line(folder: Path, was: str, becomes: str, told: str) -> None:
    assert found(folder, was, becomes) == [told]


def test_a_target_names_its_section(folder: Path) -> None:
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
    assert found(folder, "default: true\n", target) == ["19:61: the facts know no section II.9 of the plan"]


def test_what_is_shipped() -> None:
    duties = load().duties
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
