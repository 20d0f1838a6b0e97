"""After an event: two questions to those who attended, and the paper that confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Button, Dialog, Kind, Reply
from bot.services.applications import filed_applications
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from bot.services.offerings import event_texts, feedback
from bot.vietnamese import clean
from handlers.commands import number
from handlers.menu import MENU
from handlers.signing_up import application_pages, form_pages
from handlers.turn import Turn

DIALOG = "thanks"


async def step_aside(turn: Turn) -> Turn:
    """The turn as everybody else should see it: whoever turns to something else has no comment to make."""
    ours = turn.press[:1] == (DIALOG,) or turn.command == "cancel"
    if _asked(turn) is None or ours or not (turn.command or turn.press):
        return turn
    await turn.end()
    return replace(turn, person=replace(turn.person, dialog=None))


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The buttons under the thanks, and the comment that is typed. Only for members of the business."""
    asked = _asked(turn)
    if turn.press[:1] == (DIALOG,):
        application = number(turn.press[2]) if len(turn.press) > 2 else 0
        filed = await filed_applications.find(turn.connection, turn.person.contact_id, application)
        if filed is None:
            return [application_pages.not_yours(turn)]
        return [await _pressed(turn, filed)]
    if asked is None:
        return None
    if turn.command == "cancel":
        return [await _skip(turn, asked)]
    return [await _commented(turn, asked)]


async def _pressed(turn: Turn, filed: Filed) -> Reply:
    t = turn.t
    if filed.status is not Status.ATTENDED:
        text = t("This is for those who were checked in at the event. If you were there, please tell /officer.")
        return turn.say(
            text,
            buttons=((Button(t("See the registration"), f"app:show:{filed.id}"), Button(t("Menu"), MENU)),),
        )
    match turn.press[1:]:
        case ("rate", _, mark) if number(mark) in feedback.MARKS:
            return await _rate(turn, filed, number(mark))
        case ("comment", _):
            return await _ask(turn, filed)
        case ("skip", _):
            return await _skip(turn, filed.id)
        case ("certificate", _):
            return await _certificate(turn, filed)
    return application_pages.not_yours(turn)


async def _rate(turn: Turn, filed: Filed, mark: int) -> Reply:
    t = turn.t
    if not await feedback.rate(turn.connection, filed.id, turn.person.contact_id, mark, now=turn.now):
        given = await feedback.mark_of(turn.connection, filed.id)
        return turn.say(
            t("Your enterprise has answered already: {mark} of 5. Thank you.", mark=given),
            buttons=_after(turn, filed.id),
        )
    if turn.person.dialog is not None and turn.person.dialog.kind != DIALOG:
        # What the person is in the middle of goes first; the second question can wait.
        add = (Button(t("Add a comment"), f"thanks:comment:{filed.id}"),)
        return turn.say(t("Thank you, {mark} of 5 has been noted.", mark=mark), buttons=(add, *_after(turn, filed.id)))
    return await _ask(turn, filed, mark)


async def _ask(turn: Turn, filed: Filed, mark: int | None = None) -> Reply:
    """The second question."""
    t = turn.t
    await turn.begin(Dialog(DIALOG, {"application": filed.id}))
    noted = [t("Thank you, {mark} of 5 has been noted.", mark=mark), ""] if mark else []
    question = t("Second question: what was good, what could be better? Please type it in one message, or skip this.")
    return turn.say("\n".join([*noted, question]), buttons=((_skip_button(turn, filed.id),),))


async def _commented(turn: Turn, application_id: int) -> Reply:
    t = turn.t
    text = clean(turn.text)
    if turn.incoming.kind is not Kind.TEXT or not text:
        return turn.say(
            t("Please type your comment as text, or skip this."), buttons=((_skip_button(turn, application_id),),)
        )
    if len(text) > feedback.LONGEST_COMMENT:
        return turn.say(
            t(
                "This is {length} characters long; at most {longest} can be kept. Please shorten it and send it again.",
                length=t.number(len(text)),
                longest=t.number(feedback.LONGEST_COMMENT),
            ),
            buttons=((_skip_button(turn, application_id),),),
        )
    await turn.end()
    kept = await feedback.comment(turn.connection, application_id, turn.person.contact_id, text)
    said = t("Thank you. Your comment goes to the organisers.") if kept else t("There is a comment already. Thank you.")
    return turn.say(said, buttons=_after(turn, application_id))


async def _skip(turn: Turn, application_id: int) -> Reply:
    if _asked(turn) is not None:
        await turn.end()
    return turn.say(turn.t("Thank you for your answer."), buttons=_after(turn, application_id))


async def _certificate(turn: Turn, filed: Filed) -> Reply:
    from bot.services.passes import certificates

    t = turn.t
    content = certificates.certificate(
        filed,
        certificates.Attended(
            agency=form_pages.agency(turn, filed.agency_slug),
            business=filed.business_name,
            tax_code=filed.tax_code,
            person=str(filed.answers.get("contact_name") or ""),
            came_at=await certificates.came_at(turn.connection, filed.id),
        ),
        t,
        now=turn.now,
    )
    name = f"{t('confirmation-of-attendance')}-{filed.code}.docx"
    return turn.say(
        f"{filed.title(t.language)}\n\n"
        + t("Here is the confirmation of attendance. It was made from the attendance list and bears no signature."),
        title=t("Confirmation of attendance"),
        buttons=((Button(t("See the registration"), f"app:show:{filed.id}"), Button(t("Menu"), MENU)),),
        attachment=turn.passes.keep(filed.code, name, certificates.MEDIA_TYPE, content),
    )


def _asked(turn: Turn) -> int | None:
    """The application whose second question is open."""
    dialog = turn.person.dialog
    return number(str(dialog.data["application"])) if dialog is not None and dialog.kind == DIALOG else None


def _skip_button(turn: Turn, application_id: int) -> Button:
    return Button(turn.t("Skip"), f"thanks:skip:{application_id}")


def _after(turn: Turn, application_id: int) -> tuple[tuple[Button, ...], ...]:
    return (event_texts.certificate(application_id, turn.t),), (Button(turn.t("Menu"), MENU),)
