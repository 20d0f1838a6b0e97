"""Takes what people wrote out of applications and businesses, of which the bare rows stay for the figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.applications import (
    Application,
    ApplicationEvent,
    ApplicationMessage,
    Draft,
    EventFeedback,
    StoredFile,
)
from bot.db.models.businesses import Business, BusinessEvent, BusinessMember, MembershipRequest
from bot.db.models.check_in import CheckIn, CheckInConflict
from bot.db.models.people import Contact

# Of the profile, what says something about a person rather than about the enterprise.
PERSONAL = ("contact_name", "phone", "email")
_PERSONAL_CODE = 12


async def empty(connection: AsyncConnection, application_ids: Sequence[int], now: datetime) -> None:
    """Forget what was written in and about these applications, their files, and who made them.

    What is left says that there was one, to what, and how it ended. A business whose last application is
    emptied loses what its profile says about people, and one that is held by a person's number that number too.
    """
    if not application_ids:
        return
    these = among(connection, Application.id, application_ids)
    businesses = (await connection.execute(select(Application.business_id).where(these).distinct())).scalars().all()
    await connection.execute(
        delete(ApplicationMessage).where(among(connection, ApplicationMessage.application_id, application_ids))
    )
    await connection.execute(delete(StoredFile).where(among(connection, StoredFile.application_id, application_ids)))
    await connection.execute(
        update(ApplicationEvent)
        .where(among(connection, ApplicationEvent.application_id, application_ids))
        .values(reason="")
    )
    staff = select(Contact.id).where(Contact.role.is_not(None))
    await connection.execute(
        update(ApplicationEvent)
        .where(
            among(connection, ApplicationEvent.application_id, application_ids), ApplicationEvent.actor_id.not_in(staff)
        )
        .values(actor_id=None)
    )
    await connection.execute(
        update(EventFeedback)
        .where(among(connection, EventFeedback.application_id, application_ids))
        .values(contact_id=None, comment="")
    )
    await connection.execute(
        update(CheckIn).where(among(connection, CheckIn.application_id, application_ids)).values(name="")
    )
    await connection.execute(
        update(CheckInConflict)
        .where(among(connection, CheckInConflict.application_id, application_ids))
        .values(code="")
    )
    await connection.execute(
        update(Application).where(these).values(answers={}, contact_id=None, draft_id="", erased_at=now)
    )
    await _empty_businesses(connection, businesses)


async def forget_contact_person(connection: AsyncConnection, contact_id: int, business_ids: Sequence[int]) -> None:
    """Take out of the businesses' profiles the details of a contact person that this person was the last to enter."""
    if not business_ids:
        return
    newer = (
        select(func.max(BusinessEvent.id))
        .where(among(connection, BusinessEvent.business_id, business_ids), BusinessEvent.field.in_(PERSONAL))
        .group_by(BusinessEvent.business_id, BusinessEvent.field)
    )
    rows = await connection.execute(
        select(BusinessEvent.business_id, BusinessEvent.field).where(
            BusinessEvent.id.in_(newer), BusinessEvent.actor_id == contact_id
        )
    )
    entered: dict[int, set[str]] = {}
    for business_id, field in rows:
        entered.setdefault(business_id, set()).add(field)
    await _take_out(connection, entered)


async def forget_in_answers(connection: AsyncConnection, application_ids: Sequence[int]) -> None:
    """Take the contact person out of applications that go on without that person."""
    if not application_ids:
        return
    rows = await connection.execute(
        select(Application.id, Application.answers).where(among(connection, Application.id, application_ids))
    )
    without = [
        {"of_application": id_, "left": {name: value for name, value in answers.items() if name not in PERSONAL}}
        for id_, answers in rows
    ]
    await connection.execute(
        update(Application)
        .where(Application.id == bindparam("of_application"))
        .values(answers=bindparam("left", type_=Application.answers.type)),
        without,
    )


async def _empty_businesses(connection: AsyncConnection, business_ids: Sequence[int]) -> None:
    """Of those businesses for which nothing goes on any more and nobody is filling anything in."""
    over = (
        (
            await connection.execute(
                select(Business.id).where(
                    among(connection, Business.id, business_ids),
                    not_(exists().where(Application.business_id == Business.id, Application.erased_at.is_(None))),
                    not_(exists().where(Draft.business_id == Business.id)),
                )
            )
        )
        .scalars()
        .all()
    )
    if not over:
        return
    await _take_out(connection, {each: set(PERSONAL) for each in over})
    held_by_person = (
        (
            await connection.execute(
                select(Business.id).where(
                    among(connection, Business.id, over), func.length(Business.tax_code) == _PERSONAL_CODE
                )
            )
        )
        .scalars()
        .all()
    )
    if not held_by_person:
        return
    for table in (BusinessMember, MembershipRequest):
        await connection.execute(delete(table).where(among(connection, table.business_id, held_by_person)))
    await connection.execute(
        update(Business)
        .where(Business.id == bindparam("of_business"))
        .values(tax_code=bindparam("nothing"), name="", profile={}),
        [{"of_business": each, "nothing": f"x{each}"} for each in held_by_person],
    )


async def _take_out(connection: AsyncConnection, fields: dict[int, set[str]]) -> None:
    if not fields:
        return
    rows = await connection.execute(
        select(Business.id, Business.profile).where(among(connection, Business.id, list(fields)))
    )
    await connection.execute(
        update(Business)
        .where(Business.id == bindparam("of_business"))
        .values(profile=bindparam("left", type_=Business.profile.type)),
        [
            {"of_business": id_, "left": {name: each for name, each in profile.items() if name not in fields[id_]}}
            for id_, profile in rows
        ],
    )


async def forget_authorship(connection: AsyncConnection, contact_id: int) -> None:
    """What a person wrote about applications that go on with their colleagues, and the files they left nowhere."""
    drafts = select(Draft.id).where(Draft.contact_id == contact_id)
    await connection.execute(
        delete(StoredFile).where(
            or_(StoredFile.draft_id.in_(drafts), StoredFile.contact_id == contact_id),
            StoredFile.application_id.is_(None),
            StoredFile.obligation_id.is_(None),  # those of a report are its agency's
        )
    )
    await connection.execute(delete(Draft).where(Draft.contact_id == contact_id))
    await connection.execute(delete(MembershipRequest).where(MembershipRequest.contact_id == contact_id))
    await connection.execute(
        update(ApplicationMessage).where(ApplicationMessage.author_id == contact_id).values(author_id=None, text="")
    )
    await connection.execute(
        update(ApplicationEvent).where(ApplicationEvent.actor_id == contact_id).values(actor_id=None, reason="")
    )
    await connection.execute(
        update(EventFeedback).where(EventFeedback.contact_id == contact_id).values(contact_id=None, comment="")
    )
    await connection.execute(update(StoredFile).where(StoredFile.contact_id == contact_id).values(contact_id=None))
