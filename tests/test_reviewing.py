"""Reviewing reports that came in: who may, one after the other, two at once, what is returned."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import insert, select

from bot.db.models.handing_in import Review
from bot.db.models.people import Agency, FocalPoint
from bot.messages import Role
from tests.chat import PersonInTown, Town
from tests.handing_in import contact_id, draft_of, hand_in, owe, status_of, versions_of, write
from tests.reporting import REPORT, appoint, employ
from tests.sample_files import PDF

WARDS = ("phuong-ba-dinh", "phuong-bach-mai", "phuong-hoan-kiem", "phuong-cua-nam", "phuong-ngoc-ha",
         "phuong-giang-vo", "phuong-hai-ba-trung", "phuong-vinh-tuy")  # fmt: skip


async def handed_in(town: Town, officer: PersonInTown | None = None, *, name: str = "Lan") -> tuple[PersonInTown, int]:
    """Ba Đình's report on 14 December; the officer has read that it came in. Returns its number too."""
    town.clock.set("2026-12-14T08:30+07:00")
    person = await appoint(town, name)
    number = await owe(town)
    await hand_in(town, person, number)
    person.reads("Receipt")
    await town.deliver()
    if officer:
        officer.reads("A report has come in", "Ba Đình", "Handed in on time.")
    return person, number


async def test_the_queue_has_pages_and_the_oldest_is_first(town: Town) -> None:
    officer = await employ(town, "Thu")
    town.clock.set("2026-12-14T08:30+07:00")
    for ward in WARDS:
        person = await appoint(town, ward, ward)
        await hand_in(town, person, await owe(town, ward))
        person.reads("Receipt")
        town.clock.advance(minutes=1)
    await town.deliver()
    officer.skips()
    await officer.says("/reports")
    officer.reads("8 reports wait for your review.", buttons=["Review them"])
    await officer.presses("Review them")
    shown = officer.reads("8 reports wait", "1. People's Committee of Ba Đình Ward", "Waiting since 08:30").plain
    assert shown.index("Ba Đình") < shown.index("Bạch Mai")
    await officer.presses("More")
    officer.reads("7. ", "8. ", "Waiting since 08:37")
    await officer.presses("Previous")
    officer.reads("1. People's Committee of Ba Đình Ward")
    await officer.says("1")
    officer.reads("Version 1", buttons=[
        "Accept", "Return for correction", "Read the parts in full",
        "Report history", "Reports to review", "Menu"])  # fmt: skip
    await officer.presses("Read the parts in full")
    for _ in range(10):
        officer.reads("Không có.")
    await officer.presses("Back to the report")
    officer.reads("Version 1")
    await officer.presses("Report history")
    officer.reads("Report history", "handed")
    await officer.presses("Back to the report")
    officer.reads("Version 1")


async def test_two_officers_at_once_decide_once(town: Town) -> None:
    thu, hai = await employ(town, "Thu"), await employ(town, "Hải")
    lan, number = await handed_in(town, thu)
    hai.skips()
    (version,) = await versions_of(town, number)
    for officer in (thu, hai):
        await officer.sends_press(f"rev:accept:{version.id}:0")
        officer.reads("Accept this report?")
    await asyncio.gather(thu.presses("Confirm"), hai.presses("Confirm"))
    texts = [thu.reads().plain, hai.reads().plain]
    assert sum("Accepted. The agency has been told." in text for text in texts) == 1
    assert sum("has been decided before" in text for text in texts) == 1
    await thu.sends_press(f"rev:accepted:{version.id}:0")
    thu.reads("has been decided before")
    await town.deliver()
    lan.reads("Your report has been accepted")
    assert await status_of(town, number) == "accepted"
    async with town.database.reading() as connection:
        assert len((await connection.execute(select(Review.id))).all()) == 1


async def test_a_decision_is_about_the_version_that_was_seen(town: Town) -> None:
    officer = await employ(town, "Thu")
    lan, number = await handed_in(town, officer)
    (first,) = await versions_of(town, number)
    await officer.sends_press(f"rev:accept:{first.id}:0")
    officer.reads("Accept this report?")
    await lan.sends_press(f"hand:reopen:{number}")
    lan.skips()
    await hand_in(town, lan, number, documents=9)
    lan.reads("version 2")
    await officer.presses("Confirm")
    officer.reads("a newer version", "replaced by a newer version")
    await town.deliver()
    officer.reads("A corrected report has come in")
    assert await status_of(town, number) == "submitted"


async def test_nobody_reviews_their_own_report_while_others_could(town: Town) -> None:
    thu = await employ(town, "Thu", agency="so-cong-thuong")
    town.clock.set("2026-12-14T08:30+07:00")
    number = await owe(town)
    await make_focal_point(town, thu)
    await hand_in(town, thu, number)
    thu.reads("Receipt")
    await town.deliver()
    # Nobody else could: she is told, and may.
    thu.reads("A report has come in")
    hai = await employ(town, "Hải", agency="so-cong-thuong")
    (version,) = await versions_of(town, number)
    await thu.presses("Look at the report")
    thu.reads("You handed this report in yourself", buttons=[
        "Read the parts in full", "Report history", "Reports to review", "Menu"])  # fmt: skip
    await thu.sends_press(f"rev:accepted:{version.id}:0")
    thu.reads("You handed this report in yourself")
    await thu.sends_press(f"rev:return:{version.id}:0")
    thu.reads("You handed this report in yourself")
    assert await status_of(town, number) == "submitted"
    await hai.sends_press(f"rev:accepted:{version.id}:0")
    hai.reads("Accepted")


async def test_the_only_officer_reviews_also_their_own(town: Town) -> None:
    thu = await employ(town, "Thu", agency="so-cong-thuong")
    town.clock.set("2026-12-14T08:30+07:00")
    number = await owe(town)
    await make_focal_point(town, thu)
    await hand_in(town, thu, number)
    thu.reads("Receipt")
    await town.deliver()
    thu.reads("A report has come in")
    (version,) = await versions_of(town, number)
    await thu.sends_press(f"rev:accepted:{version.id}:0")
    thu.reads("Accepted")
    await town.deliver()
    thu.reads("Your report has been accepted")


async def make_focal_point(town: Town, person: PersonInTown) -> None:
    who = await contact_id(town, person)
    async with town.database.transaction() as connection:
        agency = await connection.scalar(select(Agency.id).where(Agency.slug == "phuong-ba-dinh"))
        await connection.execute(
            insert(FocalPoint).values(contact_id=who, agency_id=agency, role="holder", since=town.clock())
        )


async def test_several_levels_one_after_the_other(town: Town) -> None:
    knowledge = town.conversation.knowledge
    duty = knowledge.content.duties[REPORT].model_copy(update={"review": ("so-cong-thuong", "ubnd-thanh-pho")})
    duties = {**knowledge.content.duties, REPORT: duty}
    knowledge.content = knowledge.content.model_copy(update={"duties": duties})
    thu = await employ(town, "Thu", agency="so-cong-thuong")
    city = await employ(town, "Hải", agency="ubnd-thanh-pho")
    lan, number = await handed_in(town, thu)
    city.nothing_unread()
    (version,) = await versions_of(town, number)
    await city.sends_press(f"rev:show:{version.id}")
    city.reads("This report now waits for Department of Industry and Trade.")
    await city.sends_press(f"rev:accepted:{version.id}:0")
    city.reads("has been decided before, or")
    await thu.sends_press(f"rev:accepted:{version.id}:0")
    thu.reads("The report now goes to the next agency that reviews it.")
    await thu.sends_press(f"rev:accepted:{version.id}:0")
    thu.reads("has been decided before", "This report now waits for")
    await thu.sends_press(f"rev:accepted:{version.id}:1")
    thu.reads("has been decided before")
    await town.deliver()
    city.reads("A report has come in")
    assert await status_of(town, number) == "submitted"
    await city.sends_press(f"rev:return:{version.id}:1")
    city.reads("What has to be corrected?")
    await city.says("The funding figures lack the ward's own budget.")
    city.reads("Until when shall it be corrected?")
    await city.says("18/12/2026")
    city.reads("Return this report to the agency?")
    await city.presses("Confirm")
    city.reads("Returned.")
    await town.deliver()
    lan.reads("returned for correction")
    await hand_in(town, lan, number, document="06/BC-UBND")
    lan.reads("Receipt", "version 2")
    await town.deliver()
    thu.reads("A corrected report has come in")
    for officer, version_id in ((thu, 1), (city, 1)):
        second = (await versions_of(town, number))[version_id]
        await officer.sends_press(f"rev:accepted:{second.id}:{0 if officer is thu else 1}")
        officer.reads("Accepted.")
        await town.deliver()
        if officer is thu:
            city.reads("A corrected report has come in")
    lan.reads("Your report has been accepted")
    assert await status_of(town, number) == "accepted"


async def test_a_second_press_does_not_accept_at_the_next_level_too(town: Town) -> None:
    knowledge = town.conversation.knowledge
    duty = knowledge.content.duties[REPORT].model_copy(update={"review": ("so-cong-thuong", "ubnd-thanh-pho")})
    duties = {**knowledge.content.duties, REPORT: duty}
    knowledge.content = knowledge.content.model_copy(update={"duties": duties})
    admin = await employ(town, "Thu", Role.ADMIN)
    _, number = await handed_in(town, admin)
    (version,) = await versions_of(town, number)
    press = f"rev:accepted:{version.id}:0"
    await asyncio.gather(admin.sends_press(press), admin.sends_press(press))
    texts = [admin.reads().plain, admin.reads().plain]
    assert sum("goes to the next agency" in text for text in texts) == 1
    assert sum("has been decided before" in text for text in texts) == 1
    await town.deliver()
    admin.reads("A report has come in")
    assert await status_of(town, number) == "submitted"


async def test_returning_step_by_step_and_back(town: Town) -> None:
    officer = await employ(town, "Thu")
    lan, number = await handed_in(town, officer)
    await officer.presses("Look at the report")
    officer.reads("Version 1")
    await officer.presses("Return for correction")
    officer.reads("What has to be corrected?", buttons=["Back", "Cancel"])
    await officer.says("short")
    officer.reads("10 to 2,000 characters", "What has to be corrected?")
    await officer.presses("Back")
    officer.reads("Version 1")
    await officer.says("What is plan 50 about?")
    officer.skips()  # a question, no remarks
    await officer.presses("Return for correction")
    officer.reads("What has to be corrected?")
    await officer.says("The number of classes is missing.")
    officer.reads("Until when")
    for wrong, why in (
        ("soon", "is not a date. Please write day, month and year, for example 16/12/2026"),
        ("14/12/2026", "a day after today"),
        ("1/1/2028", "a day after today"),
        ("19/12/2026", "is a day off"),
    ):
        await officer.says(wrong)
        officer.reads(why, "Until when")
    await officer.presses("Back")
    officer.reads("What has to be corrected?")
    await officer.says("The number of classes is missing.")
    officer.reads("Until when")
    await officer.says("2")
    officer.reads("To be corrected by Monday 21 December 2026.", buttons=["Confirm", "Back", "Cancel"])
    await officer.says("hm")
    officer.reads("Please choose one of the buttons")
    await officer.presses("Back")
    officer.reads("Until when")
    await officer.presses("Wednesday 16 December 2026")
    officer.reads("To be corrected by Wednesday 16 December 2026.")
    await officer.presses("Confirm")
    officer.reads("Returned.")
    await officer.presses("Confirm")
    officer.reads("returned for correction", "The number of classes is missing.")
    await town.deliver()
    lan.reads("Please correct it by Wednesday 16 December 2026.")
    assert await status_of(town, number) == "returned"


async def test_an_overtaken_return(town: Town) -> None:
    thu, hai = await employ(town, "Thu"), await employ(town, "Hải")
    _, number = await handed_in(town, thu)
    hai.skips()
    (version,) = await versions_of(town, number)
    await thu.sends_press(f"rev:return:{version.id}:0")
    thu.reads("What has to be corrected?")
    await hai.sends_press(f"rev:accepted:{version.id}:0")
    hai.reads("Accepted")
    await thu.says("The number of classes is missing.")
    thu.reads("has been decided before", "Version 1: accepted by")
    await thu.says("/cancel")
    thu.reads("There is nothing to cancel")
    await town.deliver()
    town.people["Lan"].reads("accepted")


@pytest.mark.parametrize("verb", ["show:{0}", "newest:{1}", "parts:{0}", "changes:{0}", "file:{0}:{2}", "accept:{0}:0",
                                  "accepted:{0}:0", "return:{0}:0", "returned:{0}:0"])  # fmt: skip
async def test_only_those_who_receive_a_report_see_it(town: Town, verb: str) -> None:
    lan, number = await handed_in(town)
    (version,) = await versions_of(town, number)
    action = f"rev:{verb.format(version.id, number, 1)}"
    strangers = [
        await employ(town, "Vy", Role.VIEWER),
        await employ(town, "Tài", agency="so-tai-chinh"),
        await appoint(town, "Hùng", "phuong-bach-mai"),
        lan,
    ]
    await employ(town, "Thu", agency="so-cong-thuong")
    for stranger in strangers:
        await stranger.sends_press(action)
        assert "Ba Đình" not in stranger.reads("You do not receive this report").plain
    assert await status_of(town, number) == "submitted"


async def test_files_are_served_to_those_who_may_see_them(town: Town) -> None:
    officer = await employ(town, "Thu", agency="so-cong-thuong")
    town.clock.set("2026-12-14T08:30+07:00")
    lan = await appoint(town, "Lan")
    number = await owe(town)
    await write(town, lan, number)
    await lan.sends_press(f"hand:begin:{number}")
    lan.reads("Everything that is needed is there.")
    await lan.presses("Change an answer")
    lan.skips()
    await lan.says("24")
    lan.skips()
    await lan.sends_file("signed.pdf", PDF, "application/pdf")
    lan.reads("«signed.pdf»")
    await lan.presses("Hand in this report")
    lan.skips()
    await lan.presses("Confirm")
    lan.reads("Receipt")
    await lan.presses("See what was handed in")
    lan.reads("Attachments:")
    label = "The signed report (digitally signed or scanned): signed.pdf"
    await lan.presses(label)
    assert lan.reads("signed.pdf").attachment is not None
    press = lan.last_press(label)
    await town.deliver()
    officer.skips()
    await officer.sends_press(press.replace("hand:", "rev:"))
    sent = officer.reads("signed.pdf").attachment
    assert sent is not None
    assert (town.files / sent.path).read_bytes() == PDF
    await officer.sends_press(press)
    officer.reads("you do not answer for")
    await officer.sends_press(press.replace("hand:", "rev:") + "1")
    officer.reads("does not belong to this report")
    # What the agency is only writing yet is nobody else's.
    (version,) = await versions_of(town, number)
    await lan.sends_press(f"hand:reopen:{number}")
    lan.skips()
    await lan.presses("Change an answer")
    lan.skips()
    await lan.says("25")
    lan.skips()
    await lan.sends_file("draft.pdf", PDF, "application/pdf")
    lan.reads("«draft.pdf»")
    unfinished = (await draft_of(town, lan, number)).files["more_1"]["file"]
    await officer.sends_press(f"rev:file:{version.id}:{unfinished}")
    officer.reads("does not belong to this report")


async def test_nothing_waits(town: Town) -> None:
    officer = await employ(town, "Thu")
    await officer.sends_press("rev:list:0")
    officer.reads("No report waits for your review.", buttons=["Agency reports", "Menu"])
    for forged in ("rev", "rev:list", "rev:eat:1", "rev:accept:1"):
        await officer.sends_press(forged)
        officer.reads("no longer valid")
    await officer.sends_press("rev:by:2026-12-12")
    officer.reads("You do not receive this report")
