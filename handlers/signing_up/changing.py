"""Changing an application that was handed in: its form once more, until the deadline for changes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.applications import applications
from bot.services.applications.applications import Edit
from bot.services.applications.filed_applications import Filed
from bot.services.businesses import businesses
from bot.services.files import files
from bot.services.forms import drafts
from bot.services.offerings import offerings
from handlers.reporting.report_pages import busy
from handlers.signing_up import drafting, form_pages, registered
from handlers.signing_up.drafting import DIALOG, Open
from handlers.signing_up.half_filled import elsewhere
from handlers.turn import Turn


async def edit(turn: Turn, filed: Filed, *, anyway: bool = False) -> Sequence[Reply]:
    """Open the form of an application of the person's business, to change its answers."""
    t = turn.t
    offering = await offerings.get(turn.connection, filed.offering_id)
    if offering is None or not filed.can_be_edited(turn.now):
        text = t("The answers of this registration can no longer be changed.")
        return [turn.say(text, buttons=_to(turn, filed.id))]
    kept = await drafts.for_offering(turn.connection, turn.person.contact_id, filed.offering_id)
    if kept is not None and kept.state.get("application_id") != filed.id:
        text = t("You have an unfinished registration of your own for this. Please finish or delete it first.")
        buttons = (
            (Button(t("Continue the registration"), f"form:resume:{kept.id}"),),
            (Button(t("Delete"), f"form:drop:{kept.id}"), Button(t("Back"), f"app:show:{filed.id}")),
        )
        return [turn.say(text, buttons=buttons)]
    warning = None if anyway else busy(turn, f"app:edit:{filed.id}:anyway", DIALOG)
    if warning:
        return [warning]
    begun = await drafting.begin_edit(turn, filed, offering)
    return [form_pages.page(turn, begun.form, begun.draft)]


async def submit(turn: Turn, there: Open) -> Sequence[Reply]:
    """Put the changed answers into the application. What can be put right leaves the form open."""
    t = turn.t
    form, draft = there.form, there.draft
    answers = {each.name: draft.answers[each.name] for each in form.fields if each.name in draft.answers}
    edited = await applications.change_answers(
        turn.connection,
        turn.person.contact_id,
        draft.application_id,
        answers,
        wanted=registered.seats_wanted(form, answers),
        consents_given=registered.consents_given(form, draft.answers),
        translators=turn.translators,
        office=await turn.office_hours(),
        now=turn.now,
    )
    if edited is None:
        await drafting.leave(turn, draft)
        return [turn.say(t("This registration is not one of your enterprise."), buttons=elsewhere(turn))]
    match edited.outcome:
        case Edit.NO_ROOM:
            note = t("There are not enough free seats for this number. Nothing was changed. Please choose Edit.")
            return [form_pages.page(turn, form, draft, note=note)]
        case Edit.TOO_LATE:
            text = t("The answers of this registration can no longer be changed, so nothing was changed.")
        case Edit.SAME:
            text = t("Nothing is different, so nothing was changed.")
        case Edit.DONE:
            text = t("The changes to your registration {code} have been saved.", code=edited.filed.code)
            profile = {each.name: answers[each.name] for each in form.fields if each.profile and each.name in answers}
            await businesses.save_profile(
                turn.connection, edited.filed.business_id, turn.person.contact_id, profile, turn.now
            )
            questions = [each.name for each in form.fields if each.kind == "file"]
            await files.give_answers(turn.connection, draft.id, edited.filed.id, answers)
            await files.drop_replaced(turn.connection, edited.filed.id, questions, answers)
    await drafting.leave(turn, draft)
    return [turn.say(text, buttons=_to(turn, edited.filed.id))]


def _to(turn: Turn, application_id: int) -> tuple[tuple[Button, ...], ...]:
    return ((Button(turn.t("See the registration"), f"app:show:{application_id}"),), *elsewhere(turn))
