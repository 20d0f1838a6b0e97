"""What people are told when it changes who answers for an agency. Each reader in their own language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Translator, Translators
from bot.messages import Button, Person, Reply
from bot.services.agencies import focal_points
from bot.services.agencies.agencies import AgencyName
from bot.services.agencies.focal_points import Absence, FocalPerson
from bot.services.businesses import colleague_names
from bot.services.calendar import working_days
from bot.services.messages import outbox
from bot.services.messages.outbox import Notice
from bot.services.people import contacts
from bot.services.people.officers import LEAD
from bot.services.reporting import obligations, receivers, report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED
from content.model import Content

MENU = "do:menu"


@dataclass(frozen=True, slots=True)
class Teller:
    """What it takes to tell somebody something. ``now`` is also what keeps one occasion apart from the next."""

    connection: AsyncConnection
    known: Content
    translators: Translators
    now: datetime

    async def tell(
        self,
        contact_ids: Iterable[int],
        occasion: str,
        write: Callable[[Translator], Reply],
        *,
        about: int | None = None,
    ) -> set[int]:
        """The same to each of them who can be written to, once per occasion; returns who these are.

        ``about`` is the colleague whom it names.
        """
        return await outbox.tell(
            self.connection,
            contact_ids,
            occasion,
            lambda _, t: write(t),
            translators=self.translators,
            now=self.now,
            about=about,
        )

    def occasion(self, what: str, agency: AgencyName) -> str:
        return f"focal-{what}:{agency.id}:{self.now:%Y%m%d%H%M%S%f}"


async def open_reports(teller: Teller, contact_id: int, agency_id: int) -> list[Owed]:
    """What the person's agency has to hand in, by due date."""
    everything = await obligations.of_person(teller.connection, contact_id, teller.now)
    return [each for each in everything if each.agency.id == agency_id and each.status in OWED]


async def listed(teller: Teller, owed: list[Owed], t: Translator, most: int = 8) -> str:
    """Open reports, a line or two each; what to do where there is none."""
    if not owed:
        return t("At the moment the agency has no report to hand in.")
    calendar = await working_days.load(teller.connection)
    today = teller.now.astimezone(t.zone).date()
    lines = [
        f"{place}. {report_texts.title(each, teller.known, t)}\n{report_texts.due(each, today, calendar, t)}"
        for place, each in enumerate(owed[:most], start=1)
    ]
    if len(owed) > most:
        lines.append(t.plural("…and {number} more", "…and {number} more", len(owed) - most))
    return "\n".join([t("Reports to hand in:"), *lines])


async def tell_successor(teller: Teller, successor: int, former: FocalPerson) -> bool:
    """Tell a colleague that they took over, with what is open; False when they can't be written to."""
    agency = former.agency
    person = (await contacts.reachable(teller.connection, [successor])).get(successor)
    if person is None:
        return False
    t = teller.translators.for_language(person.language)
    owed = await open_reports(teller, successor, agency.id)
    reply = Reply(
        t("{name} has handed over to you: you are now in charge for {agency}.",
          name=colleague_names.starting(former.name, t), agency=agency.in_language(t.language))
        + "\n\n" + await listed(teller, owed, t),
        t.language,
        title=t("Handover"),
        buttons=((Button(t("Agency reports"), "do:reports"), focal_page(agency, t)), (Button(t("Menu"), MENU),)),
    )  # fmt: skip
    notice = Notice(person, f"{teller.occasion('successor', agency)}:{successor}", reply, former.contact_id)
    await outbox.notify_all(teller.connection, [notice], now=teller.now)
    return True


async def tell_former(teller: Teller, former: int, successor: Person, agency: AgencyName) -> None:
    """Tell a focal point that their successor has used the code."""
    await teller.tell(
        [former],
        teller.occasion("former", agency),
        lambda t: Reply(
            t(
                "{name} has taken over from you as focal point of {agency}. You are not reminded of its reports any "
                "more. Thank you for your work.",
                name=colleague_names.starting(successor.name, t),
                agency=agency.in_language(t.language),
            ),
            t.language,
            title=t("Handover"),
            buttons=((Button(t("Menu"), MENU),),),
        ),
        about=successor.contact_id,
    )


async def tell_removed(teller: Teller, contact_id: int, agency: AgencyName) -> None:
    """Tell somebody that an officer ended their part in an agency."""
    await teller.tell(
        [contact_id],
        teller.occasion("removed", agency),
        lambda t: Reply(
            t(
                "You are no longer focal point of {agency}, and are not reminded of its reports any more. If that is "
                "a mistake, please tell the Department of Industry and Trade with /officer.",
                agency=agency.in_language(t.language),
            ),
            t.language,
            title=t("Focal point"),
            buttons=((Button(t("Menu"), MENU),),),
        ),
    )


async def tell_nobody_left(teller: Teller, agency: AgencyName, *, but: int | None = None) -> None:
    """Tell those who look after the agencies, if nobody answers for this one any more."""
    if await focal_points.of_agency(teller.connection, agency.id):
        return
    staff = (await receivers.load(teller.connection)).told(LEAD)
    await teller.tell(
        [each for each in staff if each != but],
        teller.occasion("nobody", agency),
        lambda t: Reply(
            t(
                "{agency} has no focal point any more: nobody is reminded of its reports. Issue a code and send it to "
                "the agency.",
                agency=agency.in_language(t.language),
            ),
            t.language,
            title=t("An agency without a focal point"),
            buttons=(
                (Button(t("Issue a code"), f"focal:code:{agency.id}"),),
                (Button(t("Show the agency"), f"focal:agency:{agency.id}"), Button(t("Menu"), MENU)),
            ),
        ),
    )


async def tell_stand_in(teller: Teller, away: FocalPerson, absence: Absence) -> bool:
    """Tell the colleague who was named that they answer meanwhile; False when they can't be written to."""
    if absence.stand_in is None:
        return False
    told = await teller.tell(
        [absence.stand_in],
        teller.occasion("stand-in", away.agency),
        lambda t: Reply(
            t(
                "{name} is away from {start} to {end} and named you to stand in as focal point of {agency}. On these "
                "days I remind you of its reports.",
                name=colleague_names.starting(away.name, t),
                start=t.date(absence.start),
                end=t.date(absence.end),
                agency=away.agency.in_language(t.language),
            ),
            t.language,
            title=t("You stand in"),
            buttons=((Button(t("Agency reports"), "do:reports"), focal_page(away.agency, t)),),
        ),
        about=away.contact_id,
    )
    return bool(told)


async def tell_back(teller: Teller, back: FocalPerson, stand_in: int) -> None:
    """Tell the colleague who stood in that they need not any more."""
    await teller.tell(
        [stand_in],
        teller.occasion("back", back.agency),
        lambda t: Reply(
            t(
                "{name} goes on as focal point of {agency}; you need not stand in any more. Thank you.",
                name=colleague_names.starting(back.name, t),
                agency=back.agency.in_language(t.language),
            ),
            t.language,
            title=t("You no longer stand in"),
            buttons=((Button(t("Menu"), MENU),),),
        ),
        about=back.contact_id,
    )


async def tell_passed(teller: Teller, owed: Owed, by: FocalPerson, colleague: int) -> bool:
    """Pass a report on to a colleague; False when they can't be written to."""
    calendar = await working_days.load(teller.connection)
    today = teller.now.astimezone(teller.translators.vi.zone).date()
    told = await teller.tell(
        [colleague],
        f"{teller.occasion('passed', owed.agency)}:{owed.id}",
        lambda t: Reply(
            "\n".join(
                [
                    t("{name} says that this report is yours.", name=colleague_names.starting(by.name, t)),
                    "",
                    report_texts.title(owed, teller.known, t),
                    owed.agency.in_language(t.language),
                    report_texts.due(owed, today, calendar, t),
                ]
            ),
            t.language,
            title=t("A report passed on to you"),
            buttons=(
                (Button(t("Open the report"), f"report:open:{owed.id}"),),
                (Button(t("Not mine"), f"focal:notmine:{owed.id}"), Button(t("Menu"), MENU)),
            ),
        ),
        about=by.contact_id,
    )
    return bool(told)


def focal_page(agency: AgencyName, t: Translator) -> Button:
    """The button to the page on which focal points see who answers for their agency."""
    return Button(t("Focal points of the agency"), f"focal:page:{agency.id}")
