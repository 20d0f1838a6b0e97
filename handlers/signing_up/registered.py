"""The end of a form: it is handed in, and the person reads what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.applications import application_texts, applications
from bot.services.applications.applications import Outcome, SignUp
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from bot.services.businesses import businesses
from bot.services.forms import field_texts
from bot.services.offerings import offering_texts
from bot.services.offerings.offerings import Kind
from bot.services.people import consents
from content.form_model import Form
from handlers.menu import MENU
from handlers.passes import confirmation
from handlers.signing_up import drafting, form_pages
from handlers.signing_up.form_state import Draft
from handlers.turn import Turn


async def submit(turn: Turn, form: Form, draft: Draft) -> Sequence[Reply]:
    """Hand in a form that the person has confirmed. What can be put right leaves it open."""
    t = turn.t
    answers = _known(form, draft.answers)
    business_id = await businesses.make_or_join(
        turn.connection, turn.person.contact_id, str(answers["tax_code"]), _profile(form, answers), turn.now
    )
    if business_id is None:
        return [form_pages.page(turn, form, draft, note=_of_others(turn, draft))]
    if draft.business_id is not None:
        # Another has just been made of these answers, or was joined with them.
        await businesses.save_profile(
            turn.connection, business_id, turn.person.contact_id, _profile(form, answers), turn.now
        )
    submission = await applications.submit(
        turn.connection,
        turn.person,
        SignUp(
            draft.id,
            draft.offering_id,
            business_id,
            answers,
            tuple(consents_given(form, draft.answers).values()),
            seats_wanted(form, answers),
        ),
        translators=turn.translators,
        office=await turn.office_hours(),
        now=turn.now,
    )
    filed = submission.filed
    match submission.outcome:
        case Outcome.DONE if filed is not None:
            await drafting.leave(turn, draft)
            return [_received(turn, filed)]
        case Outcome.REPEATED if filed is not None:
            await drafting.leave(turn, draft)
            return [repeated(turn, filed)]
        case Outcome.THERE_ALREADY if filed is not None:
            await drafting.leave(turn, draft)
            return [_there_already(turn, filed)]
        case Outcome.FULL if submission.most:
            note = t.plural(
                "Only {number} seat is left, and this event has no waiting list. Nothing was sent, and your answers "
                "are kept here. To have that seat, please choose Edit and ask for one.",
                "Only {number} seats are left, and this event has no waiting list. Nothing was sent, and your answers "
                "are kept here. To have seats, please choose Edit and ask for at most that many.",
                submission.most,
            )
            return [form_pages.page(turn, form, draft, note=note)]
        case Outcome.FULL:
            note = t(
                "All seats have been taken in the meantime, and this event has no waiting list. Nothing was sent. "
                "Your answers are kept here: you can try again in case a seat becomes free, or choose Cancel."
            )
            return [form_pages.page(turn, form, draft, note=note)]
        case Outcome.TOO_MANY:
            note = t.plural(
                "One enterprise can have {number} seat here. Please choose Edit and change the number of seats.",
                "One enterprise can have at most {number} seats here. Please choose Edit and change the number of "
                "seats.",
                submission.most,
            )
            return [form_pages.page(turn, form, draft, note=note)]
        case Outcome.NOT_YET:
            note = t("Registration has not begun yet, so nothing was sent. Your answers are kept here.")
            return [form_pages.page(turn, form, draft, note=note)]
        case _:
            await drafting.leave(turn, draft)
            text = t(
                "Registration for “{title}” has closed in the meantime, so nothing was sent.", title=_title(turn, draft)
            )
            return [turn.say(text, buttons=((Button(t("Register"), "do:register"), Button(t("Menu"), MENU)),))]


def seats_wanted(form: Form, answers: Mapping[str, Any]) -> int:
    """How many seats a form asks for: one, unless it has a question for them."""
    return next((int(answers[each.name]) for each in form.fields if each.kind == "seats" and answers.get(each.name)), 1)


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


def status_line(turn: Turn, filed: Filed) -> str:
    """The status with the day since which it holds."""
    t = turn.t
    if filed.status is Status.WAITLISTED:
        words = t("on the waiting list, number {position}", position=filed.position)
    elif filed.status is Status.OFFERED and filed.offered_until is not None:
        words = t("a seat is offered, please accept until {moment}", moment=t.moment(filed.offered_until))
    else:
        words = application_texts.status(filed.status, t)
    return t("Status: {status} ({date})", status=words, date=t.short_date(filed.updated_at.astimezone(t.zone)))


def _received(turn: Turn, filed: Filed) -> Reply:
    t = turn.t
    name = form_pages.agency(turn, filed.agency_slug)
    lines = [t("Your code: {code}", code=filed.code), ""]
    match filed.status:
        case Status.CONFIRMED:
            title = t("You are registered")
            lines += [
                seats_line(filed.seats, t),
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
                t(
                    "As soon as a seat becomes free and it is your turn, it is offered to you here and reserved for "
                    "you for some hours."
                ),
            ]
        case _ if filed.kind is Kind.EVENT:
            title = t("Your registration has been received")
            lines += [
                *offering_texts.time_and_place(filed.details, filed.starts_at, filed.ends_at, t),
                t("Held by: {agency}", agency=name),
                "",
                t("The agency decides who gets a seat at this event. You are told here as soon as it has decided."),
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
    reply = turn.say("\n".join(lines), title=title, footnote=footnote, buttons=_buttons(turn, filed))
    return confirmation.with_pass(turn, filed, reply)


def confirmed(turn: Turn, filed: Filed) -> Reply:
    """For whoever has just got a seat."""
    return _received(turn, filed)


def seats_line(seats: int, t: Translator) -> str:
    """How many seats are confirmed."""
    if seats == 1:
        return t("You have a seat.")
    return t("You have {number} seats.", number=t.number(seats))


def _there_already(turn: Turn, filed: Filed) -> Reply:
    t = turn.t
    tax_code = field_texts.tax_code(filed.tax_code, t)
    if filed.contact_id == turn.person.contact_id:
        text = t(
            "The enterprise with tax code {tax_code} already has a registration here, which you made: {code}.",
            tax_code=tax_code,
            code=filed.code,
        )
    else:
        text = t(
            "The enterprise with tax code {tax_code} already has a registration here, made by a colleague: {code}.",
            tax_code=tax_code,
            code=filed.code,
        )
    return turn.say(
        text
        + "\n"
        + status_line(turn, filed)
        + "\n\n"
        + t("No second one was made. You can see and change the registration that there is."),
        title=t("Already registered"),
        footnote=t("Registration: {title}", title=filed.title(t.language)),
        buttons=_buttons(turn, filed),
    )


def _of_others(turn: Turn, draft: Draft) -> str:
    """What somebody reads who typed the tax code of a business that only others act for."""
    t = turn.t
    return t(
        "Other people act for the enterprise with tax code {tax_code} here. Nothing was sent. "
        "If the tax code is not right, choose Edit. Otherwise please ask a colleague who registered, "
        "or an officer with /officer.",
        tax_code=field_texts.tax_code(str(draft.answers["tax_code"]), t),
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


def _profile(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the business's profile takes from the answers."""
    known = {each.name: answers[each.name] for each in form.fields if each.profile and each.name in answers}
    return {"organisation": answers["organisation"]} | known


def consents_given(form: Form, answers: Mapping[str, Any]) -> dict[str, consents.Given]:
    """The answers to the form's questions for consent, by question."""
    return {
        each.name: consents.Given(
            each.purpose,
            answers[each.name]["version"],
            answers[each.name]["channel"],
            datetime.fromisoformat(answers[each.name]["at"]),
            answers[each.name]["agreed"],
        )
        for each in form.fields
        if each.kind == "consent" and answers.get(each.name)
    }


def _title(turn: Turn, draft: Draft) -> str:
    return form_pages.title_of(draft, turn.t.language)
