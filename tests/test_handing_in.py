"""Writing and handing in a report: what goes wrong, what two people do at once, what changes underneath."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select, update

from bot.db.models.applications import StoredFile
from bot.db.models.handing_in import Submission
from bot.db.models.reporting import Obligation
from content.duty_model import Duty, Indicator
from content.written import Both
from tests.chat import PersonInTown, Town
from tests.handing_in import draft_of, hand_in, last_year, newest_obligation, owe, status_of, versions_of, write
from tests.reporting import REPORT, appoint, employ, obligation, plan, statements, tick
from tests.sample_files import PDF, docx

AWAY = ["All reports", "Menu"]


async def writing(town: Town, name: str = "Lan", *, question: int | None = None, whole: bool = False) -> PersonInTown:
    """The holder of Ba Đình on 14 December, at the first question, at another one, or at the whole report."""
    town.clock.set("2026-12-14T08:30+07:00")
    person = await appoint(town, name)
    await person.sends_press(f"hand:begin:{await owe(town)}")
    if question or whole:
        person.skips()
        await person.presses("Whole report")
    if question:
        person.skips()
        await person.presses("Change an answer")
        person.skips()
        await person.says(str(question))
        person.reads(f"Question {question}/27")
    elif whole:
        person.reads("answers are still needed")
    else:
        person.reads("Question 1/27")
    return person


async def test_handing_in_late_is_said(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await plan(town)
    await tick(town, "2026-12-17T08:30+07:00")
    lan.reads("overdue by 1 working day")
    await hand_in(town, lan, await obligation(town))
    lan.reads("Receipt", "Handed in after the due date, Wednesday 16 December 2026.")
    (version,) = await versions_of(town, await obligation(town))
    assert version.late


async def test_bad_numbers_and_dates_are_asked_again(town: Town) -> None:
    lan = await writing(town, question=26)
    for wrong in ("05", "BC-SCT", "hello", "05/", "05\\BC", "x" * 500, "05/bc sct!", "7 December 2026"):
        await lan.says(wrong)
        lan.reads("does not look like a document number", "What is the number")
    await lan.says("Số: 05 / BC-UBND")
    lan.reads("Saved: 05/BC-UBND", "26) Number of the document: 05/BC-UBND")
    await lan.presses("Change an answer")
    lan.skips()
    await lan.says("27")
    lan.reads("date of document 05/BC-UBND")
    for wrong, why in (
        ("soon", "is not a date"),
        ("31/02/2026", "is not a date"),
        ("7/13/2026", "is not a date"),
        ("07/12/9999", "is not a date"),
        ("15/12/2026", "still to come"),
        ("01/01/2020", "too long ago for the period 15 Dec 2025 to 14 Dec 2026"),
    ):
        await lan.says(wrong)
        lan.reads(why, "What is the date")
    await lan.says("today")
    lan.reads("27) Date of the document: 14 Dec 2026")


async def test_the_way_back(town: Town) -> None:
    lan = await writing(town)
    await lan.says("1")
    lan.reads("Question 2/27")
    await lan.presses("Back")
    lan.reads("Question 1/27", "So far (you, 08:30 Monday 14 December 2026): Issued")
    await lan.presses("Keep it as it is")
    lan.reads("Question 2/27")
    await lan.presses("Whole report")
    lan.reads("1) The agency's own plan for the year: Issued")
    await lan.presses("Change an answer")
    lan.reads("from 1 to 27")
    await lan.presses("More")
    lan.reads("from 1 to 27")
    await lan.presses("9. Participants")
    lan.reads("Question 9/27")
    await lan.presses("Back")
    lan.reads("answers are still needed")
    await lan.says("nonsense")
    lan.reads("Please choose one of the buttons")
    await lan.presses("Change an answer")
    lan.reads("from 1 to 27")
    for wrong in ("0", "28", "nine", "9999999999"):
        await lan.says(wrong)
        lan.reads("Please type a number from 1 to 27.")
    await lan.presses("Whole report")
    lan.reads("answers are still needed")
    await lan.presses("Delete the draft")
    lan.reads("Delete everything your agency has written", buttons=["Delete", "Back"])
    await lan.presses("Delete")
    lan.reads("The draft has been deleted.", "Due: Wednesday 16 December 2026")
    assert (await draft_of(town, lan, await newest_obligation(town))).empty


async def test_turning_to_something_else_loses_nothing(town: Town) -> None:
    lan = await writing(town)
    await lan.says("1")
    lan.reads("Question 2/27")
    await lan.says("/help")
    lan.reads("How this works")
    lan.reads("Question 2/27")
    await lan.says("/menu")
    lan.reads("Menu")
    await lan.presses("Whole report")
    lan.reads("You are not writing a report at the moment", buttons=AWAY)
    await lan.sends_press(f"hand:begin:{await newest_obligation(town)}")
    lan.reads("Question 2/27", "1 of 27 questions answered", "- you: 1 answer, at 08:30")
    await lan.sends_press("language:vi")
    lan.reads("Từ bây giờ")
    lan.reads("Câu 2/27")


async def test_a_repeat_or_an_old_button_changes_nothing(town: Town) -> None:
    lan = await writing(town)
    number = await newest_obligation(town)
    await lan.says("1")
    lan.reads("Question 2/27")
    await lan.repeats()
    lan.nothing_unread()
    await lan.says("7")
    lan.reads("Question 3/27")
    before = await draft_of(town, lan, number)
    await lan.sends_press("hand:do:000000:choose:2")
    lan.reads("belongs to an earlier step", "Question 3/27")
    for forged in (
        "choose:1",
        "next",
        "remove:0",
        "yes",
        "today",
        "clear",
        "row",
        "empty",
        "dropped",
        "jump:99",
        "eat",
    ):
        token = lan.last_press("Whole report").split(":")[2]
        await lan.sends_press(f"hand:do:{token}:{forged}")
        lan.reads("Question 3/27")
    for forged in ("hand", "hand:", "hand:begin", "hand:submit:1", "hand:file:1"):
        await lan.sends_press(forged)
        lan.reads("no longer valid")
    assert await draft_of(town, lan, number) == before


async def test_each_answer_is_stored_at_once(town: Town) -> None:
    """What follows may fail: the answers before it stay."""
    lan = await writing(town)
    number = await newest_obligation(town)
    await lan.says("1")
    lan.reads("Question 2/27")
    assert (await draft_of(town, lan, number)).figures == {"own_plan": "issued"}
    with statements(town) as sent:
        await lan.says("7")
    lan.reads("Question 3/27")
    draft = await draft_of(town, lan, number)
    assert draft.figures == {"own_plan": "issued", "documents": 7}
    assert draft.revision == 2
    of_drafts = [each for each in sent if each.startswith("SELECT report_draft.")]
    assert (len(of_drafts), len(sent) < 18) == (2, True)  # once to ask, once when nobody else can change it


async def test_two_colleagues_answer_the_same_question(town: Town) -> None:
    lan = await writing(town, question=2)
    minh = await appoint(town, "Minh", focal_role="deputy")
    number = await newest_obligation(town)
    await minh.sends_press(f"hand:begin:{number}")
    minh.reads("Question 1/27")
    await minh.says("1")
    minh.reads("Question 2/27")
    await lan.says("12")
    lan.reads("2) Documents on direction, mechanisms and policies issued: 12 documents")
    await minh.says("15")
    minh.reads(
        "Lan has just answered this question: 12 documents",
        "Your answer: 15 documents",
        buttons=["Take mine", "Keep theirs"],
    )
    assert (await draft_of(town, lan, number)).figures["documents"] == 12
    await minh.presses("Keep theirs")
    minh.reads("Question 2/27", "So far (Lan, 08:30")
    await minh.says("15")
    minh.reads("Saved: 15 documents", "Question 3/27")
    await lan.says("/cancel")
    lan.reads("Saved: 2 of 27")


async def test_a_colleague_hands_it_in_meanwhile(town: Town) -> None:
    lan = await writing(town, question=2)
    minh = await appoint(town, "Minh", focal_role="deputy")
    number = await newest_obligation(town)
    await hand_in(town, minh, number)
    minh.reads("Receipt")
    await lan.says("12")
    lan.reads("already been recorded as handed in", "Handed in by Minh at 08:30")
    await lan.says("/cancel")
    lan.reads("There is nothing to cancel")
    assert len(await versions_of(town, number)) == 1


async def test_the_preview_that_is_handed_in_is_the_one_that_was_read(town: Town) -> None:
    lan = await writing(town)
    minh = await appoint(town, "Minh", focal_role="deputy")
    number = await newest_obligation(town)
    await write(town, lan, number)
    await lan.presses("Whole report")
    lan.reads("Everything that is needed is there.")
    await lan.presses("Hand in this report")
    lan.reads("Hand in this report?", buttons=["Confirm", "Back", "Save and go on later"])
    await write(town, minh, number, documents=99)
    await lan.presses("Confirm")
    lan.reads("Something has been changed since you read this", "99 documents")
    assert await status_of(town, number) == "open"


async def test_confirming_twice_is_harmless(town: Town) -> None:
    lan = await writing(town, whole=True)
    minh = await appoint(town, "Minh", focal_role="deputy")
    number = await newest_obligation(town)
    await write(town, lan, number)
    press = f"hand:submit:{number}:{(await draft_of(town, lan, number)).revision}"
    await asyncio.gather(lan.sends_press(press), minh.sends_press(press))
    texts = [lan.reads().plain, minh.reads().plain]
    assert sum("Recorded: 08:30" in text for text in texts) == 1
    assert sum("already been recorded as handed in" in text for text in texts) == 1
    first = lan if "Recorded" in texts[0] else minh
    await first.repeats()
    await first.sends_press(press)
    first.reads("already been recorded as handed in", "Receipt", "Code: BC-")
    assert len(await versions_of(town, number)) == 1
    await (minh if first is lan else lan).sends_press(f"report:ack:{number}")
    (minh if first is lan else lan).reads("already been recorded as handed in")


async def test_an_incomplete_report_is_not_handed_in(town: Town) -> None:
    lan = await writing(town)
    number = await newest_obligation(town)
    await lan.says("1")
    lan.reads("Question 2/27")
    await lan.sends_press(f"hand:submit:{number}:1")
    lan.reads("answers are still needed", "2) Documents on direction, mechanisms and policies issued: (still needed)")
    await lan.presses("Go on answering")
    lan.reads("Question 2/27")
    assert await status_of(town, number) == "open"


async def test_correcting_what_nobody_has_decided_about(town: Town) -> None:
    officer = await employ(town, "Thu")
    lan = await writing(town)
    number = await newest_obligation(town)
    await hand_in(town, lan, number)
    lan.reads("Receipt")
    await town.deliver()
    officer.reads("A report has come in")
    await lan.presses("See what was handed in")
    lan.reads("waits for review", buttons=["Read the parts in full", "Correct what was handed in", *AWAY])
    await lan.presses("Correct what was handed in")
    lan.reads("What was handed in stays as it is until you hand in this correction.", "Everything that is needed")
    assert await status_of(town, number) == "submitted"
    await lan.presses("Change an answer")
    lan.skips()
    await lan.says("2")
    lan.reads("Question 2/27")
    await lan.says("6")
    lan.reads("6 documents")
    await lan.presses("Hand in this report")
    lan.skips()
    await lan.presses("Confirm")
    lan.reads("Receipt", "version 2", "Corrected since: this is version 2.")
    await town.deliver()
    officer.reads("A corrected report has come in")
    assert [each.status for each in await versions_of(town, number)] == ["replaced", "submitted"]


async def test_the_duty_changes_while_somebody_writes(town: Town) -> None:
    lan = await writing(town, question=2)
    number = await newest_obligation(town)
    await write(town, lan, number)
    knowledge = town.conversation.knowledge
    duty = knowledge.content.duties[REPORT]
    group = duty.indicators[0]
    new = Indicator(key="brand_new", label=Both(vi="Chỉ tiêu mới", en="Brand new"), kind="percentage")
    groups = (group.model_copy(update={"indicators": (group.indicators[0], new)}), *duty.indicators[1:])
    changed: Duty = duty.model_copy(update={"indicators": groups})
    duties = {**knowledge.content.duties, REPORT: changed}
    knowledge.content = knowledge.content.model_copy(update={"duties": duties})
    await lan.says("12")
    lan.reads("This question is no longer asked.", "1 answer is still needed", "2) Brand new: (still needed)")
    await lan.presses("Go on answering")
    lan.reads("Question 2/27: Brand new")
    await lan.says("40 %")
    lan.reads("Saved: 40%", "Question 3/27")
    await lan.presses("Whole report")
    lan.reads("Everything that is needed is there.")
    await lan.presses("Hand in this report")
    lan.skips()
    await lan.presses("Confirm")
    lan.reads("Receipt")
    (version,) = await versions_of(town, number)
    assert version.figures["brand_new"] == 40
    assert "documents" not in version.figures


async def test_a_duty_that_nobody_reviews_is_complete_at_once(town: Town) -> None:
    town.clock.set("2026-12-17T08:30+07:00")
    mai = await appoint(town, "Mai", "so-cong-thuong")
    number = await owe(town, "so-cong-thuong", "consolidated-report")
    await write(town, mai, number, duty="consolidated-report")
    await mai.sends_press(f"hand:begin:{number}")
    mai.reads("The signed consolidated report")
    await mai.sends_file("report.pdf", PDF, "application/pdf")
    mai.reads("Saved: «report.pdf»")
    await mai.presses("Whole report")
    mai.reads("Everything that is needed is there.")
    await mai.presses("Hand in this report")
    mai.reads("This can't be undone here.")
    await mai.presses("Confirm")
    mai.reads("Receipt", "This report is complete.")
    assert await status_of(town, number) == "accepted"


async def test_unlikely_figures_from_elsewhere_are_named_before_handing_in(town: Town) -> None:
    lan = await writing(town)
    await last_year(town, {"participants": 100})
    number = await newest_obligation(town)
    await write(town, lan, number)
    async with town.database.transaction() as connection:
        await connection.exec_driver_sql("UPDATE report_draft SET sure = '[]'")
    await lan.presses("Whole report")
    lan.reads(
        "Please check:", "- Participants: Down 95% on the last period (then 100 participants, now 5 participants)."
    )


async def test_a_table_cell_by_cell(town: Town) -> None:
    lan = await writing(town, question=5)
    await lan.says("Treatment plant")
    lan.reads("Row 1: Treatment plant", "Now: Stage")
    await lan.presses("Leave this cell empty")
    lan.reads("Row 1: Treatment plant; -", "Now: Investment")
    await lan.says("three billion")
    lan.reads("not an amount of money", "Row 1: Treatment plant; -")
    await lan.says("3 billion")
    lan.reads("(1) Treatment plant; -; 3,000,000,000 VND", "Row 2")
    await lan.says("A; b; 1 billion; too much")
    lan.reads("Line 1: This line has 4 parts", "(1) Treatment plant")
    await lan.says("A; b; 1 billion\nB; c; 2 billion")
    lan.reads("(3) B; c; 2,000,000,000 VND")
    await lan.says("\n".join("x;y" for _ in range(60)))
    lan.reads("rows are possible here", "(3) B")
    await lan.says("C")
    lan.reads("Row 4: C")
    await lan.presses("Back")
    lan.reads("Row 4: please write Project")
    await lan.presses("This table is done")
    lan.reads("(3) B; c; 2,000,000,000 VND")
    await lan.presses("Change an answer")
    lan.skips()
    await lan.says("5")
    lan.reads("Question 5/27")
    for _ in range(3):
        await lan.presses("Remove a row")
        lan.reads("Which row")
        await lan.says("1")
        lan.reads("The row has been removed.")
    await lan.presses("There are none")
    lan.reads("5) Projects of the environmental industry under way: none")


async def test_a_part_as_text_and_as_a_file(town: Town) -> None:
    lan = await writing(town, question=14)
    number = await newest_obligation(town)
    await lan.says("First.")
    lan.reads("Saved. Type on", "First.")
    await lan.says("x" * 20_000)
    lan.reads("would become too long", "First.")
    await lan.sends_file("part.docx", docx())
    lan.reads("has been typed already", "«part.docx»", buttons=["Take the file", "Keep the text"])
    await lan.presses("Keep the text")
    lan.reads("First.")
    await lan.sends_file("part.docx", docx())
    lan.reads("has been typed already")
    await lan.presses("Take the file")
    lan.reads("14) Direction and organisation: «part.docx»")
    await lan.presses("Change an answer")
    lan.skips()
    await lan.says("14")
    lan.reads("So far (you, 08:30 Monday 14 December 2026): «part.docx»")
    await lan.says("Rather a text.")
    lan.reads("Shall the text take its place?", buttons=["Take the text", "Keep the file"])
    await lan.presses("Take the text")
    lan.reads("14) Direction and organisation: Rather a text.")
    assert (await draft_of(town, lan, number)).parts == {"direction": "Rather a text."}
    async with town.database.reading() as connection:
        left = await connection.scalar(select(func.count()).select_from(StoredFile))
    assert left == 0


async def test_files(town: Town) -> None:
    lan = await writing(town, question=24)
    await lan.sends_file("virus.exe", b"MZ" + b"\0" * 100)
    lan.reads("virus.exe", "Question 24/27")
    await lan.sends_file("report.pdf", PDF, "application/pdf")
    lan.reads("24) The signed report (digitally signed or scanned): «report.pdf»")
    await lan.presses("Change an answer")
    lan.skips()
    await lan.says("24")
    lan.reads("Question 24/27")
    await lan.presses("Remove the file")
    lan.reads("Question 24/27", buttons=["Skip", "Back", "Whole report", "Save and go on later"])
    await lan.presses("Back")
    lan.reads("answers are still needed")
    await lan.presses("Change an answer")
    lan.skips()
    await lan.says("25")
    lan.reads("anything else to go with the report?")
    for place in range(1, 6):
        await lan.sends_file(f"more{place}.pdf", PDF, "application/pdf")
        lan.reads("Saved. Send another file", f"- «more{place}.pdf»")
    await lan.sends_file("more6.pdf", PDF, "application/pdf")
    lan.reads("At most 5 further files")
    await lan.presses("That is all")
    lan.reads("25) Further attachments: «more1.pdf»")
    await lan.presses("Change an answer")
    lan.skips()
    await lan.says("2")
    lan.reads("Question 2/27")
    await lan.sends_file("figures.pdf", PDF, "application/pdf")
    lan.reads("No file is needed for this question.", "Question 2/27")


async def test_who_lost_the_agency_in_the_middle_is_told(town: Town) -> None:
    lan = await writing(town)
    async with town.database.transaction() as connection:
        await connection.exec_driver_sql("DELETE FROM focal_point")
    await lan.says("1")
    lan.reads("you do not answer for")
    await lan.says("/cancel")
    lan.reads("There is nothing to cancel")


@pytest.mark.parametrize("verb", ["begin:{0}", "reopen:{0}", "submit:{0}:1", "newest:{0}", "version:{1}", "parts:{1}",
                                  "changes:{1}", "file:{1}:1"])  # fmt: skip
async def test_other_agencies_are_none_of_ones_business(town: Town, verb: str) -> None:
    lan = await writing(town)
    number = await newest_obligation(town)
    await hand_in(town, lan, number)
    lan.skips()
    (version,) = await versions_of(town, number)
    hung = await appoint(town, "Hùng", "phuong-bach-mai")
    await hung.sends_press(f"hand:{verb.format(number, version.id)}")
    assert "Ba Đình" not in hung.reads("you do not answer for").plain
    await hung.sends_press("hand:begin:99999999999999999999")
    hung.reads("no longer exists")


async def test_a_version_never_changes(town: Town) -> None:
    """What comes after the receipt is a version of its own."""
    lan = await writing(town)
    number = await newest_obligation(town)
    await hand_in(town, lan, number)
    lan.skips()
    (first,) = await versions_of(town, number)
    await lan.sends_press(f"hand:reopen:{number}")
    lan.skips()
    await write(town, lan, number, documents=50)
    (again,) = await versions_of(town, number)
    assert again == first
    async with town.database.transaction() as connection:
        await connection.execute(update(Obligation).where(Obligation.id == number).values(status="accepted"))
        await connection.execute(update(Submission).values(status="accepted"))
    await lan.sends_press(f"hand:begin:{number}")
    lan.reads("already been recorded as handed in")
