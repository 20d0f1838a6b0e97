"""What an administrator reads about an announcement: how far it is, and how it ended."""

from __future__ import annotations

from datetime import timedelta

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.announcing.broadcasts import Announcement, Progress, Status

REASONS_SHOWN = 5
LONGEST_REASON = 160


def name(t: Translator, announcement: Announcement) -> str:
    """How an announcement is called in a title."""
    return t("Announcement No. {number}", number=announcement.id)


def share_done(t: Translator, progress: Progress) -> str:
    """``1.250/2.000 (62,5%)``: those with whom nothing more will happen, of all."""
    percent = 100 * progress.settled / progress.total if progress.total else 100
    return f"{t.number(progress.settled)}/{t.number(progress.total)} ({t.number(percent, decimals=1)}%)"


def counts(t: Translator, progress: Progress) -> str:
    """A line for each thing that became of recipients, with the reasons of what failed."""
    lines = [
        t("Delivered: {number}", number=t.number(progress.delivered)),
        t("Blocked the assistant: {number}", number=t.number(progress.blocked)),
        t("Refused by the messenger: {number}", number=t.number(progress.failed)),
    ]
    if progress.undeliverable:
        lines.append(t("No answer after many attempts: {number}", number=t.number(progress.undeliverable)))
    if progress.cancelled:
        lines.append(t("Not sent because of the cancellation: {number}", number=t.number(progress.cancelled)))
    if progress.under_way:
        lines.append(t("Still to send: {number}", number=t.number(progress.under_way)))
    if progress.reasons:
        lines.append(t("Reasons:"))
        lines += [f"- {reason(t, error)}: {t.number(count)}" for error, count in progress.reasons[:REASONS_SHOWN]]
        rest = sum(count for _, count in progress.reasons[REASONS_SHOWN:])
        if rest:
            lines.append(t("- other reasons: {number}", number=t.number(rest)))
    return "\n".join(lines)


def reason(t: Translator, error: str) -> str:
    """Why something failed: in the reader's words where the error is a known one, else as it was recorded."""
    if not error:
        return t("no reason given")
    known = {
        "bot was blocked by the user": t("the person has blocked the assistant"),
        "blocked by the person earlier": t("the person had blocked the assistant before"),
        "user is deactivated": t("the person's account has been deleted"),
        "chat not found": t("the messenger knows no such chat"),
        "message is too long": t("the message is too long for the messenger"),
        "no answer from the channel": t("no answer from the messenger"),
    }
    recorded = error.lower()
    return next((told for part, told in known.items() if part in recorded), error[:LONGEST_REASON])


def duration(t: Translator, length: timedelta) -> str:
    """``2 hours 5 minutes``, or seconds for what took less than a minute."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < 60:
        return t.plural("{number} second", "{number} seconds", seconds)
    hours, minutes = divmod(seconds // 60, 60)
    parts = [t.plural("{number} hour", "{number} hours", hours)] if hours else []
    if minutes:
        parts.append(t.plural("{number} minute", "{number} minutes", minutes))
    return " ".join(parts)


def final(t: Translator, announcement: Announcement, progress: Progress) -> Reply:
    """The report that the author and the approver get when nothing is under way any more."""
    if announcement.status is Status.CANCELLED:
        ended = t("The announcement was cancelled while it was being sent.")
    elif progress.total == 0:
        ended = t("The announcement has ended. When it started, nobody belonged to its audience.")
    else:
        ended = t("The announcement has been sent.")
    lines = [ended, ""]
    if progress.total:
        lines += [t("Recipients: {number}", number=t.number(progress.total)), counts(t, progress)]
    if announcement.started_at and announcement.finished_at:
        took = duration(t, announcement.finished_at - announcement.started_at)
        lines.append(t("Duration: {duration}", duration=took))
    return Reply(
        "\n".join(lines).strip(),
        t.language,
        title=t("Report: announcement No. {number}", number=announcement.id),
        buttons=((Button(t("Details"), f"broadcast:show:{announcement.id}"),),),
    )


def paused_itself(t: Translator, announcement: Announcement, progress: Progress) -> Reply:
    """What administrators are told when too many messages of an announcement were refused."""
    return Reply(
        t("The sending has paused itself, because many messages were refused for another reason than being blocked.")
        + "\n\n"
        + counts(t, progress)
        + "\n\n"
        + t("Please find out why before you let it go on."),
        t.language,
        title=name(t, announcement),
        buttons=((Button(t("Details"), f"broadcast:show:{announcement.id}"),),),
    )
