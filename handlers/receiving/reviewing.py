"""Reviewing reports that came in: look, accept, or return with remarks (``reviewing_return``)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.handing_in import hand_in_notices, reviews, versions
from bot.services.handing_in.reviews import Outcome, ToReview
from bot.services.reporting import receivers
from bot.services.reporting.receivers import Receivers
from handlers.commands import number
from handlers.handing_in import version_pages
from handlers.receiving import reviewing_pages, reviewing_return
from handlers.turn import Turn


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The buttons ``rev:…``, and what an officer types while returning a report."""
    if turn.press[:1] != ("rev",):
        return await reviewing_return.go_on(turn)
    who = await receivers.load(turn.connection)
    if turn.press[1:2] in (("list",), ("newest",), ("show",), ("accept",)):
        await reviewing_return.leave(turn)
    match turn.press[1:]:
        case ("list", start):
            return [await reviewing_pages.queue(turn, who, number(start))]
        case ("newest", obligation):
            version = await versions.newest(turn.connection, number(obligation))
            about = await _find(turn, version.id, who) if version else None
            return [await reviewing_pages.page(turn, about, who) if about else reviewing_pages.not_yours(turn)]
        case ("show" | "parts" | "changes" as verb, submission):
            return await _look(turn, who, verb, number(submission))
        case ("file", submission, file):
            return await _look(turn, who, "file", number(submission), number(file))
        case ("accept", submission, level):
            return [await _ask(turn, who, number(submission), number(level))]
        case ("accepted", submission, level):
            return [await _accept(turn, who, number(submission), number(level))]
        case ("return" | "by" | "anew" | "returned" as verb, *about):
            return await reviewing_return.pressed(turn, who, verb, *about)
    return None


async def _find(turn: Turn, submission_id: int, who: Receivers) -> ToReview | None:
    return await reviews.find(turn.connection, submission_id, turn.person.contact_id, who, turn.known)


async def _look(turn: Turn, who: Receivers, verb: str, submission_id: int, file_id: int = 0) -> Sequence[Reply]:
    about = await _find(turn, submission_id, who)
    if about is None:
        return [reviewing_pages.not_yours(turn)]
    back = f"rev:show:{about.version.id}"
    match verb:
        case "parts":
            return await version_pages.parts(turn, about.owed, about.version, back)
        case "changes":
            return [await version_pages.changes(turn, about.owed, about.version, back)]
        case "file":
            return [await version_pages.send_file(turn, about.version, file_id)]
        case _:
            return [await reviewing_pages.page(turn, about, who)]


async def _ask(turn: Turn, who: Receivers, submission_id: int, level: int) -> Reply:
    """Shall it be accepted."""
    t = turn.t
    about = await _find(turn, submission_id, who)
    if about is None:
        return reviewing_pages.not_yours(turn)
    if not about.current or about.level != level:
        return await reviewing_pages.page(turn, about, who, reviewing_pages.over(turn))
    return turn.say(
        "\n".join([*reviewing_pages.summary(turn, about), "", t("Accept this report? This can't be undone here.")]),
        title=t("Accepting a report"),
        buttons=(
            (
                Button(t("Confirm"), f"rev:accepted:{about.version.id}:{level}"),
                Button(t("Back"), f"rev:show:{about.version.id}"),
            ),
        ),
        instead=True,
    )


async def _accept(turn: Turn, who: Receivers, submission_id: int, level: int) -> Reply:
    result = await reviews.accept(
        turn.connection,
        submission_id,
        turn.person.contact_id,
        level=level,
        who=who,
        known=turn.known,
        now=turn.now,
    )
    if result is None:
        return reviewing_pages.not_yours(turn)
    if result.outcome is not Outcome.DONE:
        return await reviewing_pages.refused(turn, who, result)
    t, about = turn.t, result.about
    if result.final:
        await hand_in_notices.accepted(
            turn.connection, about.owed, about.version, known=turn.known, translators=turn.translators, now=turn.now
        )
        text = t("Accepted. The agency has been told.")
    else:
        await hand_in_notices.came_in(
            turn.connection,
            about.owed,
            about.version,
            who=who,
            known=turn.known,
            translators=turn.translators,
            now=turn.now,
        )
        text = t("Accepted. The report now goes to the next agency that reviews it.")
    return reviewing_pages.done(turn, about, text)
