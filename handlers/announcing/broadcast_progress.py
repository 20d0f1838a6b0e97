"""One announcement after it was written: approval, how far it is, pause, resume, cancel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.i18n import Translator
from bot.messages import Button, Language, Person, Reply
from bot.services.announcing import audiences, broadcast_report, broadcasts
from bot.services.announcing.audiences import AppliedFor
from bot.services.announcing.broadcasts import Announcement, Status
from bot.services.messages import outbox
from content.model import Content
from handlers.announcing.broadcast_draft import audience_name, button
from handlers.commands import number
from handlers.turn import Turn


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody who approves must see, read once for all of them."""

    announcement: Announcement
    messages: dict[Language, Reply]
    accounts: int
    offering: AppliedFor | None


async def act(turn: Turn, verb: str, argument: str) -> Sequence[Reply]:
    """A button of one announcement was pressed. Whoever gets here is an administrator."""
    t, connection = turn.t, turn.connection
    broadcast_id = number(argument)
    match verb:
        case "approve":
            return await _decide(turn, broadcast_id, approve=True)
        case "reject":
            return await _decide(turn, broadcast_id, approve=False)
        case "pause":
            done = await broadcasts.pause(connection, broadcast_id)
            return await page(turn, broadcast_id, note=_note(turn, done, t("Paused. Nothing more goes out for now.")))
        case "resume":
            done = await broadcasts.resume(connection, broadcast_id, turn.now)
            return await page(turn, broadcast_id, note=_note(turn, done, t("It goes on where it stopped.")))
        case "stop":
            return await _ask_to_cancel(turn, broadcast_id)
        case "stopped":
            done = await broadcasts.cancel(connection, broadcast_id, turn.now)
            return await page(turn, broadcast_id, note=_note(turn, done, t("The announcement has been cancelled.")))
        case "text":
            sent = await broadcasts.frozen_messages(connection, broadcast_id)
            shown = [reply for language, reply in sent.items() if reply.language is language]
            return [*shown, *(replace(each, instead=False) for each in await page(turn, broadcast_id))]
    return await page(turn, broadcast_id)


async def page(turn: Turn, broadcast_id: int, *, note: str = "") -> Sequence[Reply]:
    """How an announcement stands, with what can be done about it."""
    t, connection = turn.t, turn.connection
    announcement = await broadcasts.find(connection, broadcast_id)
    if announcement is None:
        return [turn.say(t("There is no such announcement."), buttons=(_to_list(t),))]
    if announcement.status is Status.WAITING and announcement.author_id != turn.person.contact_id:
        request = await read_request(turn, announcement)
        asked = ask_to_approve(t, turn.known, request)
        return [replace(asked, text=f"{note}\n\n{asked.text}" if note else asked.text)]
    progress = await broadcasts.progress(connection, broadcast_id)
    offering = await audiences.offering(connection, announcement.audience)
    lines = [
        *([note, ""] if note else []),
        _status(turn, announcement, progress),
        t("For: {audience}", audience=audience_name(t, turn.known, announcement.audience, offering)),
        t("Written by {name}, {time}", name=_name(t, announcement.author_name), time=t.moment(announcement.created_at)),
    ]
    if announcement.approver_id and announcement.status is not Status.REJECTED:
        lines.append(t("Approved by {name}", name=_name(t, announcement.approver_name)))
    if announcement.started_at is not None:
        lines += [t("Began: {time}", time=t.moment(announcement.started_at)), "", broadcast_report.counts(t, progress)]
    title = broadcast_report.name(t, announcement)
    return [turn.say("\n".join(lines), title=title, buttons=_actions(t, announcement), instead=True)]


async def read_request(turn: Turn, announcement: Announcement) -> Request:
    """Everything for asking for an approval."""
    counts = await audiences.count_by_channel(turn.connection, announcement.audience)
    return Request(
        announcement,
        await broadcasts.frozen_messages(turn.connection, announcement.id),
        sum(counts.values()),
        await audiences.offering(turn.connection, announcement.audience),
    )


def ask_to_approve(t: Translator, known: Content, request: Request) -> Reply:
    """The question to another administrator, with the whole text."""
    announcement = request.announcement
    lines = [
        t("{name} asks for your approval of an announcement.", name=_name(t, announcement.author_name)),
        t("For: {audience}", audience=audience_name(t, known, announcement.audience, request.offering)),
        t.plural("To {number} account as of now", "To {number} accounts as of now", request.accounts),
    ]
    if announcement.start_at > announcement.created_at:
        lines.append(t("When: {time}", time=t.moment(announcement.start_at)))
    else:
        lines.append(t("When: {time}", time=t("as soon as it is approved")))
    if announcement.anytime:
        lines.append(t("It is also sent during quiet hours."))
    for language, message in request.messages.items():
        if message.language is language:
            heading = t("Vietnamese text:") if language is Language.VI else t("English text:")
            lines += ["", heading, message.plain]
    return Reply(
        "\n".join(lines),
        t.language,
        title=broadcast_report.name(t, announcement),
        buttons=(
            (
                button(t("Approve"), "approve", announcement.id),
                button(t("Reject"), "reject", announcement.id),
            ),
            _to_list(t),
        ),
    )


def status_name(t: Translator, status: Status) -> str:
    """A status in a word or two."""
    return {
        Status.WAITING: t("waits for approval"),
        Status.REJECTED: t("rejected"),
        Status.APPROVED: t("scheduled"),
        Status.SENDING: t("being sent"),
        Status.PAUSED: t("paused"),
        Status.CANCELLED: t("cancelled"),
        Status.FINISHED: t("sent"),
    }[status]


async def _decide(turn: Turn, broadcast_id: int, *, approve: bool) -> Sequence[Reply]:
    t, connection, me = turn.t, turn.connection, turn.person.contact_id
    if approve:
        done = await broadcasts.approve(connection, broadcast_id, me)
    else:
        done = await broadcasts.reject(connection, broadcast_id, me, turn.now)
    announcement = await broadcasts.find(connection, broadcast_id)
    if announcement is None:
        return await page(turn, broadcast_id)
    if done:
        await _tell_author(turn, announcement)
        note = t("Thank you. You approved the announcement.") if approve else t("You rejected the announcement.")
        return await page(turn, broadcast_id, note=note)
    if announcement.status is Status.WAITING:
        note = t("You wrote this announcement yourself, so another administrator must approve it.")
    elif announcement.status is Status.REJECTED:
        note = t("{name} has already rejected it.", name=_name(t, announcement.approver_name))
    elif announcement.approver_id is not None and announcement.status is not Status.CANCELLED:
        note = t("{name} has already approved it.", name=_name(t, announcement.approver_name))
    else:
        note = t("This announcement does not wait for approval any more.")
    return [replace(reply, instead=False) for reply in await page(turn, broadcast_id, note=note)]


async def _tell_author(turn: Turn, announcement: Announcement) -> None:
    def write(author: Person) -> Reply:
        t = turn.translators.for_language(author.language)
        name = _name(t, announcement.approver_name)
        if announcement.status is Status.REJECTED:
            text = t("{name} rejected your announcement. It is not sent.", name=name)
        elif announcement.start_at > turn.now:
            text = t("{name} approved your announcement. It goes out at {time}.", name=name,
                     time=t.moment(announcement.start_at))  # fmt: skip
        else:
            text = t("{name} approved your announcement. It goes out now.", name=name)
        details = button(t("Details"), "show", announcement.id)
        return Reply(text, t.language, title=broadcast_report.name(t, announcement), buttons=((details,),))

    await outbox.notify(
        turn.connection,
        announcement.author_id,
        f"broadcast-decided:{announcement.id}",
        write,
        now=turn.now,
        anytime=announcement.anytime,
        about=announcement.approver_id,
    )


async def _ask_to_cancel(turn: Turn, broadcast_id: int) -> Sequence[Reply]:
    t = turn.t
    announcement = await broadcasts.find(turn.connection, broadcast_id)
    if announcement is None or announcement.finished_at is not None or announcement.status is Status.CANCELLED:
        return await page(turn, broadcast_id, note=_note(turn, False, ""))
    return [
        turn.say(
            t("Shall the announcement be cancelled? Whoever has not got it yet never will. This can't be undone."),
            title=broadcast_report.name(t, announcement),
            buttons=(
                (button(t("Yes, cancel the announcement"), "stopped", broadcast_id),),
                (button(t("No, leave it as it is"), "show", broadcast_id),),
            ),
            instead=True,
        )
    ]


def _status(turn: Turn, announcement: Announcement, progress: broadcasts.Progress) -> str:
    t = turn.t
    share = broadcast_report.share_done(t, progress)
    match announcement.status:
        case Status.WAITING:
            return t("It waits until another administrator approves it.")
        case Status.REJECTED:
            return t("{name} rejected it. It was not sent.", name=_name(t, announcement.approver_name))
        case Status.APPROVED if announcement.start_at > turn.now:
            return t("It goes out at {time}.", time=t.moment(announcement.start_at))
        case Status.APPROVED:
            return t("It begins within a few seconds.")
        case Status.SENDING if turn.quiet.covers(turn.now) and not announcement.anytime:
            morning = t.moment(turn.quiet.end_after(turn.now))
            return t("Done: {share}. In the quiet hours it rests; it goes on at {time}.", share=share, time=morning)
        case Status.SENDING:
            return t("It is being sent. Done: {share}", share=share)
        case Status.PAUSED if announcement.pause_reason is not None:
            return t(
                "It paused itself, because many messages were refused. Done: {share}. Most frequent reason: {reason}",
                share=share,
                reason=broadcast_report.reason(t, announcement.pause_reason),
            )
        case Status.PAUSED:
            return t("It is paused. Done: {share}", share=share)
        case Status.CANCELLED:
            return t("It was cancelled.")
    return t("It has been sent.")


def _actions(t: Translator, announcement: Announcement) -> tuple[tuple[Button, ...], ...]:
    this = announcement.id
    cancel = button(t("Cancel the announcement"), "stop", this)
    refresh = button(t("Refresh"), "show", this)
    rows: list[tuple[Button, ...]] = []
    match announcement.status:
        case Status.SENDING:
            rows = [(refresh, button(t("Pause"), "pause", this)), (cancel,)]
        case Status.PAUSED:
            rows = [(refresh, button(t("Resume"), "resume", this)), (cancel,)]
        case Status.WAITING | Status.APPROVED:
            rows = [(refresh,), (cancel,)]
        case Status.CANCELLED if announcement.finished_at is None:
            rows = [(refresh,)]
    rows.append((button(t("Show the text"), "text", this), *_to_list(t)))
    return tuple(rows)


def _to_list(t: Translator) -> tuple[Button, ...]:
    return (button(t("All announcements"), "list"),)


def _name(t: Translator, name: str | None) -> str:
    return name or t("An administrator")


def _note(turn: Turn, done: bool, success: str) -> str:
    """What a press did; a press that came too late says so above how things stand."""
    return success if done else turn.t("That was no longer possible. This is how it stands:")
