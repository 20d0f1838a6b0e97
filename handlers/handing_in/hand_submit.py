"""Handing in, once: the receipt, and the notice to those who review."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.handing_in import hand_in_notices, submissions, version_texts, versions
from bot.services.handing_in.submissions import Outcome, Result
from bot.services.handing_in.versions import Version
from bot.services.reporting import obligations, receivers, report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import Status
from handlers.handing_in import hand_state, whole_pages
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn


async def submit(turn: Turn, obligation_id: int, revision: int) -> Reply:
    """Hand in what the person has seen; pressed again, show the receipt again."""
    t, contact_id = turn.t, turn.person.contact_id
    owed = await obligations.find(turn.connection, obligation_id, contact_id=contact_id)
    if owed is None:
        return report_pages.not_yours(turn)
    duty = turn.known.duties.get(owed.duty)
    if duty is None:
        return await report_pages.page(turn, owed, t("This report is no longer asked for."))
    result = await submissions.submit(
        turn.connection, obligation_id, contact_id, revision=revision, duty=duty, zone=t.zone, now=turn.now
    )
    if result is None:
        return report_pages.not_yours(turn)
    if result.outcome is Outcome.DONE and result.version is not None:
        return await _done(turn, result, result.version)
    if result.outcome is Outcome.GONE:
        return await _handed_in_before(turn, result.owed)
    there = await hand_state.load(turn, obligation_id)
    if isinstance(there, Reply):
        return there
    note = t("Something has been changed since you read this. Please read it once more before you hand it in.")
    return await whole_pages.whole(turn, there, note if result.outcome is Outcome.CHANGED else "")


async def _done(turn: Turn, result: Result, version: Version) -> Reply:
    if hand_state.read(turn) is not None:
        await turn.end()
    told = 0
    if result.owed.status is Status.SUBMITTED:
        told = await hand_in_notices.came_in(
            turn.connection,
            result.owed,
            version,
            who=await receivers.load(turn.connection),
            known=turn.known,
            translators=turn.translators,
            now=turn.now,
        )
    return receipt(turn, result.owed, version, told=told)


async def _handed_in_before(turn: Turn, owed: Owed) -> Reply:
    """The receipt again for who handed it in; for a colleague the page that says who did."""
    version = await versions.newest(turn.connection, owed.id)
    state = hand_state.read(turn)
    if state is not None and state.obligation == owed.id:
        await turn.end()
    note = turn.t("This report has already been recorded as handed in.")
    if version is None or version.submitted.contact_id != turn.person.contact_id:
        return await report_pages.page(turn, owed, note)
    return receipt(turn, owed, version, note=note)


def receipt(turn: Turn, owed: Owed, version: Version, *, note: str = "", told: int = 1) -> Reply:
    """That it was handed in: code, moment, in time or not, and what comes next."""
    t = turn.t
    lines = [
        *([note, ""] if note else []),
        report_texts.title(owed, turn.known, t),
        owed.agency.in_language(t.language),
        t("Period: {period}", period=report_texts.period(owed.period, t)),
        t("Document: {number} of {date}", number=version.document_number, date=t.short_date(version.document_date)),
        t("Code: {code} (version {version})", code=version.code, version=version.version),
        t("Recorded: {when}", when=t.moment(version.submitted.at)),
        version_texts.timeliness(owed, t),
        "",
        t("You will get no more reminders of this report."),
    ]
    if version.status == "submitted":
        lines.append(
            t("The receiving agency has been told. You will hear when it is accepted, or returned with remarks.")
            if told
            else t(
                "Nobody of the receiving agency can be reached in the chat at the moment; the report waits for them."
            )
        )
    elif version.status == "accepted":
        lines.append(t("This report is complete."))
    return turn.say(
        "\n".join(lines),
        title=t("Receipt: report handed in"),
        buttons=(
            (Button(t("See what was handed in"), f"hand:version:{version.id}"),),
            (Button(t("All reports"), "do:reports"), Button(t("Menu"), MENU)),
        ),
    )
