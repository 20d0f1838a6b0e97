"""The end of a form: it is handed in, and the person reads what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.messages import Button, Reply
from bot.services.applications import application_texts, applications
from bot.services.applications.applications import Outcome, SignUp
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from bot.services.forms import field_texts
from bot.services.offerings import offering_texts
from bot.services.people import consents
from content.model import Form
from handlers.menu import MENU
from handlers.signing_up import form_pages
from handlers.signing_up.forms import Draft
from handlers.turn import Turn


async def submit(turn: Turn, form: Form, draft: Draft) -> Sequence[Reply]:
    """Hand in a form that the person has confirmed."""
    t = turn.t
    submission = await applications.submit(
        turn.connection,
        turn.person,
        SignUp(draft.id, draft.offering_id, _known(form, draft.answers), _consents(form, draft.answers)),
        translators=turn.translators,
        now=turn.now,
    )
    filed = submission.filed
    match submission.outcome:
        case Outcome.DONE if filed is not None:
            await turn.end()
            return [_received(turn, filed)]
        case Outcome.REPEATED if filed is not None:
            await turn.end()
            return [repeated(turn, filed)]
        case Outcome.YOURS if filed is not None:
            await turn.end()
            return [_yours(turn, filed)]
        case Outcome.CLOSED:
            await turn.end()
            text = t(
                "Registration for “{title}” has closed in the meantime, so nothing was sent.", title=_title(turn, draft)
            )
            return [turn.say(text, buttons=((Button(t("Register"), "do:register"), Button(t("Menu"), MENU)),))]
        case _:
            # The tax code may be a slip of the finger, so the form stays open.
            return [form_pages.page(turn, form, draft, note=_of_others(turn, draft, filed))]


def repeated(turn: Turn, filed: Filed) -> Reply:
    """For a confirmation that was pressed before: the same application, said once more."""
    t = turn.t
    return turn.say(
        t("This registration has been received already, under the code {code}. It exists once.", code=filed.code)
        + "\n\n"
        + status_line(turn, filed),
        title=t("Already received"),
        buttons=_buttons(turn, filed),
    )


def status(turn: Turn, filed: Filed) -> str:
    """An application's status in words."""
    if filed.status is Status.WAITLISTED:
        return turn.t("on the waiting list, number {position}", position=filed.position)
    return application_texts.status(filed.status, turn.t)


def status_line(turn: Turn, filed: Filed) -> str:
    """The status with the day since which it holds."""
    return turn.t(
        "Status: {status} ({date})", status=status(turn, filed), date=turn.t.short_date(_day(turn, filed.updated_at))
    )


def _received(turn: Turn, filed: Filed) -> Reply:
    t = turn.t
    name = form_pages.agency(turn, filed.agency_slug)
    lines = [t("Your code: {code}", code=filed.code), ""]
    match filed.status:
        case Status.CONFIRMED:
            title = t("You are registered")
            lines += [
                t("You have a seat."),
                *offering_texts.time_and_place(filed.details, filed.starts_at, filed.ends_at, t),
                t("Held by: {agency}", agency=name),
                "",
                t(
                    "Please keep the code and say it at the entrance. If you cannot come, please withdraw with "
                    "/applications so that somebody else gets the seat."
                ),
            ]
        case Status.WAITLISTED:
            title = t("You are on the waiting list")
            lines += [
                t("All seats are taken. You are number {position} on the waiting list.", position=filed.position),
                *offering_texts.time_and_place(filed.details, filed.starts_at, filed.ends_at, t),
                t("Held by: {agency}", agency=name),
                "",
                t("As soon as a seat becomes free and it is your turn, you get it and are told here."),
            ]
        case _:
            title = t("Your registration has been received")
            lines += [
                t("Your need goes to: {agency}.", agency=name),
                t(
                    "The agency looks at it, and contacts you by phone or e-mail if it needs to know more "
                    "or has something to offer."
                ),
                "",
                t("This is a registration of need, not an approval. See its status at any time with /applications."),
            ]
    if filed.sample:
        lines += ["", filed.details["note"][t.language.value]]
    footnote = t("Registration: {title}", title=filed.title(t.language))
    return turn.say("\n".join(lines), title=title, footnote=footnote, buttons=_buttons(turn, filed))


def _yours(turn: Turn, filed: Filed) -> Reply:
    t = turn.t
    return turn.say(
        t(
            "The enterprise with tax code {tax_code} already has a registration here, which you made: {code}.",
            tax_code=field_texts.tax_code(filed.tax_code, t),
            code=filed.code,
        )
        + "\n"
        + status_line(turn, filed)
        + "\n\n"
        + t("No second one was made. To change it, withdraw it and register again."),
        title=t("Already registered"),
        footnote=t("Registration: {title}", title=filed.title(t.language)),
        buttons=_buttons(turn, filed),
    )


def _of_others(turn: Turn, draft: Draft, filed: Filed | None) -> str:
    """What somebody may know of an application that another person made for the business."""
    t = turn.t
    tax_code = field_texts.tax_code(str(draft.answers["tax_code"]), t)
    if filed is not None:
        return (
            t(
                "The enterprise with tax code {tax_code} already has a registration here, made by a colleague: {code}.",
                tax_code=tax_code,
                code=filed.code,
            )
            + "\n"
            + status_line(turn, filed)
            + "\n"
            + t("Nothing was sent. If the tax code is not right, choose Edit; otherwise choose Cancel.")
        )
    return t(
        "The enterprise with tax code {tax_code} already has a registration here. Nothing was sent. "
        "If the tax code is not right, choose Edit. Otherwise please ask the colleague who registered, "
        "or an officer with /officer.",
        tax_code=tax_code,
    )


def _buttons(turn: Turn, filed: Filed) -> tuple[tuple[Button, ...], ...]:
    t = turn.t
    return (
        (Button(t("See the registration"), f"app:show:{filed.id}"),),
        (Button(t("All registrations"), "do:applications"), Button(t("Menu"), MENU)),
    )


def _known(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to questions that the form still has."""
    return {each.name: answers[each.name] for each in form.fields if each.name in answers}


def _consents(form: Form, answers: Mapping[str, Any]) -> tuple[consents.Given, ...]:
    return tuple(
        consents.Given(
            each.purpose,
            answers[each.name]["version"],
            answers[each.name]["channel"],
            datetime.fromisoformat(answers[each.name]["at"]),
            answers[each.name]["agreed"],
        )
        for each in form.fields
        if each.kind == "consent" and answers.get(each.name)
    )


def _title(turn: Turn, draft: Draft) -> str:
    return form_pages.title_of(draft, turn.t.language)


def _day(turn: Turn, moment: datetime) -> datetime:
    return moment.astimezone(turn.t.zone)
