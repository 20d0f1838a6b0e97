"""Asking an officer, and the officer's answer."""

from __future__ import annotations

import asyncio

from sqlalchemy import func, insert, select, update

from bot.db.models import Address, Agency, Contact, FocalPoint, Ticket
from tests.chat import PersonInTown, Town

QUESTION = "Doanh nghiệp tái chế nhựa cần giấy tờ gì?"
ANSWER = "Đề nghị liên hệ Phòng Quản lý công nghiệp."
DEPARTMENT = "Hanoi Department of Industry and Trade"


async def arrives(town: Town, name: str, *, role: str | None = None, language: str = "en") -> PersonInTown:
    person = town.person(name, language=language)
    await person.says("/menu")
    person.skips()
    if role:
        async with town.database.transaction() as connection:
            await connection.execute(
                update(Contact).where(Contact.id == await contact_of(town, person)).values(role=role)
            )
    return person


async def contact_of(town: Town, person: PersonInTown) -> int:
    async with town.database.reading() as connection:
        return (
            await connection.execute(select(Address.contact_id).where(Address.external_id == person.external_id))
        ).scalar_one()


async def asks(person: PersonInTown, question: str = QUESTION) -> None:
    await person.says("/officer")
    person.skips()
    await person.says(question)
    person.skips()
    await person.presses("Send to an officer")


async def test_a_question_and_its_answer(town: Town) -> None:
    bob = await arrives(town, "Bob")
    officer = await arrives(town, "Hoa", role="operator")
    await arrives(town, "Viewer", role="viewer")

    await bob.sends_press("officer:ask")
    bob.reads("Please type your question to an officer", "1,000 characters", buttons=["Cancel"])
    await bob.says(QUESTION)
    bob.reads("Shall this question go to an officer?", QUESTION, buttons=["Send to an officer", "Change it", "Cancel"])
    await bob.says("2")
    bob.reads("The question so far:", QUESTION)
    await bob.says(QUESTION + " Xin cảm ơn.")
    bob.reads("Xin cảm ơn.")
    await bob.presses("Send to an officer")
    bob.reads("passed on to the officers under No. 1", "from 8:00 to 17:00 on working days")
    await bob.presses("Send to an officer")
    bob.reads("no longer valid")

    await town.deliver()
    officer.reads("Question No. 1 of Bob", QUESTION, buttons=["Answer"])
    await officer.presses("Answer")
    officer.reads("Please type your answer", QUESTION)
    await officer.says(ANSWER)
    officer.reads(
        "This is what the person gets:", ANSWER, DEPARTMENT, buttons=["Send the answer", "Change it", "Cancel"]
    )
    await officer.presses("Send the answer")
    officer.reads("Your answer to question No. 1 is on its way.")
    await town.deliver()
    got = bob.reads(
        "Answer to your question No. 1", ANSWER, "Your question: " + QUESTION, buttons=["Ask another question"]
    )
    assert got.footnote.startswith(DEPARTMENT)


async def test_the_answer_names_the_officers_own_agency_and_comes_at_any_time(town: Town) -> None:
    bob = await arrives(town, "Bob", language="vi")
    officer = await arrives(town, "Hoa", role="operator")
    async with town.database.transaction() as connection:
        values = {"id": 901, "slug": "phuong-x", "code": "x", "kind": "ward", "owes": True}
        await connection.execute(insert(Agency).values(**values, name_vi="Phường X", name_en="Ward X"))
        await connection.execute(
            insert(FocalPoint).values(
                agency_id=901, contact_id=await contact_of(town, officer), role="holder", since=town.clock()
            )
        )
    await bob.says(f"/canbo {QUESTION}")
    bob.reads(QUESTION)
    await bob.sends_press("officer:send")
    bob.skips()
    await town.deliver()
    officer.skips()
    await officer.presses("Answer")
    officer.skips()
    await officer.says(ANSWER)
    officer.reads("Ward X")
    town.clock.set("2026-11-23T22:00+07:00")
    await officer.presses("Send the answer")
    officer.skips()
    await town.deliver()
    assert "Phường X" in bob.reads(ANSWER).footnote


async def test_without_officers_it_says_so(town: Town) -> None:
    bob = await arrives(town, "Bob")
    await asks(bob)
    bob.reads("has been noted under No. 1", "no officer is connected")


async def test_the_second_officer_is_told_who_answered(town: Town) -> None:
    bob = await arrives(town, "Bob")
    hoa = await arrives(town, "Hoa", role="operator")
    lan = await arrives(town, "Lan", role="admin")
    await asks(bob)
    bob.skips()
    await town.deliver()
    for officer in (hoa, lan):
        officer.skips()
        await officer.presses("Answer")
        officer.skips()
        await officer.says(f"{ANSWER} {officer.name}")
        officer.skips()
    await asyncio.gather(hoa.presses("Send the answer"), lan.presses("Send the answer"))
    told = [hoa.reads().text, lan.reads().text]
    assert sum("is on its way" in each for each in told) == 1
    (late,) = [each for each in told if "already answered question No. 1" in each]
    assert "Your own text was not sent:" in late
    await town.deliver()
    bob.reads(ANSWER)
    await lan.presses("Answer")
    lan.reads("already answered question No. 1, 09:00 Monday 23 November 2026:", ANSWER)


async def test_what_one_was_doing_before_is_given_back(town: Town) -> None:
    lan = await arrives(town, "Lan", role="admin")
    await lan.says("/broadcast")
    lan.skips()
    await lan.presses("New announcement")
    lan.skips()
    await lan.presses("Businesses")
    lan.skips()
    await lan.sends_press("officer:ask")
    lan.skips()
    await lan.says(QUESTION)
    lan.skips()
    await lan.presses("Send to an officer")
    lan.reads("You can now go on with what you were doing before.")
    await lan.says("Mời Anh/Chị dự hội thảo.")
    lan.reads("in English")


async def test_wrong_input_and_the_way_out(town: Town) -> None:
    bob = await arrives(town, "Bob")
    await bob.says("/officer")
    bob.skips()
    for wrong, answer in (
        ("?", "very short"),
        ("\u200b\u200b\u200b\u200b\u200b\u200b", "very short"),
        ("x" * 1001, "1,001 characters, but at most 1,000"),
    ):
        await bob.says(wrong)
        bob.reads(answer, buttons=["Cancel"])
    await bob.sends_file("a.pdf", "application/pdf", 10)
    bob.reads("as text")
    await bob.says(QUESTION)
    bob.skips()
    await bob.says("hm, wait")
    bob.reads("Shall this question go to an officer?", QUESTION)
    await bob.says("Cancel")
    bob.reads("Discarded. Nothing was sent.")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Ticket)) == 0


async def test_forged_presses(town: Town) -> None:
    bob = await arrives(town, "Bob")
    eve = await arrives(town, "Eve", role="viewer")
    hoa = await arrives(town, "Hoa", role="operator")
    await asks(bob)
    bob.skips()
    for forged in ("officer:answer:1", "officer:reply", "officer:send", "officer:rewrite", "officer:drop", "officer"):
        await eve.sends_press(forged)
        eve.reads("no longer valid", buttons=["Ask an officer", "Menu"])
    await town.deliver()
    hoa.skips()
    for forged in ("officer:answer:2", "officer:answer:x", "officer:answer:" + "9" * 40, "officer:answer"):
        await hoa.sends_press(forged)
        hoa.reads("There is no such question.")
    for forged in ("officer:reply", "officer:nonsense", "officer:drop"):
        await hoa.sends_press(forged)
        hoa.reads(
            "These questions are waiting for an answer",
            buttons=[f"1. {QUESTION[:39]}…", "Ask a question myself", "Menu"],
        )
    await hoa.presses(f"1. {QUESTION[:39]}…")
    hoa.reads("Please type your answer")
    async with town.database.transaction() as connection:
        await connection.execute(update(Contact).where(Contact.id == await contact_of(town, hoa)).values(role=None))
    await hoa.says(ANSWER)
    hoa.reads("Only officers can answer questions.")


async def test_somebody_who_blocked_the_bot_cannot_be_told(town: Town) -> None:
    bob = await arrives(town, "Bob")
    hoa = await arrives(town, "Hoa", role="operator")
    await hoa.says("/officer")
    hoa.reads("No question is waiting for an answer.")
    await asks(bob)
    bob.skips()
    await bob.blocks_the_bot()
    await town.deliver()
    hoa.skips()
    await hoa.presses("Answer")
    hoa.skips()
    await hoa.says(ANSWER)
    hoa.skips()
    await hoa.presses("Send the answer")
    hoa.reads("can't be reached")
