"""What is approved goes live without a restart, and nothing that is approved can take the bot down."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from bot.db.models.handing_in import DutyDefinition
from bot.db.models.learning import FaqChange
from bot.messages import Language
from bot.services.answering import knowledge as module
from bot.services.answering.faq import Index
from bot.services.answering.findings import Answer
from bot.services.answering.knowledge import Knowledge, keep_fresh
from content.model import Content
from content.vocabulary import Words
from tests.chat import Town

TODAY = date(2026, 11, 23)
ENTRY: dict[str, Any] = {
    "id": "added-1-balcony",
    "source": {"section": "V.3"},
    "facts": ["V.3.a"],
    "agency": "so-cong-thuong",
    "valid_until": "2030-12-31",
    "vi": {"question": "Rau thủy canh ban công dùng phân gì?", "phrasings": [], "short": "Kế hoạch không quy định."},
    "en": {"question": "Which fertiliser for a balcony garden?", "phrasings": [], "short": "The plan does not say."},
}  # fmt: skip


async def approved(town: Town, kind: str, content: dict[str, Any], *, entry_id: str = "added-1-balcony") -> None:
    async with town.database.transaction() as connection:
        await connection.execute(
            insert(FaqChange).values(
                kind=kind,
                entry_id=entry_id,
                language="vi",
                content=content,
                status="approved",
                created_at=town.clock(),
                decided_at=town.clock(),
            )
        )


def answer(knowledge: Knowledge, question: str) -> str | None:
    outcome = knowledge.index.find(question, TODAY, Language.VI).outcome
    return outcome.entry.id if isinstance(outcome, Answer) else None


async def test_what_fits_goes_live_and_the_rest_is_passed_over(town: Town, knowledge: Knowledge) -> None:
    before = knowledge.content
    await approved(town, "entry", {"entry": ENTRY})
    await approved(town, "entry", {"entry": {"id": "broken"}})
    await approved(town, "entry", {})
    await approved(town, "nonsense", {"phrasing": "ba ba ba"}, entry_id="gone")
    await approved(town, "entry", {"entry": ENTRY | {"id": "added-2-x", "agency": "so-da-giai-the"}})
    await approved(town, "phrasing", {"phrasing": "rau ban công thì bón phân nào"})
    await approved(town, "phrasing", {"phrasing": "câu hỏi của mục đã bị xóa"}, entry_id="gone")
    assert await knowledge.refresh(town.database)
    assert answer(knowledge, "rau ban cong thi bon phan nao") == "added-1-balcony"
    assert set(knowledge.content.entries) - set(before.entries) == {"added-1-balcony"}
    assert knowledge.content.topics[-2].topic.vi == "Câu hỏi bổ sung"
    assert knowledge.files is before
    assert not await knowledge.refresh(town.database)


async def test_duties_that_staff_sent_are_laid_over_the_files(town: Town, knowledge: Knowledge) -> None:
    index, before = knowledge.index, knowledge.content.duties
    report = before["yearly-report-to-sct"].model_dump(mode="json", by_alias=True)
    await sent(town, report | {"enabled": False})
    await sent(town, report | {"slug": "new-report", "title": {"vi": "Mới", "en": "New"}})
    await sent(town, report | {"slug": "broken", "frequency": "sometimes"})
    await sent(town, report | {"slug": "of-nobody", "received_by": ["so-da-giai-the"]})
    assert await knowledge.refresh(town.database)
    assert list(knowledge.content.duties) == [*before, "new-report"]
    assert not knowledge.content.duties["yearly-report-to-sct"].enabled
    assert knowledge.index is index
    # With an approved answer at the same time both are there.
    await sent(town, report)
    await approved(town, "entry", {"entry": ENTRY})
    assert await knowledge.refresh(town.database)
    assert knowledge.content.duties["yearly-report-to-sct"] == before["yearly-report-to-sct"]
    assert ENTRY["id"] in knowledge.content.entries
    assert not await knowledge.refresh(town.database)
    begun = await module.current(knowledge.files, knowledge.words, town.database)
    assert list(begun.content.duties) == [*before, "new-report"]


async def sent(town: Town, definition: dict[str, Any]) -> None:
    async with town.database.transaction() as connection:
        await connection.execute(
            insert(DutyDefinition).values(
                slug=definition["slug"], definition=definition, file_name="a.yaml", added_at=town.clock()
            )
        )


async def test_a_version_no_index_can_be_built_of_leaves_everything_as_it_was(
    town: Town, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = knowledge.content, knowledge.index
    tried = []

    def broken(*_: object) -> None:
        tried.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(module, "build_index", broken)
    await approved(town, "entry", {"entry": ENTRY})
    assert not await knowledge.refresh(town.database)
    assert not await knowledge.refresh(town.database)
    assert (knowledge.content, knowledge.index) == before
    assert len(tried) == 1, "not tried again before something else is approved"
    monkeypatch.undo()
    await approved(town, "phrasing", {"phrasing": "rau ban công thì bón phân nào"})
    assert await knowledge.refresh(town.database)
    assert answer(knowledge, "rau ban công thì bón phân nào") == "added-1-balcony"


async def test_a_process_begins_with_what_was_approved(
    town: Town, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    await approved(town, "entry", {"entry": ENTRY})
    await approved(town, "phrasing", {"phrasing": "rau ban công thì bón phân nào"})
    built = []

    def build(content: Content, words: Words) -> Index:
        built.append(content)
        if len(built) == 2:
            raise ZeroDivisionError
        return knowledge.index

    monkeypatch.setattr(module, "build_index", build)
    begun = await module.current(knowledge.files, knowledge.words, town.database)
    assert built == [begun.content]
    assert "added-1-balcony" in begun.content.entries
    assert not await begun.refresh(town.database)
    fallen_back = await module.current(knowledge.files, knowledge.words, town.database)
    assert fallen_back.content is knowledge.files
    assert fallen_back.version == 0


async def test_a_process_looks_every_few_seconds_also_after_the_database_was_away(
    town: Town, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert module.REFRESH_SECONDS <= 30, "live within a minute"
    times = 0

    class Away:
        def reading(self) -> object:
            nonlocal times
            times += 1
            if times == 3:
                raise asyncio.CancelledError
            raise OSError("the database is away")

    monkeypatch.setattr(module, "REFRESH_SECONDS", 0)
    with pytest.raises(asyncio.CancelledError):
        await keep_fresh(knowledge, Away())  # type: ignore[arg-type]
    assert times == 3


async def test_a_turn_ends_with_what_it_began_with(town: Town) -> None:
    """The holder may change under a turn; ``known`` and ``faq`` of the turn don't."""
    an = town.person("An")
    seen: list[bool] = []

    async def slow(turn: Any) -> list[Any]:
        known, faq = turn.known, turn.faq
        town.conversation.knowledge.content = known.model_copy()
        seen.append(turn.known is known and turn.faq is faq)
        return [turn.say("Vâng.")]

    town.conversation = replace(town.conversation, replies_to=slow)
    await an.says("gì đó")
    an.reads("Vâng.")
    assert seen == [True]
