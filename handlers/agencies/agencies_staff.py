"""All agencies for those who look after them: how many can be reached, lists of those that can't, search by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.messages import Button, Dialog, Reply
from bot.services.agencies import agency_states
from bot.services.agencies.agencies import AgencyName
from bot.services.agencies.agency_states import State
from bot.services.reporting.report_texts import shortened
from handlers.agencies import agency_pages
from handlers.agencies.staff_rights import refusal
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn

DIALOG, EXPORT = OWN = ("agency_search", "agency_export")
AT_ONCE = 10


async def begin(turn: Turn, name: str = "") -> Reply:
    """The overview, or the agency that was named at once."""
    refused = await refusal(turn)
    if refused is not None:
        return refused
    return await _found(turn, name) if name else await overview(turn)


async def overview(turn: Turn) -> Reply:
    """How the agencies that owe reports stand today."""
    t = turn.t
    standings = await agency_states.all_standings(turn.connection, turn.today)
    counts = Counter(each.state for each in standings)
    lines = [
        t.plural("{number} agency owes reports.", "{number} agencies owe reports.", len(standings)),
        "",
        t("With a focal point who can be reached: {number}", number=t.number(counts[State.FINE] + counts[State.AWAY])),
        t("Without a focal point: {number}", number=t.number(counts[State.NONE])),
        t("Nobody can be reached: {number}", number=t.number(counts[State.UNREACHABLE])),
        t("Officer in charge away, no deputy: {number}", number=t.number(counts[State.AWAY])),
    ]
    rows: list[tuple[Button, ...]] = [
        (Button(_label(turn, state, counts[state]), f"focal:list:{state.value}:0"),)
        for state in (State.NONE, State.UNREACHABLE, State.AWAY, State.FINE)
        if counts[state]
    ]
    rows.append((Button(t("Find an agency"), "focal:find"),))
    if counts[State.NONE]:
        rows.append((Button(t("Codes for all without a focal point"), "focal:export"),))
    rows.append((Button(t("Menu"), MENU),))
    return turn.say(
        "\n".join(lines),
        title=t("Agencies"),
        footnote=t("“/agencies ba dinh” finds an agency at once."),
        buttons=tuple(rows),
        instead=True,
    )


async def listed(turn: Turn, word: str, start: int) -> Reply:
    """The agencies that stand in one way, a page at a time."""
    refused = await refusal(turn)
    if refused is not None:
        return refused
    if word not in set(State):
        return await overview(turn)
    t, state = turn.t, State(word)
    standings = await agency_states.all_standings(turn.connection, turn.today)
    found = [each.agency for each in standings if each.state is state]
    if not found:
        return await overview(turn)
    shown = found[start : start + AT_ONCE] or found[:AT_ONCE]
    start = start if found[start : start + AT_ONCE] else 0
    turning = []
    if start > 0:
        turning.append(Button(t("Previous"), f"focal:list:{word}:{max(0, start - AT_ONCE)}"))
    if start + AT_ONCE < len(found):
        turning.append(Button(t("More"), f"focal:list:{word}:{start + AT_ONCE}"))
    advice = {
        State.NONE: t("Issue a code for an agency, or for all of them, and send it to the agency."),
        State.UNREACHABLE: t(
            "Their focal points have blocked the assistant. Call them, or issue a code for somebody else."
        ),
        State.AWAY: t("Reminders reach nobody in charge there. Call the agency, or issue a code for a deputy."),
        State.FINE: t("Choose an agency to see who answers for it."),
    }[state]
    return turn.say(
        t("{first} to {last} of {number}", first=start + 1, last=start + len(shown), number=t.number(len(found)))
        + "\n\n"
        + advice,
        title=_title(turn, state),
        buttons=(
            *_rows(turn, shown),
            *((tuple(turning),) if turning else ()),
            (Button(t("All agencies"), "focal:overview"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


async def ask_name(turn: Turn, problem: str = "", *, anyway: bool = False) -> Reply:
    """Which agency?"""
    t = turn.t
    refused = await refusal(turn)
    if refused is not None:
        return refused
    warning = None if anyway else report_pages.busy(turn, "focal:find:anyway", *OWN)
    if warning is not None:
        return warning
    await turn.begin(Dialog(DIALOG, {}))
    question = t("Which agency? Type its name or a part of it, with or without marks, for example {example}.",
                 example="“ba dinh”, “SXD”")  # fmt: skip
    return turn.say(
        f"{problem}\n\n{question}" if problem else question,
        title=t("Find an agency"),
        buttons=((Button(t("All agencies"), "focal:overview"), Button(t("Cancel"), "cancel")),),
    )


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """A name that was typed; any button leaves the search."""
    if turn.command:
        return None
    if turn.press or not turn.text:
        if turn.press[:1] == ("focal",):
            await turn.end()
        return None
    return [await _found(turn, turn.text)]


async def _found(turn: Turn, typed: str) -> Reply:
    t = turn.t
    refused = await refusal(turn)
    if refused is not None:
        return refused
    slugs = agency_states.search(turn.known.agencies, typed)
    found = await agency_states.by_slugs(turn.connection, slugs[:AT_ONCE])
    busy = turn.person.dialog is not None and turn.person.dialog.kind not in OWN
    if not found:
        unknown = t("No agency that owes reports has this name: {name}", name=typed[:60])
        return _only(turn, unknown) if busy else await ask_name(turn, unknown)
    if not busy:
        await turn.end()
    if len(slugs) == 1:
        return await agency_pages.page(turn, found[0].id)
    text = t.plural("{number} agency has this in its name.", "{number} agencies have this in their names.", len(slugs))
    if len(slugs) > AT_ONCE and busy:
        text += " " + t("The first ones are listed.")
    elif len(slugs) > AT_ONCE:
        text += " " + t("The first ones are listed; type more of the name to find others.")
        await turn.begin(Dialog(DIALOG, {"choosing": True}))
    return turn.say(
        text,
        title=t("Find an agency"),
        buttons=(
            *_rows(turn, found),
            (Button(t("Find another"), "focal:find"), Button(t("All agencies"), "focal:overview")),
        ),
    )


def _only(turn: Turn, text: str) -> Reply:
    """For somebody in the middle of something else, which is not to be lost for a search."""
    t = turn.t
    return turn.say(
        text,
        title=t("Find an agency"),
        footnote=t("“/agencies ba dinh” finds an agency at once."),
        buttons=((Button(t("All agencies"), "focal:overview"), Button(t("Menu"), MENU)),),
    )


def _rows(turn: Turn, found: Sequence[AgencyName]) -> list[tuple[Button, ...]]:
    return [(Button(shortened(each.in_language(turn.t.language)), f"focal:agency:{each.id}"),) for each in found]


def _title(turn: Turn, state: State) -> str:
    t = turn.t
    match state:
        case State.NONE:
            return t("Without a focal point")
        case State.UNREACHABLE:
            return t("Nobody can be reached")
        case State.AWAY:
            return t("Officer in charge away, no deputy")
        case State.FINE:
            return t("With a focal point")


def _label(turn: Turn, state: State, count: int) -> str:
    return f"{_title(turn, state)} ({turn.t.number(count)})"
