"""What people think of answers, what is kept of their questions, and who waits for an answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import event, func, insert, select, text, update

from bot.db.engine import Database
from bot.db.models.learning import Question, QuestionGroup, QuestionWish
from bot.db.types import Base
from bot.messages import Language, Role
from bot.services.answering.findings import Finding, Suggestions
from bot.services.learning import question_groups, question_log, wishes
from handlers.turn import Conversation
from scheduler.jobs import TIMETABLE, Circumstances
from scheduler.ticking import tick
from tests.chat import PersonInTown, Town, flat
from tests.editors import BALCONY, BALCONY_PLAIN, DOGS, WISH, asks, citizen, gather, groups, logged
from tests.reporting import employ
from tests.ticketing import arrives, asked_before, contact_of

SIGNER = "Ai ký Kế hoạch số 50/KH-UBND?"


def token_in(person: PersonInTown) -> str:
    """The token under what the person read last."""
    presses = [button.press for button in flat(person._received[person.read - 1].reply)]
    return next(press.split(":")[1] for press in presses if press.startswith(("rate:", "wish:")))


async def stored(town: Town, table: type[Base]) -> int:
    async with town.database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def test_an_answer_can_be_rated_and_the_last_word_counts(town: Town) -> None:
    an = await citizen(town, "An")
    await an.says(SIGNER)
    assert [button.label for button in flat(an.reads())][-4:] == ["Hữu ích", "Chưa đúng", "Gặp cán bộ", "Menu"]
    await an.presses("Hữu ích")
    an.reads("Cảm ơn Anh/Chị đã đánh giá", buttons=["Menu"])
    assert await logged(town) == [(SIGNER, "answered", "plan-signer", 1)]
    await an.presses("Chưa đúng")
    reply = an.reads("Cán bộ sẽ xem lại câu hỏi này", "muốn hỏi một trong các câu sau")
    labels = [button.label for button in flat(reply)]
    known = town.conversation.known.entries
    related = [known[each].vi.question for each in known["plan-signer"].related][:3]
    assert labels == [*related, WISH, "Gặp cán bộ", "Menu"]
    assert await logged(town) == [(SIGNER, "answered", "plan-signer", -1)]
    assert await gather(town) == 1
    assert await groups(town) == [(SIGNER, 1, "open")]
    await an.says("1")
    an.reads(related[0])
    await an.presses("Hữu ích")
    an.skips()
    assert await groups(town) == [], "an answer that is fine after all is nothing to look at"
    assert await gather(town) == 0


async def test_the_question_decides_the_language_of_everything_under_it(town: Town) -> None:
    an = await citizen(town, "An")
    await an.says("What is the general goal of the plan for 2030?")
    assert {"Helpful", "Not right"} <= {button.label for button in flat(an.reads())}
    await an.presses("Not right")
    reply = an.reads("Thank you for telling me")
    assert reply.language == "en"
    await an.presses(flat(reply)[0].label)
    assert an.reads().language == "en"


async def test_none_of_the_suggestions_counts_like_a_wrong_answer(town: Town) -> None:
    an = await citizen(town, "An")
    entries = tuple(town.conversation.known.entries.values())[:2]
    town.conversation = with_outcome(town, Finding(Language.VI, Suggestions(entries, 0.4)))
    await an.says(BALCONY)
    an.reads(buttons=[*(each.vi.question for each in entries), "Không phải các câu này", "Gặp cán bộ", "Menu"])
    assert await gather(town) == 0
    await an.presses("Không phải các câu này")
    an.reads("Cán bộ sẽ xem lại", buttons=[WISH, "Gặp cán bộ", "Menu"])
    assert await logged(town) == [(BALCONY, "suggested", None, -1)]
    assert await gather(town) == 1


def with_outcome(town: Town, finding: Finding) -> Conversation:
    class Fixed:
        def find(self, *_: object) -> Finding:
            return finding

        def find_all(self, *_: object) -> tuple[Finding, ...]:
            return (finding,)

    knowledge = replace(town.conversation.knowledge, index=Fixed())  # type: ignore[arg-type]
    return replace(town.conversation, knowledge=knowledge)


async def test_only_who_has_the_token_rates(town: Town) -> None:
    an = await citizen(town, "An")
    await an.says(SIGNER)
    an.skips()
    for forged in ("rate:x:up", "rate::down", "wish:x", "wish:x:off", "rate:' OR 1=1 --:up", "wish:"):
        await an.sends_press(forged)
        an.reads("không còn hiệu lực", "hỏi lại", buttons=["Menu"])
    for forged in ("rate", "rate:x", "rate:x:sideways", "wish", "rate:x:up:down"):
        await an.sends_press(forged)
        an.reads("không còn hiệu lực")
    assert [row[3] for row in await logged(town)] == [None]


async def test_a_wish_is_not_for_an_answer_that_nobody_found_wrong(town: Town) -> None:
    an = await citizen(town, "An")
    await an.says(SIGNER)
    an.reads()
    token = token_in(an)
    await an.sends_press(f"wish:{token}")
    an.reads("không còn hiệu lực")
    await an.sends_press(f"rate:{token}:down")
    an.skips()
    await an.sends_press(f"wish:{token}")
    an.reads("Khi cán bộ viết xong")
    await an.sends_press(f"rate:{token}:up")
    an.skips()
    assert await stored(town, QuestionWish) == 0


async def test_a_wish_pressed_again_is_withdrawn(town: Town) -> None:
    an = await citizen(town, "An")
    token = await asks(an)
    for count, told in ((1, "Khi cán bộ viết xong"), (0, "không còn ghi lại ai đã hỏi"), (1, "Khi cán bộ viết xong")):
        await an.sends_press(f"wish:{token}")
        an.reads(told)
        await an.repeats()
        assert await stored(town, QuestionWish) == count
    await an.presses("Thôi, không cần báo")
    an.reads("không còn ghi lại", buttons=[WISH, "Gặp cán bộ", "Menu"])
    assert await stored(town, QuestionWish) == 0


async def test_the_log_says_what_was_asked_and_not_who_or_when(town: Town) -> None:
    an = await citizen(town, "An")
    town.clock.set("2026-11-23T09:47:31+07:00")
    await an.says("Tôi là Lan, số 0912 345 678, lan@songhong.vn, MST 0100233488: ai ký Kế hoạch số 50/KH-UBND?")
    an.skips()
    await an.says("x" * 600)
    an.skips()
    await an.says("xin chào")
    an.reads("Kính chào")
    await an.says("/menu")
    an.skips()
    (first, second) = await logged(town)
    assert first[0] == "Tôi là Lan, số ***, ***, MST ***: ai ký Kế hoạch số 50/KH-UBND?"
    assert second[0] == "x" * 500
    async with town.database.reading() as connection:
        rows = (await connection.execute(select(Question.asked_at, Question.token))).all()
    assert {row[0].isoformat() for row in rows} == {"2026-11-23T02:00:00+00:00"}
    assert len({row[1] for row in rows}) == 2
    columns = set(Question.__table__.columns.keys())
    assert not {name for name in columns if "contact" in name or "address" in name or "channel" in name}


async def test_a_repeated_message_is_logged_once(town: Town) -> None:
    an = await citizen(town, "An")
    await asks(an)
    await asyncio.gather(*(an.repeats() for _ in range(3)))
    assert len(await logged(town)) == 1


async def test_keeping_a_question_costs_one_statement_on_a_server(town: Town) -> None:
    """Whatever is added to a turn is paid for by every question."""
    an = await citizen(town, "An")
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(town.database.engine.sync_engine, "before_cursor_execute", note)
    await an.says(SIGNER)
    an.skips()
    (logging,) = [each for each in statements if "INSERT INTO question " in each]
    (remembering,) = [each for each in statements if "UPDATE contact SET last_question" in each]
    assert "RETURNING" not in logging
    assert (logging is remembering) == (town.database.engine.dialect.name == "postgresql")


async def test_two_gather_at_once_and_nothing_is_counted_twice(town: Town) -> None:
    an, bob = await citizen(town, "An"), await citizen(town, "Bob", language="en")
    for _ in range(3):
        await asks(an, BALCONY)
        await asks(an, BALCONY_PLAIN)
    await asks(bob, DOGS)
    await asyncio.gather(*(gather(town) for _ in range(4)))
    assert sorted(await groups(town)) == [(DOGS, 1, "open"), (BALCONY, 6, "open")]
    assert await gather(town) == 0
    await asks(an, BALCONY_PLAIN + " nhé")
    assert await gather(town) == 1
    assert (BALCONY, 7, "open") in await groups(town)


async def test_who_changes_their_mind_while_it_is_gathered_stays_out(town: Town) -> None:
    an = await citizen(town, "An")
    await an.says(SIGNER)
    an.reads()
    token = token_in(an)
    await an.sends_press(f"rate:{token}:down")
    an.skips()
    async with town.database.transaction() as connection:
        rows = await connection.execute(select(Question.id, Question.language, Question.text, Question.asked_at))
        seen = rows.all()
        await question_log.rate(connection, token, 1)
        await question_groups._gather(connection, town.conversation.known, Language.VI, seen)
        assert await connection.scalar(select(Question.group_id)) is None
        assert await question_groups.top(connection, limit=5) == ([], 0)


async def test_one_run_is_limited_and_the_next_goes_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_groups, "AT_ONCE", 3)
    an = await citizen(town, "An")
    for _ in range(4):
        await asks(an)
    assert [await gather(town), await gather(town), await gather(town)] == [3, 1, 0]
    assert await groups(town) == [(BALCONY, 4, "open")]


async def test_old_questions_go_in_batches_with_their_wishes_and_groups(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_log, "BATCH", 2)
    an, bob = await citizen(town, "An"), await citizen(town, "Bob", language="en")
    await asks(an, BALCONY, wish=True)
    await asks(an, BALCONY_PLAIN)
    await asks(bob, DOGS, wish=True)
    await gather(town)
    town.clock.advance(days=20)
    await asks(an, BALCONY_PLAIN + " nhé", wish=True)
    await gather(town)
    assert sorted(await groups(town)) == [(DOGS, 1, "open"), (BALCONY, 3, "open")]
    town.clock.advance(days=15)
    await run_job(town, "forget old questions", days=36)
    assert await stored(town, Question) == 4
    await run_job(town, "forget old questions", days=30)
    assert [row[0] for row in await logged(town)] == [BALCONY_PLAIN + " nhé"]
    assert await groups(town) == [(BALCONY_PLAIN + " nhé", 1, "open")], "a group quotes nothing that was to go"
    assert await stored(town, QuestionWish) == 1
    town.clock.advance(days=30)
    await run_job(town, "forget old questions", days=30)
    assert await stored(town, Question) == await stored(town, QuestionGroup) == await stored(town, QuestionWish) == 0


async def run_job(town: Town, name: str, *, days: int) -> None:
    conversation = town.conversation
    given = Circumstances(
        town.database,
        conversation.known,
        conversation.translators,
        conversation.quiet,
        town.clock(),
        question_days=days,
    )
    await tick([job for job in TIMETABLE if job.name == name], given)


async def test_the_timetable_gathers(town: Town) -> None:
    an = await citizen(town, "An")
    await asks(an)
    await run_job(town, "gather questions", days=365)
    assert await groups(town) == [(BALCONY, 1, "open")]


async def test_what_is_due_is_found_by_an_index(database: Database, town: Town) -> None:
    """On SQLite, which says plainly how it will find the rows."""
    if not database.is_sqlite:
        return
    async with database.transaction() as connection:
        statements: list[str] = []
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        raw.driver_connection.set_trace_callback(statements.append)
        await question_groups.gather(connection, town.conversation.known, town.clock())
        await question_log.forget_old(connection, town.clock())
        await question_log.find(connection, "x")
        await wishes.count(connection, 1)
        await question_groups.top(connection, limit=5)
        raw.driver_connection.set_trace_callback(None)
        plans = []
        for statement in statements:
            if statement.startswith(("SELECT", "DELETE FROM question ")):
                rows = await connection.execute(text("EXPLAIN QUERY PLAN " + statement.replace(":", r"\:")))
                plans.append(" | ".join(str(row[3]) for row in rows))
    for index in (
        "ix_question_ungathered",
        "ix_question_asked_at",
        "sqlite_autoindex_question_1",
        "ix_question_wish_contact_id",
        "ix_question_group_status",
    ):
        assert [plan for plan in plans if index in plan], (index, plans)


async def test_a_person_sees_and_ends_their_wishes(town: Town) -> None:
    bob = await citizen(town, "Bob", language="en")
    await bob.says("/privacy")
    bob.reads("questions are also kept by themselves for 365 days: without your name or account")
    await bob.presses("See my data")
    assert "want to be told" not in bob.reads("Name: Bob").plain
    await asks(bob, DOGS, wish=True)
    await bob.says("/privacy")
    bob.skips()
    await bob.presses("See my data")
    reply = bob.reads("Questions of which you want to be told the answer: 1")
    assert "Don't tell me of answers" in [button.label for button in flat(reply)]
    await bob.presses("Don't tell me of answers")
    bob.reads("It is not noted any more which questions you asked")
    await bob.sends_press("wish:none")
    bob.reads("You are not waiting for any answer.")
    assert await stored(town, QuestionWish) == 0


async def test_erasing_takes_the_wishes_and_leaves_the_questions(town: Town) -> None:
    bob, an = await citizen(town, "Bob", language="en"), await citizen(town, "An")
    await asks(bob, DOGS, wish=True)
    await asks(an, wish=True)
    await bob.sends_press("privacy:erase")
    bob.reads("of which questions you want to be told the answer")
    await bob.presses("Yes, delete it all")
    bob.skips()
    async with town.database.reading() as connection:
        assert list(await connection.scalars(select(QuestionWish.contact_id))) == [await contact_of(town, an)]
    assert [row[0] for row in await logged(town)] == [DOGS, BALCONY]


async def test_the_busiest_groups_come_first_and_pages_turn(town: Town) -> None:
    lan = await employ(town, "Lan", Role.EDITOR, language="vi")
    now = town.clock()
    async with town.database.transaction() as connection:
        for number in range(1, 20):
            values = {"language": "vi", "sample": f"Câu hỏi thứ {number}", "first_at": now, "last_at": now}
            await connection.execute(insert(QuestionGroup).values(**values, count=number, status="open"))
    await lan.says("/thongke")
    lan.skips()
    await lan.says("4")
    reply = lan.reads("Có 19 câu hỏi")
    labels = [button.label for button in flat(reply)]
    assert labels[0] == "19 × Câu hỏi thứ 19 (23/11/2026)"
    assert labels[-3:] == ["Xem thêm", "Chờ duyệt (0)", "Menu"]
    assert len(labels) == 11
    await lan.presses("Xem thêm")
    lan.skips()
    await lan.presses("Xem thêm")
    labels = [button.label for button in flat(lan.reads())]
    assert labels[:3] == [f"{n} × Câu hỏi thứ {n} (23/11/2026)" for n in (3, 2, 1)]


async def test_a_group_of_which_nothing_is_left_is_not_shown(town: Town) -> None:
    token = await asked_before(town, await arrives(town, language="vi"), BALCONY)
    async with town.database.transaction() as connection:
        await question_groups.gather(connection, town.conversation.known, town.clock())
        await connection.execute(update(Question).values(outcome="answered", rating=-1))
        await question_log.rate(connection, token, 1)
        found, total = await question_groups.top(connection, limit=5)
    assert (found, total) == ([], 0)
