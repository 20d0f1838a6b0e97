"""Filling in a form: what a person answers, presses or leaves goes through the engine and is stored again.

Whoever turns to something else in the middle of a form finds it again: it is set aside, not dropped.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from bot.errors import Refused
from bot.messages import Button, Dialog, Kind, Reply
from bot.services.applications import filed_applications
from bot.services.forms import drafts
from bot.services.forms.problems import Rejected
from bot.services.offerings.offerings import Offered
from content.model import Form
from handlers import menu
from handlers.reporting.report_pages import busy
from handlers.signing_up import form_pages, forms, registered
from handlers.signing_up.form_pages import takes_numbers
from handlers.signing_up.forms import Draft, Given, Verb
from handlers.turn import Turn

DIALOG = "form"
RESUME = "form:resume"


async def step_aside(turn: Turn) -> Turn:
    """The turn as everybody else should see it: a form that the person turns away from is set aside first.

    Called before all handlers. Answers, the form's own buttons, help, language and cancel are no turning away.
    """
    draft = current(turn)
    ours = turn.press[:1] in ((DIALOG,), ("language",), ("cancel",))
    if (
        draft is None
        or ours
        or turn.command in ("help", "unknown", "language", "cancel")
        or not (turn.command or turn.press)
    ):
        return turn
    await drafts.set_aside(turn.connection, turn.person.contact_id, forms.packed(draft))
    return replace(turn, person=replace(turn.person, dialog=None))


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """What a person in the middle of a form does, and the buttons of forms wherever the person is."""
    draft = current(turn)
    if turn.press[:1] == (DIALOG,):
        return await _pressed(turn, draft)
    if turn.command == "menu":
        return await _menu(turn)
    if draft is None:
        return None
    form = turn.known.forms.get(draft.form)
    if form is None:
        return await _gone(turn)
    if turn.command == "cancel" or turn.press[:1] == ("cancel",):
        return await cancel_question(turn)
    if turn.command or turn.press:
        return await _meanwhile(turn, form, draft)
    return await _answered(turn, form, draft)


def end_ask_phone(turn: Turn, replies: Sequence[Reply]) -> Sequence[Reply]:
    """The replies to a turn, taking away the button that shares a phone number if its question was left."""
    draft = current(turn)
    form = turn.known.forms.get(draft.form) if draft else None
    if draft is None or form is None or not replies or any(reply.ask_phone for reply in replies):
        return replies
    if not _asks_phone(form, draft):
        return replies
    first, *others = replies
    return [replace(first, end_ask_phone=True), *others]


def current(turn: Turn) -> Draft | None:
    """The form that the person is in the middle of."""
    dialog = turn.person.dialog
    return forms.unpacked(dialog.data) if dialog is not None and dialog.kind == DIALOG else None


async def kept(turn: Turn) -> Draft | None:
    """The form that the person has set aside, or is in the middle of."""
    draft = current(turn)
    if draft is not None:
        return draft
    data = await drafts.kept(turn.connection, turn.person.contact_id)
    return forms.unpacked(data) if data else None


async def start(turn: Turn, offering: Offered) -> Sequence[Reply]:
    """Begin a new form, in place of any other."""
    form = turn.known.forms.get(offering.form)
    if form is None:
        raise Refused(turn.t("The form for this registration is not available. Please ask an officer with /officer."))
    await drafts.forget(turn.connection, turn.person.contact_id)
    draft = Draft(
        id=secrets.token_hex(3),
        offering_id=offering.id,
        form=offering.form,
        title=offering.details["title"],
        agency=offering.agency_slug,
        earlier=await filed_applications.details_of_last_time(turn.connection, turn.person.contact_id),
    )
    await _keep(turn, form, draft)
    return [form_pages.page(turn, form, draft)]


async def resume(turn: Turn, *, anyway: bool = False) -> Sequence[Reply]:
    """Go on with the form where it was left; ``anyway`` also out of the middle of something else."""
    t = turn.t
    draft = await kept(turn)
    if draft is None:
        return [turn.say(t("There is no unfinished registration."), buttons=_elsewhere(turn))]
    warning = None if anyway else busy(turn, f"{RESUME}:anyway", DIALOG)
    if warning:
        return [warning]
    form = turn.known.forms.get(draft.form)
    if form is None:
        return await _gone(turn)
    if current(turn) is None:
        await drafts.forget(turn.connection, turn.person.contact_id)
        await _keep(turn, form, draft)
    return [form_pages.page(turn, form, draft, note=t("Let us go on. Your answers so far have been kept."))]


async def cancel_question(turn: Turn) -> Sequence[Reply]:
    """Leave the form; ask before, if that would lose anything. For a turn in the middle of a form only."""
    draft = current(turn)
    form = turn.known.forms.get(draft.form) if draft else None
    if draft is None or form is None:
        return await _gone(turn)
    return await _take(turn, form, draft, _given(turn, Verb.CANCEL))


async def _pressed(turn: Turn, draft: Draft | None) -> Sequence[Reply]:
    """A button of this form, or of another, or one that was made up."""
    if turn.press[1:2] == ("resume",):
        return await resume(turn, anyway=turn.press[2:] == ("anyway",))
    _, draft_id, revision, verb, place, *_ = (*turn.press, "", "", "", "")
    if draft is None or draft.id != draft_id:
        aside = await kept(turn) if draft is None else None
        if aside is not None and aside.id == draft_id:
            return await resume(turn)
        return await _of_another_form(turn, draft, draft_id)
    form = turn.known.forms.get(draft.form)
    if form is None:
        return await _gone(turn)
    if revision != str(draft.revision) or verb not in set(Verb) - {Verb.ANSWER}:
        note = turn.t("This button belongs to an earlier step. This is where you are now:")
        return [_after(turn, form, draft, form_pages.page(turn, form, draft, note=note))]
    number = int(place) if place.isascii() and place.isdecimal() and len(place) < 4 else -1
    return await _take(turn, form, draft, replace(_given(turn, Verb(verb)), place=number))


async def _of_another_form(turn: Turn, draft: Draft | None, draft_id: str) -> Sequence[Reply]:
    t = turn.t
    filed = None
    if draft_id.isascii() and draft_id.isalnum():
        filed = await filed_applications.by_draft(turn.connection, turn.person.contact_id, draft_id)
    if filed is not None:
        return [registered.repeated(turn, filed)]
    if draft is not None:
        form = turn.known.forms.get(draft.form)
        if form is None:
            return await _gone(turn)
        note = t("This button belongs to another registration. This is the one you are filling in:")
        return [_after(turn, form, draft, form_pages.page(turn, form, draft, note=note))]
    return [turn.say(t("This button belongs to a registration form that is no longer open."), buttons=_elsewhere(turn))]


async def _answered(turn: Turn, form: Form, draft: Draft) -> Sequence[Reply]:
    """A typed answer, a shared contact card, or something that is no answer at all."""
    t = turn.t
    asks_phone = _asks_phone(form, draft)
    match turn.incoming.kind:
        case Kind.TEXT:
            return await _take(turn, form, draft, replace(_given(turn, Verb.ANSWER), text=turn.incoming.text))
        case Kind.CONTACT_CARD if asks_phone and turn.incoming.phone:
            return await _take(turn, form, draft, replace(_given(turn, Verb.ANSWER), text=turn.incoming.phone))
        case Kind.CONTACT_CARD if asks_phone:
            note = t(
                "This card does not show a number of your own. Please share your own number, "
                "or type the number, for example 0912 345 678."
            )
        case Kind.CONTACT_CARD:
            note = t("No phone number is asked for at this point.")
        case _:
            note = t("No file is needed here. Please answer by text or button.")
    return [form_pages.page(turn, form, draft, note=note)]


async def _meanwhile(turn: Turn, form: Form, draft: Draft) -> Sequence[Reply] | None:
    """Help and a change of language in the middle of the form, which then goes on."""
    answered = await menu.handle(turn)
    if not answered:
        return None
    there = turn.in_language(answered[-1].language)
    if turn.command not in ("help", "unknown") and there.t.language is turn.t.language:
        return answered
    return [*answered, form_pages.page(there, form, draft)]


async def _menu(turn: Turn) -> Sequence[Reply] | None:
    """The menu, with a word ahead on a form that waits."""
    draft = await kept(turn)
    if draft is None:
        return None
    note = turn.t(
        "Your registration for “{title}” has been set aside. Type /register to continue it.",
        title=form_pages.title_of(draft, turn.t.language),
    )
    return [turn.say(note), *(await menu.handle(turn) or [])]


async def _take(turn: Turn, form: Form, draft: Draft, given: Given) -> Sequence[Reply]:
    after = forms.step(form, draft, given)
    if after.left:
        await turn.end()
        text = turn.t("Cancelled. Nothing was sent, and what you entered has been deleted.")
        return [_after(turn, form, draft, turn.say(text, buttons=_elsewhere(turn)))]
    if after.done:
        return await registered.submit(turn, form, draft)
    if after.draft != draft:
        await _keep(turn, form, after.draft)
    shown = form_pages.page(
        turn, form, after.draft, note=_ignored(turn, draft, given, after), rejected=after.rejected, typed=given.text
    )
    return [_after(turn, form, draft, shown)]


def _ignored(turn: Turn, draft: Draft, given: Given, after: forms.Step) -> str:
    """A word on what could not be understood, where no question would say it."""
    if given.verb is not Verb.ANSWER or after.draft != draft or isinstance(after.rejected, Rejected):
        return ""
    return turn.t("Please choose one of the buttons, or type its text.")


def _after(turn: Turn, form: Form, before: Draft, reply: Reply) -> Reply:
    """The reply in the place of the pressed one, unless that is the text which somebody has agreed to."""
    asked = forms.question(form, before)
    consenting = asked is not None and asked.field.kind == "consent"
    return replace(reply, instead=turn.incoming.kind is Kind.PRESS and not consenting)


def _asks_phone(form: Form, draft: Draft) -> bool:
    asked = forms.question(form, draft) if draft.page is forms.Page.QUESTIONS else None
    return asked is not None and asked.field.kind == "phone"


def _given(turn: Turn, verb: Verb) -> Given:
    return Given(verb, at=turn.now, today=turn.now.astimezone(turn.t.zone).date(), channel=turn.person.channel)


async def _keep(turn: Turn, form: Form, draft: Draft) -> None:
    await turn.begin(Dialog(DIALOG, {**forms.packed(draft), "choosing": takes_numbers(form, draft)}))


async def _gone(turn: Turn) -> Sequence[Reply]:
    await turn.end()
    await drafts.forget(turn.connection, turn.person.contact_id)
    text = turn.t("This registration form is no longer in use, so what was entered has been deleted.")
    return [turn.say(text, buttons=_elsewhere(turn))]


def _elsewhere(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    t = turn.t
    return (
        (Button(t("Register"), "do:register"), Button(t("My registrations"), "do:applications")),
        (Button(t("Menu"), menu.MENU),),
    )
