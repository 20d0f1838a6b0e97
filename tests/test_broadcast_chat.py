"""Announcements as administrators make them in the chat, and as recipients get them."""

from __future__ import annotations

import asyncio

from sqlalchemy import insert, select, update

from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.models.messages import Broadcast
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Contact
from bot.services.announcing import broadcast_runs
from tests import sample_files
from tests.chat import PersonInTown, Town

VI = "Mời Anh/Chị dự hội thảo ngày 01/12."
EN = "You are invited to the workshop on 1 December."
FOOTER = "Announcement of the Hanoi Department of Industry and Trade"
FOOTER_VI = "Thông báo của Sở Công Thương Hà Nội"
AUDIENCES = [
    "Everyone who uses the assistant",
    "Businesses",
    "Focal points of agencies",
    "Applicants for a programme or an event",
    "Cancel",
]


async def arrives(town: Town, name: str, *, admin: bool = False, language: str = "en") -> PersonInTown:
    """Somebody who has written to the bot before."""
    person = town.person(name, language=language)
    await person.says("/menu")
    person.skips()
    if admin:
        await give_role(town, person, "admin")
    return person


async def give_role(town: Town, person: PersonInTown, role: str | None) -> None:
    contact = select(Address.contact_id).where(Address.external_id == person.external_id)
    async with town.database.transaction() as connection:
        await connection.execute(update(Contact).where(Contact.id.in_(contact)).values(role=role))


async def ticks(town: Town) -> None:
    """The scheduler does its part, the worker its own."""
    now, translators = town.clock(), town.conversation.translators
    await broadcast_runs.queue_due(town.database, now)
    await town.deliver()
    await broadcast_runs.pause_failing(town.database, translators, now)
    await broadcast_runs.finish_done(town.database, translators, now)
    await town.deliver()


async def writes_to_all(admin: PersonInTown, vi: str = VI, en: str = EN) -> None:
    """Everything up to the preview's summary, which is still to be read."""
    await admin.says("/broadcast")
    admin.skips()
    await admin.presses("New announcement")
    admin.skips()
    await admin.presses("Everyone who uses the assistant")
    admin.skips()
    await admin.says(vi)
    admin.skips()
    await admin.says(en)
    admin.skips()
    await admin.presses("Now")
    admin.reads(vi)
    admin.reads(en)


async def test_an_announcement_from_the_menu_to_the_report(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True)
    an = await arrives(town, "An", language="vi")
    bob = await arrives(town, "Bob")

    await admin.says("/thongbao")
    admin.reads(
        "You can write to everyone",
        buttons=["New announcement", "Running and earlier", "How announcements work", "Menu"],
    )
    await admin.says("1")
    admin.reads("Who is the announcement for?", buttons=AUDIENCES)
    await admin.says("1")
    admin.reads("in Vietnamese", "3,500 characters", buttons=["No Vietnamese text", "Back", "Cancel"])
    await admin.says(VI)
    admin.reads("in English", buttons=["No English text", "Back", "Cancel"])
    await admin.says(EN)
    admin.reads("When shall it be sent?", buttons=["Now", "At a set time", "Back", "Cancel"])
    await admin.says("now")
    assert admin.reads(VI).footnote == FOOTER_VI
    assert admin.reads(EN).footnote == FOOTER
    admin.reads(
        "exactly what recipients get",
        "For: Everyone who uses the assistant",
        "Telegram: 3",
        "When: as soon as possible",
        buttons=["Send", "Edit the text", "Send a test to me", "Back", "Cancel"],
    )

    await admin.presses("Send a test to me")
    admin.reads(VI)
    admin.reads(EN)
    admin.reads("That was the test. Only you have received it.")
    await admin.presses("Send")
    admin.reads("exactly 3 accounts", buttons=["Yes, send it to 3 accounts", "Back", "Cancel"])
    await admin.presses("Yes, send it to 3 accounts")
    admin.reads("The announcement is on its way", "It begins within a few seconds")
    await admin.presses("Yes, send it to 3 accounts")
    admin.reads("no longer being written")

    await ticks(town)
    assert an.reads(VI).footnote == FOOTER_VI
    bob.reads(EN, FOOTER)
    admin.reads(EN)
    admin.reads("Report: announcement No. 1", "Recipients: 3", "Delivered: 3", "Blocked the assistant: 0", "Duration")
    await ticks(town)
    await admin.presses("Details")
    admin.reads("It has been sent.", "Written by Lan", "Delivered: 3", buttons=["Show the text", "All announcements"])
    await admin.presses("All announcements")
    admin.reads(buttons=["No. 1, 23 Nov 2026: sent", "New announcement", "Announcements"])


async def test_one_language_only_and_every_step_back(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True)
    an = await arrives(town, "An", language="vi")
    await admin.says("/broadcast")
    admin.skips()
    await admin.presses("New announcement")
    admin.skips()
    await admin.says("hello?")
    admin.reads("Please choose one of the buttons")
    await admin.presses("Everyone who uses the assistant")
    admin.skips()
    await admin.presses("No Vietnamese text")
    admin.reads("in English", buttons=["Back", "Cancel"])  # one language there must be
    await admin.sends_press("broadcast:skip:en")
    admin.reads("needs a text in at least one language")
    await admin.says("back")
    admin.reads("in Vietnamese")
    await admin.says("Back")
    admin.reads("Who is the announcement for?")
    await admin.presses("Everyone who uses the assistant")
    admin.reads("in Vietnamese")
    await admin.presses("No Vietnamese text")
    admin.reads("in English")
    await admin.says(EN)
    admin.reads("When shall it be sent?")
    await admin.presses("Back")
    admin.reads("in English", "The text so far:", EN, buttons=["Keep this text", "Back", "Cancel"])
    await admin.presses("Keep this text")
    admin.reads("When shall it be sent?")
    await admin.presses("Now")
    admin.reads(EN)
    admin.reads("everybody gets the English one")
    await admin.presses("Edit the text")
    admin.reads("in Vietnamese")
    await admin.presses("No Vietnamese text")
    admin.reads("The text so far:")
    await admin.says(EN + " Please bring your badge.")
    admin.reads("Please bring your badge.")  # the time is known already, so this is the preview
    admin.reads("When: as soon as possible")
    await admin.presses("Send")
    admin.skips()
    await admin.presses("Back")
    admin.reads("Please bring")
    admin.reads("Preview")
    await admin.presses("Send")
    admin.skips()
    await admin.presses("Yes, send it to 2 accounts")
    admin.skips()
    await ticks(town)
    an.reads("Please bring your badge.", FOOTER)
    admin.skips()


async def test_a_draft_survives_a_restart_and_a_look_elsewhere(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True)
    await admin.says("/broadcast")
    admin.skips()
    await admin.presses("New announcement")
    admin.skips()
    await admin.presses("Businesses")
    admin.skips()
    await admin.says(VI)  # nothing of this is in memory: every message begins from the database
    admin.reads("in English")
    await admin.says("/broadcast")
    admin.reads("an announcement that is not finished")
    await admin.says("4")
    admin.reads("There are no announcements yet")
    await admin.says("1")
    admin.reads("Go on with it, or discard it and begin another one?")
    await admin.presses("Go on with it")
    admin.reads("in English")
    await admin.says("/cancel")
    admin.reads("Cancelled. Nothing was sent.")
    await admin.says("/broadcast")
    admin.reads(buttons=["New announcement", "Running and earlier", "How announcements work", "Menu"])
    await admin.presses("How announcements work")
    admin.reads("preview")


async def test_wrong_input_is_explained_and_nothing_is_lost(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True)
    await admin.says("/broadcast")
    admin.skips()
    await admin.presses("New announcement")
    admin.skips()
    await admin.presses("Everyone who uses the assistant")
    admin.skips()
    await admin.says("x" * 3501)
    admin.reads("3,501 characters, 1 too many", "in Vietnamese")
    await admin.says("😀" * 1751)  # two units each, as messengers count
    admin.reads("3,502 characters, 2 too many")
    await admin.says("12")
    admin.reads("too short")
    await admin.sends_file("poster.pdf", sample_files.PDF)
    admin.reads("can only be text")
    await admin.says("\u202egnirts\u202c dự hội thảo\u200b <b>ngày 01/12</b>\x00")
    admin.reads("in English")
    await admin.presses("No English text")
    admin.skips()
    await admin.presses("At a set time")
    admin.reads("Please type date and time in Hanoi, for example 24/11/2026 08:30.", buttons=["Back", "Cancel"])
    for wrong, answer in (
        ("tomorrow", "not a date with a time"),
        ("31/02/2027 08:30", "not a date with a time"),
        ("24/11/2026", "not a date with a time"),
        ("24/11/2026 25:00", "not a date with a time"),
        ("1", "not a date with a time"),
        ("23/11/2026 09:00", "09:00 Monday 23 November 2026 has already passed."),
        ("01/12/2062 08:30", "more than a year ahead"),
    ):
        await admin.says(wrong)
        admin.reads(answer, "Please type date and time")
    await admin.says("8h30 ngày 24/11/2026")
    admin.reads("gnirts dự hội thảo <b>ngày 01/12</b>")
    admin.reads("When: 08:30 Tuesday 24 November 2026")
    town.clock.advance(days=2)
    await admin.presses("Schedule")
    admin.reads("08:30 Tuesday 24 November 2026 has already passed.", "Please type date and time")
    await admin.says("26/11/2026 08:30")
    admin.skips()
    await admin.presses("Schedule")
    admin.reads("exactly 1 account?", "Whoever joins the audience until then gets it too.")
    await admin.presses("Yes, send it to 1 account")
    admin.reads("goes out at 08:30 Thursday 26 November 2026")
    await ticks(town)
    town.clock.set("2026-11-26T08:30+07:00")
    await ticks(town)
    admin.reads("dự hội thảo")
    admin.reads("Report")


async def test_at_night_one_is_asked_whether_it_can_wait(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True)
    bob = await arrives(town, "Bob")
    await give_role(town, bob, None)
    town.clock.set("2026-11-23T22:00+07:00")
    await admin.says("/broadcast")
    admin.skips()
    await admin.presses("New announcement")
    admin.skips()
    await admin.presses("Everyone who uses the assistant")
    admin.skips()
    await admin.says(VI)
    admin.skips()
    await admin.presses("No English text")
    admin.skips()
    await admin.presses("Now")
    admin.reads(
        "quiet hours, from 21:00 to 07:30",
        buttons=["At 07:30 Tuesday 24 November 2026", "Now anyway", "Back", "Cancel"],
    )
    await admin.presses("At 07:30 Tuesday 24 November 2026")
    admin.reads(VI)
    admin.reads("When: 07:30 Tuesday 24 November 2026")
    await admin.presses("Back")
    admin.skips()
    await admin.presses("Now")
    admin.skips()
    await admin.presses("Now anyway")
    admin.skips()
    await admin.presses("Send")
    admin.skips()
    await admin.presses("Yes, send it to 2 accounts")
    admin.skips()
    await ticks(town)
    bob.reads(VI)
    admin.skips()


async def test_nobody_in_the_audience(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True)
    await admin.says("/broadcast")
    admin.skips()
    await admin.presses("New announcement")
    admin.skips()
    await admin.presses("Focal points of agencies")
    admin.skips()
    await admin.says(VI)
    admin.skips()
    await admin.presses("No English text")
    admin.skips()
    await admin.presses("Now")
    admin.reads(VI)
    admin.reads(
        "can't be sent, because nobody belongs",
        buttons=["Choose another audience", "Edit the text", "Send a test to me", "Back", "Cancel"],
    )
    await admin.presses("Choose another audience")
    admin.reads("Who is the announcement for?")
    await admin.presses("Applicants for a programme or an event")
    admin.reads("Nobody has signed up for anything yet", buttons=["Back", "Cancel"])
    await admin.sends_press("broadcast:offering:4711")
    admin.reads("There is no such programme or event any more.")
    await admin.sends_press("broadcast:offering:all")
    admin.reads("There is no such programme or event any more.")
    await admin.says("2")
    admin.reads("The draft has been discarded. Nothing was sent.")


async def test_the_applicants_of_one_event(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True)
    bob = await arrives(town, "Bob")
    await arrives(town, "Eve")
    now = town.clock()
    async with town.database.transaction() as connection:
        contact = await connection.scalar(select(Address.contact_id).where(Address.external_id == bob.external_id))
        offering = 901
        title = {"vi": "Ngày hội tái chế", "en": "Recycling day"}
        await connection.execute(
            insert(Offering).values(
                id=offering, slug="recycling-day", kind="event", agency_slug="a", form="f", details={"title": title}
            )
        )
        await connection.execute(
            insert(Business).values(id=1, tax_code="0100109106", name="A", verified=False, created_at=now)
        )
        await connection.execute(
            insert(Application).values(
                code="C1", offering_id=offering, business_id=1, contact_id=contact, status="confirmed",
                answers={}, created_at=now, updated_at=now,
            )
        )  # fmt: skip
    await admin.says("/broadcast")
    admin.skips()
    await admin.presses("New announcement")
    admin.skips()
    await admin.presses("Applicants for a programme or an event")
    admin.reads(buttons=["Recycling day (1)", "Back", "Cancel"])
    await admin.presses("Recycling day (1)")
    admin.skips()
    await admin.says(VI)
    admin.skips()
    await admin.says(EN)
    admin.skips()
    await admin.presses("Now")
    admin.skips()
    await admin.presses("Send")
    admin.reads("exactly 1 account?")
    await admin.presses("Yes, send it to 1 account")
    admin.reads("For: Applicants: Recycling day")
    await ticks(town)
    bob.reads(EN)
    admin.reads("Report")


async def test_with_two_administrators_the_other_one_approves(town: Town) -> None:
    author = await arrives(town, "Lan", admin=True)
    second = await arrives(town, "Minh", admin=True)
    bob = await arrives(town, "Bob")
    await writes_to_all(author)
    author.reads("Telegram: 3")
    await author.presses("Send")
    author.reads("Another administrator must approve it first")
    await author.presses("Yes, send it to 3 accounts")
    author.reads(
        "1 other administrator is asked", "It waits until another administrator approves it.",
        buttons=["Refresh", "Cancel the announcement", "Show the text", "All announcements"],
    )  # fmt: skip
    await ticks(town)
    second.reads(
        "Lan asks for your approval", "To 3 accounts as of now", VI, EN, FOOTER,
        buttons=["Approve", "Reject", "All announcements"],
    )  # fmt: skip
    await author.sends_press("broadcast:approve:1")
    author.reads("You wrote this announcement yourself")
    await second.presses("Approve")
    second.reads("You approved the announcement.", "Approved by Minh")
    await second.presses("Approve")
    second.reads("Minh has already approved it.")
    await second.presses("Reject")
    second.reads("Minh has already approved it.")
    await ticks(town)
    author.reads("Minh approved your announcement. It goes out now.")
    author.reads(EN)
    author.reads("Report")
    second.reads(EN)
    second.reads("Report")
    bob.reads(EN)


async def test_a_rejected_announcement_goes_to_nobody(town: Town) -> None:
    author = await arrives(town, "Lan", admin=True)
    second = await arrives(town, "Minh", admin=True)
    await writes_to_all(author)
    author.skips()
    await author.presses("Send")
    author.skips()
    await author.presses("Yes, send it to 2 accounts")
    author.skips()
    await ticks(town)
    second.skips()
    await second.presses("Reject")
    second.reads("You rejected the announcement.", "Minh rejected it. It was not sent.")
    await ticks(town)
    author.reads("Minh rejected your announcement. It is not sent.")
    await second.presses("Approve")
    second.reads("Minh has already rejected it.")


async def test_two_who_approve_at_once_approve_once(town: Town) -> None:
    author = await arrives(town, "Lan", admin=True)
    second = await arrives(town, "Minh", admin=True)
    third = await arrives(town, "Hoa", admin=True)
    await writes_to_all(author)
    author.skips()
    await author.presses("Send")
    author.skips()
    await author.presses("Yes, send it to 3 accounts")
    author.reads("2 other administrators are asked")
    await ticks(town)
    second.skips()
    third.skips()
    await asyncio.gather(second.presses("Approve"), third.presses("Approve"))
    answers = [second.reads().text, third.reads().text]
    assert sum("You approved the announcement." in each for each in answers) == 1
    assert sum("has already approved it." in each for each in answers) == 1
    await ticks(town)
    author.reads("approved your announcement")
    for person in (author, second, third):
        person.skips()


async def test_pause_resume_and_cancel(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True)
    bob = await arrives(town, "Bob")
    await writes_to_all(admin)
    admin.skips()
    await admin.presses("Send")
    admin.skips()
    await admin.presses("Yes, send it to 2 accounts")
    admin.skips()
    await broadcast_runs.queue_due(town.database, town.clock())
    await admin.presses("Refresh")
    admin.reads(
        "It is being sent. Done: 0/2 (0%)", "Still to send: 2",
        buttons=["Refresh", "Pause", "Cancel the announcement", "Show the text", "All announcements"],
    )  # fmt: skip
    await admin.presses("Pause")
    admin.reads("Paused. Nothing more goes out for now.", "It is paused. Done: 0/2 (0%)")
    await ticks(town)
    bob.nothing_unread()
    await admin.presses("Pause")
    admin.reads("That was no longer possible.")
    await admin.presses("Show the text")
    admin.reads(VI)
    admin.reads(EN)
    admin.reads("It is paused.")
    await admin.presses("Cancel the announcement")
    admin.reads("This can't be undone.", buttons=["Yes, cancel the announcement", "No, leave it as it is"])
    await admin.presses("No, leave it as it is")
    admin.reads("It is paused.")
    await admin.presses("Resume")
    admin.reads("It goes on where it stopped.")
    await admin.presses("Cancel the announcement")
    admin.skips()
    await admin.presses("Yes, cancel the announcement")
    admin.reads("The announcement has been cancelled.", "Not sent because of the cancellation: 2")
    await admin.presses("Resume")
    admin.reads("That was no longer possible.", "It was cancelled.")
    await ticks(town)
    admin.reads("The announcement was cancelled while it was being sent.")
    bob.nothing_unread()


async def test_nobody_but_administrators(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True)
    bob = await arrives(town, "Bob")
    await give_role(town, bob, "operator")
    await writes_to_all(admin)
    admin.skips()
    await admin.presses("Send")
    admin.skips()
    await admin.presses("Yes, send it to 2 accounts")
    admin.skips()
    for forged in ("/broadcast", "/thongbao"):
        await bob.says(forged)
        bob.reads("Only administrators can send announcements.", buttons=["Menu"])
    for forged in (
        "broadcast:new", "broadcast:approve:1", "broadcast:stopped:1", "broadcast:show:1", "broadcast:text:1",
        "broadcast",
    ):  # fmt: skip
        await bob.sends_press(forged)
        bob.reads("Only administrators can send announcements.")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(Broadcast.status)) == "approved"

    # An administrator can forge too; and whoever loses the role in the middle writes to nobody.
    for forged in (
        "show:99",
        "show:x",
        "approve:" + "9" * 40,
        "stopped:-1",
        "text:",
        "pause:1:2",
        "nonsense",
        "",
        "offerings:x",
    ):
        await admin.sends_press(f"broadcast:{forged}")
        admin.reads()
    await admin.presses("New announcement")
    admin.skips()
    await admin.sends_press("broadcast:confirm:")
    admin.reads("That button belongs to an earlier step.", "Who is the announcement for?")
    await admin.sends_press("broadcast:to:offering:1")
    admin.reads("That button belongs to an earlier step.")
    await give_role(town, admin, None)
    await admin.says(VI)
    admin.reads("Only administrators can send announcements.")
    await ticks(town)
    admin.skips()
    bob.skips()


async def test_a_button_of_an_earlier_preview_sends_nothing(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True)
    await writes_to_all(admin)
    old = admin.reads("Preview")
    await admin.presses("Edit the text")
    admin.skips()
    await admin.says(VI + " Sửa lại.")
    admin.skips()
    await admin.presses("Keep this text")
    admin.skips()
    await admin.sends_press(old.buttons[0][0].press)
    admin.reads("Sửa lại.")
    admin.reads(EN)
    admin.reads("That button belongs to an earlier step.", "Preview")


async def test_in_vietnamese(town: Town) -> None:
    admin = await arrives(town, "Lan", admin=True, language="vi")
    await admin.says("/thongbao")
    admin.reads(buttons=["Soạn thông báo mới", "Đang gửi và đã gửi", "Cách gửi thông báo", "Menu"])
    await admin.says("soan thong bao moi")
    admin.reads("Thông báo gửi tới ai?")
    await admin.presses("Tất cả người dùng Trợ lý ảo")
    admin.reads("tiếng Việt", "3.500 ký tự")
    await admin.says(VI)
    admin.reads("tiếng Anh")
    await admin.presses("Không có bản tiếng Anh")
    admin.skips()
    await admin.presses("Gửi ngay")
    assert admin.reads(VI).footnote == FOOTER_VI
    admin.reads("Telegram: 1")
    await admin.says("hủy")
    admin.reads("Đã bỏ bản nháp. Chưa có gì được gửi đi.")
