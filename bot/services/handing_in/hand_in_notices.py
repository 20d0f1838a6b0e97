"""Who is told when a report comes in, is accepted or returned: finished texts in the language of each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Translator, Translators
from bot.messages import Button, Person, Reply
from bot.services.agencies import focal_points
from bot.services.handing_in import version_texts
from bot.services.handing_in.versions import Version
from bot.services.messages import outbox
from bot.services.people.officers import without
from bot.services.reporting import receivers, report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.receivers import Receivers
from content.model import Content


async def came_in(
    connection: AsyncConnection,
    owed: Owed,
    version: Version,
    *,
    who: Receivers,
    known: Content,
    translators: Translators,
    now: datetime,
) -> int:
    """Put a version before those whose turn it is to review it; who handed it in only if nobody else could.

    Returns how many are told.
    """
    duty = known.duties.get(owed.duty)
    reviewer = receivers.reviewer(duty, owed.level) if duty else ""
    told = who.told(reviewer) if reviewer else []
    others = without(told, version.submitted.contact_id or 0) or told

    def written(person: Person, t: Translator) -> Reply:
        lines = version_texts.head(owed, version, person.contact_id, t)
        return Reply(
            "\n".join([report_texts.title(owed, known, t), *lines]),
            person.language,
            title=t("A corrected report has come in") if version.version > 1 else t("A report has come in"),
            buttons=((Button(t("Look at the report"), f"rev:show:{version.id}"),),
                     (Button(t("Reports to review"), "rev:list:0"),)),
        )  # fmt: skip

    key = f"submission:{version.id}:level:{owed.level}"
    by = version.submitted.contact_id
    return len(await outbox.tell(connection, others, key, written, translators=translators, now=now, about=by))


async def accepted(
    connection: AsyncConnection,
    owed: Owed,
    version: Version,
    *,
    known: Content,
    translators: Translators,
    now: datetime,
) -> None:
    """Tell the agency's people that its report is accepted."""

    def written(person: Person, t: Translator) -> Reply:
        lines = [
            *_which(owed, version, known, t),
            version_texts.timeliness(owed, t),
            "",
            t("Thank you. Nothing is left to do for this report."),
        ]
        return Reply(
            "\n".join(lines),
            person.language,
            title=t("Your report has been accepted"),
            buttons=((Button(t("See what was handed in"), f"hand:version:{version.id}"),),),
        )

    people = await _of_agency(connection, owed, version, now, translators)
    key = f"submission:{version.id}:accepted"
    await outbox.tell(connection, people, key, written, translators=translators, now=now)


async def returned(
    connection: AsyncConnection,
    owed: Owed,
    version: Version,
    remarks: str,
    *,
    known: Content,
    translators: Translators,
    now: datetime,
) -> None:
    """Tell the agency's people what is to be corrected, and until when."""

    def written(person: Person, t: Translator) -> Reply:
        lines = [
            *_which(owed, version, known, t),
            t("Please correct it by {date}.", date=t.date(owed.correct_by)) if owed.correct_by else "",
            "",
            t("Remarks: {remarks}", remarks=remarks),
            "",
            t("All answers are kept: you only change what the remarks are about, then hand it in again."),
        ]
        return Reply(
            "\n".join(lines),
            person.language,
            title=t("Your report has been returned for correction"),
            buttons=((Button(t("Correct the report"), f"hand:begin:{owed.id}"),),
                     (Button(t("See what was handed in"), f"hand:version:{version.id}"),)),
        )  # fmt: skip

    people = await _of_agency(connection, owed, version, now, translators)
    key = f"submission:{version.id}:returned"
    await outbox.tell(connection, people, key, written, translators=translators, now=now)


async def _of_agency(
    connection: AsyncConnection, owed: Owed, version: Version, now: datetime, translators: Translators
) -> list[int]:
    """Everybody of the agency who is there that day, and who handed it in if they still answer for it."""
    today = now.astimezone(translators.vi.zone).date()
    people = (await focal_points.present(connection, [owed.agency.id], today)).get(owed.agency.id, [])
    return [each.contact_id for each in people if not each.away or each.contact_id == version.submitted.contact_id]


def _which(owed: Owed, version: Version, known: Content, t: Translator) -> list[str]:
    """Which report it is, and which version of it."""
    return [
        report_texts.title(owed, known, t),
        owed.agency.in_language(t.language),
        t("Period: {period}", period=report_texts.period(owed.period, t)),
        t("Version {version}, code {code}.", version=version.version, code=version.code),
    ]
