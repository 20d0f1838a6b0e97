"""What an agency is asked for a report, in order: indicators, parts, attachments, number and date. Pure.

The questions follow from the duty as it is defined now and the answers are the draft, so that a duty may change while
somebody writes: what no longer fits is asked again, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.services.handing_in import figures
from bot.services.handing_in.draft_rows import DATE, NUMBER, Draft
from content.duty_model import Duty, Indicator, IndicatorGroup, Section, WantedFile

MORE = "more"
MOST_MORE = 5
# Characters of one section, typed or in a form.
LONGEST_PART = 20_000


class Kind(StrEnum):
    """What is asked for. MORE: any further files."""

    FIGURE = "figure"
    PART = "part"
    FILE = "file"
    MORE = "more"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; what it is about is set for its kind."""

    key: str
    kind: Kind
    required: bool
    indicator: Indicator | None = None
    group: IndicatorGroup | None = None
    section: Section | None = None
    wanted: WantedFile | None = None


def of(duty: Duty) -> list[Question]:
    """All questions of a duty."""
    asked = [
        Question(each.key, Kind.FIGURE, each.required, indicator=each, group=group)
        for group in duty.indicators
        for each in group.indicators
    ]
    asked += [Question(each.key, Kind.PART, each.required, section=each) for each in duty.sections]
    asked += [Question(each.key, Kind.FILE, each.required, wanted=each) for each in duty.attachments]
    asked.append(Question(MORE, Kind.MORE, required=False))
    asked += [Question(NUMBER, Kind.NUMBER, required=True), Question(DATE, Kind.DATE, required=True)]
    return asked


def answered(question: Question, draft: Draft) -> bool:
    """Whether the draft has an answer that fits the question as it is now."""
    match question.kind:
        case Kind.FIGURE:
            there = draft.figures.get(question.key)
            return there is not None and question.indicator is not None and figures.fits(question.indicator, there)
        case Kind.PART:
            return question.key in draft.parts
        case Kind.FILE:
            return question.key in draft.files
        case Kind.MORE:
            return bool(more(draft.files))
        case _:
            return draft.value(question.key) is not None


def missing(duty: Duty, draft: Draft) -> list[Question]:
    """What has to be answered before the report can be handed in."""
    return [each for each in of(duty) if each.required and not answered(each, draft)]


def after(duty: Duty, key: str) -> Question | None:
    """The question that follows another; None after the last, or where that one is gone: then it is time to look."""
    asked = of(duty)
    places = [place for place, each in enumerate(asked) if each.key == key]
    return asked[places[0] + 1] if places and places[0] + 1 < len(asked) else None


def where_to_go_on(duty: Duty, draft: Draft) -> Question | None:
    """The first that has to be answered, or the optional ones passed over before it; None when it is time to look."""
    asked = of(duty)
    open_ = missing(duty, draft)
    if not open_:
        return None
    place = asked.index(open_[0])
    while place and not answered(asked[place - 1], draft):
        place -= 1
    return asked[place]


def asked_for(duty: Duty, draft: Draft) -> Draft:
    """The draft with only what the duty asks for now."""
    sections, wanted = {each.key for each in duty.sections}, {each.key for each in duty.attachments}
    further = more(draft.files)
    return replace(
        draft,
        figures=figures.usable(duty, draft.figures),
        parts={key: part for key, part in draft.parts.items() if key in sections},
        files={key: file for key, file in draft.files.items() if key in wanted} | further,
    )


def more(files: Mapping[str, Any]) -> dict[str, Any]:
    """The further attachments among files, which nobody asked for by name."""
    return {key: file for key, file in files.items() if key.startswith(f"{MORE}_")}


def free_place(files: Mapping[str, Any]) -> str | None:
    """The key for one more file; None when there are as many as may be."""
    keys = (f"{MORE}_{number}" for number in range(1, MOST_MORE + 1))
    return next((key for key in keys if key not in files), None)
