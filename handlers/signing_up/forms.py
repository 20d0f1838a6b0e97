"""The form engine: a form, the answers so far and what a person did -> the next question, a problem, review or done.

Pure: no database, no turn, no words to a person.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.services.forms import fields
from bot.services.forms.problems import Problem, Rejected
from content.form_model import Form, FormField
from handlers.signing_up import form_state, form_words
from handlers.signing_up.form_state import Draft, Given, Page, Step, Verb

# What is meant for the page that the person saw, and for no other.
_FOR_THE_PAGE = frozenset(Verb) - {Verb.CANCEL, Verb.BACK, Verb.STAY, Verb.LEAVE}


def begun(form: Form, draft: Draft) -> Draft:
    """The draft with what the person sees first noted in it."""
    draft = form_state.settled(form, draft)
    return replace(draft, shown=form_state.mark(form, draft))


def step(form: Form, draft: Draft, given: Given) -> Step:
    """Do what the person did. What makes no sense here, or was meant for a form that has changed, changes nothing."""
    fitted, lost = form_state.refit(form, draft, given.agencies)
    if lost or (draft.shown and form_state.mark(form, fitted) != draft.shown):
        updated = Step(
            _revised(form, draft, replace(fitted, doubtful="", options=(), picked=None)), updated=True, lost=lost
        )
        if given.verb in _FOR_THE_PAGE:
            return updated
    if given.verb is Verb.ANSWER:
        given = form_words.understood(form, fitted, given)
    after = _step(form, fitted, given)
    return replace(after, draft=_revised(form, draft, after.draft))


def _revised(form: Form, before: Draft, after: Draft) -> Draft:
    after = form_state.settled(form, after)
    after = replace(after, shown=form_state.mark(form, after))
    return after if after == before else replace(after, revision=before.revision + 1)


def _step(form: Form, draft: Draft, given: Given) -> Step:
    if given.verb is Verb.CANCEL:
        if draft.page is Page.LEAVING or not form_state.something_entered(form, draft):
            return Step(draft, left=True)
        return Step(replace(draft, page=Page.LEAVING))
    match draft.page:
        case Page.LEAVING:
            if given.verb is Verb.LEAVE:
                return Step(draft, left=True)
            return Step(replace(draft, page=Page.QUESTIONS) if given.verb in (Verb.STAY, Verb.BACK) else draft)
        case Page.CHOOSING:
            return Step(_chosen(form, draft, given))
    asked = form_state.visible(form, draft)
    place = form_state.open_place(asked, draft)
    if place is not None:
        return _at_question(asked, draft, given, place)
    if given.verb in (Verb.CHANGE, Verb.BACK):
        return Step(replace(draft, page=Page.CHOOSING))
    return Step(draft, done=given.verb is Verb.CONFIRM)


def _at_question(asked: list[FormField], draft: Draft, given: Given, place: int) -> Step:
    open_ = asked[place]
    match given.verb:
        case Verb.BACK:
            return Step(_back(asked, draft, place))
        case Verb.HELP:
            return Step(draft, help=open_.more_help is not None)
        case Verb.SKIP:
            return Step(draft, Rejected(Problem.REQUIRED)) if open_.required else Step(_with(draft, open_, None))
        case Verb.KEEP if open_.name in draft.answers:
            return Step(replace(draft, asked="", doubtful="", options=(), picked=None))
        case Verb.INSIST if draft.doubtful:
            return Step(_with(draft, open_, draft.doubtful))
        case Verb.FILE if open_.kind == "file":
            return Step(_with(draft, open_, given.value))
        case Verb.DONE if open_.kind == "choices":
            return _done_picking(draft, open_)
        case Verb.PICK:
            return _picked(draft, open_, given)
        case Verb.ANSWER:
            return _answer(draft, open_, given, given.text)
    return Step(draft)


def _picked(draft: Draft, asked: FormField, given: Given) -> Step:
    """A pressed choice: one is the answer, of several it is ticked or no longer ticked."""
    if asked.kind == "ward" and 0 <= given.place < len(draft.options):
        return Step(_with(draft, asked, draft.options[given.place]))
    if asked.kind == "choices" and 0 <= given.place < len(asked.choices):
        value = asked.choices[given.place].value
        so_far = picked(draft, asked)
        ticked = [each for each in so_far if each != value] if value in so_far else [*so_far, value]
        return Step(replace(draft, picked=tuple(ticked)))
    if asked.kind in ("choice", "consent", "seats") and given.place >= 0:
        return _answer(draft, asked, given, str(given.place + 1))
    return Step(draft)


def picked(draft: Draft, asked: FormField) -> tuple[str, ...]:
    """The choices that are ticked at a question that takes several."""
    return tuple(draft.answers.get(asked.name) or ()) if draft.picked is None else draft.picked


def _done_picking(draft: Draft, asked: FormField) -> Step:
    chosen = [each.value for each in asked.choices if each.value in picked(draft, asked)]
    if chosen:
        return Step(_with(draft, asked, chosen))
    return Step(draft, Rejected(Problem.CHOICE_NONE)) if asked.required else Step(_with(draft, asked, None))


def _answer(draft: Draft, asked: FormField, given: Given, text: str) -> Step:
    try:
        value = fields.read(asked, text, given.today, agencies=given.agencies, seats=draft.seats)
    except Rejected as rejected:
        doubtful = rejected.doubtful or (draft.doubtful if asked.kind == "tax_code" else "")
        return Step(replace(draft, doubtful=doubtful, options=rejected.options), rejected)
    if asked.kind == "consent":
        value = {
            "agreed": value,
            "version": asked.text_version,
            "at": given.at.isoformat(),
            "channel": given.channel,
        }
    return Step(_with(draft, asked, value))


def _with(draft: Draft, asked: FormField, value: Any) -> Draft:
    answers = {**draft.answers, asked.name: value}
    return replace(draft, answers=answers, asked="", doubtful="", options=(), picked=None)


def _back(asked: list[FormField], draft: Draft, place: int) -> Draft:
    """To the question before, keeping all answers; from the change of one answer to the review."""
    draft = replace(draft, doubtful="", options=(), picked=None)
    if draft.asked and all(each.name in draft.answers for each in asked):
        return replace(draft, asked="")
    return draft if place == 0 else replace(draft, asked=asked[place - 1].name)


def _chosen(form: Form, draft: Draft, given: Given) -> Draft:
    choices = form_state.changeable(form, draft)
    if given.verb is Verb.FIELD and 0 <= given.place < len(choices):
        return replace(draft, asked=choices[given.place].name, page=Page.QUESTIONS)
    if given.verb in (Verb.BACK, Verb.STAY):
        return replace(draft, page=Page.QUESTIONS)
    return draft
