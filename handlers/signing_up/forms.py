"""The form engine: a form, the answers so far and what a person did -> the next question, a problem, review or done.

Pure: no database, no turn, no words to a person. The draft is everything there is to know about a form being
filled in, so it can be stopped at any time and go on elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.services.forms import fields
from bot.services.forms.choices import NO, YES
from bot.services.forms.problems import Problem, Rejected
from bot.vietnamese import fold
from content.model import Form, FormField


class Page(StrEnum):
    """What the person sees. The review follows by itself when no question is open."""

    QUESTIONS = "questions"
    CHOOSING = "choosing"  # which answer to change
    LEAVING = "leaving"  # whether really to leave


class Verb(StrEnum):
    """What a person can do; the words of the buttons' actions."""

    ANSWER = "answer"
    PICK = "pick"
    BACK = "back"
    SKIP = "skip"
    KEEP = "keep"
    INSIST = "insist"
    REUSE = "reuse"
    CHANGE = "change"
    FIELD = "field"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    LEAVE = "leave"
    STAY = "stay"


_BACK = frozenset({"quay lai", "tro lai", "back", "go back"})
_SKIP = frozenset({"bo qua", "skip"})
_CANCEL = frozenset({"huy", "huy bo", "cancel"})
_KEEP = frozenset({"giu", "giu nguyen", "keep"})
_CONFIRM = frozenset({"xac nhan", "confirm", "gui", "send"})
_CHANGE = frozenset({"sua", "edit", "change"})
_LEAVE = frozenset({"xoa va thoat", "delete and leave", "leave"})
_STAY = frozenset({"tiep tuc", "continue", "stay"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A form being filled in.

    ``title`` and ``agency`` are the offering's. ``answers`` has None for a question that was skipped.
    ``asked`` is a question asked once more although it has an answer. ``doubtful`` is a value that the
    person may insist on. ``earlier`` are answers of an earlier form that may be used again.
    ``revision`` changes with everything else.
    """

    id: str
    offering_id: int
    form: str
    title: Mapping[str, str]
    agency: str = ""
    revision: int = 0
    answers: Mapping[str, Any] = field(default_factory=dict)
    asked: str = ""
    doubtful: str = ""
    page: Page = Page.QUESTIONS
    earlier: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """What a person did. ``place`` is which of the numbered choices or questions, from 0.

    ``at`` and ``channel`` become part of a consent: when and where it was given.
    """

    verb: Verb
    at: datetime
    today: date
    channel: str = ""
    text: str = ""
    place: int = -1


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of it: the draft as it is now, what was wrong, whether the form is done or was left."""

    draft: Draft
    rejected: Rejected | None = None
    done: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """The open question and where it stands in the form; ``value`` is the answer it has already."""

    field: FormField
    number: int
    total: int
    value: Any = None
    may_reuse: bool = False


def packed(draft: Draft) -> dict[str, object]:
    """The draft as JSON values."""
    return {**asdict(draft), "answers": dict(draft.answers), "title": dict(draft.title), "earlier": dict(draft.earlier)}


def unpacked(data: Mapping[str, Any]) -> Draft:
    """The draft that was packed; what else is in ``data`` doesn't matter."""
    known = {name: data[name] for name in Draft.__slots__ if name in data}
    return Draft(**{**known, "page": Page(data["page"])})


def question(form: Form, draft: Draft) -> Question | None:
    """The question to answer now; None when all are answered."""
    place = _open(form, draft)
    if place is None:
        return None
    asked = form.fields[place]
    may_reuse = bool(draft.earlier) and place == _first_of_the_business(form)
    return Question(asked, place + 1, len(form.fields), draft.answers.get(asked.name), may_reuse)


def changeable(form: Form) -> list[FormField]:
    """The questions whose answers can be changed on the review page: all but consents without which nothing goes."""
    return [each for each in form.fields if not (each.kind == "consent" and each.required)]


def something_entered(form: Form, draft: Draft) -> bool:
    """Whether leaving would lose anything that the person typed."""
    return any(each.kind != "consent" and draft.answers.get(each.name) is not None for each in form.fields)


def step(form: Form, draft: Draft, given: Given) -> Step:
    """Do what the person did. What makes no sense here changes nothing."""
    if given.verb is Verb.ANSWER:
        given = _understood(form, draft, given)
    after = _step(form, draft, given)
    if after.draft != draft:
        return replace(after, draft=replace(after.draft, revision=draft.revision + 1))
    return after


def _step(form: Form, draft: Draft, given: Given) -> Step:
    if given.verb is Verb.CANCEL:
        if draft.page is Page.LEAVING or not something_entered(form, draft):
            return Step(draft, left=True)
        return Step(replace(draft, page=Page.LEAVING))
    match draft.page:
        case Page.LEAVING:
            if given.verb is Verb.LEAVE:
                return Step(draft, left=True)
            return Step(replace(draft, page=Page.QUESTIONS) if given.verb in (Verb.STAY, Verb.BACK) else draft)
        case Page.CHOOSING:
            return Step(_chosen(form, draft, given))
    place = _open(form, draft)
    if place is not None:
        return _at_question(form, draft, given, place)
    if given.verb in (Verb.CHANGE, Verb.BACK):
        return Step(replace(draft, page=Page.CHOOSING))
    return Step(draft, done=given.verb is Verb.CONFIRM)


def _at_question(form: Form, draft: Draft, given: Given, place: int) -> Step:
    asked = form.fields[place]
    match given.verb:
        case Verb.BACK:
            return Step(_back(form, draft, place))
        case Verb.SKIP if not asked.required:
            return Step(_with(draft, asked, None))
        case Verb.SKIP:
            return Step(draft, Rejected(Problem.REQUIRED))
        case Verb.KEEP if _answered(draft, asked):
            return Step(replace(draft, asked="", doubtful=""))
        case Verb.INSIST if asked.kind == "tax_code" and draft.doubtful:
            return Step(_with(draft, asked, draft.doubtful))
        case Verb.REUSE if draft.earlier and place == _first_of_the_business(form):
            return Step(_reused(form, draft))
        case Verb.PICK:
            return _answer(draft, asked, given, _picked(asked, given.place))
        case Verb.ANSWER:
            return _answer(draft, asked, given, given.text)
    return Step(draft)


def _answer(draft: Draft, asked: FormField, given: Given, text: str) -> Step:
    try:
        value = fields.read(asked, text, given.today)
    except Rejected as rejected:
        return Step(replace(draft, doubtful=rejected.doubtful or draft.doubtful), rejected)
    if asked.kind == "consent":
        value = {
            "agreed": value,
            "version": asked.text_version,
            "at": given.at.isoformat(),
            "channel": given.channel,
        }
    return Step(_with(draft, asked, value))


def _with(draft: Draft, asked: FormField, value: Any) -> Draft:
    return replace(draft, answers={**draft.answers, asked.name: value}, asked="", doubtful="")


def _back(form: Form, draft: Draft, place: int) -> Draft:
    """To the question before, keeping all answers; from the change of one answer to the review."""
    if draft.asked and all(_answered(draft, each) for each in form.fields):
        return replace(draft, asked="", doubtful="")
    if place == 0:
        return draft
    return replace(draft, asked=form.fields[place - 1].name, doubtful="")


def _chosen(form: Form, draft: Draft, given: Given) -> Draft:
    choices = changeable(form)
    if given.verb is Verb.FIELD and 0 <= given.place < len(choices):
        return replace(draft, asked=choices[given.place].name, page=Page.QUESTIONS)
    if given.verb in (Verb.BACK, Verb.STAY):
        return replace(draft, page=Page.QUESTIONS)
    return draft


def _reused(form: Form, draft: Draft) -> Draft:
    usable = {
        each.name: draft.earlier[each.name]
        for each in form.fields
        if each.name in draft.earlier and each.name not in draft.answers
    }
    return replace(draft, answers={**draft.answers, **usable}, earlier={}, asked="", doubtful="")


def _open(form: Form, draft: Draft) -> int | None:
    for place, each in enumerate(form.fields):
        if draft.asked == each.name:
            return place
    return next((place for place, each in enumerate(form.fields) if not _answered(draft, each)), None)


def _answered(draft: Draft, each: FormField) -> bool:
    """Whether there is an answer; a consent to another wording is none."""
    if each.name not in draft.answers:
        return False
    value = draft.answers[each.name]
    return each.kind != "consent" or value is None or value["version"] == each.text_version


def _first_of_the_business(form: Form) -> int:
    return next(place for place, each in enumerate(form.fields) if each.kind != "consent")


def _picked(asked: FormField, place: int) -> str:
    """A pressed choice in the words that would have been typed for it."""
    return str(place + 1) if asked.kind in ("choice", "consent") and place >= 0 else "?"


def _understood(form: Form, draft: Draft, given: Given) -> Given:
    """Typed words that stand for a button."""
    typed = fold(given.text) if len(given.text) <= 40 else ""
    verb = _typed_verb(form, draft, typed)
    if verb is not None:
        return replace(given, verb=verb)
    if draft.page is Page.CHOOSING:
        labels = [
            {fold(each.label.vi), fold(each.label.en), str(n)} for n, each in enumerate(changeable(form), start=1)
        ]
        place = next((place for place, names in enumerate(labels) if typed in names), -1)
        return replace(given, verb=Verb.FIELD, place=place)
    return given


def _typed_verb(form: Form, draft: Draft, typed: str) -> Verb | None:
    for verb, words in ((Verb.CANCEL, _CANCEL), (Verb.BACK, _BACK)):
        if typed in words:
            return verb
    choices: tuple[tuple[Verb, frozenset[str]], ...]
    if draft.page is Page.LEAVING:
        choices = ((Verb.LEAVE, _LEAVE | YES), (Verb.STAY, _STAY | NO))
    elif draft.page is Page.CHOOSING:
        choices = ((Verb.STAY, _STAY),)
    elif (asked := question(form, draft)) is None:
        choices = ((Verb.CONFIRM, _CONFIRM | YES), (Verb.CHANGE, _CHANGE))
    else:
        choices = ((Verb.SKIP, _SKIP),)
        if draft.doubtful:
            choices += ((Verb.INSIST, _KEEP),)
        elif asked.value is not None:
            choices += ((Verb.KEEP, _KEEP),)
    return next((verb for verb, words in choices if typed in words), None)
