"""What changing days of the calendar would do, shown before it is done, and doing exactly that."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.agencies import agencies
from bot.services.calendar.day_list import Edit
from bot.services.planning import calendar_changes, change_texts
from handlers.deciding import desk_dialog
from handlers.deciding.desk_dialog import Said
from handlers.duties import calendar_pages, duty_files
from handlers.duties.calendar_pages import button
from handlers.turn import Turn

# A file may say something of many days; an announced year has fewer.
SHOWN = 30
NO_WAY_BACK = ("remove", "file")


async def show(turn: Turn, said: Said, edits: Sequence[Edit], note: str = "") -> Reply:
    """Which days would change, and what that does to reports."""
    t = turn.t
    changes, seen = await calendar_changes.propose(turn.connection, turn.known, edits, zone=t.zone, now=turn.now)
    checked = await desk_dialog.check(turn, said, said.text, said.more, seen)
    names = await agencies.names(turn.connection)
    parts = [
        *([note] if note else []),
        _in_words(turn, edits),
        *duty_files.consequences(turn, changes, turn.known, names),
    ]
    return turn.say(
        "\n\n".join(parts),
        title=t("What would change"),
        footnote=said.more if said.verb == "file" else "",
        buttons=decide(turn, checked),
    )


async def carry_out(turn: Turn, said: Said, edits: Sequence[Edit]) -> Reply:
    """Do what was shown; where it would be something else by now, show it once more."""
    t = turn.t
    changes = await calendar_changes.confirm(
        turn.connection,
        turn.known,
        edits,
        seen=said.seen,
        translators=turn.translators,
        zone=t.zone,
        contact_id=turn.person.contact_id,
        now=turn.now,
    )
    if changes is None:
        note = t("In the meantime something has changed, so nothing was done. This is how it would be now:")
        return await show(turn, said, edits, note)
    lines = [t("Done."), *(change_texts.counts(changes, t) or [t("No report that exists is concerned.")])]
    return await calendar_pages.page(turn, edits[0].day.year, "\n".join(lines), may_change=True)


def decide(turn: Turn, checked: Said) -> tuple[tuple[Button, ...], ...]:
    """The buttons to do it or not."""
    t = turn.t
    one_back = () if checked.verb in NO_WAY_BACK else (button(t("Back"), "back"),)
    return (
        (button(t("Yes, do it"), "yes", checked.token),),
        (*one_back, button(t("Cancel"), "drop")),
    )


def _in_words(turn: Turn, edits: Sequence[Edit]) -> str:
    t = turn.t
    if len(edits) == 1:
        document = [t("Document: {document}", document=edits[0].document)] if edits[0].document else []
        return "\n".join([_day(edits[0], t), *document])
    lines = [f"- {_day(edit, t)}" + (f" ({edit.document})" if edit.document else "") for edit in edits[:SHOWN]]
    if len(edits) > SHOWN:
        lines.append(t.plural("…and {number} more", "…and {number} more", len(edits) - SHOWN))
    return "\n".join(lines)


def _day(edit: Edit, t: Translator) -> str:
    when = t.date(edit.day)
    if edit.worked is None:
        return t("{date}: what was entered is taken out; the day is again as the law has it.", date=when)
    if edit.worked:
        return t("{date} is worked: {label}", date=when, label=edit.label)
    return t("{date} is a day off: {label}", date=when, label=edit.label)
