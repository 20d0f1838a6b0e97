"""Changing duties: a file is checked line by line, or a switch pressed; what would move is shown, confirmed, done."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.messages import Reply
from bot.services.agencies import agencies
from bot.services.agencies.agencies import AgencyName
from bot.services.applications.deciders import Scope
from bot.services.duties import duty_texts
from bot.services.files import folder, made_files
from bot.services.files.kinds import Found
from bot.services.files.recognising import decoded
from bot.services.planning import change_texts, duty_changes
from bot.services.planning.differences import Changes
from bot.services.planning.duty_changes import Proposal
from content.duty_file import DutyFile, read_duty_file, write_duty_file
from content.duty_model import Duty
from content.files import read_facts
from content.model import Content
from content.rules import numbers_of
from handlers.deciding import desk_dialog, file_mistakes
from handlers.deciding.desk_dialog import DUTIES, Said
from handlers.duties import duty_mistakes, rights
from handlers.duties.duty_pages import button, listed, page, reference
from handlers.turn import Turn

FILE, SWITCH, PENDING = "file", "switch", "pending"


async def ask(turn: Turn, problem: str = "") -> Reply:
    """Ask for the file."""
    t = turn.t
    await desk_dialog.ask(turn, DUTIES, FILE, 0)
    text = t(
        "Please send the file (YAML) with one duty or several. It is checked first; you see which reports it would "
        "add, move or withdraw, and nothing happens before you confirm. To change a duty, download its file on its "
        "page, change it and send it here; a new slug makes a new duty."
    )
    return turn.say(
        f"{problem}\n\n{text}" if problem else text,
        title=t("Send a file with duties"),
        buttons=((button(t("Cancel"), "drop"),),),
    )


async def download(turn: Turn, duty: Duty) -> Reply:
    """The duty as a file to change and send back."""
    t = turn.t
    content = await asyncio.to_thread(write_duty_file, duty)
    attachment = await made_files.keep(
        turn.connection,
        turn.person,
        turn.files,
        content.encode(),
        name=duty.slug,
        kind=Found.YAML,
        now=turn.now,
    )
    return turn.say(
        t("The beginning of the file explains every key. Change what has to be changed, save it and send it here."),
        title=duty_texts.title(duty, t),
        attachment=attachment,
        buttons=((button(t("Send the changed file"), "file"), button(t("Back"), "page", reference(duty.slug))),),
    )


async def received(turn: Turn, known: Content, scope: Scope) -> Reply:
    """The file came: its mistakes by line, or what it would do."""
    t = turn.t
    file = turn.incoming.file
    unfit = file_mistakes.unfit(turn)
    if unfit or file is None:
        return await ask(turn, unfit)
    read = await _read(turn, known, file.path, file.name)
    if read is None:
        return await ask(turn, t("The file is not in UTF-8. Please save it so and send it again."))
    if read.mistakes:
        return await ask(turn, "\n".join(_mistakes(turn, read)))
    refused = _not_theirs(turn, known, scope, read.duties)
    if refused:
        return await ask(turn, refused)
    if all(known.duties.get(duty.slug) == duty for duty in read.duties):
        return await ask(turn, t("The file says what is stored already; there is nothing to change."))
    return await _show(turn, known, scope, Said(DUTIES, FILE, 0), read.duties, file.path, file.name)


async def switch(turn: Turn, known: Content, scope: Scope | None, duty: Duty, *, on: bool) -> Reply:
    """Show what switching a duty on or off would do."""
    if duty.enabled is on:
        return await page(turn, known, scope, duty)
    changed = duty.model_copy(update={"enabled": on})
    return await _show(turn, known, scope, Said(DUTIES, SWITCH, 0), (changed,), duty.slug, "on" if on else "off")


async def pending(turn: Turn, known: Content, scope: Scope) -> Reply:
    """Show what the content files changed, which nobody has confirmed yet."""
    return await _show(turn, known, scope, Said(DUTIES, PENDING, 0), (), "", "")


async def confirmed(turn: Turn, known: Content, scope: Scope, said: Said) -> Reply:
    """Do what was shown; where it would be something else by now, show it once more."""
    t = turn.t
    duties = await _confirmed_duties(turn, known, said)
    if duties is None:
        return await ask(turn, t("The file is no longer there. Please send it again."))
    refused = _not_theirs(turn, known, scope, duties)
    if refused:
        return await listed(turn, known, scope, refused)
    changes = await duty_changes.confirm(
        turn.connection,
        known,
        duties,
        seen=said.seen,
        translators=turn.translators,
        file_name=said.more if said.verb == FILE else "",
        zone=t.zone,
        contact_id=turn.person.contact_id,
        now=turn.now,
    )
    if changes is None:
        note = t("In the meantime something has changed, so nothing was done. This is how it would be now:")
        return await _show(turn, known, scope, said, duties, said.text, said.more, note)
    now = duty_changes.with_these(known, duties)
    lines = [t("Done."), *(change_texts.counts(changes, t) or [t("No report that exists is concerned.")])]
    if len(duties) == 1:
        return await page(turn, now, scope, duties[0], "\n".join(lines))
    return await listed(turn, now, scope, "\n".join(lines))


async def _confirmed_duties(turn: Turn, known: Content, said: Said) -> tuple[Duty, ...] | None:
    if said.verb == PENDING:
        return ()
    if said.verb == SWITCH:
        duty = known.duties.get(said.text)
        return (duty.model_copy(update={"enabled": said.more == "on"}),) if duty else None
    read = await _read(turn, known, said.text, said.more)
    return read.duties if read is not None and not read.mistakes else None


async def _show(
    turn: Turn,
    known: Content,
    scope: Scope | None,
    said: Said,
    duties: tuple[Duty, ...],
    text: str,
    more: str,
    note: str = "",
) -> Reply:
    """What would happen, with the buttons to do it or not."""
    t = turn.t
    proposal = await duty_changes.propose(turn.connection, known, duties, zone=t.zone, now=turn.now)
    if not duties and proposal.changes.nothing:
        await desk_dialog.leave(turn)
        return await listed(
            turn,
            known,
            scope,
            t("Every open report is as duties, agencies and the calendar ask for. Nothing would change."),
        )
    checked = await desk_dialog.check(turn, said, text, more, proposal.seen)
    names = await agencies.names(turn.connection)
    parts = [note] if note else []
    parts += [_what_changes(turn, proposal, duty) for duty in duties]
    parts += consequences(turn, proposal.changes, duty_changes.with_these(known, duties), names)
    return turn.say(
        "\n\n".join(parts),
        title=t("What would change"),
        footnote=more if said.verb == FILE else "",
        buttons=(
            (button(t("Yes, do it"), "yes", checked.token),),
            (button(t("No, back"), "drop"),),
        ),
    )


def consequences(turn: Turn, changes: Changes, known: Content, names: Mapping[int, AgencyName]) -> list[str]:
    """What happens to reports, in paragraphs."""
    t = turn.t
    counts = change_texts.counts(changes, t)
    if not counts:
        return [t("No report that exists is concerned.")]
    kept = t(
        "Reports that were handed in or returned, dates that officers granted and reminders that were sent stay as "
        "they are."
    )
    return ["\n".join([t("Reports:"), *counts]), *change_texts.examples(changes, known, names, t), kept]


def _what_changes(turn: Turn, proposal: Proposal, duty: Duty) -> str:
    t = turn.t
    before = proposal.now.duties.get(duty.slug)
    what = ", ".join(duty_texts.changed(before, duty, t)) or t("nothing")
    lines = [duty_texts.title(duty, t), t("Changed: {what}", what=what)]
    if before is None or (before.due, before.on_day_off) != (duty.due, duty.on_day_off):
        lines.append(t("Due date: {rule}", rule=duty_texts.due_rule(duty, t)))
    return "\n".join(lines)


def _not_theirs(turn: Turn, known: Content, scope: Scope, duties: tuple[Duty, ...]) -> str:
    t = turn.t
    for duty in duties:
        before = known.duties.get(duty.slug)
        if not rights.may_change(scope, duty) or (before is not None and not rights.may_change(scope, before)):
            return t("“{name}” is looked after by another agency; you can't change it.", name=duty.slug)
    return ""


def _mistakes(turn: Turn, read: DutyFile) -> list[str]:
    return file_mistakes.listed(read.mistakes, duty_mistakes.said, turn.t)


async def _read(turn: Turn, known: Content, path: str, name: str) -> DutyFile | None:
    place = folder.path_of(turn.files, path)

    def read() -> DutyFile | None:
        try:
            text = decoded(place.read_bytes())
        except FileNotFoundError:
            return None
        return None if text is None else read_duty_file(text, name, known.agencies, numbers_of(read_facts()))

    return await asyncio.to_thread(read)
