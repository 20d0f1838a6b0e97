"""One registration in full, and what has happened to it."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.applications import application_texts, decisions, history
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from bot.services.forms import definitions
from bot.services.offerings import event_texts, offering_texts
from bot.services.offerings.offerings import Kind
from handlers.menu import MENU
from handlers.signing_up import form_pages, registered
from handlers.turn import Turn

# The newest come last, and a page has to fit a messenger.
STEPS_SHOWN = 20


async def page(turn: Turn, filed: Filed, note: str = "") -> Reply:
    """Everything that the applicant may know, with what can be done now; ``note`` stands before it."""
    t = turn.t
    form = await definitions.forms_of(turn.connection, turn.known, filed.form)
    lines = [note, ""] if note else []
    lines += [
        t("Code: {code}", code=filed.code),
        registered.status_line(turn, filed),
        *([t("Seats: {seats}", seats=t.number(filed.seats))] if filed.seats > 1 else []),
        t("Registered on: {date}", date=t.short_date(filed.created_at.astimezone(t.zone))),
        *offering_texts.time_and_place(filed.details, filed.starts_at, filed.ends_at, t),
        t("Agency: {agency}", agency=form_pages.agency(turn, filed.agency_slug)),
        *await _open_question(turn, filed),
        "",
        *(form_pages.answer_lines(form, dict(filed.answers), t, turn.known.agencies) if form else ()),
    ]
    return turn.say("\n".join(lines), title=filed.title(t.language), buttons=_buttons(turn, filed), instead=True)


async def history_page(turn: Turn, filed: Filed) -> Reply:
    """Who did what and when, the newest last."""
    t = turn.t
    steps = await history.of_application(turn.connection, filed.id)
    lines = [application_texts.step(step, t, reader_id=turn.person.contact_id) for step in steps[-STEPS_SHOWN:]]
    return turn.say(
        "\n".join(lines),
        title=t("History of {code}", code=filed.code),
        footnote=t("Registration: {title}", title=filed.title(t.language)),
        buttons=((Button(t("See the registration"), f"app:show:{filed.id}"), Button(t("Menu"), MENU)),),
        instead=True,
    )


def not_yours(turn: Turn) -> Reply:
    """For a button of an application that is none of the person's."""
    t = turn.t
    return turn.say(
        t("This registration does not exist, or it is not yours."),
        buttons=((Button(t("My registrations"), "do:applications"), Button(t("Menu"), MENU)),),
    )


async def _open_question(turn: Turn, filed: Filed) -> list[str]:
    if filed.status is not Status.MORE_INFORMATION:
        return []
    asked = [each.text for each in await decisions.messages(turn.connection, filed.id) if each.from_staff]
    return ["", turn.t("The officer asks:"), *asked[-1:]]


def _buttons(turn: Turn, filed: Filed) -> tuple[tuple[Button, ...], ...]:
    t = turn.t
    rows: list[tuple[Button, ...]] = []
    if filed.status is Status.OFFERED:
        rows += [
            (Button(t("Accept the seat"), f"app:accept:{filed.id}"),),
            (Button(t("I cannot come"), f"app:decline:{filed.id}"),),
        ]
    if filed.kind is Kind.EVENT and filed.status is Status.CONFIRMED:
        rows.append((event_texts.qr_code(filed.id, t), event_texts.to_calendar(filed.id, t)))
    if filed.kind is Kind.EVENT and filed.status is Status.ATTENDED:
        rows.append((event_texts.certificate(filed.id, t),))
    if filed.status is Status.MORE_INFORMATION:
        rows.append((Button(t("Answer"), f"app:answer:{filed.id}"),))
    if filed.can_be_edited(turn.now) and filed.status is not Status.OFFERED:
        rows.append((Button(t("Change answers"), f"app:edit:{filed.id}"),))
    if filed.can_be_withdrawn(turn.now) and filed.status is not Status.OFFERED:
        rows.append((Button(t("Withdraw"), f"app:withdraw:{filed.id}"),))
    rows.append((Button(t("History"), f"app:history:{filed.id}"),))
    rows.append((Button(t("All registrations"), "do:applications"), Button(t("Menu"), MENU)))
    return tuple(rows)
