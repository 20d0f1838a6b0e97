"""The questions of writing an announcement, and the preview: one page per step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.messages import Button, Language, Reply, Role
from bot.services.announcing import audiences, broadcasts
from bot.services.people import contacts
from handlers.announcing.broadcast_draft import NOW, Draft, Step, audience_name, button, channel_name, offering_title
from handlers.turn import Turn

OFFERINGS_PER_PAGE = 8
LONGEST_LABEL = 60


async def page(turn: Turn, draft: Draft, *, note: str = "") -> list[Reply]:
    """What to show at the draft's step; ``note`` stands above the question."""
    match draft.step:
        case Step.AUDIENCE:
            replies = [_audience(turn)]
        case Step.OFFERING:
            replies = [await offerings(turn, 0)]
        case Step.VI | Step.EN:
            replies = [_text(turn, draft)]
        case Step.WHEN:
            replies = [_when(turn, draft)]
        case Step.TIME:
            replies = [_time(turn)]
        case Step.QUIET:
            replies = [_quiet(turn, draft)]
        case Step.PREVIEW:
            replies = await _preview(turn, draft)
        case Step.CONFIRM:
            replies = [await _confirm(turn, draft)]
    if note:
        replies[-1] = replace(replies[-1], text=f"{note}\n\n{replies[-1].text}", instead=False)
    return replies


def exactly_as_sent(turn: Turn, draft: Draft) -> list[Reply]:
    """The messages as recipients get them: one for each language that was written."""
    written = broadcasts.messages(draft.texts, turn.translators)
    return [written[language] for language in draft.texts]


async def offerings(turn: Turn, start: int) -> Reply:
    """What has applicants to write to, from the ``start``-th on."""
    t = turn.t
    found = await audiences.applied_for(turn.connection, offset=start, limit=OFFERINGS_PER_PAGE + 1)
    if not found:
        text = t("Nobody has signed up for anything yet, so there are no applicants to write to.")
        return turn.say(text, buttons=(_ways_out(turn),), instead=True)
    rows: list[tuple[Button, ...]] = []
    for each in found[:OFFERINGS_PER_PAGE]:
        title = offering_title(t, turn.known, each)
        title = title if len(title) <= LONGEST_LABEL else title[: LONGEST_LABEL - 1] + "…"
        rows.append((button(f"{title} ({t.number(each.applicants)})", "offering", each.offering_id),))
    if len(found) > OFFERINGS_PER_PAGE:
        rows.append((button(t("More"), "offerings", start + OFFERINGS_PER_PAGE),))
    rows.append(_ways_out(turn))
    return turn.say(
        t("To the applicants of what? The number of people is in brackets."), buttons=tuple(rows), instead=True
    )


def _audience(turn: Turn) -> Reply:
    t = turn.t
    rows: list[tuple[Button, ...]] = [
        (button(audience_name(t, turn.known, word, None), "to", word),) for word in audiences.WORDS
    ]
    rows.append((button(t("Applicants for a programme or an event"), "to", "one"),))
    rows.append((button(t("Cancel"), "drop"),))
    return turn.say(t("Who is the announcement for?"), title=t("New announcement"), buttons=tuple(rows), instead=True)


def _text(turn: Turn, draft: Draft) -> Reply:
    t = turn.t
    limit = t.number(broadcasts.LONGEST_TEXT)
    if draft.step is Step.VI:
        existing = draft.vi
        ask = t(
            "Please type the announcement in Vietnamese, as one message of at most {limit} characters.", limit=limit
        )
        without = t("No Vietnamese text")
    else:
        existing = draft.en
        ask = t("Please type the announcement in English, as one message of at most {limit} characters.", limit=limit)
        without = t("No English text")
    parts = [ask]
    if draft.step is Step.VI:
        parts.append(t("It is sent as plain text. If there is only one language, everybody gets that one."))
    rows: list[tuple[Button, ...]] = []
    if existing:
        parts.append(t("The text so far:") + "\n" + existing)
        rows.append((button(t("Keep this text"), "keep", draft.step.value),))
    if draft.step is Step.VI or draft.vi:
        rows.append((button(without, "skip", draft.step.value),))
    rows.append(_ways_out(turn))
    return turn.say("\n\n".join(parts), buttons=tuple(rows), instead=True)


def _when(turn: Turn, draft: Draft) -> Reply:
    t = turn.t
    rows: list[tuple[Button, ...]] = [(button(t("Now"), "now"), button(t("At a set time"), "at"))]
    if draft.start:
        rows.append((button(t("Keep: {time}", time=_start(turn, draft)), "keep", "when"),))
    return turn.say(
        t("When shall it be sent? It is not sent before you have seen a preview and confirmed."),
        buttons=(*rows, _ways_out(turn)),
        instead=True,
    )


def _time(turn: Turn) -> Reply:
    t = turn.t
    tomorrow = turn.today + timedelta(days=1)
    text = t("Please type date and time in Hanoi, for example {example}.", example=f"{tomorrow:%d/%m/%Y} 08:30")
    return turn.say(text, buttons=(_ways_out(turn),), instead=True)


def _quiet(turn: Turn, draft: Draft) -> Reply:
    t = turn.t
    start = draft.start_at or turn.now
    morning = turn.quiet.end_after(start)
    text = t(
        "That is in the quiet hours, from {start} to {end}, when the assistant wakes nobody without need. "
        "Send it at night only if it can't wait.",
        start=f"{turn.quiet.start:%H:%M}",
        end=f"{turn.quiet.end:%H:%M}",
    )
    anyway = t("Now anyway") if draft.start == NOW else t("At {time} anyway", time=t.moment(start))
    return turn.say(
        text,
        buttons=(
            (button(t("At {time}", time=t.moment(morning)), "morning"),),
            (button(anyway, "anyway"),),
            _ways_out(turn),
        ),
        instead=True,
    )


async def _preview(turn: Turn, draft: Draft) -> list[Reply]:
    t = turn.t
    counts = await audiences.count_by_channel(turn.connection, draft.audience)
    offering = await audiences.offering(turn.connection, draft.audience)
    shown = exactly_as_sent(turn, draft)
    lines = [
        t("Above you see exactly what recipients get."),
        _languages(turn, draft),
        "",
        t("For: {audience}", audience=audience_name(t, turn.known, draft.audience, offering)),
        *(f"- {channel_name(t, channel)}: {t.number(count)}" for channel, count in counts.items()),
        t("When: {time}", time=_start(turn, draft)),
    ]
    edit, test = button(t("Edit the text"), "edit"), button(t("Send a test to me"), "test", draft.token)
    if not counts:
        lines += ["", t("This announcement can't be sent, because nobody belongs to its audience at the moment.")]
        rows = [(button(t("Choose another audience"), "audience"),), (edit, test)]
    else:
        label = t("Send") if draft.start == NOW else t("Schedule")
        rows = [(button(label, "send", draft.token),), (edit, test)]
    summary = turn.say("\n".join(lines), title=t("Preview"), buttons=(*rows, _ways_out(turn)))
    return [*shown, summary]


async def _confirm(turn: Turn, draft: Draft) -> Reply:
    t = turn.t
    total = sum((await audiences.count_by_channel(turn.connection, draft.audience)).values())
    others = [each for each in await contacts.staff(turn.connection, Role.ADMIN) if each != turn.person.contact_id]
    lines = [
        t.plural(
            "Shall the announcement go to exactly {number} account?",
            "Shall the announcement go to exactly {number} accounts?",
            total,
        ),
        t("When: {time}", time=_start(turn, draft)),
    ]
    if others:
        lines.append(t("Another administrator must approve it first; they are asked as soon as you confirm."))
    elif draft.start_at is not None:
        lines.append(t("Whoever joins the audience until then gets it too."))
    yes = t.plural("Yes, send it to {number} account", "Yes, send it to {number} accounts", total)
    return turn.say("\n".join(lines), buttons=((button(yes, "confirm", draft.token),), _ways_out(turn)), instead=True)


def _languages(turn: Turn, draft: Draft) -> str:
    t = turn.t
    if len(draft.texts) > 1:
        return t("Whoever uses Vietnamese gets the first, whoever uses English the second.")
    if Language.VI in draft.texts:
        return t("There is no English text, so everybody gets the Vietnamese one.")
    return t("There is no Vietnamese text, so everybody gets the English one.")


def _start(turn: Turn, draft: Draft) -> str:
    return turn.t("as soon as possible") if draft.start_at is None else turn.t.moment(draft.start_at)


def _ways_out(turn: Turn) -> tuple[Button, ...]:
    return (button(turn.t("Back"), "back"), button(turn.t("Cancel"), "drop"))
