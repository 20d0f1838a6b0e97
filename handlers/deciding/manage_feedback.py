"""How an event was received, for the officers who look after it: marks and comments, without names."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.offerings import feedback
from bot.services.offerings.feedback import MARKS, Summary
from bot.services.offerings.offerings import Offered
from handlers.deciding.manage_pages import button
from handlers.turn import Turn

AT_ONCE = 5


async def page(turn: Turn, offering: Offered, start: int) -> Reply:
    """The average, how often each mark was given, and some comments from the ``start``-th newest on."""
    t = turn.t
    found = await feedback.summary(turn.connection, offering.id, offset=start, limit=AT_ONCE)
    rows: list[tuple[Button, ...]] = []
    turning = []
    if start:
        turning.append(button(t("Previous"), "feedback", offering.id, max(0, start - AT_ONCE)))
    if start + AT_ONCE < found.comments_in_all:
        turning.append(button(t("More"), "feedback", offering.id, start + AT_ONCE))
    rows += [tuple(turning)] if turning else []
    rows.append((button(t("Back"), "show", offering.id),))
    return turn.say(
        "\n".join(_lines(turn, found)),
        title=t("Feedback: {title}", title=offering.title(t.language)),
        buttons=tuple(rows),
        instead=True,
    )


def _lines(turn: Turn, found: Summary) -> list[str]:
    t = turn.t
    if found.mean is None:
        return [
            t("Nobody has answered yet."),
            t("Those who were checked in are asked on the morning after the event."),
        ]
    lines = [
        t.plural("{number} answer", "{number} answers", found.answers),
        t("Average: {mean} of 5", mean=t.number(found.mean, decimals=1)),
        "",
        *(t("{mark} of 5: {count}", mark=mark, count=t.number(found.marks[mark])) for mark in reversed(MARKS)),
    ]
    if not found.comments_in_all:
        return [*lines, "", t("Nobody has written a comment.")]
    lines += ["", t("Comments:")]
    for each in found.comments:
        lines += ["", f"{each.mark}/5 ({t.short_date(each.at.astimezone(t.zone))}): {each.text}"]
    return lines
