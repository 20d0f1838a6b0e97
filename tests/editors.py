"""What the tests of better answers do over and over: ask what has no answer, write one, get it approved."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from bot.db.models.learning import Question
from bot.messages import Role
from bot.services.answering.knowledge import Knowledge
from bot.services.learning import question_groups
from tests.chat import PersonInTown, Town, flat
from tests.reporting import employ

BALCONY = "Trồng rau thủy canh trên ban công nên dùng phân gì?"
BALCONY_PLAIN = "trong rau thuy canh tren ban cong nen dung phan gi"
BALCONY_OTHERWISE = "nên dùng phân gì khi trồng rau thủy canh ở ban công"
DOGS = "May one keep dogs in an apartment building?"

ANSWER_VI = "Kế hoạch không quy định việc này; chỉ tiêu gần nhất là 70-80%.\n- Ý thứ nhất\n- Ý thứ hai"
ANSWER_EN = "The plan does not regulate this; the nearest target is 70-80%."
SHORT_VI, SHORT_EN = ANSWER_VI.split("\n", maxsplit=1)[0], ANSWER_EN
QUESTION_EN = "Which fertiliser suits vegetables on a balcony?"
WISH = "Báo tôi khi có câu trả lời"
LIST = "Câu hỏi chưa có câu trả lời"


async def citizen(town: Town, name: str, *, language: str = "vi") -> PersonInTown:
    """Somebody who has met the bot already."""
    person = town.person(name, language=language)
    await person.says("/menu")
    person.skips()
    return person


async def editor(town: Town, name: str, role: Role = Role.EDITOR) -> PersonInTown:
    """Somebody who may change answers, in Vietnamese."""
    return await employ(town, name, role, language="vi")


async def asks(person: PersonInTown, question: str = BALCONY, *, wish: bool = False) -> str:
    """Ask what has no answer; returns the token under the reply."""
    await person.says(question)
    rows = person.reads().buttons
    token = next(button.press.split(":")[1] for row in rows for button in row if button.press.startswith("wish:"))
    if wish:
        await person.presses(WISH if person.language == "vi" else "Tell me when there is an answer")
        person.skips()
    return token


async def gather(town: Town) -> int:
    """What the scheduled job does every minute."""
    async with town.database.transaction() as connection:
        return await question_groups.gather(connection, town.conversation.known, town.clock())


async def groups(town: Town) -> list[tuple[str, int, str]]:
    """(sample, count, status) of every group."""
    found = []
    async with town.database.reading() as connection:
        for status in question_groups.Status:
            listed, _ = await question_groups.top(connection, limit=50, status=status)
            found += [(each.sample, each.count, each.status.value) for each in listed]
    return found


async def opens(person: PersonInTown, sample: str = BALCONY) -> None:
    """Go to the page of a group by way of the list; the page is not read yet."""
    await person.says("/thongke")
    person.skips()
    await person.presses(LIST)
    reply = person.reads()
    label = next(button.label for row in reply.buttons for button in row if f"× {sample[:20]}" in button.label)
    await person.presses(label)


async def writes(person: PersonInTown, sample: str = BALCONY) -> None:
    """Everything up to the preview, whose last message is read."""
    await opens(person, sample)
    person.skips()
    await person.presses("Viết câu trả lời")
    person.skips()
    await person.presses("Giữ nội dung này")
    person.skips()
    for text in ("II.2.b", ANSWER_VI, QUESTION_EN, ANSWER_EN):
        await person.says(text)
        person.skips()
    await person.presses("Sở Công Thương")
    person.skips()
    await person.presses("31/12/2030")
    while len(person.unread) > 1:
        person.reads()
    person.reads("Xem trước")


async def proposes(town: Town, person: PersonInTown, sample: str = BALCONY) -> None:
    """A proposal, up to what the author is told."""
    await writes(person, sample)
    await person.presses("Gửi duyệt")
    person.skips()
    await town.deliver()


async def second_process(town: Town) -> Town:
    """Another process over the same database: it knows what the files say, and what was approved until now."""
    first = town.conversation.knowledge
    knowledge = Knowledge(first.files, first.words, first.files, first.index)
    await knowledge.refresh(town.database)
    conversation = replace(town.conversation, knowledge=knowledge)
    return replace(town, conversation=conversation, _messages=town._messages + 1000)


async def logged(town: Town) -> list[tuple[str, str, str | None, int | None]]:
    """(text, outcome, entry, rating) of every question of the log."""
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(Question.text, Question.outcome, Question.entry_id, Question.rating).order_by(Question.id)
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]


def label(person: PersonInTown, begins: str) -> str:
    """The newest button whose label begins so."""
    for outgoing in reversed(person._received):
        for button in flat(outgoing.reply):
            if button.label.startswith(begins):
                return button.label
    raise AssertionError(f"{person.name} sees no button {begins!r}…")
