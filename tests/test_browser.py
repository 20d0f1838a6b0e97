"""The main stories in a real browser, against the real program: what only both together can show."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, expect

from bot.db.engine import Database
from tests import sample_files
from tests.browser import PATIENCE, PHONE, Service, chromium, service, visiting
from tests.rush.scene import TITLE, make_event

pytestmark = pytest.mark.xdist_group("browser")

# Let a file go over the page: [name, size].
DROP = """([name, size]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(size)], name));
    const hit = (kind) => document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true }));
    ["dragenter", "dragover", "drop"].forEach(hit);
}"""


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Service]:
    async with service(tmp_path) as serving:
        yield serving


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture
async def meeting(bot: Service) -> str:
    """The title of an event that lies ahead: the program runs in real time, and the sample events have their day."""
    database = Database(f"sqlite:///{bot.folder}/var/nhipcau.db")
    await make_event(database, seats=40)
    await database.close()
    return TITLE


def next_reminder() -> str:
    """The coming 7 December, when the departments' yearly report is due in about ten working days."""
    now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    moment = now.replace(month=12, day=7, hour=8, minute=30, second=0, microsecond=0)
    return (moment if moment > now else moment.replace(year=now.year + 1)).isoformat()


async def test_a_newcomer_asks_and_finds_the_conversation_again(bot: Service, browser: Browser) -> None:
    async with visiting(browser, f"{bot.url}/") as an:
        await an.reads("trợ lý ảo", "chương trình tự động", "Sở Công Thương Hà Nội")
        await an.says("chi tieu thiet bi xu ly nuoc thai den nam 2030")
        await an.reads("70-80%", "Nguồn: Kế hoạch số 50/KH-UBND ngày 04/02/2026, mục II.2.b")
        await an.says("giá vé xem phim hôm nay")
        await an.reads("chưa có câu trả lời có căn cứ")
        await expect(an.page.locator(".choice").get_by_text("Gặp cán bộ", exact=True).last).to_be_visible()
        await an.page.locator("[data-language=en]").click()
        await an.reads("From now on I write to you in English.")
        await an.page.locator("#menu").click()
        await an.reads("Please choose")
        said = await an.conversation()
        assert said.count("English") == 1
        await an.page.reload()
        await an.reads("Please choose")
        assert await an.conversation() == said
        await expect(an.page.locator("html")).to_have_attribute("lang", "en")


async def test_a_sign_up_by_keyboard_alone(bot: Service, browser: Browser, meeting: str) -> None:
    async with visiting(browser, f"{bot.url}/") as an:
        await an.reads("Sở Công Thương Hà Nội")
        await an.types("/sukien")
        await an.reads(meeting)
        await an.goes_back_to(meeting)
        await an.reads("Số chỗ: còn 40/40 chỗ")
        await an.goes_back_to("Đăng ký")
        await an.reads("Câu 1/7", "Luật số 91/2025/QH15")
        await an.goes_back_to("Tôi đồng ý")
        await an.reads("Câu 2/7")
        await an.goes_back_to("Không nhận tin")
        await an.reads("Câu 3/7")
        await an.types("0123456789")
        await an.reads("Câu 3/7", "Anh/Chị đã nhập: “0123456789”", "không khớp")
        await an.types("0100233488")
        await an.reads("Câu 4/7")
        await an.types("Công ty TNHH Môi trường Sông Hồng")
        await an.reads("Câu 5/7")
        await an.types("Nguyễn Văn An")
        await an.reads("Câu 6/7")
        await an.types("0912")
        await an.reads("Câu 6/7", "4 chữ số")
        await an.types("0912 345 678")
        await an.reads("Câu 7/7")
        await an.types("an@songhong.vn")
        await an.reads("kiểm tra lại thông tin", "Môi trường Sông Hồng", "0912 345 678")
        await an.goes_back_to("Xác nhận")
        await an.reads("Đăng ký thành công")
        code = re.search(r"NC-\w{4}-\w{2}", (await an.conversation())[-1])
        assert code is not None
        await an.types("/hoso")
        await an.reads(meeting, code[0], "đã xác nhận chỗ")


async def test_a_reminder_arrives_by_itself(bot: Service, browser: Browser) -> None:
    invited = await bot.command("invite", "--agency", "so-cong-thuong")
    async with visiting(browser, f"{bot.url}/?start={invited.split()[-1]}") as lan:
        await lan.reads("đầu mối của Sở Công Thương")
        assert lan.page.url == f"{bot.url}/"  # a code has no business in a bookmark
        await bot.command("tick", "--at", next_reminder())
        await lan.reads("Nhắc báo cáo", "Báo cáo tổng hợp hằng năm", "Sở Công Thương")
        await lan.presses("Đã nhận")
        await lan.reads("đã ghi nhận cơ quan đã nhận được nhiệm vụ")


async def test_a_form_goes_on_after_the_program_was_killed(bot: Service, browser: Browser, meeting: str) -> None:
    async with visiting(browser, f"{bot.url}/", without_server=True) as an:
        await an.reads("Sở Công Thương Hà Nội")
        await an.says("/sukien")
        await an.presses(meeting)
        await an.presses("Đăng ký")
        await an.presses("Tôi đồng ý")
        await an.presses("Không nhận tin")
        await an.reads("Câu 3/7")
        await bot.is_killed()
        await an.says("0100233488")
        await expect(an.page.locator("#connection")).to_have_text("Mất kết nối, đang nối lại…", timeout=PATIENCE)
        await expect(an.page.locator(".state.retrying, .state.sending")).to_be_visible()
        await bot.comes_back()
        await an.reads("Câu 4/7")
        await expect(an.page.locator("#connection")).to_have_text("", timeout=PATIENCE)
        await expect(an.page.locator(".state")).to_have_count(0)
        await an.says("Hợp tác xã Sóc Sơn")
        await an.reads("Câu 5/7")
        assert (await an.conversation()).count("Hợp tác xã Sóc Sơn") == 1


async def test_on_a_phone_nothing_sticks_out(bot: Service, browser: Browser) -> None:
    async with visiting(browser, f"{bot.url}/", size=PHONE) as an:
        await an.reads("Sở Công Thương Hà Nội")
        for words in ("/dangky", "/sukien", "/dulieu", "https://example.vn/" + "x" * 300, "chỉ tiêu thiết bị"):
            messages = await an.page.locator(".bot").count()
            await an.says(words)
            await expect(an.page.locator(".bot")).to_have_count(messages + 1, timeout=PATIENCE)
            wide = await an.page.evaluate(
                "() => [document.documentElement, ...document.querySelectorAll('body *:not(.visually-hidden)')]"
                ".filter((it) => it.getBoundingClientRect().right > innerWidth + 1).map((it) => it.outerHTML)"
            )
            assert wide == []


async def test_a_second_click_does_nothing_twice(bot: Service, browser: Browser, meeting: str) -> None:
    async with visiting(browser, f"{bot.url}/") as an:
        await an.reads("Sở Công Thương Hà Nội")
        await an.page.locator(".choice").get_by_text("Sự kiện", exact=True).dblclick()
        await an.reads(meeting)
        await an.says("/trogiup")
        await an.reads("Hướng dẫn sử dụng")
        assert [words.split("\n")[0] for words in await an.conversation()] == [
            "Kính chào Anh/Chị!",
            "Sự kiện",
            "Sự kiện",
            "/trogiup",
            "Hướng dẫn sử dụng",
        ]


async def test_a_file_is_chosen_dropped_sent_and_given_up(bot: Service, browser: Browser, tmp_path: Path) -> None:
    scan = tmp_path / "Bản quét giấy chứng nhận.pdf"
    scan.write_bytes(sample_files.PDF.ljust(2 * 1024 * 1024))
    async with visiting(browser, f"{bot.url}/", size=PHONE) as an:
        page = an.page
        await an.reads("trợ lý ảo")
        own = page.locator(".person .attachment")
        await page.locator("#file").set_input_files(scan)
        await expect(page.locator("#chosen-file")).to_contain_text("Bản quét giấy chứng nhận.pdf · 2,0 MB")
        await page.locator("#remove-file").click()
        await expect(page.locator("#chosen-file")).to_be_hidden()

        await page.locator("#file").set_input_files(scan)
        await page.keyboard.press("Enter")
        await an.reads("Lúc này hệ thống chưa cần tệp.")
        await expect(own).to_have_count(1)
        await expect(own).to_contain_text("2,0 MB")

        slow = await page.context.new_cdp_session(page)
        await slow.send("Network.enable")
        line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200 * 1024}
        await slow.send("Network.emulateNetworkConditions", line)
        await page.evaluate(DROP, ["ảnh.jpg", 3 * 1024 * 1024])
        await expect(page.locator("#chosen-file")).to_contain_text("ảnh.jpg · 3,0 MB")
        await page.locator(".send").click()
        await expect(own).to_have_count(2)
        await expect(page.locator("progress")).to_be_visible()
        await page.get_by_role("button", name="Hủy gửi").click()
        await expect(own).to_have_count(1)
        await an.says("/menu")
        await an.reads("Mời Anh/Chị chọn")
        await page.reload()
        await expect(own).to_have_count(1)
        await expect(own).to_contain_text("Bản quét giấy chứng nhận.pdf2,0 MB")


@pytest.mark.parametrize(
    "name, size, said",
    [
        ("phim.mp4", 10, "Hệ thống không nhận loại tệp của «phim.mp4»."),
        ("a.pdf", 0, "Tệp «a.pdf» không có nội dung."),
        ("a.pdf", 11 * 1024 * 1024, "Tệp «a.pdf» nặng 11,0 MB, quá giới hạn 10 MB."),
    ],
)
async def test_what_is_hopeless_is_said_before_it_is_sent(
    bot: Service, browser: Browser, name: str, size: int, said: str
) -> None:
    async with visiting(browser, f"{bot.url}/") as an:
        await an.reads("trợ lý ảo")
        await an.page.evaluate(DROP, [name, size])
        await expect(an.page.locator("#problem")).to_contain_text(said)
        await expect(an.page.locator("#chosen-file")).to_be_hidden()
