"""What reports have of a person: seen, forgotten without the agency losing its report, moved when accounts join."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select

from bot.db import web_messages
from bot.db.models.applications import StoredFile
from bot.db.models.messages import Delivery, WebMessage
from bot.db.models.people import FocalPoint
from bot.db.models.reporting import ObligationEvent
from bot.i18n import Translators
from bot.messages import Language, Reply
from bot.services.people import named_to_others
from tests.chat import PersonInTown, Town
from tests.handing_in import contact_id, draft_of, hand_in, owe, versions_of
from tests.reporting import appoint, employ
from tests.sample_files import PDF


async def leaves_all_agencies(town: Town, person: PersonInTown) -> None:
    who = await contact_id(town, person)
    async with town.database.transaction() as connection:
        await connection.execute(delete(FocalPoint).where(FocalPoint.contact_id == who))


async def test_the_name_goes_and_the_report_stays(town: Town) -> None:
    officer = await employ(town, "Thu", agency="so-cong-thuong")
    number = await owe(town)
    lan, minh = await appoint(town, "Lan"), await appoint(town, "Minh", focal_role="deputy")
    await lan.sends_press(f"hand:begin:{number}")
    lan.skips()
    await lan.presses("Whole report")
    lan.skips()
    await lan.presses("Change an answer")
    lan.skips()
    await lan.says("24")
    lan.skips()
    await lan.sends_file("signed.pdf", PDF, "application/pdf")
    lan.skips()
    await hand_in(town, lan, number)
    lan.reads("Receipt")
    await lan.sends_press(f"hand:reopen:{number}")
    lan.skips()
    await lan.sends_press("privacy:mine")
    lan.reads("Reports that you handed in: 1", "Entries with your name in the history of reports: 2")
    (before,) = await versions_of(town, number)
    await leaves_all_agencies(town, lan)
    await reads_it_on_the_web_page_too(town)
    await lan.sends_press("privacy:mine")
    lan.skips()
    await lan.presses("Delete now")
    lan.reads("the reports and their files stay with the agencies")
    await lan.presses("Yes, delete it all")
    lan.skips()
    (after,) = await versions_of(town, number)
    assert (after.figures, after.parts, after.files, after.code) == (
        before.figures,
        before.parts,
        before.files,
        before.code,
    )
    assert after.submitted.contact_id is None
    assert after.submitted.name == ""
    assert (await draft_of(town, minh, number)).authors == {}
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(StoredFile)) == 1
        named = select(func.count()).select_from(ObligationEvent).where(ObligationEvent.contact_id.is_not(None))
        assert await connection.scalar(named) == 0
    await town.deliver()
    officer.reads("A report has come in", "Handed in by [name erased] at")
    await officer.sends_press(f"rev:show:{after.id}")
    shown = officer.reads("Handed in by a focal point of the agency").plain
    assert "Lan" not in shown
    async with town.database.reading() as connection:
        for column in (Delivery.content, WebMessage.content):
            assert "Lan" not in str((await connection.scalars(select(column))).all())


async def reads_it_on_the_web_page_too(town: Town) -> None:
    """The notice of what came in, as a line of an officer who sits at the chat page."""
    async with town.database.transaction() as connection:
        notice = (await connection.execute(select(Delivery).where(Delivery.key.startswith("submission:")))).one()
        await web_messages.add_line(
            connection, notice.address_id, notice.content, from_person=False, now=town.clock(), delivery_id=notice.id
        )


@pytest.mark.parametrize(
    "told, left",
    [
        ("“An” is away.", "[name erased] is away."),
        (
            "Handed in by An at An Khánh, see Anh",
            "Handed in by [name erased] at [name erased] Khánh, see Anh",
        ),
        ("“Lan” is away.", "This message named somebody whose data has been erased."),
    ],
)
def test_a_name_in_a_notice(translators: Translators, told: str, left: str) -> None:
    assert named_to_others.without(Reply(told, Language.EN), "An", translators.en).text == left


async def test_joined_accounts_keep_what_was_written(town: Town) -> None:
    number = await owe(town)
    lan, minh = await appoint(town, "Lan"), await appoint(town, "Minh", focal_role="deputy")
    await lan.sends_press(f"hand:begin:{number}")
    lan.skips()
    await lan.says("1")
    lan.skips()
    await leaves_all_agencies(town, lan)
    await minh.sends_press("account:code")
    code = next(word for word in minh.reads().plain.split() if len(word) == 11 and word[5] == "-")
    await lan.says(f"/link {code}")
    lan.skips()
    joining = await contact_id(town, lan)
    if joining != await contact_id(town, minh):
        await lan.presses("Yes, both are mine")
    lan.skips()
    minh.skips()
    await town.deliver()
    minh.skips()
    lan.skips()
    draft = await draft_of(town, minh, number)
    assert draft.authors["own_plan"].contact_id == await contact_id(town, minh)
