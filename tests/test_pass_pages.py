"""Passes in the chat: the picture with the confirmation, the page, and the entry for one's own calendar."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from icalendar import Calendar
from PIL import Image

from bot.messages import Reply
from bot.services.applications.statuses import Status
from tests.chat import PersonInTown, Town
from tests.conftest import ZONE
from tests.events import put, set_status
from tests.signing_up import code_in, fill_in, sign_up, to_the_form
from tests.test_event_notices import move


def scanned(town: Town, reply: Reply) -> str:
    """What a phone reads in the picture that came with a reply."""
    assert reply.attachment is not None
    picture = Image.open(BytesIO((town.conversation.passes.files / reply.attachment.path).read_bytes()))
    return str(zxingcpp.read_barcodes(picture.convert("L"))[0].text)


def calendar(town: Town, reply: Reply) -> Any:
    assert reply.attachment is not None
    assert reply.attachment.media_type == "text/calendar"
    content = (town.conversation.passes.files / reply.attachment.path).read_bytes()
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    return Calendar.from_ical(content)


def event_in(found: Any) -> Any:
    (event,) = found.walk("VEVENT")
    return event


async def test_a_confirmation_brings_the_pass(town: Town, chat: PersonInTown) -> None:
    await to_the_form(chat)
    await fill_in(chat)
    await chat.says("Xác nhận")
    reply = chat.reads("Đăng ký thành công", buttons=["Thêm vào lịch", "Xem hồ sơ", "Tất cả hồ sơ", "Menu"])

    code = code_in(reply.plain)
    assert town.conversation.passes.read(scanned(town, reply)) == code
    assert reply.attachment is not None
    assert reply.attachment.name == f"{code}.png"


async def test_the_page_of_the_pass(town: Town, chat: PersonInTown) -> None:
    code = await sign_up(chat)
    await chat.presses("Xem hồ sơ")
    chat.reads(code)
    await chat.says("1")
    reply = chat.reads(
        "Thẻ vào cửa",
        "Thời gian: 08:30-11:30 thứ Ba 19/01/2027",
        f"Mã hồ sơ: {code}",
        "Doanh nghiệp: Công ty Sông Hồng",
        "mời Anh/Chị đưa hình này ra quét",
        buttons=["Thêm vào lịch", "Tôi không tham dự được", "Xem hồ sơ", "Menu"],
    )
    assert town.conversation.passes.read(scanned(town, reply)) == code


async def test_nobody_gets_a_pass_that_is_not_theirs(town: Town, chat: PersonInTown) -> None:
    code = await sign_up(chat)
    application = await set_status(town.database, code, Status.CONFIRMED)
    stranger = town.person("Người lạ")

    for press in ("pass:show", "pass:calendar", "thanks:certificate", "thanks:rate"):
        await stranger.sends_press(f"{press}:{application}:5")
        assert stranger.reads("Hồ sơ này không tồn tại hoặc không phải của Anh/Chị").attachment is None
        await stranger.sends_press(f"{press}:{application}")
        assert stranger.reads("không phải của Anh/Chị").attachment is None
    await stranger.sends_press("pass:show:999999999999999999999")
    stranger.reads("không phải của Anh/Chị")
    await stranger.sends_press("pass")
    stranger.reads("không phải của Anh/Chị")


@pytest.mark.parametrize(
    "status, words",
    [
        (Status.WAITLISTED, "Anh/Chị đang ở số thứ tự 1 trong danh sách chờ"),
        (Status.OFFERED, "Mời Anh/Chị nhận chỗ trước"),
        (Status.SUBMITTED, "Chỉ chỗ đã được xác nhận mới có thẻ vào cửa"),
        (Status.NO_SHOW, "Chỉ chỗ đã được xác nhận mới có thẻ vào cửa"),
        (Status.WITHDRAWN, "Chỉ chỗ đã được xác nhận mới có thẻ vào cửa"),
    ],
)
async def test_who_has_no_seat_has_no_pass(town: Town, chat: PersonInTown, status: Status, words: str) -> None:
    application = await set_status(town.database, await sign_up(chat), status)

    await chat.sends_press(f"pass:show:{application}")

    assert chat.reads(words).attachment is None


async def test_the_entry_for_the_calendar(town: Town, chat: PersonInTown) -> None:
    code = await sign_up(chat)
    await chat.presses("Thêm vào lịch")
    reply = chat.reads("Lịch", "Anh/Chị mở tệp này để thêm sự kiện vào lịch", buttons=["Xem hồ sơ", "Menu"])

    found = calendar(town, reply)
    event = event_in(found)
    assert found["METHOD"] == "PUBLISH"
    assert event.start == datetime(2027, 1, 19, 8, 30, tzinfo=ZONE)
    assert event.end == datetime(2027, 1, 19, 11, 30, tzinfo=ZONE)
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    (zone,) = found.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Ho_Chi_Minh"
    assert zone.to_tz().utcoffset(datetime(2027, 1, 19, 8, 30)).total_seconds() == 7 * 3600  # noqa: DTZ001
    assert event["UID"] == f"{code}@nhipcau"
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event["SUMMARY"] == "Ví dụ: Tập huấn về công nghiệp môi trường cho doanh nghiệp"
    assert event["LOCATION"] == "Địa điểm mẫu (không có thật)"
    assert code in event["DESCRIPTION"]
    assert event["ORGANIZER"].params["CN"] == "Sở Công Thương"


async def test_a_moved_event_moves_in_the_calendar(town: Town, chat: PersonInTown) -> None:
    await sign_up(chat)
    await chat.presses("Thêm vào lịch")
    before = event_in(calendar(town, chat.reads("Lịch")))

    await move(town, "2027-01-26T14:00", "2027-01-26T16:00")
    chat.reads("Sự kiện thay đổi lịch")
    await chat.presses("Thêm vào lịch")

    after = event_in(calendar(town, chat.reads("Lịch")))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after.start == datetime(2027, 1, 26, 14, 0, tzinfo=ZONE)
    assert after["LOCATION"] == "Hội trường B"


async def test_a_seat_given_back_leaves_the_calendar(town: Town, chat: PersonInTown) -> None:
    code = await sign_up(chat)
    application = await set_status(town.database, code, Status.WITHDRAWN)

    await chat.sends_press(f"pass:calendar:{application}")

    found = calendar(town, chat.reads("Anh/Chị mở tệp này để xóa sự kiện khỏi lịch"))
    assert found["METHOD"] == "CANCEL"
    assert event_in(found)["STATUS"] == "CANCELLED"
    assert event_in(found)["UID"] == f"{code}@nhipcau"
    assert event_in(found)["SEQUENCE"] == 1


async def test_the_entry_in_english(town: Town) -> None:
    person = town.person("Mary Brown", language="en")
    for text in ("/events", "1", "1", "I agree", "no", "0100233488", "Red River Ltd", "Mary", "0912345678", "m@rr.vn"):
        await person.says(text)
        person.skips()
    await person.says("Confirm")
    person.reads("You are registered")
    await person.presses("Add to calendar")

    event = event_in(calendar(town, person.reads("Open this file to put the event into your calendar.")))
    assert event["SUMMARY"] == "Example: Training on the environmental industry for enterprises"
    assert "Your code at the entrance: NC-" in event["DESCRIPTION"]


async def test_hostile_texts_add_nothing_to_a_calendar(town: Town, chat: PersonInTown) -> None:
    evil = 'A\r\nATTENDEE:mailto:x@y.z\nBEGIN:VALARM;x=",\\;"\u2028\x00\x07' + "Đ" * 200
    details = {
        "title": {"vi": evil, "en": evil},
        "summary": {"vi": "s", "en": "s"},
        "note": {"vi": evil, "en": evil},
        "place": {"vi": evil, "en": evil},
        "source": "",
        "owner_named": True,
        "link": "https://example.org/a\r\nX:1",
    }
    await sign_up(chat)
    await put(town.database, details=details)
    await chat.presses("Thêm vào lịch")

    found = calendar(town, chat.reads("Lịch"))
    event = event_in(found)
    assert not found.walk("VALARM")
    assert "ATTENDEE" not in event
    assert "X" not in event
    assert event["SUMMARY"].startswith("A ATTENDEE:mailto:x@y.z BEGIN:VALARM")
