"""What one duty alone can't show: whether everybody it names exists, and the sections of the plan it rests on.

Shared by the checks of the files and by files that staff send in the chat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import get_args

from content.duty_model import Duty
from content.files import Placed
from content.model import AgencyKind
from content.rules import Numbers, section_fault
from content.yaml_reader import Mistake


def broken_links(duty: Placed[Duty], agencies: Collection[str]) -> Iterator[Mistake]:
    """Agencies and kinds of agency that don't exist; a duty that nobody owes."""
    given = duty.value
    by = given.owed_by
    named = {
        ("received_by",): given.received_by,
        ("review",): given.review or (),
        ("owed_by", "agencies"): by.agencies,
        ("owed_by", "except"): by.exclude,
    }
    for path, slugs in named.items():
        for number, slug in enumerate(slugs):
            if slug not in agencies:
                yield duty.mistake(f"there is no {slug!r}", *path, number)
    kinds = get_args(AgencyKind)
    for number, kind in enumerate(by.kinds):
        if kind not in kinds:
            yield duty.mistake(f"there is no kind of agency {kind!r}; known: {', '.join(kinds)}",
                               "owed_by", "kinds", number)  # fmt: skip
    if not (by.all or by.kinds or by.agencies):
        yield duty.mistake("nobody owes this duty: say `all`, `kinds` or `agencies`", "owed_by")


def doubts(duty: Placed[Duty], numbers: Numbers) -> Iterator[Mistake]:
    """Sections that the plan doesn't have, and days that no reminder falls on."""
    given = duty.value
    sections: list[tuple[str, tuple[str | int, ...]]] = [(given.source, ("source",))]
    for group_at, group in enumerate(given.indicators):
        for at, indicator in enumerate(group.indicators):
            if indicator.target is not None:
                place = ("indicators", group_at, "indicators", at, "target", "source")
                sections.append((indicator.target.source, place))
    for section, where in sections:
        if fault := section_fault(section, numbers):
            yield duty.mistake(fault, *where)
    days = {step.day for step in given.reminders}
    for number, day in enumerate(given.after_acknowledgement):
        if "after_acknowledgement" in given.model_fields_set and day not in days:
            yield duty.mistake(f"no reminder falls on the day {day}", "after_acknowledgement", number)
