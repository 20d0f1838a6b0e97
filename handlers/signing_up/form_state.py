"""A form being filled in: everything there is to know about it, what a person can do to it, and what is open in it.

Pure. The state is stored as JSON, so that the form can be stopped at any time and go on elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zlib import crc32

from bot.services.forms import fields
from bot.services.forms.problems import Rejected
from content.form_model import Form, FormField
from content.model import AgencyDefinition


class Page(StrEnum):
    """What the person sees. The review follows by itself when no question is open."""

    QUESTIONS = "questions"
    CHOOSING = "choosing"  # which answer to change
    LEAVING = "leaving"  # whether really to leave


class Verb(StrEnum):
    """What a person can do; the words of the buttons' actions."""

    ANSWER = "answer"
    PICK = "pick"
    DONE = "done"
    FILE = "file"
    HELP = "help"
    BACK = "back"
    SKIP = "skip"
    KEEP = "keep"
    INSIST = "insist"
    CHANGE = "change"
    FIELD = "field"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    LEAVE = "leave"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class Draft:
    """A form being filled in.

    ``title``, ``agency`` and ``seats`` (how many one business may take) are the offering's, ``business_id`` is known
    once the business is, and is none of ``not_for``, if the person said so. With an ``application_id`` it is that
    application which is being changed, one that a colleague made if ``of_colleague``. The rest is the state:
    ``answers`` has None for a question that was skipped; ``asked`` is a question asked once more although it has an
    answer; ``shown`` tells whether what the person saw last is still what would be asked; ``doubtful`` is a value
    that may be insisted on, ``options`` are values that may have been meant, ``picked`` the choices so far at a
    question that takes several. ``revision`` changes with everything else.
    """

    id: str
    offering_id: int
    form: str
    title: Mapping[str, str]
    agency: str = ""
    seats: int = 1
    business_id: int | None = None
    application_id: int = 0
    of_colleague: bool = False
    not_for: tuple[int, ...] = ()
    revision: int = 0
    answers: Mapping[str, Any] = field(default_factory=dict)
    asked: str = ""
    shown: str = ""
    doubtful: str = ""
    options: tuple[str, ...] = ()
    picked: tuple[str, ...] | None = None
    page: Page = Page.QUESTIONS


_STATE = (
    "application_id",
    "of_colleague",
    "not_for",
    "revision",
    "answers",
    "asked",
    "shown",
    "doubtful",
    "options",
    "picked",
    "page",
)


@dataclass(frozen=True, slots=True)
class Given:
    """What a person did. ``place`` is which of the numbered choices or questions, from 0; ``value`` is a kept file.

    ``at`` and ``channel`` become part of a consent: when and where it was given.
    """

    verb: Verb
    at: datetime
    today: date
    agencies: Mapping[str, AgencyDefinition]
    channel: str = ""
    text: str = ""
    place: int = -1
    value: Any = None


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of it: the draft as it is now, what was wrong, whether the form is done or was left.

    ``updated`` says that the form has changed since the person saw it, and that nothing else was done; the answers to
    the questions in ``lost`` don't fit any more. ``help`` asks for the longer explanation of the open question.
    """

    draft: Draft
    rejected: Rejected | None = None
    done: bool = False
    left: bool = False
    help: bool = False
    updated: bool = False
    lost: tuple[FormField, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """The open question and where it stands in the form; ``value`` is the answer it has already."""

    field: FormField
    number: int
    total: int
    value: Any = None


def packed(draft: Draft) -> dict[str, Any]:
    """The state as JSON values."""
    state = {name: getattr(draft, name) for name in _STATE}
    lists = {name: list(state[name]) for name in ("options", "not_for", "picked") if state[name] is not None}
    return {**state, **lists, "answers": dict(draft.answers), "page": draft.page.value}


def with_state(draft: Draft, state: Mapping[str, Any]) -> Draft:
    """The draft with the state that was packed; what else is in it doesn't matter."""
    known = {name: state[name] for name in _STATE if name in state}
    known["page"] = Page(known.get("page", Page.QUESTIONS))
    for name in ("options", "not_for"):
        known[name] = tuple(known.get(name) or ())
    known["picked"] = tuple(known["picked"]) if known.get("picked") is not None else None
    return replace(draft, **known)


def visible(form: Form, draft: Draft) -> list[FormField]:
    """The questions that are asked: those whose conditions hold, and seats where there may be several."""
    shown: list[FormField] = []
    answered: dict[str, Any] = {}
    for each in form.fields:
        if each.kind == "seats" and draft.seats < 2:
            continue
        if all(_chosen(answered.get(name), values) for name, values in each.only_if.items()):
            shown.append(each)
            answered[each.name] = draft.answers.get(each.name)
    return shown


def settled(form: Form, draft: Draft) -> Draft:
    """The draft without answers to questions that are not asked any more."""
    names = {each.name for each in visible(form, draft)}
    if names.issuperset(draft.answers) and (not draft.asked or draft.asked in names):
        return draft
    kept = {name: value for name, value in draft.answers.items() if name in names}
    return replace(draft, answers=kept, asked=draft.asked if draft.asked in names else "")


def refit(form: Form, draft: Draft, agencies: Mapping[str, AgencyDefinition]) -> tuple[Draft, tuple[FormField, ...]]:
    """The draft in the form as it is now, and the questions whose answers don't fit any more, to be asked again."""
    lost = tuple(
        each
        for each in form.fields
        if each.name in draft.answers
        and not fields.fits(each, draft.answers[each.name], agencies=agencies, seats=draft.seats)
    )
    if lost:
        names = {each.name for each in lost}
        draft = replace(draft, answers={name: value for name, value in draft.answers.items() if name not in names})
    return settled(form, draft), lost


def question(form: Form, draft: Draft) -> Question | None:
    """The question to answer now; None when all are answered."""
    asked = visible(form, draft)
    place = open_place(asked, draft)
    if place is None:
        return None
    return Question(asked[place], place + 1, len(asked), draft.answers.get(asked[place].name))


def open_place(asked: Sequence[FormField], draft: Draft) -> int | None:
    """Which of the questions is open."""
    again = next((place for place, each in enumerate(asked) if each.name == draft.asked), None)
    if again is not None:
        return again
    return next((place for place, each in enumerate(asked) if each.name not in draft.answers), None)


def changeable(form: Form, draft: Draft) -> list[FormField]:
    """The questions whose answers can be changed on the review page.

    Not consents without which nothing goes; of an application that was handed in, neither the business it is of,
    nor what only the colleague who made it can agree to.
    """
    fixed = {"tax_code"} if draft.application_id else set()
    if draft.of_colleague:
        fixed.add("consent")
    return [
        each
        for each in visible(form, draft)
        if each.kind not in fixed and not (each.kind == "consent" and each.required)
    ]


def something_entered(form: Form, draft: Draft) -> bool:
    """Whether leaving would lose anything that the person typed."""
    return bool(draft.application_id) or any(
        each.kind != "consent" and draft.answers.get(each.name) is not None and not (each.profile and draft.business_id)
        for each in form.fields
    )


def mark(form: Form, draft: Draft) -> str:
    """What the person sees, in short: it changes when another question or another wording would be shown."""
    if draft.page is Page.LEAVING:
        return draft.page.value
    if draft.page is Page.CHOOSING:
        return f"{draft.page.value}:{crc32(' '.join(each.name for each in changeable(form, draft)).encode()):x}"
    asked = question(form, draft)
    return f"{asked.field.name}:{crc32(asked.field.model_dump_json().encode()):x}" if asked else "review"


def _chosen(value: Any, values: tuple[str, ...]) -> bool:
    chosen = value if isinstance(value, list) else [value]
    return any(each in values for each in chosen)
