"""What an officer reads of reports that came in: those that wait, and one of them with everything in it."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.handing_in import reviews, version_texts, versions
from bot.services.handing_in.reviews import Outcome, Result, ToReview
from bot.services.people.officers import is_officer
from bot.services.reporting import report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.receivers import Receivers
from handlers.handing_in import version_pages
from handlers.menu import MENU
from handlers.turn import Turn

AT_ONCE = 6
LIST = "rev:list:0"


async def queue(turn: Turn, who: Receivers, start: int) -> Reply:
    """The reports that wait for this officer, those that wait longest first."""
    t = turn.t
    if not is_officer(turn.person):
        return not_yours(turn)
    mine = turn.person.contact_id
    total = await reviews.count(turn.connection, who, mine, turn.known)
    found = await reviews.waiting(turn.connection, who, mine, turn.known, offset=start, limit=AT_ONCE + 1)
    if not found and start:
        return await queue(turn, who, 0)
    shown = found[:AT_ONCE]
    lines: list[str] = []
    if shown:
        lines.append(
            t.plural("{number} report waits for your review.", "{number} reports wait for your review.", total)
        )
    else:
        lines.append(t("No report waits for your review. You are told when one comes in."))
    lines += [_entry(turn, owed, place) for place, owed in enumerate(shown, start=start + 1)]
    rows: list[tuple[Button, ...]] = [
        (Button(report_texts.shortened(f"{place}. {owed.agency.in_language(t.language)}"), f"rev:newest:{owed.id}"),)
        for place, owed in enumerate(shown, start=start + 1)
    ]
    turning = [Button(t("Previous"), f"rev:list:{max(0, start - AT_ONCE)}")] if start else []
    if len(found) > AT_ONCE:
        turning.append(Button(t("More"), f"rev:list:{start + AT_ONCE}"))
    rows += [tuple(turning)] if turning else []
    rows.append((Button(t("Agency reports"), "do:reports"), Button(t("Menu"), MENU)))
    return turn.say("\n\n".join(lines), title=t("Reports to review"), buttons=tuple(rows), instead=True)


def _entry(turn: Turn, owed: Owed, place: int) -> str:
    t = turn.t
    since = t.moment(owed.submitted.at) if owed.submitted else ""
    return "\n".join(
        [
            f"{place}. {owed.agency.in_language(t.language)}",
            report_texts.title(owed, turn.known, t),
            t("Period: {period}", period=report_texts.period(owed.period, t)),
            t("Waiting since {when}.", when=since),
            version_texts.timeliness(owed, t),
        ]
    )


async def page(turn: Turn, about: ToReview, who: Receivers, note: str = "") -> Reply:
    """One version with its figures, parts, files and history, and what can be decided about it."""
    t, owed, version = turn.t, about.owed, about.version
    parts = [note] if note else []
    rows: list[tuple[Button, ...]] = []
    if about.current and who.may_act_for(turn.person.contact_id, about.reviewer):
        if reviews.is_own(about, turn.person.contact_id, who):
            parts.append(t("You handed this report in yourself; another officer has to review it."))
        else:
            rows.append(
                (
                    Button(t("Accept"), f"rev:accept:{version.id}:{about.level}"),
                    Button(t("Return for correction"), f"rev:return:{version.id}:{about.level}"),
                )
            )
    elif about.current:
        agency = turn.known.agencies.get(about.reviewer)
        name = agency.name.in_language(t.language) if agency else about.reviewer
        parts.append(t("This report now waits for {agency}.", agency=name))
    every = await versions.of_obligation(turn.connection, owed.id)
    parts.append(await version_pages.body(turn, owed, version, every))
    rows += version_pages.file_buttons(turn, owed, version, "rev")
    rows += version_pages.version_buttons(turn, version, every, "rev")
    rows.append((Button(t("Report history"), f"report:history:{owed.id}"), Button(t("Reports to review"), LIST)))
    rows.append((Button(t("Menu"), MENU),))
    return turn.say("\n\n".join(parts), title=report_texts.title(owed, turn.known, t), buttons=tuple(rows))


def summary(turn: Turn, about: ToReview) -> list[str]:
    """Which report it is, in a few lines, for a question about it."""
    t = turn.t
    return [
        about.owed.agency.in_language(t.language),
        report_texts.title(about.owed, turn.known, t),
        t("Period: {period}", period=report_texts.period(about.owed.period, t)),
        t("Version {version}, code {code}.", version=about.version.version, code=about.version.code),
        version_texts.timeliness(about.owed, t),
    ]


def not_yours(turn: Turn) -> Reply:
    """For a button of a report that the person does not receive, or that no longer exists."""
    t = turn.t
    return turn.say(t("You do not receive this report, or it no longer exists."), buttons=((Button(t("Menu"), MENU),),))


def done(turn: Turn, about: ToReview, text: str) -> Reply:
    """What has been decided, and the way to the next report."""
    t = turn.t
    return turn.say(
        "\n".join([text, "", *summary(turn, about)]),
        title=t("Review"),
        buttons=(
            (Button(t("Next report"), LIST),),
            (Button(t("Look at the report"), f"rev:show:{about.version.id}"),),
        ),
        instead=True,
    )


async def refused(turn: Turn, who: Receivers, result: Result) -> Reply:
    """Why nothing was decided, with how things stand."""
    note = over(turn) if result.outcome is Outcome.OVER else ""
    return await page(turn, result.about, who, note)


def over(turn: Turn) -> str:
    """For a button that comes too late."""
    return turn.t("This has been decided before, or the agency has handed in a newer version. This is how it stands:")
