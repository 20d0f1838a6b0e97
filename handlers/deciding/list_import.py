"""Importing a list of participants: every mistake is named before anything changes, then one confirmation."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.i18n import Translator
from bot.messages import Reply
from bot.services.files import made_files
from bot.services.files.kinds import Found
from bot.services.forms.definitions import forms_of
from bot.services.offerings.offerings import Kind as OfferingKind
from bot.services.offerings.offerings import Offered
from bot.services.participants import import_check, import_columns, import_files, imports
from bot.services.participants.import_check import Checked
from bot.services.spreadsheets.sent_table import MOST_BYTES, MOST_ROWS, Line, Unreadable
from content.form_model import Form
from handlers.deciding import desk_dialog, manage_pages, sent_lists
from handlers.deciding.desk_dialog import MANAGE, Said
from handlers.deciding.manage_pages import button
from handlers.turn import Turn

SHOWN = 10


async def ask(turn: Turn, offering: Offered, problem: str = "") -> Reply:
    """Ask for the file."""
    t = turn.t
    if offering.cancelled_at is not None or not offering.active:
        return await manage_pages.page(
            turn, offering, t("Nobody can be added to what is cancelled or no longer offered.")
        )
    await desk_dialog.ask(turn, MANAGE, "import", offering.id)
    text = t(
        "Please send the list as an Excel (XLSX) or CSV file of at most {rows} rows and {megabytes} MB. "
        "A name and a tax code per row are enough. Nothing is changed before you have seen what follows and confirmed.",
        rows=t.number(MOST_ROWS),
        megabytes=MOST_BYTES // 1_000_000,
    )
    return turn.say(
        f"{problem}\n\n{text}" if problem else text,
        title=t("Import a list"),
        footnote=offering.title(t.language),
        buttons=((button(t("Template"), "template", offering.id),), (button(t("Cancel"), "drop", offering.id),)),
    )


async def template(turn: Turn, offering: Offered) -> Reply:
    """A file to fill in; then the list is waited for."""
    t = turn.t
    form = await forms_of(turn.connection, turn.known, offering.form)
    if form is None:
        return await manage_pages.page(turn, offering, _no_form(t))
    await desk_dialog.ask(turn, MANAGE, "import", offering.id)
    attachment = await made_files.keep(
        turn.connection,
        turn.person,
        turn.files,
        import_files.template(form, t),
        name=t("list-template"),
        kind=Found.XLSX,
        now=turn.now,
    )
    return turn.say(
        t("Fill in this file and send it here. The second sheet says how."),
        title=t("Template"),
        attachment=attachment,
        buttons=((button(t("Cancel"), "drop", offering.id),),),
    )


async def received(turn: Turn, offering: Offered) -> Reply:
    """The file came: what is wrong with it, or what would follow from it."""
    file = turn.incoming.file
    unfit = sent_lists.unfit(turn)
    if unfit or file is None:
        return await ask(turn, offering, unfit)
    read = await _read(turn, offering, file.path)
    if isinstance(read, str):
        return await ask(turn, offering, read)
    if read.wrong:
        return await _wrong(turn, offering, read)
    return await _preview(turn, offering, read, file.path)


async def confirmed(turn: Turn, said: Said, offering: Offered) -> Reply:
    """Do what was shown; if it would be something else by now, show that instead."""
    t = turn.t
    read = await _read(turn, offering, said.text)
    if isinstance(read, str):
        return await ask(turn, offering, read)
    expected = tuple(int(count) for count in said.more.split(","))
    done = await imports.take_in(
        turn.connection,
        offering.id,
        read.listed,
        expected=expected,
        actor_id=turn.person.contact_id,
        now=turn.now,
    )
    if done is None:
        again = await _preview(turn, offering, read, said.text)
        note = t("Something has changed in the meantime, so nothing was imported yet. This is what would follow now:")
        return replace(again, text=f"{note}\n\n{again.text}")
    taken_in, waiting, _, there = done.counts
    return await manage_pages.page(
        turn,
        offering,
        t(
            "The list has been imported: {taken_in} taken in, {waiting} on the waiting list, {there} there before.",
            taken_in=t.number(taken_in),
            waiting=t.number(waiting),
            there=t.number(there),
        ),
    )


async def _read(turn: Turn, offering: Offered, path: str) -> Checked | str:
    """The checked list, or why it is none."""
    t = turn.t
    form = await forms_of(turn.connection, turn.known, offering.form)
    if form is None:
        return _no_form(t)
    lines = await sent_lists.read(turn, path)
    if isinstance(lines, str):
        return lines
    return await asyncio.to_thread(_checked, turn, offering, form, lines)


def _checked(turn: Turn, offering: Offered, form: Form, lines: list[Line]) -> Checked | str:
    t = turn.t
    columns = import_columns.find(lines, form)
    if columns is None:
        return t("There is no line with the headings “{name}” and “{tax_code}”. Please use the template.",
                 name=t("Enterprise"), tax_code=t("Tax code"))  # fmt: skip
    most = offering.most_seats
    checked = import_check.check(
        lines, columns, form, most_seats=most, today=turn.today, t=t, agencies=turn.known.agencies
    )
    if not checked.listed and not checked.wrong:
        return t("There is no row below the headings.")
    if len(checked.listed) > MOST_ROWS:
        return sent_lists.problem(Unreadable.TOO_MANY_ROWS, t)
    return checked


async def _wrong(turn: Turn, offering: Offered, read: Checked) -> Reply:
    t = turn.t
    await desk_dialog.ask(turn, MANAGE, "import", offering.id)
    lines = [
        t.plural(
            "Nothing was imported: {number} cell has to be put right.",
            "Nothing was imported: {number} cells have to be put right.",
            len(read.wrong),
        )
    ]
    lines += [
        t("Row {row}, {column}: {problem}", row=each.row, column=each.column, problem=each.problem)
        for each in read.wrong[:SHOWN]
    ]
    if len(read.wrong) > SHOWN:
        lines.append(t("The attached file names all of them."))
    attachment = await made_files.keep(
        turn.connection,
        turn.person,
        turn.files,
        import_files.report(read.wrong, t),
        name=t("to-put-right"),
        kind=Found.XLSX,
        now=turn.now,
    )
    return turn.say(
        "\n\n".join([*lines, t("Please correct the list and send it again.")]),
        title=t("Import a list"),
        footnote=offering.title(t.language),
        attachment=attachment,
        buttons=((button(t("Cancel"), "drop", offering.id),),),
    )


async def _preview(turn: Turn, offering: Offered, read: Checked, path: str) -> Reply:
    t = turn.t
    planned = await imports.plan(turn.connection, offering, read.listed)
    taken_in, waiting, refused, there = planned.counts
    lines = [t("Rows in the list: {number}", number=t.number(len(read.listed)))]
    if offering.kind is OfferingKind.EVENT:
        lines.append(t("- with a confirmed seat at once: {number}", number=t.number(taken_in)))
        if waiting:
            lines.append(t("- no free seat, at the end of the waiting list: {number}", number=t.number(waiting)))
        if refused:
            lines.append(t("- no free seat and no waiting list, so not taken in: {number}", number=t.number(refused)))
    else:
        lines.append(t("- taken in as received, to be decided: {number}", number=t.number(taken_in)))
    if there:
        lines.append(t("- signed up before, left as they are: {number}", number=t.number(there)))
    if read.unverified:
        lines.append(t("Tax codes marked as not verified: {number}", number=t.number(read.unverified)))
    if read.ignored:
        lines.append(t("Columns that are passed over: {columns}", columns=", ".join(read.ignored)[:300]))
    lines += [
        "",
        t("Nobody is written to. Import only people who have agreed to it or whom the law lets you register."),
    ]
    if not planned.taken_in:
        lines += ["", t("So there is nothing to import.")]
        await desk_dialog.leave(turn)
        back = ((button(t("Back to the offering"), "show", offering.id),),)
        return turn.say("\n".join(lines), title=t("Import a list"), buttons=back)
    said = Said(MANAGE, "import", offering.id)
    checked = await desk_dialog.check(turn, said, path, ",".join(map(str, planned.counts)))
    return turn.say(
        "\n".join(lines),
        title=t("Import a list"),
        footnote=offering.title(t.language),
        buttons=(
            (button(t("Yes, import"), "yes", offering.id, checked.token),),
            (button(t("No, back"), "drop", offering.id),),
        ),
    )


def _no_form(t: Translator) -> str:
    return t("The form of this offering is no longer there, so no list can be imported.")
