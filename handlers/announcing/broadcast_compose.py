"""Writing an announcement: what a press or a text does to the draft, up to handing it over.

The draft is in the person's dialog, so it survives a restart. A button counts only at its own step,
and those that send only for the preview they stood under.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Button, Kind, Reply
from bot.services.announcing import audiences, broadcasts
from bot.services.messages import outbox
from bot.vietnamese import clean
from handlers.announcing import broadcast_progress
from handlers.announcing.broadcast_draft import BACK, FURTHEST_AHEAD, NOW, Draft, Step, button, parse_moment
from handlers.announcing.broadcast_pages import offerings, page
from handlers.commands import number
from handlers.turn import Turn


async def begin(turn: Turn, draft: Draft | None, *, anew: bool) -> Sequence[Reply]:
    """Start an announcement; asks first when that would throw something away."""
    t = turn.t
    dialog = turn.person.dialog
    if anew or dialog is None or (draft is not None and not draft.audience):
        return await _show(turn, Draft())
    if draft is not None:
        return [
            turn.say(
                t("You have an announcement that is not finished. Go on with it, or discard it and begin another one?"),
                buttons=((button(t("Go on with it"), "continue"),), (button(t("Discard it and begin anew"), "anew"),)),
                instead=True,
            )
        ]
    return [
        turn.say(
            t("You are in the middle of something else, which is lost if you write an announcement now."),
            buttons=((button(t("Write an announcement anyway"), "anew"),), (button(t("Back"), "menu"),)),
            instead=True,
        )
    ]


async def pressed(turn: Turn, draft: Draft | None, verb: str, argument: str) -> Sequence[Reply]:
    """A button of a question was pressed."""
    if draft is None:
        text = turn.t("This announcement is no longer being written, so the button has no effect.")
        return [turn.say(text, buttons=_after(turn))]
    draft = replace(draft, parked=False)
    if verb == "drop":
        await turn.end()
        return [turn.say(turn.t("The draft has been discarded. Nothing was sent."), buttons=_after(turn), instead=True)]
    if verb == "continue":
        return await _show(turn, draft.at(draft.step))
    if verb == "back" and draft.step in BACK:
        return await _show(turn, draft.at(BACK[draft.step]))
    replies = await _chosen(turn, draft, verb, argument)
    if replies is None:
        note = turn.t("That button belongs to an earlier step. This is where you are now:")
        replies = await _show(turn, draft.at(draft.step), note=note)
    return replies


async def _chosen(turn: Turn, draft: Draft, verb: str, argument: str) -> Sequence[Reply] | None:
    """What a choice does at its own step; None at any other step."""
    match draft.step, verb:
        case (Step.AUDIENCE, "to") | (Step.OFFERING, "offering" | "offerings"):
            return await _to(turn, draft, verb, argument)
        case (Step.VI | Step.EN, "keep" | "skip") if argument == draft.step:
            return await _without_typing(turn, draft, keep=verb == "keep")
        case Step.WHEN, "now":
            return await _starts(turn, replace(draft, start=NOW, anytime=False))
        case Step.WHEN, "at":
            return await _show(turn, draft.at(Step.TIME))
        case Step.WHEN, "keep" if draft.start:
            return await _show(turn, draft.at(Step.PREVIEW))
        case Step.QUIET, "anyway" if draft.start:
            return await _show(turn, replace(draft, anytime=True).at(Step.PREVIEW))
        case Step.QUIET, "morning":
            morning = turn.quiet.end_after(draft.start_at or turn.now)
            return await _show(turn, replace(draft, start=morning.isoformat(), anytime=False).at(Step.PREVIEW))
        case Step.PREVIEW, "edit":
            return await _show(turn, draft.at(Step.VI))
        case Step.PREVIEW, "audience":
            return await _show(turn, draft.at(Step.AUDIENCE))
        case Step.PREVIEW, "test" if argument == draft.token:
            return await _test(turn, draft)
        case (Step.PREVIEW, "send") | (Step.CONFIRM, "confirm") if argument == draft.token:
            return await _send(turn, draft)
    return None


async def typed(turn: Turn, draft: Draft) -> Sequence[Reply]:
    """Something that is no button came while an announcement is being written."""
    t = turn.t
    if turn.incoming.kind is not Kind.TEXT:
        return await _show(turn, draft, note=t("An announcement can only be text for now; files are not sent."))
    if draft.step is Step.TIME:
        return await _time_typed(turn, draft)
    if draft.step not in (Step.VI, Step.EN):
        return await _show(turn, draft, note=t("Please choose one of the buttons, or type its number."))
    text = clean(turn.text)
    length = broadcasts.length(text)
    if length > broadcasts.LONGEST_TEXT:
        note = t(
            "This text has {length} characters, {surplus} too many; at most {limit} fit into one message. "
            "Everything you entered before is kept. Please send a shorter text.",
            length=t.number(length),
            surplus=t.number(length - broadcasts.LONGEST_TEXT),
            limit=t.number(broadcasts.LONGEST_TEXT),
        )
        return await _show(turn, draft, note=note)
    if length < broadcasts.SHORTEST_TEXT:
        note = t("That is too short for an announcement; please type at least {limit} characters.",
                 limit=broadcasts.SHORTEST_TEXT)  # fmt: skip
        return await _show(turn, draft, note=note)
    if draft.step is Step.VI:
        return await _show(turn, replace(draft, vi=text).at(Step.EN))
    return await _show(turn, replace(draft, en=text).onward())


async def _to(turn: Turn, draft: Draft, verb: str, argument: str) -> Sequence[Reply] | None:
    if verb == "offerings":
        return [await offerings(turn, number(argument))]
    if verb == "to" and argument == "one":
        return await _show(turn, draft.at(Step.OFFERING))
    if verb == "to":
        return await _show(turn, replace(draft, audience=argument).onward()) if argument in audiences.WORDS else None
    audience = audiences.of_offering(argument)
    if await audiences.offering(turn.connection, audience) is None:
        return await _show(turn, draft, note=turn.t("There is no such programme or event any more."))
    return await _show(turn, replace(draft, audience=audience).onward())


async def _without_typing(turn: Turn, draft: Draft, *, keep: bool) -> Sequence[Reply] | None:
    if keep:
        existing = draft.vi if draft.step is Step.VI else draft.en
        if not existing:
            return None
        return await _show(turn, draft.at(Step.EN) if draft.step is Step.VI else draft.onward())
    if draft.step is Step.VI:
        return await _show(turn, replace(draft, vi="").at(Step.EN))
    if not draft.vi:
        note = turn.t("An announcement needs a text in at least one language.")
        return await _show(turn, draft, note=note)
    return await _show(turn, replace(draft, en="").onward())


async def _time_typed(turn: Turn, draft: Draft) -> Sequence[Reply]:
    t = turn.t
    moment = parse_moment(turn.text, t.zone)
    if moment is None:
        return await _show(turn, draft, note=t("That is not a date with a time."))
    if moment <= turn.now:
        return await _show(turn, draft, note=t("{time} has already passed.", time=t.moment(moment)))
    if moment > turn.now + FURTHEST_AHEAD:
        note = t("{time} is more than a year ahead. Please check the year.", time=t.moment(moment))
        return await _show(turn, draft, note=note)
    return await _starts(turn, replace(draft, start=moment.isoformat(), anytime=False))


async def _starts(turn: Turn, draft: Draft) -> Sequence[Reply]:
    """Go on with a chosen time: through a warning when it is in the night."""
    is_quiet = turn.quiet.covers(draft.start_at or turn.now)
    return await _show(turn, draft.at(Step.QUIET if is_quiet else Step.PREVIEW))


async def _test(turn: Turn, draft: Draft) -> Sequence[Reply]:
    note = turn.t("That was the test. Only you have received it.")
    return await page(turn, draft, note=note)


async def _send(turn: Turn, draft: Draft) -> Sequence[Reply]:
    """Ask for the last confirmation or, when that was it, hand over; what changed meanwhile is said first."""
    t = turn.t
    if draft.start_at is not None and draft.start_at <= turn.now:
        note = t("{time} has already passed.", time=t.moment(draft.start_at))
        return await _show(turn, replace(draft, start="").at(Step.TIME), note=note)
    if draft.start == NOW and not draft.anytime and turn.quiet.covers(turn.now):
        return await _show(turn, draft.at(Step.QUIET))
    if not await audiences.count_by_channel(turn.connection, draft.audience):
        return await _show(turn, draft.at(Step.PREVIEW))
    if draft.step is Step.PREVIEW:
        return await _show(turn, draft.at(Step.CONFIRM))
    return await _hand_over(turn, draft)


async def _hand_over(turn: Turn, draft: Draft) -> Sequence[Reply]:
    t, connection = turn.t, turn.connection
    broadcast_id, approvers = await broadcasts.create(
        connection,
        turn.person.contact_id,
        draft.audience,
        broadcasts.messages(draft.texts, turn.translators),
        start_at=draft.start_at or turn.now,
        anytime=draft.anytime,
        now=turn.now,
    )
    await turn.end()
    if not approvers:
        if draft.start_at is None:
            note = t("Thank you. The announcement is on its way; you will get a report when everybody has it.")
        else:
            note = t("Thank you. The announcement goes out at {time}.", time=t.moment(draft.start_at))
        return await broadcast_progress.page(turn, broadcast_id, note=note)
    request = await broadcast_progress.read_request(turn, await broadcasts.get(connection, broadcast_id))
    told = await outbox.tell(
        connection,
        approvers,
        f"broadcast-approval:{broadcast_id}",
        lambda _, t: broadcast_progress.ask_to_approve(t, turn.known, request),
        translators=turn.translators,
        now=turn.now,
        anytime=draft.anytime,
        about=turn.person.contact_id,
    )
    if told:
        note = t.plural(
            "Thank you. {number} other administrator is asked to approve the announcement.",
            "Thank you. {number} other administrators are asked to approve the announcement; one is enough.",
            len(told),
        )
    else:
        note = t("The announcement waits for another administrator, but none of them can be reached at the moment.")
    return await broadcast_progress.page(turn, broadcast_id, note=note)


async def _show(turn: Turn, draft: Draft, *, note: str = "") -> Sequence[Reply]:
    await turn.begin(draft.as_dialog())
    return await page(turn, draft, note=note)


def _after(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    t = turn.t
    return ((button(t("New announcement"), "new"), button(t("Announcements"), "menu")),)
