"""A person's own registrations: the list, one in full, and withdrawing it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.applications import application_codes, applications, filed_applications
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from bot.services.offerings import offering_texts
from handlers.menu import MENU
from handlers.signing_up import filling, form_pages, registered
from handlers.signing_up.form_pages import shortened
from handlers.signing_up.registration import number
from handlers.turn import Turn

AT_ONCE = 8


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The applications command, also with a code, and the buttons of its pages."""
    if turn.command == "applications":
        return [await _by_code(turn, turn.argument) if turn.argument else await _list(turn, 0)]
    match turn.press:
        case ("app", "list", start):
            return [await _list(turn, number(start))]
        case ("app", "show", application):
            filed = await filed_applications.find(turn.connection, turn.person.contact_id, number(application))
            return [_show(turn, filed) if filed else _not_yours(turn)]
        case ("app", "withdraw", application):
            filed = await filed_applications.find(turn.connection, turn.person.contact_id, number(application))
            return [_ask(turn, filed) if filed else _not_yours(turn)]
        case ("app", "withdrawn", application):
            return [await _withdraw(turn, number(application))]
    return None


async def _list(turn: Turn, start: int) -> Reply:
    t = turn.t
    found = await filed_applications.of_contact(
        turn.connection, turn.person.contact_id, offset=start, limit=AT_ONCE + 1
    )
    shown = found[:AT_ONCE]
    draft = await filling.kept(turn)
    if not shown and draft is None:
        return _none_yet(turn)
    sections = []
    for place, filed in enumerate(shown, start=1):
        code = t("Code: {code}", code=filed.code)
        sections.append(f"{place}. {filed.title(t.language)}\n{code}\n{registered.status_line(turn, filed)}")
    rows: list[tuple[Button, ...]] = [
        (Button(shortened(f"{filed.code}: {filed.title(t.language)}"), f"app:show:{filed.id}"),) for filed in shown
    ]
    if draft is not None:
        sections.append(
            t("You have an unfinished registration: {title}.", title=form_pages.title_of(draft, t.language))
        )
        rows.append((Button(t("Continue the registration"), filling.RESUME),))
    turning = []
    if start:
        turning.append(Button(t("Previous"), f"app:list:{max(0, start - AT_ONCE)}"))
    if len(found) > AT_ONCE:
        turning.append(Button(t("More"), f"app:list:{start + AT_ONCE}"))
    rows += [tuple(turning)] if turning else []
    rows.append((Button(t("Register"), "do:register"), Button(t("Menu"), MENU)))
    return turn.say("\n\n".join(sections), title=t("My registrations"), buttons=tuple(rows), instead=True)


def _none_yet(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("You have no registrations yet. Register a need for support, or a seat at an event."),
        title=t("My registrations"),
        buttons=(
            (Button(t("Support programmes"), "offer:list:programme:0"), Button(t("Events"), "offer:list:event:0")),
            (Button(t("Menu"), MENU),),
        ),
        instead=True,
    )


async def _by_code(turn: Turn, typed: str) -> Reply:
    t = turn.t
    code = application_codes.read(typed)
    filed = await filed_applications.by_code(turn.connection, turn.person.contact_id, code) if code else None
    if filed is not None:
        return _show(turn, filed)
    text = (
        t("You have no registration with this code.")
        if code
        else t(
            "This is not a code. A code looks like this: {code}. Please compare it letter by letter.", code="NC-7K3M-Q4"
        )
    )
    return turn.say(text, buttons=((Button(t("My registrations"), "do:applications"), Button(t("Menu"), MENU)),))


def _show(turn: Turn, filed: Filed, note: str = "") -> Reply:
    t = turn.t
    form = turn.known.forms.get(filed.form)
    lines = [note, ""] if note else []
    lines += [
        t("Code: {code}", code=filed.code),
        registered.status_line(turn, filed),
        t("Registered on: {date}", date=t.short_date(filed.created_at.astimezone(t.zone))),
        *offering_texts.time_and_place(filed.details, filed.starts_at, filed.ends_at, t),
        t("Agency: {agency}", agency=form_pages.agency(turn, filed.agency_slug)),
        "",
        *(form_pages.answer_lines(form, dict(filed.answers), t, turn.known.agencies) if form else ()),
    ]
    rows: list[tuple[Button, ...]] = []
    if _can_be_withdrawn(turn, filed):
        rows.append((Button(t("Withdraw"), f"app:withdraw:{filed.id}"),))
    rows.append((Button(t("All registrations"), "do:applications"), Button(t("Menu"), MENU)))
    return turn.say("\n".join(lines), title=filed.title(t.language), buttons=tuple(rows), instead=True)


def _ask(turn: Turn, filed: Filed) -> Reply:
    t = turn.t
    if not _can_be_withdrawn(turn, filed):
        return _show(turn, filed, _why_not(turn, filed))
    lines = [t("Do you really want to withdraw the registration {code}?", code=filed.code), filed.title(t.language)]
    if filed.status is Status.CONFIRMED:
        lines += ["", t("Your seat then becomes free for others.")]
    return turn.say(
        "\n".join(lines),
        title=t("Withdraw"),
        buttons=(
            (Button(t("Yes, withdraw"), f"app:withdrawn:{filed.id}"),),
            (Button(t("No, keep it"), f"app:show:{filed.id}"),),
        ),
        instead=True,
    )


async def _withdraw(turn: Turn, application_id: int) -> Reply:
    t = turn.t
    contact_id = turn.person.contact_id
    before = await filed_applications.find(turn.connection, contact_id, application_id)
    if before is None:
        return _not_yours(turn)
    if not _can_be_withdrawn(turn, before):
        return _show(turn, before, _why_not(turn, before))
    filed = await applications.withdraw(
        turn.connection, contact_id, application_id, translators=turn.translators, now=turn.now
    )
    return _show(turn, filed or before, t("The registration {code} has been withdrawn.", code=before.code))


def _can_be_withdrawn(turn: Turn, filed: Filed) -> bool:
    return filed.status is not Status.WITHDRAWN and not filed.has_begun(turn.now)


def _why_not(turn: Turn, filed: Filed) -> str:
    if filed.status is Status.WITHDRAWN:
        return turn.t("This registration had been withdrawn before.")
    return turn.t("The event has begun, so the registration can no longer be withdrawn.")


def _not_yours(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("This registration does not exist, or it is not yours."),
        buttons=((Button(t("My registrations"), "do:applications"), Button(t("Menu"), MENU)),),
    )
