"""Filling in a form: what a person answers, presses or leaves goes through the engine and is stored again.

Whoever turns to something else in the middle of a form finds it again: it stays in the database as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Kind, Reply
from bot.services.applications import filed_applications
from bot.services.businesses import businesses
from bot.services.files import file_texts, files
from handlers import menu
from handlers.businesses import joining
from handlers.signing_up import changing, drafting, form_pages, form_state, forms, half_filled, registered
from handlers.signing_up.drafting import DIALOG, Open
from handlers.signing_up.form_state import Draft, Given, Step, Verb
from handlers.turn import Turn


async def step_aside(turn: Turn) -> Turn:
    """The turn as everybody else should see it: the person is no longer in the middle of a form they turn away from.

    Called before all handlers. Answers, the form's own buttons, help, language and cancel are no turning away.
    """
    ours = turn.press[:1] in ((DIALOG,), ("language",), ("cancel",))
    if (
        not drafting.current_id(turn)
        or ours
        or turn.command in ("help", "unknown", "language", "cancel")
        or not (turn.command or turn.press)
    ):
        return turn
    await turn.end()
    return replace(turn, person=replace(turn.person, dialog=None))


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """What a person in the middle of a form does, and the buttons of forms wherever the person is."""
    if turn.press[:1] == (DIALOG,):
        return await half_filled.pressed(turn) or await _pressed(turn)
    if turn.command == "menu":
        return await half_filled.menu_with_word(turn)
    if not drafting.current_id(turn):
        return None
    there = await drafting.current(turn)
    if there is None:
        return await half_filled.gone(turn)
    await drafting.enter(turn, there.form, there.draft)
    if turn.command == "cancel" or turn.press[:1] == ("cancel",):
        return await _take(turn, there, drafting.given(turn, Verb.CANCEL))
    asked = form_state.question(there.form, there.draft)
    if turn.command == "help" and not turn.incoming.text.startswith("/") and asked and asked.field.more_help:
        return await _take(turn, there, drafting.given(turn, Verb.HELP))
    if turn.command or turn.press:
        return await _meanwhile(turn, there)
    return await _answered(turn, there)


def end_ask_phone(turn: Turn, replies: Sequence[Reply]) -> Sequence[Reply]:
    """The replies to a turn, taking away the button that shares a phone number if its question was left."""
    dialog = turn.person.dialog
    if dialog is None or dialog.kind != DIALOG or not dialog.data.get("phone"):
        return replies
    if not replies or any(reply.ask_phone for reply in replies):
        return replies
    first, *others = replies
    return [replace(first, end_ask_phone=True), *others]


async def _pressed(turn: Turn) -> Sequence[Reply]:
    """A button of this form, or of another, or one that was made up."""
    _, draft_id, revision, verb, place, *_ = (*turn.press, "", "", "", "")
    there = await drafting.current(turn)
    if there is not None:
        await drafting.enter(turn, there.form, there.draft)
    if there is None or there.draft.id != draft_id:
        return await _of_another_form(turn, there, draft_id)
    if revision != str(there.draft.revision) or verb not in set(Verb) - {Verb.ANSWER, Verb.FILE}:
        note = turn.t("This button belongs to an earlier step. This is where you are now:")
        return [_after(turn, there, form_pages.page(turn, there.form, there.draft, note=note))]
    number = int(place) if place.isascii() and place.isdecimal() and len(place) < 4 else -1
    return await _take(turn, there, drafting.given(turn, Verb(verb), place=number))


async def _of_another_form(turn: Turn, there: Open | None, draft_id: str) -> Sequence[Reply]:
    t = turn.t
    if draft_id.isascii() and draft_id.isalnum():
        filed = await filed_applications.by_draft(turn.connection, turn.person.contact_id, draft_id)
        if filed is not None:
            return [registered.repeated(turn, filed)]
    if there is not None:
        note = t("This button belongs to another registration. This is the one you are filling in:")
        return [_after(turn, there, form_pages.page(turn, there.form, there.draft, note=note))]
    if await drafting.find(turn, draft_id) is not None:
        return await half_filled.resume(turn, draft_id)
    text = t("This button belongs to a registration form that is no longer open.")
    return [turn.say(text, buttons=half_filled.elsewhere(turn))]


async def _answered(turn: Turn, there: Open) -> Sequence[Reply]:
    """A typed answer, a file, a shared contact card, or something that is no answer at all."""
    t = turn.t
    asked = form_state.question(there.form, there.draft)
    kind = asked.field.kind if asked and there.draft.page is form_state.Page.QUESTIONS else ""
    match turn.incoming.kind:
        case Kind.TEXT:
            return await _take(turn, there, drafting.given(turn, Verb.ANSWER, text=turn.incoming.text))
        case Kind.CONTACT_CARD if kind == "phone" and turn.incoming.phone:
            return await _take(turn, there, drafting.given(turn, Verb.ANSWER, text=turn.incoming.phone))
        case Kind.FILE if kind == "file" and asked is not None:
            return await _file(turn, there, asked.field.name)
        case Kind.CONTACT_CARD if kind == "phone":
            note = t(
                "This card does not show a number of your own. Please share your own number, "
                "or type the number, for example 0912 345 678."
            )
        case Kind.CONTACT_CARD:
            note = t("No phone number is asked for at this point.")
        case _:
            note = t("No file is needed here. Please answer by text or button.")
    return [form_pages.page(turn, there.form, there.draft, note=note)]


async def _file(turn: Turn, there: Open, name: str) -> Sequence[Reply]:
    file = turn.incoming.file
    if file is None or not file.path:
        note = file_texts.problem(turn.t, file) if file else ""
        return [form_pages.page(turn, there.form, there.draft, note=note)]
    kept = await files.keep(turn.connection, turn.person, file, draft_id=there.draft.id, field=name, now=turn.now)
    value = {"file": kept, "name": file.name, "size": file.size}
    return await _take(turn, there, drafting.given(turn, Verb.FILE, value=value))


async def _meanwhile(turn: Turn, there: Open) -> Sequence[Reply] | None:
    """Help and a change of language in the middle of the form, which then goes on."""
    answered = await menu.handle(turn)
    if not answered:
        return None
    again = turn.in_language(answered[-1].language)
    if turn.command not in ("help", "unknown") and again.t.language is turn.t.language:
        return answered
    return [*answered, form_pages.page(again, there.form, there.draft)]


async def _take(turn: Turn, there: Open, given: Given) -> Sequence[Reply]:
    """What the person did, done and stored; the page that follows from it."""
    form, draft = there.form, there.draft
    after = forms.step(form, draft, given)
    if after.left:
        return await _left(turn, there)
    if after.done:
        return await (changing.submit(turn, there) if draft.application_id else registered.submit(turn, form, draft))
    code = after.draft.answers.get("tax_code")
    if code is not None and code != draft.answers.get("tax_code") and not draft.application_id:
        found = await businesses.by_tax_code(turn.connection, str(code), turn.person.contact_id)
        if found is not None and found.has_members and not found.is_member:
            # The question stays open: with another code, or once a colleague has said yes, the form goes on here.
            await drafting.enter(turn, form, draft, choosing=True)
            return [await joining.offer(turn, found.id, filling=True)]
        business = found and await businesses.mine(turn.connection, turn.person.contact_id, found.id)
        known = replace(after.draft, business_id=None)
        known = drafting.with_profile(form, known, business) if business else known
        after = replace(after, draft=forms.begun(form, known))
    if after.draft != draft:
        await drafting.keep(turn, form, after.draft)
    shown = form_pages.page(
        turn,
        form,
        after.draft,
        note=_note(turn, draft, given, after),
        rejected=after.rejected,
        typed=given.text,
        more=after.help,
    )
    return [_after(turn, there, shown)]


async def _left(turn: Turn, there: Open) -> Sequence[Reply]:
    await drafting.leave(turn, there.draft)
    t = turn.t
    if there.draft.application_id:
        text = t("Your registration stays as it was. Nothing has been changed.")
    else:
        text = t("Cancelled. Nothing was sent, and what you entered has been deleted.")
    return [_after(turn, there, turn.say(text, buttons=half_filled.elsewhere(turn)))]


def _note(turn: Turn, before: Draft, given: Given, after: Step) -> str:
    """A word on what changed meanwhile, or on what could not be understood where no question would say it."""
    t = turn.t
    if after.updated:
        return form_pages.updated_note(turn, after.lost)
    if given.verb is Verb.ANSWER and after.draft == before and after.rejected is None and not after.help:
        return t("Please choose one of the buttons, or type its text.")
    return ""


def _after(turn: Turn, before: Open, reply: Reply) -> Reply:
    """The reply in the place of the pressed one, unless that is the text which somebody has agreed to."""
    asked = form_state.question(before.form, before.draft)
    consenting = asked is not None and asked.field.kind == "consent"
    return replace(reply, instead=turn.incoming.kind is Kind.PRESS and not consenting)
