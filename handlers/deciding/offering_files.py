"""Making offerings and forms by a file: checked line by line, shown, confirmed, stored.

An editor or officer may send one for the agency they work for, staff of the lead agency for all, as they look after
the rest of its sign-ups.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.i18n import Translator
from bot.messages import Reply, Role
from bot.services.applications import deciders
from bot.services.applications.deciders import Scope
from bot.services.calendar import working_days
from bot.services.calendar.working_hours import OfficeHours
from bot.services.files import folder, made_files
from bot.services.files.kinds import Found
from bot.services.files.recognising import decoded
from bot.services.forms import definitions
from bot.services.offerings import offering_import, offering_texts
from bot.services.offerings.offering_import import FormStep, OfferingStep, Plan, Refusal
from bot.services.people import officers
from content import files as content_files
from content.offering_file import OfferingFile, read_offering_file
from handlers.deciding import desk_dialog, file_mistakes
from handlers.deciding.desk_dialog import MANAGE, Said
from handlers.deciding.manage_pages import button
from handlers.signing_up.form_pages import agency
from handlers.turn import Turn

TEMPLATE = content_files.FOLDER / "offering_template.yaml"


async def scope_of_editor(turn: Turn) -> Scope | None:
    """For whose offerings this person may send files; None for nobody's."""
    role = turn.person.role
    if role is None or not role.includes(Role.EDITOR):
        return None
    staff = await officers.everyone(turn.connection, Role.EDITOR)
    found = staff.officers.get(turn.person.contact_id)
    return deciders.scope_of(await officers.everyone(turn.connection), found) if found else None


async def ask(turn: Turn, problem: str = "") -> Reply:
    """Ask for the file."""
    t = turn.t
    await desk_dialog.ask(turn, MANAGE, "file", 0)
    text = t(
        "Please send the file (YAML). It is checked first; you see what it would make or change, "
        "and nothing happens before you confirm. The template shows how such a file is written."
    )
    return turn.say(
        f"{problem}\n\n{text}" if problem else text,
        title=t("Send a file with offerings"),
        buttons=((button(t("Template file"), "sample", 0),), (button(t("Cancel"), "drop", 0),)),
    )


async def template(turn: Turn) -> Reply:
    """The template; then the file is waited for."""
    t = turn.t
    await desk_dialog.ask(turn, MANAGE, "file", 0)
    content = await asyncio.to_thread(TEMPLATE.read_bytes)
    attachment = await made_files.keep(
        turn.connection,
        turn.person,
        turn.files,
        content,
        name=t("offering-template"),
        kind=Found.YAML,
        now=turn.now,
    )
    return turn.say(
        t("Change this example in a text editor and send it here. Everything in it is a sample."),
        title=t("Template file"),
        attachment=attachment,
        buttons=((button(t("Cancel"), "drop", 0),),),
    )


async def received(turn: Turn, scope: Scope) -> Reply:
    """The file came: its mistakes by line, or what it would do."""
    t = turn.t
    file = turn.incoming.file
    unfit = file_mistakes.unfit(turn)
    if unfit or file is None:
        return await ask(turn, unfit)
    read = await _read(turn, file.path, file.name)
    if read is None:
        return await ask(turn, t("The file is not in UTF-8. Please save it so and send it again."))
    if read.mistakes:
        return await _mistaken(turn, read)
    planned = await offering_import.plan(turn.connection, read, scope, turn.now)
    if planned.refused:
        lines = [t("The file was not taken over:")]
        lines += [f"- {name}: {_refusal(why, t)}" for name, why in planned.refused]
        return await ask(turn, "\n".join(lines))
    said = Said(MANAGE, "file", 0)
    checked = await desk_dialog.check(turn, said, file.path, file.name)
    return turn.say(
        "\n\n".join(_preview(turn, planned)),
        title=t("What the file does"),
        footnote=file.name,
        buttons=((button(t("Yes, take it over"), "yes", 0, checked.token),), (button(t("No, back"), "drop", 0),)),
    )


async def confirmed(turn: Turn, scope: Scope, said: Said) -> Reply:
    """Take the file over; everything is looked at once more."""
    t = turn.t
    read = await _read(turn, said.text, said.more)
    if read is None or read.mistakes:
        return await ask(turn, t("The file is no longer there. Please send it again."))
    planned = await offering_import.plan(turn.connection, read, scope, turn.now)
    if planned.refused:
        return await ask(turn, t("In the meantime something has changed; please send the file once more."))
    await offering_import.take_over(
        turn.connection,
        planned,
        actor_id=turn.person.contact_id,
        translators=turn.translators,
        office=OfficeHours(await working_days.load(turn.connection), t.zone),
        now=turn.now,
    )
    rows = ((button(t("All offerings"), "list", 0), *desk_dialog.menu(turn)),)
    return turn.say(t("Done. People can see and use it from now on."), title=t("Taken over"), buttons=rows)


async def _read(turn: Turn, path: str, name: str) -> OfferingFile | None:
    place = folder.path_of(turn.files, path)
    text = await asyncio.to_thread(_text, place)
    if text is None:
        return None
    return read_offering_file(text, name, turn.known, stored=await definitions.names(turn.connection))


def _text(place: Path) -> str | None:
    try:
        return decoded(place.read_bytes())
    except FileNotFoundError:
        return None


async def _mistaken(turn: Turn, read: OfferingFile) -> Reply:
    lines = file_mistakes.listed(read.mistakes, file_mistakes.said, turn.t)
    return await ask(turn, "\n".join(lines))


def _preview(turn: Turn, planned: Plan) -> list[str]:
    return [*(_offering(turn, step) for step in planned.offerings), *(_form(step, turn.t) for step in planned.forms)]


def _offering(turn: Turn, step: OfferingStep) -> str:
    t, given = turn.t, step.definition
    kind = t("event") if given.kind == "event" else t("line of support")
    head = t("New {kind}: {title}", kind=kind, title=given.title.in_language(t.language))
    if step.id is not None:
        head = t("Changed {kind}: {title}", kind=kind, title=given.title.in_language(t.language))
    place = {"place": given.place.model_dump()} if given.place else {}
    lines = [head, *offering_texts.time_and_place(place, given.starts_at, given.ends_at, t)]
    if given.kind == "event":
        lines.append(t("Seats: {number}", number=t("no limit") if given.capacity is None else t.number(given.capacity)))
    lines.append(t("Agency: {agency}", agency=agency(turn, given.agency)))
    if step.moves and step.told:
        lines.append(
            t.plural(
                "Time or place change: {number} applicant is told.",
                "Time or place change: {number} applicants are told.",
                step.told,
            )
        )
    if step.resizes:
        lines.append(t("The number of seats changes; nobody loses a seat."))
    return "\n".join(lines)


def _form(step: FormStep, t: Translator) -> str:
    if step.is_new:
        return t("New form: {name}", name=step.form.name)
    line = t("Changed form: {name}", name=step.form.name)
    if step.half_filled:
        line += "\n" + t.plural(
            "{number} half-filled form goes on with the new questions; answers that still fit are kept.",
            "{number} half-filled forms go on with the new questions; answers that still fit are kept.",
            step.half_filled,
        )
    return line


def _refusal(why: Refusal, t: Translator) -> str:
    match why:
        case Refusal.OTHER_AGENCY:
            return t("another agency looks after it")
        case Refusal.OTHERS_FORM:
            return t("an offering of another agency uses this form; choose another name")
        case Refusal.CONTENT:
            return t("it comes from the content files; choose another name")
        case Refusal.KIND:
            return t("people have signed up, so an event can't become a line of support or the other way round")
        case Refusal.OVER:
            return t("it is over or cancelled; choose another name")
        case Refusal.PAST:
            return t("it would begin in the past")
