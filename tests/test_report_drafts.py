"""The draft of a report that the focal points of an agency share."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.db.models.applications import StoredFile
from bot.db.models.reporting import Obligation
from bot.messages import IncomingFile
from bot.services.files import files
from bot.services.handing_in import report_drafts
from bot.services.handing_in.draft_rows import Draft, mark
from bot.services.handing_in.report_drafts import Saved
from bot.services.people import contacts
from tests.chat import Town
from tests.reporting import appoint, obligation, plan


async def contact(town: Town, name: str, focal_role: str = "holder", agency: str = "phuong-ba-dinh") -> int:
    """The contact id of a focal point."""
    person = await appoint(town, name, agency, focal_role)
    async with town.database.reading() as connection:
        found = await contacts.find(connection, "telegram", person.external_id)
    assert found is not None
    return found.contact_id


async def load(town: Town, obligation_id: int, contact_id: int) -> Draft | None:
    async with town.database.reading() as connection:
        return await report_drafts.load(connection, obligation_id, contact_id)


async def test_two_people_write_and_nobody_overwrites_the_other(town: Town) -> None:
    await plan(town)
    number = await obligation(town)
    lan, minh = await contact(town, "Lan"), await contact(town, "Minh", "deputy")

    async def write(who: int, key: str, value: int, seen: object = None) -> Saved | None:
        async with town.database.transaction() as connection:
            return await report_drafts.save_figures(
                connection, number, who, {key: value}, seen={key: mark(seen)}, now=town.clock()
            )

    first, second = await asyncio.gather(write(lan, "one", 1), write(minh, "two", 2))
    assert first is not None
    assert second is not None
    draft = await load(town, number, lan)
    assert draft is not None
    assert draft.figures == {"one": 1, "two": 2}
    assert draft.revision == 2
    assert {key: deed.name for key, deed in draft.authors.items()} == {"one": "Lan", "two": "Minh"}

    clash = await write(minh, "one", 5)
    assert clash is not None
    assert clash.clash == ("one",)
    assert clash.draft.figures["one"] == 1
    agreed = await write(minh, "one", 1)
    assert agreed is not None
    assert not agreed.clash
    replaced = await write(minh, "one", 5, seen=1)
    assert replaced is not None
    assert replaced.draft.figures["one"] == 5


async def test_rows_and_paragraphs_of_two_people_add_up(town: Town) -> None:
    await plan(town)
    number = await obligation(town)
    lan, minh = await contact(town, "Lan"), await contact(town, "Minh", "deputy")

    async def write(who: int, name: str) -> None:
        async with town.database.transaction() as connection:
            row = {"name": name}
            assert await report_drafts.add_rows(connection, number, who, "projects", [row], now=town.clock())
            assert await report_drafts.add_text(connection, number, who, "problems", name, now=town.clock())

    await asyncio.gather(write(lan, "A"), write(minh, "B"))
    draft = await load(town, number, lan)
    assert draft is not None
    assert sorted(row["name"] for row in draft.figures["projects"]) == ["A", "B"]
    assert sorted(draft.parts["problems"].split("\n\n")) == ["A", "B"]


async def test_a_stranger_neither_reads_nor_writes(town: Town) -> None:
    await plan(town)
    number = await obligation(town)
    hung = await contact(town, "Hùng", agency="phuong-bach-mai")
    assert await load(town, number, hung) is None
    async with town.database.transaction() as connection:
        assert await report_drafts.save_figures(connection, number, hung, {"one": 1}, now=town.clock()) is None
        assert await report_drafts.add_rows(connection, number, hung, "projects", [], now=town.clock()) is None
        assert await report_drafts.add_text(connection, number, hung, "problems", "x", now=town.clock()) is None
        assert not await report_drafts.discard(connection, number, hung)
        assert await report_drafts.reopen(connection, number, hung, now=town.clock()) is None


@pytest.mark.parametrize("status", ["submitted", "accepted", "withdrawn"])
async def test_what_was_handed_in_is_not_written_by_a_late_answer(town: Town, status: str) -> None:
    await plan(town)
    number = await obligation(town)
    lan = await contact(town, "Lan")
    async with town.database.transaction() as connection:
        await connection.execute(update(Obligation).values(status=status))
        assert await report_drafts.save_figures(connection, number, lan, {"one": 1}, now=town.clock()) is None


async def test_a_file_somebody_was_just_asked_about_outlives_what_others_write(town: Town) -> None:
    await plan(town)
    number = await obligation(town)
    lan, minh = await contact(town, "Lan"), await contact(town, "Minh", "deputy")

    async def keep(name: str, who: int) -> Mapping[str, Any]:
        file = IncomingFile(name, "application/pdf", 10, "", f"sent/{name}")
        async with town.database.transaction() as connection:
            person = await contacts.find_by_contact(connection, who)
            assert person is not None
            kept = await files.keep(connection, person, file, obligation_id=number, now=town.clock())
        return {"file": kept, "name": name, "size": 10}

    async def save(who: int, key: str, value: str | Mapping[str, Any], seen: str | None = None) -> Saved | None:
        async with town.database.transaction() as connection:
            return await report_drafts.save_part(connection, number, who, key, value, seen=seen, now=town.clock())

    waits = await keep("waits.pdf", lan)
    await save(minh, "direction", "Đã ban hành kế hoạch.")
    assert await stored(town, number) == {waits["file"]}
    await save(lan, "task_1", waits)
    theirs = await keep("theirs.pdf", minh)
    clash = await save(minh, "task_1", theirs, seen=mark(None))
    assert clash is not None
    assert clash.clash == ("task_1",)
    assert await stored(town, number) == {waits["file"], theirs["file"]}
    await save(minh, "task_1", theirs)
    assert await stored(town, number) == {theirs["file"]}
    await keep("left aside.pdf", lan)
    await save(lan, "task_2", "Không phát sinh")
    assert await stored(town, number) == {theirs["file"]}
    async with town.database.transaction() as connection:
        assert await report_drafts.discard(connection, number, lan)
    assert await stored(town, number) == set()


async def stored(town: Town, obligation_id: int) -> set[int]:
    async with town.database.reading() as connection:
        found = select(StoredFile.id).where(StoredFile.obligation_id == obligation_id)
        return set(await connection.scalars(found))
