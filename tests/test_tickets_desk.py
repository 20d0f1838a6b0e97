"""The officers' desk: the list, a ticket's page, taking, taking over, closing, and what is not theirs."""

from __future__ import annotations

import asyncio
import re

from sqlalchemy import func, select, update

from bot.db.models.people import Contact
from bot.db.models.tickets import Ticket
from bot.messages import Role
from tests import sample_files
from tests.chat import Town
from tests.reporting import employ
from tests.ticketing import (
    ANSWER,
    CONSTRUCTION,
    OF_TAKER,
    QUESTION,
    SCT,
    TO_OFFICERS,
    answers,
    arrives,
    asks,
    contact_of,
)


async def test_the_list_is_paged_and_the_oldest_comes_first(town: Town) -> None:
    hoa, lan = await employ(town, "Hoa"), await employ(town, "Lan")
    await hoa.says("/officer")
    hoa.reads("No question is waiting for an answer.", buttons=["Ask a question myself", "Menu"])
    for number in range(7):
        person = await arrives(town, f"Person{number}")
        await asks(town, person, f"{QUESTION} ({number})")
        person.skips()
        town.clock.advance(minutes=50)
    hoa.skips()
    lan.skips()
    await lan.sends_press("officer:take:2")
    lan.skips()
    await hoa.sends_press("officer:take:1")
    hoa.skips()
    await answers(town, hoa)
    hoa.skips()
    for person in town.people.values():
        person.skips()
    await hoa.presses("All questions")
    hoa.reads(
        "These conversations are open, the oldest first.",
        f"No. 1, Person0 · {SCT} · answered · you have it",
        f"No. 2, Person1 · {SCT} · waiting for 5 hours · Lan has it",
        f"No. 5, Person4 · {SCT} · waiting for 2 hours · nobody has it",
        buttons=[
            *(f"{number + 1}. {QUESTION} ({number})" for number in range(5)),
            "Later ones",
            "Ask a question myself",
            "Menu",
        ],
    )
    await hoa.says("6")
    hoa.reads(
        "No. 7, Person6",
        buttons=[
            *(f"{number + 1}. {QUESTION} ({number})" for number in (5, 6)),
            "Earlier ones",
            "Ask a question myself",
            "Menu",
        ],
    )
    await hoa.presses("Earlier ones")
    hoa.reads("No. 1, Person0")
    await hoa.says("2")
    hoa.reads("Question No. 2 of Person1", "Lan took it at", buttons=["Take over", "All questions", "Menu"])


async def test_a_long_conversation_is_shown_whole_page_by_page(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    for number in range(4):
        await bob.says(f"Part {number}: " + "x" * 2000)
    await town.deliver()
    hoa.skips()
    await hoa.sends_press("officer:show:1")
    newest = hoa.reads("Part 3", buttons=[*TO_OFFICERS, "Earlier messages", "All questions", "Menu"])
    assert QUESTION not in newest.plain
    await hoa.presses("Earlier messages")
    hoa.reads("Part 2")
    await hoa.presses("Earlier messages")
    hoa.reads("Part 1")
    await hoa.presses("Earlier messages")
    hoa.reads(QUESTION, "Part 0", buttons=[*TO_OFFICERS, "Later messages", "All questions", "Menu"])
    await hoa.sends_press("officer:show:1:99")
    hoa.reads("Part 3")


async def test_two_press_take_at_once(town: Town) -> None:
    bob = await arrives(town)
    hoa, lan = await employ(town, "Hoa"), await employ(town, "Lan")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    lan.skips()
    await asyncio.gather(hoa.presses("Take"), lan.presses("Take"))
    told = {"Hoa": hoa.reads(), "Lan": lan.reads()}
    (winner,) = [name for name, reply in told.items() if "This question is yours now." in reply.plain]
    (loser,) = set(told) - {winner}
    assert "Somebody else has taken this question." in told[loser].plain
    assert f"{winner} took it at 09:00" in told[loser].plain
    await town.deliver()
    bob.reads("now takes care of your question")
    await town.people[winner].presses("Take")
    town.people[winner].reads("You have this question already.")
    await town.people[loser].presses("Reply")
    town.people[loser].reads("Somebody else has taken this question.", buttons=["Take over", "All questions", "Menu"])
    await town.people[loser].sends_press("officer:close:1")
    town.people[loser].reads("Question No. 1 of Bob", f"{winner} took it")
    await town.people[loser].sends_press("officer:closed:1")
    town.people[loser].reads("Somebody else has taken this question.")
    await bob.says("Only for the one who has it.")
    await town.deliver()
    town.people[winner].reads("Only for the one who has it.", buttons=OF_TAKER)


async def test_two_answer_at_once(town: Town) -> None:
    bob = await arrives(town)
    hoa, lan = await employ(town, "Hoa"), await employ(town, "Lan", Role.ADMIN)
    await asks(town, bob)
    bob.skips()
    for officer in (hoa, lan):
        officer.skips()
        await officer.presses("Reply")
        officer.skips()
        await officer.says(f"{ANSWER} {officer.name}")
        officer.skips()
    await asyncio.gather(hoa.presses("Send the answer"), lan.presses("Send the answer"))
    told = [hoa.reads().text, lan.reads().text]
    assert sum("is on its way" in each for each in told) == 1
    (late,) = [each for each in told if "Somebody else has taken this question." in each]
    assert f"Your own text was not sent:\n{ANSWER}" in late
    await town.deliver()
    bob.reads(ANSWER)


async def test_taking_over(town: Town) -> None:
    bob = await arrives(town)
    hoa, lan, mai = await employ(town, "Hoa"), await employ(town, "Lan"), await employ(town, "Mai")
    await asks(town, bob)
    bob.skips()
    for officer in (hoa, lan, mai):
        officer.skips()
    await hoa.presses("Take")
    hoa.skips()
    await town.deliver()
    bob.skips()
    for officer in (lan, mai):
        await officer.sends_press("officer:show:1")
        officer.reads("Hoa took it at 09:00")
    town.clock.advance(minutes=1)
    await asyncio.gather(lan.presses("Take over"), mai.presses("Take over"))
    told = {officer.name: officer.reads() for officer in (lan, mai)}
    (winner,) = [name for name, reply in told.items() if "This question is yours now." in reply.plain]
    (loser,) = set(told) - {winner}
    assert f"{winner} took it at 09:01" in told[loser].plain
    await town.deliver()
    hoa.reads("Question No. 1 of Bob", f"{winner} has taken this question over from you.", buttons=["Take over"])
    bob.reads("now takes care of your question")
    await hoa.sends_press("officer:answer:1")
    hoa.reads("Somebody else has taken this question.")
    await bob.says("Hello?")
    await town.deliver()
    town.people[winner].reads("Hello?")


async def test_what_is_not_theirs_does_not_exist(town: Town) -> None:
    bob = await arrives(town)
    thu = await employ(town, "Thu", agency=CONSTRUCTION)
    hoa = await employ(town, "Hoa")
    admin = await employ(town, "Admin", Role.ADMIN, agency="so-tai-chinh")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    for verb in ("answer:1", "take:1", "show:1", "close:1", "closed:1", f"instead:1:{await contact_of(town, hoa)}"):
        await thu.sends_press(f"officer:{verb}")
        thu.reads("There is no such question.", buttons=["All questions", "Menu"])
    await thu.says("/officer")
    thu.reads("No question is waiting for an answer.")
    await admin.says("/officer")
    admin.reads("No. 1, Bob")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).where(Ticket.status == "open")) == 1


async def test_forged_presses(town: Town) -> None:
    bob = await arrives(town)
    eve = await arrives(town, "Eve")
    viewer = await employ(town, "Viewer", Role.VIEWER)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    for person in (eve, viewer):
        for verb in (
            "answer:1", "reply", "send", "rewrite", "drop", "take:1", "instead:1:1", "show:1", "close:1", "closed:1",
            "list", "end:1", "ended:1", "agency:so-xay-dung", "agencies", "confirm", "change",
        ):  # fmt: skip
            await person.sends_press(f"officer:{verb}")
            person.reads("no longer valid", buttons=["Ask an officer", "Menu"])
    for forged in ("answer:2", "answer:x", "answer:" + "9" * 40, "answer", "take:-1", "show:²", "closed:0"):
        await hoa.sends_press(f"officer:{forged}")
        hoa.reads("There is no such question.")
    for forged in ("reply", "rewrite", "nonsense", "drop", "list:-1", "end:1", "ended:1", "agency:so-xay-dung"):
        await hoa.sends_press(f"officer:{forged}")
        hoa.reads("No. 1, Bob")
    await hoa.sends_press("officer:list:" + "9" * 18)
    hoa.reads("No question is waiting for an answer.")
    await asks(town, eve)
    eve.skips()
    for verb in ("end:1", "ended:1", "ended:", "ended:2x"):
        await eve.sends_press(f"officer:{verb}")
        eve.reads("no longer valid")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).where(Ticket.status == "open")) == 2
    hoa.skips()


async def test_somebody_who_is_no_longer_staff(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    await hoa.presses("Reply")
    hoa.reads("Please type your answer")
    async with town.database.transaction() as connection:
        await connection.execute(update(Contact).where(Contact.id == await contact_of(town, hoa)).values(role=None))
    await hoa.says(ANSWER)
    hoa.reads("Only officers can answer questions.")
    await hoa.presses("Take")
    hoa.reads("no longer valid")


async def test_an_officers_own_question_is_answered_by_others(town: Town) -> None:
    hoa, lan = await employ(town, "Hoa"), await employ(town, "Lan")
    await hoa.says("/officer")
    hoa.skips()
    await hoa.presses("Ask a question myself")
    hoa.skips()
    await hoa.says(QUESTION)
    hoa.skips()
    await hoa.presses("Send this question")
    hoa.reads("Your question No. 1")
    await town.deliver()
    hoa.nothing_unread()
    lan.reads("Question No. 1 of Hoa")
    await hoa.sends_press("officer:answer:1")
    hoa.reads("There is no such question.")
    await hoa.says("/officer")
    hoa.reads("No question is waiting", buttons=["My own question", "Menu"])
    await hoa.presses("My own question")
    hoa.reads("Your question No. 1", "It is waiting for an officer.")
    await hoa.says("One more thing.")
    await town.deliver()
    lan.reads("One more thing.")


async def test_wrong_input_and_the_way_out(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await bob.says("/officer")
    bob.skips()
    for wrong, sentence in (
        ("?", "very short"),
        ("\u200b\u200b\u200b\u200b\u200b\u200b", "very short"),
        ("x" * 1001, "1,001 characters, but at most 1,000"),
    ):
        await bob.says(wrong)
        bob.reads(sentence, buttons=["Cancel"])
    await bob.sends_file("a.pdf", sample_files.PDF)
    bob.reads("as text")
    await bob.says(QUESTION)
    bob.skips()
    await bob.says("hm, wait")
    bob.reads("Shall this question go to", QUESTION)
    await bob.says("Cancel")
    bob.reads("Discarded. Nothing was sent.")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Ticket)) == 0
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    await hoa.presses("Reply")
    hoa.reads("Please type your answer", "2,500 characters")
    await hoa.says("ok")
    hoa.reads("very short")
    await hoa.says(ANSWER)
    hoa.reads(ANSWER, buttons=["Send the answer", "Change it", "Cancel"])
    await hoa.sends_press("officer:show:1")
    hoa.reads("Question No. 1 of Bob")
    await hoa.sends_press("officer:rewrite")
    hoa.reads("What you typed so far:", ANSWER)
    await hoa.presses("Cancel")
    hoa.reads("Discarded. Nothing was sent.")
    await town.deliver()
    bob.nothing_unread()


async def test_looking_elsewhere_ends_waiting_for_an_answer(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    await hoa.presses("Reply")
    hoa.skips()
    await hoa.says("/officer")
    hoa.reads("These conversations are open")
    await hoa.says("1")
    shown = hoa.reads("Question No. 1 of Bob", QUESTION)
    assert not re.search("type your answer", shown.plain)


async def test_what_one_was_doing_before_is_given_back(town: Town) -> None:
    lan = await employ(town, "Lan", Role.ADMIN)
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
    await lan.presses("Send this question")
    lan.reads("You can now go on with what you were doing before.")
    await lan.says("Mời Anh/Chị dự hội thảo.")
    lan.reads("in English")
