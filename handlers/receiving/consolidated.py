"""The consolidated report in the chat: ``/tonghop``, a duty, a period, what will be in it, and the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.messages import Button, Reply
from bot.services.consolidating import exports, gathering
from bot.services.consolidating.gathering import Gathered
from bot.services.duties import due_dates
from bot.services.files.kinds import Found
from bot.services.reporting import receivers, report_texts
from content.duty_model import Duty
from handlers.menu import MENU
from handlers.turn import Turn

SHOWN_PERIODS, SHOWN_MISSING = 8, 10


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The command, and the buttons ``sum:…``."""
    if turn.command == "consolidate":
        return [await _duties(turn)]
    if turn.press[:1] != ("sum",):
        return None
    match turn.press[1:]:
        case ("duty", slug):
            duty = await _find(turn, slug)
            return [await _periods(turn, duty) if duty else _not_theirs(turn)]
        case ("duty" | "period", slug, end):
            gathered = await _gathered(turn, slug, end)
            return [_page(turn, gathered) if gathered else _not_theirs(turn)]
        case ("docx" | "xlsx" as kind, slug, end):
            gathered = await _gathered(turn, slug, end)
            return [await _file(turn, gathered, Found(kind)) if gathered else _not_theirs(turn)]
    return None


async def _theirs(turn: Turn) -> list[Duty]:
    """The duties whose reports the person receives."""
    if turn.person.role is None:
        return []
    return (await receivers.load(turn.connection)).duties_of(turn.person.contact_id, turn.known)


async def _duties(turn: Turn) -> Reply:
    t, theirs = turn.t, await _theirs(turn)
    if not theirs:
        return _not_theirs(turn)
    # What one agency alone owes has nothing to be put together with.
    together = [each for each in theirs if each.enabled and len(due_dates.owing(each, turn.known)) > 1] or theirs
    if len(together) == 1:
        return await _periods(turn, together[0])
    rows = [
        (Button(report_texts.shortened(each.title.in_language(t.language)), f"sum:duty:{each.slug}"),)
        for each in together
    ]
    return turn.say(
        t("Which reports should be put together?"),
        title=t("Consolidated report"),
        buttons=(*rows, (Button(t("Menu"), MENU),)),
        instead=True,
    )


async def _periods(turn: Turn, duty: Duty) -> Reply:
    t = turn.t
    found = (await gathering.periods(turn.connection, duty, turn.today))[:SHOWN_PERIODS]
    rows = tuple(
        (
            Button(
                t(
                    "{period}: {accepted} of {owed} accepted",
                    period=report_texts.period(each.period, t),
                    accepted=t.number(each.accepted),
                    owed=t.number(each.owed),
                ),
                f"sum:period:{duty.slug}:{each.period.end}",
            ),
        )
        for each in found
    )
    text = (
        t("Which period?")
        if rows
        else t("No period of these reports is over yet, and none has been accepted. Please come back later.")
    )
    return turn.say(text, title=duty.title.in_language(t.language), buttons=(*rows, _away(turn)), instead=True)


async def _find(turn: Turn, slug: str) -> Duty | None:
    return next((each for each in await _theirs(turn) if each.slug == slug), None)


async def _gathered(turn: Turn, slug: str, end: str) -> Gathered | None:
    """What there is for a period; None when the person does not receive these reports, or nobody owes them then."""
    duty = await _find(turn, slug)
    try:
        day = date.fromisoformat(end)
    except ValueError:
        return None
    if duty is None:
        return None
    return await gathering.gather(turn.connection, duty, day, known=turn.known, zone=turn.t.zone)


def _page(turn: Turn, gathered: Gathered) -> Reply:
    """What will be in it and who is missing, before it is made."""
    t = turn.t
    accepted, missing = len(gathered.accepted), gathered.missing
    lines = [
        t("Period: {period}", period=report_texts.period(gathered.period, t)),
        t(
            "Accepted reports: {accepted} of {owed}. Only these are counted.",
            accepted=t.number(accepted),
            owed=t.number(len(gathered.reporters)),
        ),
    ]
    if missing:
        lines += ["", t("Still missing:")]
        lines += [f"- {each.agency.in_language(t.language)}" for each in missing[:SHOWN_MISSING]]
        rest = len(missing) - SHOWN_MISSING
        if rest > 0:
            lines.append(t.plural("…and {number} more agency", "…and {number} more agencies", rest))
        lines += ["", t("The report says on its first page that it is not complete, and names them in an annex.")]
    this = f"{gathered.duty.slug}:{gathered.period.end}"
    files = ((Button(t("Report (Word)"), f"sum:docx:{this}"), Button(t("Figures (Excel)"), f"sum:xlsx:{this}")),)
    if not accepted:
        lines += ["", t("There is nothing to put together before a report has been accepted.")]
    return turn.say(
        "\n".join(lines),
        title=t("Consolidated report"),
        footnote=gathered.duty.title.in_language(t.language),
        buttons=(
            *(files if accepted else ()),
            (Button(t("Other periods"), f"sum:duty:{gathered.duty.slug}"),),
            _away(turn),
        ),
        instead=True,
    )


async def _file(turn: Turn, gathered: Gathered, kind: Found) -> Reply:
    t = turn.t
    if not gathered.accepted:
        return _page(turn, gathered)
    attachment = await exports.export(
        turn.connection,
        turn.person,
        gathered,
        kind,
        known=turn.known,
        place=turn.files,
        vi=turn.translators.vi,
        now=turn.now,
    )
    note = (
        t("A draft in the layout of Decree 30/2020/NĐ-CP. Please check it, then add number, date and signature.")
        if kind is Found.DOCX
        else t("A sheet for each group of figures, with the document that each row comes from.")
    )
    back = Button(t("Back to the period"), f"sum:period:{gathered.duty.slug}:{gathered.period.end}")
    return turn.say(note, title=t("Consolidated report"), attachment=attachment, buttons=((back,), _away(turn)))


def _not_theirs(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("Only officers of the agency that receives reports can put them together."),
        buttons=((Button(t("Menu"), MENU),),),
    )


def _away(turn: Turn) -> tuple[Button, ...]:
    t = turn.t
    return (Button(t("Other reports"), "do:consolidate"), Button(t("Menu"), MENU))
