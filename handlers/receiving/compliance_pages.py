"""Who has handed in, for staff: all duties at a glance, one period with its figures, the periods of a duty compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.messages import Button, Reply
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.compliance import compliance_texts, selections, standings, tallies
from bot.services.compliance.selections import EVERY_KIND, Selection, Which
from bot.services.compliance.standings import Stage, Standing, Window
from bot.services.compliance.tallies import Tally
from bot.services.reporting import report_texts
from handlers.menu import MENU
from handlers.receiving.compliance_sheet import PROGRESS, Sheet, list_press
from handlers.turn import Turn

DUTIES_AT_ONCE, PERIODS_AT_ONCE = 6, 8


async def overview(turn: Turn, start: int = 0) -> Reply:
    """Each duty with the period whose due date is nearest."""
    t, day = turn.t, turn.today
    around = await standings.windows_around(turn.connection, turn.known.duties, day)
    shown = [
        standings.current(mine, day)
        for slug in turn.known.duties
        if (mine := [each for each in around if each.duty == slug])
    ]
    page = shown[start : start + DUTIES_AT_ONCE]
    if not page:
        return _nothing(turn) if start == 0 else await overview(turn)
    calendar = await working_days.load(turn.connection)
    reports = await standings.of_windows(turn.connection, page)
    turning = [Button(t("Previous"), f"track:duties:{max(0, start - DUTIES_AT_ONCE)}")] if start else []
    if len(shown) > start + DUTIES_AT_ONCE:
        turning.append(Button(t("More"), f"track:duties:{start + DUTIES_AT_ONCE}"))
    entries = [
        _entry(turn, place, window, reports[window.anchor], calendar)
        for place, window in enumerate(page, start=start + 1)
    ]
    return turn.say(
        "\n\n".join(entries),
        title=t("Progress of reports"),
        footnote=_footnote(turn),
        buttons=(
            *(
                (Button(_label(turn, place, window), f"track:period:{window.anchor}"),)
                for place, window in enumerate(page, start=start + 1)
            ),
            *((tuple(turning),) if turning else ()),
            (Button(t("Refresh"), f"track:duties:{start}"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


async def period(turn: Turn, sheet: Sheet) -> Reply:
    """The figures of one period, in total and by kind of agency, with a button for each list."""
    t, day = turn.t, turn.today
    calendar = await working_days.load(turn.connection)
    due_on, others = tallies.usual_due(sheet.reports)
    total = tallies.tally(sheet.reports, day, t.zone)
    lines = [
        t("Period: {period}", period=report_texts.period(sheet.period, t)),
        _due(turn, due_on, total, calendar),
        *([compliance_texts.other_due_dates(others, t)] if others else []),
        "",
        f"{compliance_texts.bar(total.rate)} {compliance_texts.share(total.rate, t)}",
        *compliance_texts.counts(total, t),
        *_by_kind(turn, sheet),
    ]
    return turn.say(
        "\n".join(lines),
        title=report_texts.duty_title(sheet.slug, turn.known, t),
        footnote=_footnote(turn, default=sheet.duty is not None and sheet.duty.default),
        buttons=(
            *_lists(turn, sheet),
            (Button(t("Compare with other periods"), f"track:duty:{sheet.anchor}:0"), *_consolidated(turn, sheet)),
            (Button(t("All duties"), PROGRESS), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


async def trend(turn: Turn, anchor: int, start: int) -> Reply | None:
    """The rates of a duty from period to period, up to the current one, the newest first; None for no such duty."""
    t, day = turn.t, turn.today
    windows = await standings.windows_like(turn.connection, anchor)
    if not windows:
        return None
    newest = standings.current(windows, day)
    past = [each for each in reversed(windows) if each.period.end <= newest.period.end]
    page = past[start : start + PERIODS_AT_ONCE + 1]
    if not page:
        return await trend(turn, anchor, 0)
    reports = await standings.of_windows(turn.connection, page)
    counted = [tallies.tally(reports[each.anchor], day, t.zone) for each in page]
    shown = page[:PERIODS_AT_ONCE]
    lines = [
        _rates_of_period(turn, start + index + 1, window, counted[index], next(iter(counted[index + 1 :]), None))
        for index, window in enumerate(shown)
    ]
    if len(past) == 1:
        lines.append(t("There is no earlier period to compare with."))
    turning = [Button(t("Later periods"), f"track:duty:{anchor}:{max(0, start - PERIODS_AT_ONCE)}")] if start else []
    if len(page) > PERIODS_AT_ONCE:
        turning.append(Button(t("Earlier periods"), f"track:duty:{anchor}:{start + PERIODS_AT_ONCE}"))
    return turn.say(
        "\n\n".join(lines),
        title=t("Period by period: {title}", title=report_texts.duty_title(newest.duty, turn.known, t)),
        footnote=_footnote(turn),
        buttons=(
            *(
                (Button(f"{place}. {report_texts.period(window.period, t)}", f"track:period:{window.anchor}"),)
                for place, window in enumerate(shown, start=start + 1)
            ),
            *((tuple(turning),) if turning else ()),
            (Button(t("All duties"), PROGRESS), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


def may_not(turn: Turn) -> Reply:
    """For whoever is no member of staff."""
    t = turn.t
    return turn.say(
        t("Only members of staff can see how all agencies hand in.")
        + "\n\n"
        + t("If you answer for an agency yourself, you find its reports under “Agency reports”."),
        title=t("Progress of reports"),
        buttons=((Button(t("Agency reports"), "do:reports"), Button(t("Menu"), MENU)),),
    )


def _nothing(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("No agency owes a report yet.")
        + "\n\n"
        + t(
            "Reports to hand in are laid out every day from the duties to report. If there should be some, ask an "
            "administrator to check that the duty is switched on."
        ),
        title=t("Progress of reports"),
        buttons=((Button(t("Refresh"), PROGRESS), Button(t("Menu"), MENU)),),
        instead=True,
    )


def _entry(turn: Turn, place: int, window: Window, reports: Sequence[Standing], calendar: WorkingCalendar) -> str:
    t, day = turn.t, turn.today
    due_on, _ = tallies.usual_due(reports)
    total = tallies.tally(reports, day, t.zone)
    waits = [
        f"{compliance_texts.stage(stage, t)}: {t.number(total.stages[stage])}"
        for stage in (Stage.OVERDUE, Stage.TO_REVIEW, Stage.RETURNED)
        if total.stages[stage]
    ]
    lines = [
        f"{place}. {report_texts.duty_title(window.duty, turn.known, t)}",
        t("Period: {period}", period=report_texts.period(window.period, t)),
        _due(turn, due_on, total, calendar),
        f"{compliance_texts.bar(total.rate)} {compliance_texts.rates(total, t)}",
        " · ".join(waits),
    ]
    return "\n".join(line for line in lines if line)


def _due(turn: Turn, due_on: date, of: Tally, calendar: WorkingCalendar) -> str:
    """The due date, and how long until it; how long it is over only where somebody has not handed in."""
    t, day = turn.t, turn.today
    if due_on < day and not of.missing:
        return t("Due: {date}", date=t.date(due_on))
    return t("Due: {date} ({left})", date=t.date(due_on), left=report_texts.time_left(due_on, day, calendar, t))


def _label(turn: Turn, place: int, window: Window) -> str:
    return report_texts.shortened(f"{place}. {report_texts.duty_title(window.duty, turn.known, turn.t)}")


def _by_kind(turn: Turn, sheet: Sheet) -> list[str]:
    t = turn.t
    groups = tallies.by_kind(sheet.reports, turn.today, t.zone)
    if len(groups) < 2:
        return []
    return [
        "",
        t("By kind of agency:"),
        *(f"- {compliance_texts.kind(kind, t)}: {compliance_texts.rates(of, t)}" for kind, of in groups.items()),
    ]


def _lists(turn: Turn, sheet: Sheet) -> list[tuple[Button, ...]]:
    """A button for every list that has anybody on it, two in a row."""
    t = turn.t
    sizes = selections.sizes(sheet.reports, EVERY_KIND, turn.today, t.zone)
    buttons = [
        Button(f"{compliance_texts.which(which, t)} ({t.number(size)})", list_press(sheet.anchor, Selection(which)))
        for which, size in sizes.items()
        if which not in (Which.OVERDUE, Which.NOT_YET) or size != sizes[Which.MISSING]
    ]
    return [tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2)]


def _consolidated(turn: Turn, sheet: Sheet) -> list[Button]:
    """For those who receive the report: put together what they have accepted."""
    if not sheet.receives:
        return []
    return [Button(turn.t("Consolidated report"), f"sum:period:{sheet.slug}:{sheet.period.end}")]


def _rates_of_period(turn: Turn, place: int, window: Window, of: Tally, before: Tally | None) -> str:
    t = turn.t
    lines = [
        f"{place}. {report_texts.period(window.period, t)}",
        f"{compliance_texts.bar(of.rate)} {compliance_texts.rates(of, t)}",
    ]
    if before is not None:
        lines.append(compliance_texts.moved(of, before, t))
    return "\n".join(lines)


def _footnote(turn: Turn, *, default: bool = False) -> str:
    t = turn.t
    lines = [
        t("Rates are shares of the agencies that owe the report. As of {when}.", when=t.moment(turn.now)),
        t("The due date is a default awaiting confirmation: the plan itself fixes no day.") if default else "",
    ]
    return "\n".join(line for line in lines if line)
