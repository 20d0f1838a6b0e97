"""What an officer reads at the desk: the queue, one application in full, its history. Decides nothing."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.applications import history, review_queue, staff_texts
from bot.services.applications.deciders import Scope
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import IN_REVIEW, STEPS, Status
from bot.services.businesses.size_class import size_class
from bot.services.files import files
from bot.services.files.files import Stored
from bot.services.forms import field_texts
from bot.services.forms.definitions import forms_of
from bot.services.offerings import offering_texts, offerings
from bot.services.offerings.offerings import Kind
from bot.services.people.officers import is_officer
from handlers.businesses.business_pages import size_name
from handlers.menu import MENU
from handlers.signing_up.form_pages import agency, answer_lines, shortened
from handlers.turn import Turn

AT_ONCE = 6
FILTERS = 8
STEPS_SHOWN, STEPS_PER_PAGE = 4, 12
SHORT_REASON, LONG_REASON = 200, 700
LONGEST_ANSWERS = 2600


def button(label: str, *action: str | int) -> Button:
    """A button of the desk: ``desk:…``."""
    return Button(label, ":".join(["desk", *map(str, action)]))


async def queue(turn: Turn, scope: Scope, start: int = 0, offering_id: int = 0, note: str = "") -> Reply:
    """What there is to decide, the oldest first, of one offering or of all."""
    t = turn.t
    counts = await review_queue.by_offering(turn.connection, scope)
    found = await review_queue.waiting(
        turn.connection, scope, offering_id=offering_id or None, offset=start, limit=AT_ONCE + 1
    )
    if not found and start:
        return await queue(turn, scope, 0, offering_id, note)
    shown = found[:AT_ONCE]
    only = next((each for each in counts if each.offering_id == offering_id), None)
    total = only.total if only else sum(each.total for each in counts)
    lines = [note] if note else []
    if not shown:
        lines.append(t("No application is waiting for a decision. You are told when one comes in."))
    else:
        lines.append(
            t.plural("{number} application waits for a decision.", "{number} applications wait for a decision.", total)
        )
        if only is not None:
            lines.append(t("Only: {title}", title=only.title(t.language)))
    for place, each in enumerate(shown, start=1):
        lines.append(
            f"{place}. {each.business}\n{each.title(t.language)}\n"
            + t("{code}, {status}, since {date}", code=each.code, status=staff_texts.status(each.status, t),
                date=t.short_date(each.created_at.astimezone(t.zone).date()))
        )  # fmt: skip
    rows: list[tuple[Button, ...]] = [
        (button(shortened(f"{place}. {each.business}", 40), "show", each.id),) for place, each in enumerate(shown, 1)
    ]
    turning = []
    if start:
        turning.append(button(t("Previous"), "list", max(0, start - AT_ONCE), offering_id))
    if len(found) > AT_ONCE:
        turning.append(button(t("More"), "list", start + AT_ONCE, offering_id))
    rows += [tuple(turning)] if turning else []
    if only is not None or offering_id:
        rows.append((button(t("All offerings"), "list", 0),))
    elif len(counts) > 1:
        rows.append((button(t("Choose an offering"), "filter"),))
    rows.append((Button(t("Manage offerings"), "do:manage"), Button(t("Menu"), MENU)))
    return turn.say("\n\n".join(lines), title=t("Applications to decide"), buttons=tuple(rows), instead=True)


async def filters(turn: Turn, scope: Scope) -> Reply:
    """Which offerings have something to decide, with the numbers."""
    t = turn.t
    counts = await review_queue.by_offering(turn.connection, scope)
    rows: list[tuple[Button, ...]] = [
        (button(f"{shortened(each.title(t.language), 50)} ({t.number(each.total)})", "list", 0, each.offering_id),)
        for each in counts[:FILTERS]
    ]
    text = t("Of which offering would you like to see the applications? The number that waits is in brackets.")
    if not counts:
        text = t("No application is waiting for a decision. You are told when one comes in.")
    return turn.say(
        text,
        title=t("Applications to decide"),
        buttons=(*rows, (button(t("All offerings"), "list", 0), Button(t("Menu"), MENU))),
        instead=True,
    )


async def page(turn: Turn, filed: Filed, note: str = "", *, instead: bool = True) -> Reply:
    """One application in full, with what can be done about it."""
    t, connection = turn.t, turn.connection
    form = await forms_of(connection, turn.known, filed.form)
    steps = await history.of_application(connection, filed.id)
    stored = await files.of_application(connection, filed.id)
    answers = answer_lines(form, filed.answers, t, turn.known.agencies) if form else []
    lines = [
        note,
        "" if not note else " ",
        t("Code: {code}", code=filed.code),
        t("Status: {status}", status=staff_texts.status(filed.status, t)),
        *await _business(turn, filed),
        t("For: {title}", title=filed.title(t.language)),
        *offering_texts.time_and_place(filed.details, filed.starts_at, filed.ends_at, t),
        t("Agency: {agency}", agency=agency(turn, filed.agency_slug)),
        *await _seats(turn, filed),
        " ",
        _cut("\n".join(answers)),
        " ",
        t("What has happened:"),
        *(f"- {staff_texts.step(each, t, longest=SHORT_REASON)}" for each in steps[-STEPS_SHOWN:]),
    ]
    longer = len(steps) > STEPS_SHOWN or any(len(each.reason) > SHORT_REASON for each in steps)
    return turn.say(
        "\n".join(line.strip() for line in lines if line),
        title=filed.business_name,
        buttons=(
            *_actions(turn, filed),
            *_files(filed, stored),
            *(((button(t("Whole history"), "history", filed.id, 0),),) if longer else ()),
            (button(t("All that waits"), "list", 0), Button(t("The offering"), f"manage:show:{filed.offering_id}")),
            (Button(t("Menu"), MENU),),
        ),
        instead=instead,
    )


async def whole_history(turn: Turn, filed: Filed, start: int) -> Reply:
    """Everything that happened to an application, with questions and answers in full."""
    t = turn.t
    steps = await history.of_application(turn.connection, filed.id)
    shown = steps[start : start + STEPS_PER_PAGE]
    turning = []
    if start:
        turning.append(button(t("Previous"), "history", filed.id, max(0, start - STEPS_PER_PAGE)))
    if len(steps) > start + STEPS_PER_PAGE:
        turning.append(button(t("More"), "history", filed.id, start + STEPS_PER_PAGE))
    return turn.say(
        "\n\n".join(staff_texts.step(each, t, longest=LONG_REASON) for each in shown),
        title=t("History of {code}", code=filed.code),
        buttons=(*((tuple(turning),) if turning else ()), (button(t("Back"), "show", filed.id),)),
        instead=True,
    )


def no_such(turn: Turn) -> Reply:
    """For the number of an application that isn't there, or that others decide on."""
    t = turn.t
    text = t("This application does not exist, or another agency decides on it.")
    rows = [Button(t("Menu"), MENU)]
    if is_officer(turn.person):
        rows.insert(0, button(t("All that waits"), "list", 0))
    return turn.say(text, buttons=(tuple(rows),))


async def _business(turn: Turn, filed: Filed) -> list[str]:
    t = turn.t
    profile = await review_queue.profile(turn.connection, filed.business_id)
    found = size_class({**profile, **filed.answers})
    lines = [t("Tax code: {code}", code=field_texts.tax_code(filed.tax_code, t))]
    if found is not None:
        lines.append(t("Size: {size} (by Decree 80/2021, from what it stated)", size=size_name(found, t)))
    return lines


async def _seats(turn: Turn, filed: Filed) -> list[str]:
    """For an event: seats asked for, and what is free."""
    t = turn.t
    if filed.kind is not Kind.EVENT:
        return []
    lines = [t("Seats asked for: {seats}", seats=t.number(filed.seats))]
    offering = await offerings.get(turn.connection, filed.offering_id)
    if offering is None or offering.capacity is None:
        return [*lines, t("Seats are not limited.")]
    lines.append(
        t(
            "Seats: {taken} of {capacity} taken, {left} free; waiting: {waiting}",
            taken=t.number(offering.taken),
            capacity=t.number(offering.capacity),
            left=t.number(offering.left or 0),
            waiting=t.number(offering.waiting),
        )
    )
    return lines


def _actions(turn: Turn, filed: Filed) -> tuple[tuple[Button, ...], ...]:
    t = turn.t
    rows: list[tuple[Button, ...]] = []
    if filed.status in IN_REVIEW:
        if filed.status is Status.SUBMITTED:
            rows.append((button(t("Take under review"), "review", filed.id),))
        # Nothing is approved that only registers a need.
        yes = t("Approve") if filed.kind is Kind.EVENT else t("Accept the need")
        rows.append((button(yes, "approve", filed.id), button(t("Reject"), "reject", filed.id)))
        rows.append((button(t("Ask for more information"), "ask", filed.id),))
    elif Status.REJECTED in STEPS[filed.status] and not filed.has_begun(turn.now):
        rows.append((button(t("Take the acceptance back"), "reject", filed.id),))
    return tuple(rows)


def _files(filed: Filed, stored: list[Stored]) -> tuple[tuple[Button, ...], ...]:
    return tuple((button(shortened(f"📎 {each.name}", 50), "file", filed.id, each.id),) for each in stored)


def _cut(answers: str) -> str:
    return answers if len(answers) <= LONGEST_ANSWERS else answers[: LONGEST_ANSWERS - 1] + "…"
