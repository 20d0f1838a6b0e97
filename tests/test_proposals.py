"""A second editor decides: approval, rejection, withdrawal, two at once, and what no longer fits."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from sqlalchemy import func, select, update

from bot.db.models.learning import FaqChange
from bot.db.models.messages import Delivery
from bot.services.learning import faq_changes
from content.added import NewEntry
from tests.chat import Town
from tests.editors import (
    BALCONY,
    DOGS,
    LIST,
    SHORT_VI,
    asks,
    citizen,
    editor,
    groups,
    opens,
    proposes,
    second_process,
    writes,
)


async def test_a_rejection_has_a_reason_and_the_question_is_open_again(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an, wish=True)
    await proposes(town, lan)
    hoa.skips()
    await hoa.presses("Từ chối")
    hoa.reads("Vì sao từ chối", BALCONY, buttons=["Không từ chối nữa"])
    await hoa.presses("Không từ chối nữa")
    hoa.reads("Đang chờ biên tập viên thứ hai")
    await hoa.says("1 2 3")  # a question again, not a reason
    hoa.skips()
    await hoa.sends_press("proposal:reject:1")
    hoa.skips()
    for wrong in ("x", "x" * 501):
        await hoa.says(wrong)
        hoa.reads("từ 3 đến 500 ký tự")
    await hoa.says("Nguồn chưa đúng.")
    hoa.reads("đã từ chối đề xuất", "Hoa đã từ chối", "Nguồn chưa đúng.")
    await town.deliver()
    lan.reads("Hoa đã từ chối đề xuất của Anh/Chị", "Nguồn chưa đúng.")
    assert await groups(town) == [(BALCONY, 1, "open")]
    await hoa.sends_press("proposal:approve:1")
    hoa.reads("Hoa đã từ chối")
    await town.deliver()
    an.nothing_unread()
    assert not await town.conversation.knowledge.refresh(town.database)
    await proposes(town, lan)
    hoa.skips()
    await hoa.presses("Phê duyệt")
    hoa.reads("Đề xuất số 2")
    await town.deliver()
    an.reads(SHORT_VI)
    lan.skips()


async def test_the_author_may_withdraw(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an)
    await proposes(town, lan)
    hoa.skips()
    await hoa.sends_press("proposal:withdrawn:1")
    hoa.reads("Đang chờ biên tập viên thứ hai")
    await lan.presses("Rút đề xuất")
    lan.reads("Rút đề xuất của Anh/Chị?", buttons=["Có, rút đề xuất", "Không, giữ nguyên"])
    await lan.presses("Có, rút đề xuất")
    lan.reads("Anh/Chị đã rút đề xuất", buttons=["Quay lại câu hỏi", "Chờ duyệt", "Menu"])
    await hoa.presses("Phê duyệt")
    hoa.reads("Người đề xuất đã rút lại")
    await hoa.presses("Từ chối")
    hoa.reads("Người đề xuất đã rút lại")
    await lan.presses("Quay lại câu hỏi")
    lan.reads("Được hỏi 1 lần", buttons=["Viết câu trả lời", "Gắn vào câu đã có", "Bỏ qua", LIST, "Menu"])
    await hoa.presses("Chờ duyệt")
    hoa.reads("Không có đề xuất nào chờ duyệt")


async def test_of_two_who_decide_at_once_one_wins(town: Town) -> None:
    an, lan = await citizen(town, "An"), await editor(town, "Lan")
    hoa, mai = await editor(town, "Hoa"), await editor(town, "Mai")
    await asks(an, wish=True)
    await proposes(town, lan)
    hoa.skips()
    mai.skips()
    await mai.presses("Từ chối")
    mai.skips()
    await asyncio.gather(hoa.presses("Phê duyệt"), mai.says("Chưa đúng nguồn."))
    told = [hoa.reads().text, mai.reads().text]
    await town.deliver()
    lan.skips()
    async with town.database.reading() as connection:
        proposal = await faq_changes.find(connection, 1)
    assert proposal is not None
    if proposal.status is faq_changes.Status.APPROVED:
        assert "trong vòng một phút" in told[0]
        assert "Hoa đã duyệt" in told[1]
        an.reads(SHORT_VI)
    else:
        assert "Mai đã từ chối" in told[0]
        assert "Anh/Chị đã từ chối" in told[1]


async def test_of_two_who_propose_for_one_question_one_wins(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an)
    await writes(lan)
    await writes(hoa)
    await asyncio.gather(lan.presses("Gửi duyệt"), hoa.presses("Gửi duyệt"))
    told = [lan.reads().text, hoa.reads().text]
    assert sum("Đã đề nghị 1 biên tập viên" in each for each in told) == 1
    assert sum("Người khác đã xử lý câu hỏi này trước" in each for each in told) == 1
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(FaqChange)) == 1
    await town.deliver()
    lan.skips()
    hoa.skips()


async def test_a_repeated_press_proposes_and_approves_once(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an, wish=True)
    await writes(lan)
    await lan.presses("Gửi duyệt")
    lan.skips()
    await lan.repeats()
    await town.deliver()
    hoa.skips()
    await hoa.presses("Phê duyệt")
    hoa.skips()
    await hoa.repeats()
    await town.deliver()
    an.reads(SHORT_VI)
    lan.reads("Hoa đã duyệt")
    async with town.database.reading() as connection:
        keys = (
            await connection.scalars(select(Delivery.key).where(Delivery.key.like("faq-%")).order_by(Delivery.key))
        ).all()
    assert [str(key).rpartition(":")[0] for key in keys] == ["faq-answer:1", "faq-approval:1", "faq-decided"]


async def test_who_has_no_second_editor_is_told_how_to_get_one(town: Town) -> None:
    an, lan = await citizen(town, "An"), await editor(town, "Lan")
    await asks(an)
    await writes(lan)
    await lan.presses("Gửi duyệt")
    lan.reads("chưa có ai có thể duyệt", "python -m bot invite --role editor")
    hoa = await editor(town, "Hoa")
    await hoa.says("/menu")
    hoa.reads()
    await hoa.presses("Câu trả lời chờ duyệt")
    hoa.reads("Các đề xuất sau", buttons=[f"1. {BALCONY}", LIST, "Menu"])
    await hoa.says("1")
    hoa.reads("Đề xuất số 1", buttons=["Phê duyệt", "Từ chối", "Chờ duyệt", "Menu"])


async def test_what_no_longer_fits_can_only_be_rejected(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an)
    await proposes(town, lan)
    hoa.skips()
    async with town.database.reading() as connection:
        proposal = await faq_changes.find(connection, 1)
    assert proposal is not None
    assert isinstance(proposal.change, NewEntry)
    town.clock.set("2031-01-01T09:00+07:00")
    await hoa.presses("Phê duyệt")
    hoa.reads("hết hiệu lực từ", "chỉ có thể từ chối")
    town.clock.set("2026-11-24T09:00+07:00")
    async with town.database.transaction() as connection:
        content = {"entry": proposal.change.entry.model_dump(mode="json") | {"agency": "so-da-giai-the"}}
        await connection.execute(update(FaqChange).values(content=content))
    await hoa.presses("Phê duyệt")
    hoa.reads("Cơ quan nêu trong đề xuất không còn")
    async with town.database.transaction() as connection:
        await connection.execute(update(FaqChange).values(content={"entry": {"id": "?"}}))
    await hoa.presses("Phê duyệt")
    hoa.reads("chỉ có thể từ chối", "Không còn hiển thị được")


async def test_rejecting_gives_back_what_one_was_doing(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an)
    await asks(an, "May one keep dogs in an apartment building?")
    await proposes(town, lan)
    hoa.skips()
    await opens(hoa, DOGS)
    hoa.skips()
    await hoa.presses("Viết câu trả lời")
    hoa.skips()
    await hoa.sends_press("proposal:reject:1")
    hoa.skips()
    await hoa.says("Nguồn chưa đúng.")
    hoa.reads("đã từ chối", "việc đang dở")
    await hoa.says("Có được nuôi chó trong chung cư không?")
    hoa.reads("Nguồn")
    await town.deliver()
    lan.skips()


async def test_a_restart_between_proposal_and_approval(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an, wish=True)
    await proposes(town, lan)
    hoa.skips()
    restarted = replace(await second_process(town), people=town.people)
    for person in (an, lan, hoa):
        person.town = restarted
    await hoa.presses("Phê duyệt")
    hoa.skips()
    await restarted.deliver()
    await town.deliver()
    an.reads(SHORT_VI)
    lan.skips()
