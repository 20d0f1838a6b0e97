"""The agencies of one list, a page at a time, with where each stands and whether it can be reminded."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.calendar import working_days
from bot.services.compliance import compliance_texts, selections
from bot.services.compliance.selections import EVERY_KIND, TO_ACT, Selection
from bot.services.compliance.standings import Standing
from bot.services.compliance.tallies import KINDS
from bot.services.reminding import addressees
from bot.services.reporting.report_texts import shortened
from bot.services.reporting.statuses import OWED
from handlers.receiving.compliance_sheet import Sheet, heading, list_press, way_back
from handlers.turn import Turn

AT_ONCE = 10


async def page(turn: Turn, sheet: Sheet, selection: Selection, start: int = 0, note: str = "") -> Reply:
    """The agencies of a list; ``note`` says what has just happened."""
    t = turn.t
    found = selections.chosen(sheet.reports, selection, turn.today, t.zone)
    shown = found[start : start + AT_ONCE]
    if not shown and start:
        return await page(turn, sheet, selection, 0, note)
    lines = [*([note, ""] if note else []), *heading(turn, sheet), ""]
    if shown:
        lines.append(
            t("{first} to {last} of {number}", first=start + 1, last=start + len(shown), number=t.number(len(found)))
        )
        lines += await _entries(turn, shown, start)
    else:
        lines.append(t("No agency is on this list now."))
    return turn.say(
        "\n".join(lines),
        title=f"{compliance_texts.selection(selection, t)} ({t.number(len(found))})",
        buttons=(
            *_agencies(turn, shown, selection, start),
            *_turning(turn, sheet, selection, start, len(found)),
            *_kinds(turn, sheet, selection),
            *_acts(turn, sheet, selection, found),
            way_back(turn, sheet),
        ),
        instead=True,
    )


async def _entries(turn: Turn, shown: Sequence[Standing], start: int) -> list[str]:
    t, day = turn.t, turn.today
    calendar = await working_days.load(turn.connection)
    to_act = {each.obligation_id: each.agency.id for each in shown if each.status in OWED}
    people = await addressees.load(turn.connection, to_act.values(), day, list(to_act)) if to_act else None
    entries = []
    for place, each in enumerate(shown, start=start + 1):
        remarks = compliance_texts.standing(each, day, calendar, t)
        if people is not None and each.status in OWED:
            remarks.append(compliance_texts.gap(people.gap(each.agency.id, [each.obligation_id]), t))
        said = " · ".join(remark for remark in remarks if remark)
        entries.append(f"{place}. {each.agency.in_language(t.language)}\n    {said}")
    return entries


def _agencies(turn: Turn, shown: Sequence[Standing], selection: Selection, start: int) -> list[tuple[Button, ...]]:
    return [
        (
            Button(
                shortened(f"{place}. {each.agency.in_language(turn.t.language)}"),
                f"track:agency:{each.obligation_id}:{selection.press}:{start}",
            ),
        )
        for place, each in enumerate(shown, start=start + 1)
    ]


def _turning(turn: Turn, sheet: Sheet, selection: Selection, start: int, total: int) -> list[tuple[Button, ...]]:
    t = turn.t
    buttons = []
    if start:
        buttons.append(Button(t("Previous"), list_press(sheet.anchor, selection, max(0, start - AT_ONCE))))
    if total > start + AT_ONCE:
        buttons.append(Button(t("More"), list_press(sheet.anchor, selection, start + AT_ONCE)))
    return [tuple(buttons)] if buttons else []


def _kinds(turn: Turn, sheet: Sheet, selection: Selection) -> list[tuple[Button, ...]]:
    """The same list of another kind of agency, or of all, where there are several kinds."""
    t = turn.t
    present = {each.kind for each in sheet.reports}
    if len(present) < 2:
        return []
    buttons = []
    for kind in (EVERY_KIND, *(each for each in KINDS if each in present)):
        other = Selection(selection.which, kind)
        size = len(selections.chosen(sheet.reports, other, turn.today, t.zone))
        if kind != selection.kind and size:
            label = f"{compliance_texts.kind(kind, t)} ({t.number(size)})"
            buttons.append(Button(label, list_press(sheet.anchor, other)))
    return [tuple(buttons)] if buttons else []


def _acts(turn: Turn, sheet: Sheet, selection: Selection, found: Sequence[Standing]) -> list[tuple[Button, ...]]:
    t = turn.t
    if not found:
        return []
    rows: list[tuple[Button, ...]] = [
        (Button(t("This list as Excel"), f"track:xlsx:{sheet.anchor}:{selection.press}"),)
    ]
    if sheet.receives and selection.which in TO_ACT:
        rows.insert(0, (Button(t("Remind these agencies"), f"track:nudge:{sheet.anchor}:{selection.press}"),))
    return rows
