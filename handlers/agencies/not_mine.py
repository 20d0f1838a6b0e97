"""«Không phải tôi»: pass a report on to whoever it concerns, who may not be here yet, or say that one has left.

Whoever said so is not reminded of this report any more, until they take it back.
"""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.agencies import focal_history, focal_notices
from bot.services.agencies.agencies import FocalRole
from bot.services.agencies.focal_points import FocalPerson
from bot.services.businesses import colleague_names
from bot.services.people import invitations
from bot.services.reminding import addressees
from bot.services.reporting import not_mine, obligations, report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED
from handlers.agencies import focal_pages
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn


async def ask(turn: Turn, obligation_id: int) -> Reply:
    """Whose is it?"""
    t = turn.t
    found = await _mine(turn, obligation_id)
    if found is None:
        return report_pages.not_yours(turn)
    owed, me = found
    if owed.status not in OWED:
        return await report_pages.page(turn, owed, t("This report has been handed in; nothing has to be passed on."))
    colleagues = await focal_pages.others(turn, me)
    rows = [
        (Button(focal_pages.colleague(turn, each), f"focal:route:{owed.id}:{each.contact_id}"),) for each in colleagues
    ]
    return turn.say(
        "\n".join(
            [
                report_texts.title(owed, turn.known, t),
                owed.agency.in_language(t.language),
                "",
                t("Who looks after this report?"),
            ]
        ),
        title=t("Not mine"),
        buttons=(
            *rows,
            (Button(t("Somebody who is not here yet"), f"focal:routecode:{owed.id}"),),
            (Button(t("I do not know who"), f"focal:declined:{owed.id}"),),
            (Button(t("I do not answer for the agency any more"), f"focal:leave:{owed.agency.id}:{owed.id}"),),
            (Button(t("Back"), f"report:open:{owed.id}"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


async def to_colleague(turn: Turn, obligation_id: int, contact_id: int) -> Reply:
    """Pass the report on; a second press says that this has been done."""
    t = turn.t
    found = await _mine(turn, obligation_id)
    if found is None:
        return report_pages.not_yours(turn)
    owed, me = found
    colleague = next((each for each in await focal_pages.others(turn, me) if each.contact_id == contact_id), None)
    if colleague is None:
        return focal_pages.gone(turn)
    name = colleague_names.who(colleague.name, t)
    before = await not_mine.of(turn.connection, [owed.id])
    if owed.status not in OWED or before.get(owed.id, {}).get(me.contact_id) == contact_id:
        return await report_pages.page(turn, owed, t("This has been passed on to {name} already.", name=name))
    await _record(turn, owed, me, contact_id)
    if not await focal_notices.tell_passed(focal_pages.teller(turn), owed, me, contact_id):
        note = t("It is noted that {name} looks after this report, but they can't be reached here: please tell them.",
                 name=name)  # fmt: skip
        return await report_pages.page(turn, owed, note)
    note = t("Passed on to {name}, who has been told. You are not reminded of this report any more.", name=name)
    return await report_pages.page(turn, owed, note)


async def by_code(turn: Turn, obligation_id: int) -> Reply:
    """A code to pass on to whoever looks after the report and is not here yet."""
    t = turn.t
    found = await _mine(turn, obligation_id)
    if found is None:
        return report_pages.not_yours(turn)
    owed, me = found
    code = await invitations.create(
        turn.connection,
        agency_slug=me.agency.slug,
        focal_role=FocalRole.HOLDER.value,
        created_by=me.contact_id,
        now=turn.now,
    )
    await _record(turn, owed, me, None)
    until = t.moment(turn.now + invitations.VALID_FOR)
    text = "\n".join(
        [
            await focal_pages.code_to_forward(turn, code, FocalRole.HOLDER, me.agency, until),
            "",
            t(
                "Once your colleague has used it, they see this report and are reminded of it. You stay focal point, "
                "but are not reminded of this report any more."
            ),
            *await _nobody_left(turn, owed),
        ]
    )
    return turn.say(
        text,
        title=report_texts.title(owed, turn.known, t),
        buttons=((Button(t("Back to the report"), f"report:open:{owed.id}"),), focal_pages.to_page(me.agency.id, t)),
    )


async def decline(turn: Turn, obligation_id: int) -> Reply:
    """The report is not theirs, and they don't know whose it is."""
    t = turn.t
    found = await _mine(turn, obligation_id)
    if found is None:
        return report_pages.not_yours(turn)
    owed, me = found
    if owed.status in OWED and me.contact_id not in (await not_mine.of(turn.connection, [owed.id])).get(owed.id, {}):
        await _record(turn, owed, me, None)
    note = " ".join([t("Noted. You are not reminded of this report any more."), *await _nobody_left(turn, owed)])
    return await report_pages.page(turn, owed, note)


async def take_back(turn: Turn, obligation_id: int) -> Reply:
    """The report is theirs after all."""
    t = turn.t
    found = await _mine(turn, obligation_id)
    if found is None:
        return report_pages.not_yours(turn)
    owed, me = found
    await not_mine.take_back(turn.connection, owed.id, me.contact_id, turn.now)
    return await report_pages.page(turn, owed, t("You are reminded of this report again."))


async def _nobody_left(turn: Turn, owed: Owed) -> list[str]:
    """What to know where everybody says that the report is not theirs."""
    people = await addressees.load(turn.connection, [owed.agency.id], turn.today, [owed.id])
    if owed.status not in OWED or people.answering(owed):
        return []
    return [
        turn.t(
            "At the moment nobody of your agency is reminded of it; the receiving agency is told so before it is due."
        )
    ]


async def _mine(turn: Turn, obligation_id: int) -> tuple[Owed, FocalPerson] | None:
    owed = await obligations.find(turn.connection, obligation_id, contact_id=turn.person.contact_id)
    me = await focal_pages.mine(turn, owed.agency.id) if owed is not None else None
    return (owed, me) if owed is not None and me is not None else None


async def _record(turn: Turn, owed: Owed, me: FocalPerson, told: int | None) -> None:
    await not_mine.say(turn.connection, owed.id, me.contact_id, passed_to=told, now=turn.now)
    await focal_history.record(
        turn.connection, me.agency.id, focal_history.What.NOT_MINE, contact_id=me.contact_id, by=me.contact_id,
        now=turn.now, obligation=owed.id, to=told,
    )  # fmt: skip
