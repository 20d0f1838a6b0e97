"""Who is reminded: those whom a step addresses, or who stands in for them; and who hears of it as the receiver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Person, Reply
from bot.services.agencies import focal_points
from bot.services.agencies.agencies import FocalRole
from bot.services.agencies.focal_points import Present
from bot.services.messages.outbox import Notice
from bot.services.people import contacts
from bot.services.reporting import not_mine, receivers
from bot.services.reporting.not_mine import Declined
from bot.services.reporting.obligations import Owed
from bot.services.reporting.receivers import Receivers
from content.duty_model import Addressee, Duty

RECEIVER: Addressee = "receiver"
FIRST: tuple[Addressee, ...] = ("holder",)


class Gap(StrEnum):
    """Why an agency can't be reminded."""

    NOBODY = "nobody"  # it has no focal point
    BLOCKED = "blocked"  # none of them can be written to
    AWAY = "away"  # all who can be written to are away
    DISOWNED = "disowned"  # all who can be written to say that a report is not theirs


@dataclass(frozen=True, slots=True)
class Addressees:
    """Everybody who may be told, as a few queries found them. ``chats`` and ``mailboxes`` go by contact.

    ``declined`` are, by obligation, those who say that it is not theirs.
    """

    by_agency: dict[int, list[Present]]
    chats: dict[int, Person]
    mailboxes: dict[int, Person]
    receivers: Receivers
    declined: Declined

    def can_be_told(self, contact_id: int) -> bool:
        """Whether there is a chat or a confirmed mailbox to write to."""
        return contact_id in self.chats or contact_id in self.mailboxes

    def places(self, contact_id: int) -> list[Person]:
        """Where to write to somebody who can be told: in the chat, and as a copy to a confirmed mailbox."""
        return [place[contact_id] for place in (self.chats, self.mailboxes) if contact_id in place]

    def notices(self, contact_id: int, key: str, reply: Reply) -> list[Notice]:
        """The message to each of these places."""
        return [Notice(place, key, reply) for place, key in zip(self.places(contact_id), keys_of(key), strict=False)]

    def of_step(self, owed: Owed, to: Iterable[Addressee]) -> list[int]:
        """The focal points whom a step goes to.

        Those in the wanted roles who can be written to and are not away; where no holder is among them although one
        is wanted, the deputies too; where there is nobody, whoever of the agency is there; and where all are away,
        all the same from those. Nobody who said that the report is not theirs; whom they named counts as a holder.
        """
        wanted = [FocalRole(each) for each in to if each != RECEIVER]
        if not wanted:
            return []
        told = self.answering(owed)
        there = [each for each in told if not each.away] or told
        chosen = [each.contact_id for each in there if each.role in wanted]
        if FocalRole.HOLDER in wanted and not any(each.role is FocalRole.HOLDER for each in there):
            chosen += [each.contact_id for each in there if each.role is FocalRole.DEPUTY]
        return list(dict.fromkeys(chosen)) or [each.contact_id for each in there]

    def in_place_of(self, owed: Owed, contact_id: int) -> list[int]:
        """The person themselves, if they still answer for the report and are there; else whom a first step goes to."""
        if any(each.contact_id == contact_id and not each.away for each in self.answering(owed)):
            return [contact_id]
        return self.of_step(owed, FIRST)

    def answering(self, owed: Owed) -> list[Present]:
        """Those who answer for a report and can be told."""
        declined = self.declined.get(owed.id, {})
        named = set(declined.values())
        return [
            replace(each, role=FocalRole.HOLDER) if each.contact_id in named else each
            for each in self.by_agency.get(owed.agency.id, ())
            if each.contact_id not in declined and self.can_be_told(each.contact_id)
        ]

    def receiving(self, duty: Duty) -> list[int]:
        """Those who are told as the agency that first looks after the duty, as far as they can be written to."""
        slugs = receivers.receiving(duty)[:1]
        return [each for slug in slugs for each in self.receivers.told(slug) if self.can_be_told(each)]

    def gap(self, agency_id: int, obligation_ids: Iterable[int] = ()) -> Gap | None:
        """Why the agency can't be reminded, or not of one of these obligations; None when somebody is there."""
        people = self.by_agency.get(agency_id, ())
        told = [each for each in people if self.can_be_told(each.contact_id)]
        if not people:
            return Gap.NOBODY
        if not told:
            return Gap.BLOCKED
        if all(each.away for each in told):
            return Gap.AWAY
        everybody = {each.contact_id for each in told}
        disowned = any(everybody <= self.declined.get(each, {}).keys() for each in obligation_ids)
        return Gap.DISOWNED if disowned else None


def keys_of(key: str) -> tuple[str, str]:
    """The keys of a message and of its copy to a mailbox."""
    return key, f"{key}:copy"


async def load(
    connection: AsyncConnection, agency_ids: Iterable[int], today: date, obligation_ids: Sequence[int] = ()
) -> Addressees:
    """Everybody who may be told of what concerns these agencies, and these obligations of theirs, on a day."""
    by_agency = await focal_points.present(connection, sorted(set(agency_ids)), today)
    staff = await receivers.load(connection)
    everybody = sorted(
        {each.contact_id for people in by_agency.values() for each in people} | set(staff.staff.officers)
    )
    return Addressees(
        by_agency,
        await contacts.reachable(connection, everybody),
        await contacts.emails(connection, everybody),
        staff,
        await not_mine.of(connection, obligation_ids) if obligation_ids else {},
    )
