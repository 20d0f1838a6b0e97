"""What the notices promise comes true: registrations are emptied after 24 months, or when their person wants it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.db.models.applications import (
    Application,
    ApplicationEvent,
    ApplicationMessage,
    Draft,
    EventFeedback,
    StoredFile,
)
from bot.db.models.businesses import Business, BusinessMember, MembershipRequest
from bot.db.models.check_in import CheckIn, CheckInConflict
from bot.db.models.offerings import Offering
from bot.db.models.people import Contact
from bot.db.types import Base
from bot.services.applications import application_codes
from bot.services.people import retention
from scheduler import jobs
from scheduler.jobs import Circumstances
from tests.chat import PersonInTown, Town
from tests.enterprises import PROFILE, TAX_CODE, acts_for, contact_id, joins

HOUSEHOLD = "001085123456"
SECRETS = ("Lan", "lan@songhong.vn", "912345678", "0912", HOUSEHOLD, "bí mật")
ANSWERS: Mapping[str, Any] = {
    "organisation": "Hộ bà Lan",
    "contact_name": "Nguyễn Thị Lan",
    "phone": "+84912345678",
    "email": "lan@songhong.vn",
    "need": "Một việc bí mật của hộ kinh doanh",
}


async def applies(person: PersonInTown, business_id: int, *, kind: str = "programme", status: str = "submitted") -> int:
    """An application with everything that can belong to one: messages, a file, an opinion, a check-in, a history."""
    mine, now = await contact_id(person), person.town.clock()
    async with person.town.database.transaction() as connection:
        offering_id = await connection.scalar(
            select(Offering.id).where(Offering.kind == kind).order_by(Offering.id).limit(1)
        )
        application_id = await connection.scalar(
            insert(Application)
            .values(
                code=application_codes.new_code(),
                offering_id=offering_id,
                business_id=business_id,
                contact_id=mine,
                draft_id=f"d{mine}",
                status=status,
                answers=dict(ANSWERS),
                created_at=now,
                updated_at=now,
            )
            .returning(Application.id)
        )
        assert application_id is not None
        own = {"application_id": application_id, "at": now}
        await connection.execute(insert(ApplicationEvent).values(**own, actor_id=mine, status=status, reason="bí mật"))
        await connection.execute(
            insert(ApplicationMessage).values(**own, from_staff=False, author_id=mine, text="bí mật")
        )
        await connection.execute(insert(EventFeedback).values(**own, contact_id=mine, rating=4, comment="bí mật"))
        await connection.execute(
            insert(StoredFile).values(
                contact_id=mine,
                application_id=application_id,
                name="bí mật.pdf",
                media_type="application/pdf",
                size=1,
                path=f"{application_id}.pdf",
                created_at=now,
            )
        )
        await connection.execute(
            insert(CheckIn).values(
                **own, scan_id=f"s{application_id}", offering_id=offering_id, name="Lan", method="code", received_at=now
            )
        )
    return int(application_id)


async def everything(town: Town) -> str:
    """All that is stored about applications and businesses, as one text."""
    tables: tuple[type[Base], ...] = (
        Application, ApplicationEvent, ApplicationMessage, EventFeedback, StoredFile, CheckIn, Draft, Business,
        MembershipRequest, CheckInConflict,
    )  # fmt: skip
    found = ""
    async with town.database.reading() as connection:
        for table in tables:
            found += " ".join(map(str, (await connection.execute(select(table))).all()))
    return found


async def clean_up(town: Town) -> None:
    job = next(job for job in jobs.TIMETABLE if job.name == "forget old registrations")
    conversation = town.conversation
    await job.run(
        Circumstances(
            database=town.database,
            known=conversation.known,
            translators=conversation.translators,
            quiet=conversation.quiet,
            now=town.clock(),
        )
    )


@pytest.mark.parametrize("now, expected", [
    (datetime(2028, 11, 23, 2, tzinfo=UTC), datetime(2026, 11, 23, 2, tzinfo=UTC)),
    (datetime(2028, 2, 29, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)),
])  # fmt: skip
def test_twenty_four_months(now: datetime, expected: datetime) -> None:
    assert retention.limit(now) == expected


async def test_a_need_is_kept_for_24_months(town: Town) -> None:
    lan = town.person("Lan")
    business_id = await acts_for(lan, HOUSEHOLD, ANSWERS)
    await applies(lan, business_id)
    town.clock.set("2028-11-23T08:59+07:00")
    await clean_up(town)
    found = await everything(town)
    assert all(secret in found for secret in ("lan@songhong.vn", "bí mật", HOUSEHOLD))
    town.clock.set("2028-11-23T09:00+07:00")
    await clean_up(town)
    found = await everything(town)
    assert [secret for secret in SECRETS if secret in found] == []
    async with town.database.reading() as connection:
        row = (await connection.execute(select(Application))).one()
        assert (row.status, row.answers, row.contact_id, row.erased_at) == ("submitted", {}, None, town.clock())
        assert await connection.scalar(select(EventFeedback.rating)) == 4
        assert await connection.scalar(select(func.count()).select_from(BusinessMember)) == 0
    await clean_up(town)
    # The same household comes back as a new one.
    assert await acts_for(lan, HOUSEHOLD, ANSWERS) != business_id


async def test_an_event_counts_from_its_day(town: Town) -> None:
    lan = town.person("Lan")
    business_id = await acts_for(lan)
    await applies(lan, business_id, kind="event", status="attended")
    async with town.database.transaction() as connection:
        ends_at = await connection.scalar(
            select(Offering.ends_at).where(Offering.kind == "event").order_by(Offering.id).limit(1)
        )
    assert ends_at is not None
    town.clock.now = ends_at.replace(year=ends_at.year + 2)
    town.clock.advance(seconds=-1)
    await clean_up(town)
    assert "lan@songhong.vn" in await everything(town)
    town.clock.advance(seconds=1)
    await clean_up(town)
    found = await everything(town)
    assert [secret for secret in SECRETS if secret in found] == []
    # The enterprise itself is no personal data, and stays.
    assert TAX_CODE in found


async def test_many_are_forgotten_in_batches_and_others_stay(town: Town) -> None:
    lan, hoa = town.person("Lan"), town.person("Hoa")
    old = await acts_for(lan)
    await applies(lan, old)
    town.clock.advance(days=800)
    new = await acts_for(hoa, "0314409058002", {"organisation": "Công ty mới", "email": "hoa@moi.vn"})
    kept = await applies(hoa, new)
    async with town.database.transaction() as connection:
        assert await retention.forget_old(connection, town.clock(), batch=1) == 1
        assert await retention.forget_old(connection, town.clock(), batch=1) == 0
        rows = (await connection.execute(select(Application.id, Application.erased_at))).all()
        profiles = list((await connection.execute(select(Business.profile).order_by(Business.id))).scalars())
    assert [row.id for row in rows if row.erased_at is None] == [kept]
    assert "email" not in profiles[0]
    assert profiles[1]["email"] == "hoa@moi.vn"


async def test_walk_ins_are_forgotten_after_24_months(town: Town) -> None:
    async with town.database.transaction() as connection:
        offering_id = await connection.scalar(select(Offering.id).where(Offering.kind == "event").limit(1))
        await connection.execute(
            insert(CheckIn).values(
                scan_id="w", offering_id=offering_id, name="Bà Lan", method="walk-in", at=town.clock(),
                received_at=town.clock(),
            )
        )  # fmt: skip
        await connection.execute(
            insert(CheckInConflict).values(
                scan_id="v", offering_id=offering_id, code="thẻ của ông Bình", reason="unknown", at=town.clock(),
                received_at=town.clock(),
            )
        )  # fmt: skip
    await clean_up(town)
    kept = await everything(town)
    assert "Bà Lan" in kept
    assert "thẻ của ông Bình" in kept
    town.clock.advance(days=900)
    await clean_up(town)
    left = await everything(town)
    assert "Bà Lan" not in left
    assert "thẻ của ông Bình" not in left


async def test_the_last_of_a_business_with_registrations_under_way_stays(town: Town) -> None:
    lan = town.person("Lan")
    business_id = await acts_for(lan)
    await applies(lan, business_id)
    await lan.sends_press("privacy:erased")
    lan.reads("hồ sơ đang xử lý: 1", "mời một đồng nghiệp tham gia doanh nghiệp trước")
    assert "lan@songhong.vn" in await everything(town)


@pytest.mark.parametrize("status", ["withdrawn", "rejected", "attended"])
async def test_what_is_over_can_be_deleted_at_once(town: Town, status: str) -> None:
    lan = town.person("Lan")
    business_id = await acts_for(lan, HOUSEHOLD, ANSWERS)
    await applies(lan, business_id, status=status)
    await half_fills(town, lan)
    await lan.sends_press("privacy:mine")
    lan.reads("Biểu mẫu đăng ký đang điền dở: 1", "Tệp Anh/Chị đã gửi: 2", "Trả lời về hồ sơ đăng ký: 1",
              "Ý kiến đánh giá sự kiện: 1")  # fmt: skip
    await lan.presses("Xóa ngay")
    lan.reads("nội dung các hồ sơ đăng ký đã kết thúc")
    await lan.presses("Đồng ý xóa tất cả")
    lan.reads("Dữ liệu của Anh/Chị đã được xóa.")
    found = await everything(town)
    assert [secret for secret in SECRETS if secret in found] == []
    async with town.database.reading() as connection:
        assert await connection.scalar(select(Application.status)) == status


async def test_colleagues_keep_what_goes_on_without_the_persons_details(town: Town) -> None:
    lan, hoa, minh = town.person("Lan"), town.person("Hoa"), town.person("Minh")
    business_id = await acts_for(lan)
    await joins(hoa, business_id, lan)
    application_id = await applies(lan, business_id)
    theirs = await acts_for(minh, "0314409058002", {"organisation": "Công ty khác"})
    await lan.sends_press(f"biz:join:{theirs}")
    lan.reads("Mã của Anh/Chị")
    await lan.sends_press("privacy:erased")
    lan.reads("Dữ liệu của Anh/Chị đã được xóa.")
    await town.deliver()
    hoa.reads("1 hồ sơ do người này nộp")
    minh.skips()
    async with town.database.reading() as connection:
        row = (await connection.execute(select(Application).where(Application.id == application_id))).one()
        assert row.contact_id == await contact_id(hoa)
        assert row.answers == {"organisation": "Hộ bà Lan", "need": ANSWERS["need"]}
        profile = await connection.scalar(select(Business.profile).where(Business.id == business_id))
        assert profile == {
            name: each for name, each in PROFILE.items() if name not in ("contact_name", "phone", "email")
        }
        assert await connection.scalar(select(func.count()).select_from(MembershipRequest)) == 0
        assert await connection.scalar(select(StoredFile.contact_id)) is None
        assert await connection.scalar(select(Contact.name).where(Contact.id == await contact_id(lan))) == ""


async def test_a_contact_person_that_a_colleague_entered_stays(town: Town) -> None:
    lan, hoa = town.person("Lan"), town.person("Hoa")
    business_id = await acts_for(lan)
    await joins(hoa, business_id, lan)
    await hoa.sends_press(f"biz:field:{business_id}:6")
    hoa.reads("Người liên hệ")
    await hoa.says("Trần Thị Hoa")
    hoa.reads("Đã lưu.")
    await lan.sends_press("privacy:erased")
    lan.reads("đã được xóa")
    await town.deliver()
    hoa.skips()
    async with town.database.reading() as connection:
        profile = (await connection.execute(select(Business.profile))).scalar_one()
    assert profile["contact_name"] == "Trần Thị Hoa"
    assert "phone" not in profile


async def half_fills(town: Town, person: PersonInTown) -> None:
    mine, now = await contact_id(person), town.clock()
    async with town.database.transaction() as connection:
        offering_id = await connection.scalar(select(func.max(Offering.id)))
        await connection.execute(
            insert(Draft).values(
                id="abc", contact_id=mine, offering_id=offering_id, state={"answers": {"need": "bí mật"}},
                created_at=now, changed_at=now,
            )
        )  # fmt: skip
        await connection.execute(
            insert(StoredFile).values(
                contact_id=mine, draft_id="abc", name="bí mật.docx", media_type="x", size=1, path="x", created_at=now
            )
        )
        await connection.execute(update(Contact).where(Contact.id == mine).values(preferred_channel="telegram"))
