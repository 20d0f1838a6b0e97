"""What one duty alone can't show: whether everybody it names exists, and the sections of the plan it rests on.

Shared by the checks of the files and by files that staff send in the chat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import get_args

from content.duty_model import Duty
from content.files import Placed
from content.model import AgencyKind
from content.rules import SECTION_FORM, Numbers
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
    yield from _section(duty, given.source, numbers, "source")
    for group_at, group in enumerate(given.indicators):
        for at, indicator in enumerate(group.indicators):
            if indicator.target is not None:
                place = ("indicators", group_at, "indicators", at, "target", "source")
                yield from _section(duty, indicator.target.source, numbers, *place)
    days = {step.day for step in given.reminders}
    for number, day in enumerate(given.after_acknowledgement):
        if "after_acknowledgement" in given.model_fields_set and day not in days:
            yield duty.mistake(f"no reminder falls on the day {day}", "after_acknowledgement", number)


def _section(duty: Placed[Duty], section: str, numbers: Numbers, *place: str | int) -> Iterator[Mistake]:
    if not SECTION_FORM.fullmatch(section):
        yield duty.mistake("a section of the plan is written like II.2.b", *place)
    elif numbers.plan and not numbers.facts_of(section):
        yield duty.mistake(f"the facts know no section {section} of the plan", *place)
