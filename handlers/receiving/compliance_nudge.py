"""Reminding exactly the agencies of a list: how many would be told, a confirmation, and what came of it.

The confirming button carries a fingerprint of the list: when that has changed meanwhile, the question is asked anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.compliance import compliance_texts, selections
from bot.services.compliance.selections import TO_ACT, Selection
from bot.services.compliance.standings import Standing
from bot.services.reminding import nudges
from bot.services.reminding.nudges import Nudged
from bot.services.reporting.obligations import Owed
from handlers.receiving import compliance_agency, compliance_lists
from handlers.receiving.compliance_sheet import Sheet, heading, list_press
from handlers.turn import Turn

NAMED = 10


async def ask(turn: Turn, sheet: Sheet, selection: Selection | None, note: str = "") -> Reply:
    """Shall they be reminded? Without a selection it is about the one report that the sheet is anchored at."""
    t = turn.t
    if not sheet.receives:
        return await _shown(turn, sheet, selection, t("Only officers who receive this report can remind agencies."))
    ids = _ids(turn, sheet, selection)
    found = await nudges.preview(turn.connection, ids, known=turn.known, zone=t.zone, now=turn.now)
    if not found.reminded:
        return await _shown(turn, sheet, selection, "\n".join(["\n".join(_left_out(turn, found)), ""]).strip())
    if selection is None:
        about = found.reminded[0].agency.in_language(t.language)
    else:
        about = t("List: {part}", part=f"{compliance_texts.selection(selection, t)} ({t.number(len(ids))})")
    agencies = t.plural("{number} agency", "{number} agencies", len(found.reminded))
    people = t.plural("{number} person", "{number} people", found.people)
    lines = [
        *([note, ""] if note else []),
        *heading(turn, sheet),
        about,
        "",
        t("{agencies} would be reminded now, by messages to {people}.", agencies=agencies, people=people),
        *_left_out(turn, found),
        *_at_night(turn),
        "",
        t("Send the reminder?"),
    ]
    confirm = f"track:nudged:{sheet.anchor}:{selection.press + ':' if selection else ''}{selections.fingerprint(ids)}"
    return turn.say(
        "\n".join(lines),
        title=t("Reminding agencies"),
        buttons=(
            (Button(t("Remind {agencies}", agencies=agencies), confirm), Button(t("Back"), _back(sheet, selection))),
        ),
        instead=True,
    )


async def confirmed(turn: Turn, sheet: Sheet, selection: Selection | None, fingerprint: str) -> Reply:
    """Remind them, if the list is still the one that was shown."""
    t = turn.t
    ids = _ids(turn, sheet, selection)
    if not sheet.receives or not ids:
        return await ask(turn, sheet, selection)
    if selections.fingerprint(ids) != fingerprint:
        note = t("The list has changed in the meantime. This is how it is now:")
        return await ask(turn, sheet, selection, note)
    done = await nudges.nudge(
        turn.connection,
        ids,
        by=turn.person.contact_id,
        known=turn.known,
        translators=turn.translators,
        zone=t.zone,
        now=turn.now,
    )
    lines = []
    if done.reminded:
        agencies = t.plural("{number} agency", "{number} agencies", len(done.reminded))
        people = t.plural("{number} person", "{number} people", done.people)
        lines.append(t("Reminded: {agencies}, {people}.", agencies=agencies, people=people))
    return await _shown(turn, sheet, selection, "\n".join([*lines, *_left_out(turn, done), *_at_night(turn)]))


def _ids(turn: Turn, sheet: Sheet, selection: Selection | None) -> list[int]:
    """The obligations to remind of: of the list as it is now, or of the one agency."""
    found: Sequence[Standing]
    if selection is None:
        found = [each for each in sheet.reports if each.obligation_id == sheet.anchor]
    elif selection.which in TO_ACT:
        found = selections.chosen(sheet.reports, selection, turn.today, turn.t.zone)
    else:
        found = ()
    return selections.to_remind(found)


def _left_out(turn: Turn, found: Nudged) -> list[str]:
    """Who is not reminded, and why."""
    t = turn.t
    lines = []
    if found.already:
        lines.append(
            t.plural(
                "{number} agency has already been reminded today and is not reminded again.",
                "{number} agencies have already been reminded today and are not reminded again.",
                len(found.already),
            )
        )
    if found.settled:
        lines.append(
            t.plural(
                "{number} agency has handed in meanwhile.",
                "{number} agencies have handed in meanwhile.",
                len(found.settled),
            )
        )
    if found.unreachable:
        lines.append(
            t.plural(
                "{number} agency has no focal point who can be reached; please call it: {names}",
                "{number} agencies have no focal point who can be reached; please call them: {names}",
                len(found.unreachable),
                names=_names(turn, found.unreachable),
            )
        )
    return lines or ([] if found.reminded else [t("There is nobody to remind on this list.")])


def _names(turn: Turn, those: Sequence[Owed]) -> str:
    t = turn.t
    names = "; ".join(each.agency.in_language(t.language) for each in those[:NAMED])
    more = len(those) - NAMED
    if more <= 0:
        return names
    return f"{names} {t.plural('and {number} more agency', 'and {number} more agencies', more)}"


def _at_night(turn: Turn) -> list[str]:
    t = turn.t
    if not turn.quiet.covers(turn.now):
        return []
    return [
        t("It is outside the hours for messages: they go out at {when}.", when=t.moment(turn.quiet.end_after(turn.now)))
    ]


def _back(sheet: Sheet, selection: Selection | None) -> str:
    return list_press(sheet.anchor, selection) if selection else f"track:agency:{sheet.anchor}"


async def _shown(turn: Turn, sheet: Sheet, selection: Selection | None, note: str) -> Reply:
    """The list or the agency again, with what there is to say of it."""
    if selection is None:
        return await compliance_agency.page(turn, sheet, note=note)
    return await compliance_lists.page(turn, sheet, selection, note=note)
