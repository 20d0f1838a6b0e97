"""The check-in page on phones, against the real program: by camera, by hand, without a network, and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from bot.db.engine import Database
from bot.services.applications import application_codes
from bot.services.applications.statuses import Status
from bot.services.check_in.doors import Doors
from bot.services.offerings import offerings
from bot.services.passes.passes import Passes, picture
from tests.at_the_door import Seat, officer, on_its_day, seat, status_of
from tests.browser import PATIENCE, PHONE, Service, chromium, service, visiting

pytestmark = pytest.mark.xdist_group("browser")

SONG_HONG, THANG_LONG, SOC_SON = "Công ty Sông Hồng", "Công ty Thăng Long", "Hợp tác xã Sóc Sơn"


@dataclass
class Hall:
    """An event on its day, in the running program: two officers, three businesses with seats and one that waits."""

    bot: Service
    database: Database
    passes: Passes
    links: tuple[str, str]
    seats: tuple[Seat, ...]


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with service(tmp_path) as bot:
        database, now = Database(f"sqlite:///{tmp_path}/var/nhipcau.db"), datetime.now(UTC)
        secret = (tmp_path / "var" / "secret_key").read_text().strip().encode()
        async with database.transaction() as connection:
            event = await on_its_day(connection, now)
            officers = [await officer(connection, now, name) for name in ("Minh", "Hòa")]
            seats = (
                await seat(connection, event, 0, SONG_HONG, now, seats=2),
                await seat(connection, event, 1, THANG_LONG, now, person="Phạm Văn Đức"),
                await seat(connection, event, 2, SOC_SON, now, person="Vũ Thu Hà", seats=3),
                await seat(connection, event, 3, "Công ty Chờ", now, status=Status.WAITLISTED),
            )
            offering = await offerings.get(connection, event)
        assert offering is not None
        doors = Doors(secret, bot.url)
        links = (doors.link(offering, officers[0], now), doors.link(offering, officers[1], now))
        yield Hall(bot, database, Passes(secret, tmp_path, ""), links, seats)
        await database.close()


@dataclass
class Phone:
    """What somebody at the door does and sees."""

    page: Page

    async def is_at(self, gate: str) -> None:
        await expect(self.page.locator("#connection")).to_have_text("Trực tuyến", timeout=PATIENCE)
        await self.page.locator("#gate").fill(gate)
        await self.page.locator("#gate-form button").click()

    async def types(self, words: str) -> None:
        await self.page.locator("#typed").fill(words)
        await self.page.locator("#typed").press("Enter")

    async def reads(self, title: str, *parts: str) -> None:
        """The verdict that fills the screen; it is left open."""
        verdict = self.page.locator("#verdict[open]")
        await expect(verdict.locator("h2")).to_have_text(title, timeout=PATIENCE)
        for part in parts:
            await expect(verdict).to_contain_text(part)

    async def goes_on(self) -> None:
        await self.page.locator("#verdict-next").click()

    async def counts(self, arrived: str, expected: str = "/6 chỗ đã đến") -> None:
        await expect(self.page.locator(".arrived")).to_have_text(arrived + expected, timeout=PATIENCE)

    async def opens(self, tab: str) -> None:
        await self.page.locator(f"#to-{tab}").click()


def film_of(text: str, path: Path) -> Path:
    """What a camera sees of a pass that is held before it: motion JPEG of two pictures."""
    scene = Image.new("RGB", (640, 480), (110, 120, 118))
    scene.paste(Image.open(BytesIO(picture(text))).convert("RGB").resize((300, 300)), (170, 90))
    frame = BytesIO()
    scene.save(frame, "JPEG", quality=90)
    path.write_bytes(frame.getvalue() * 2)
    return path


async def test_by_camera_by_name_on_two_phones_and_back_again(hall: Hall, tmp_path: Path) -> None:
    film = film_of(hall.passes.sign(hall.seats[0].code), tmp_path / "pass.mjpeg")
    flags = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    async with (
        chromium(*flags, f"--use-file-for-fake-video-capture={film}") as browser,
        visiting(browser, hall.links[0], size=PHONE) as minh,
        visiting(browser, hall.links[1], size=PHONE) as hoa,
    ):
        assert minh.page.url == f"{hall.bot.url}/check-in/", "the link is no address to be passed on"
        first, second = Phone(minh.page), Phone(hoa.page)
        await first.is_at("Cửa chính")
        await second.is_at("Cửa sau")
        await first.counts("0")
        await minh.page.locator("#start-camera").click()
        await first.reads("Mời vào", SONG_HONG, "2 chỗ")
        await first.goes_on()
        await first.counts("2")
        await second.types(hall.seats[0].code.replace("-", " ").lower())
        await second.reads("Đã vào rồi", SONG_HONG, "Cửa chính", "Minh cho vào")
        await second.goes_on()
        await second.counts("2")
        await second.types("thang long")
        await expect(hoa.page.locator("#person-facts")).to_contain_text("Phạm Văn Đức")
        await hoa.page.locator("#person-act").click()
        await second.reads("Mời vào", THANG_LONG)
        await second.goes_on()
        await second.types("cong ty cho")
        await expect(hoa.page.locator("#person-facts")).to_contain_text("trong danh sách chờ")
        await expect(hoa.page.locator("#person-act")).to_be_hidden()
        await hoa.page.locator("#person [data-close]").click()
        await second.types(hall.seats[3].code)
        await second.reads("Chưa có chỗ", "trong danh sách chờ")
        await second.goes_on()
        await first.counts("3")
        await hoa.page.locator("#undo-last").click()
        await expect(hoa.page.locator("#undo-words")).to_contain_text(THANG_LONG)
        await hoa.page.locator("#undo-yes").click()
        await second.counts("2")
        assert await status_of(hall.database, hall.seats[1].id) == "confirmed"
        await hoa.page.locator("#walk-in").click()
        await hoa.page.locator("#walk-in-form [type=submit]").click()
        await expect(hoa.page.locator("#walk-in-problem")).to_have_text(
            "Anh/Chị nhập tên doanh nghiệp hoặc họ tên khách."
        )
        await hoa.page.locator("#walk-in-name").fill("<b>Công ty Ngoài</b>")
        await hoa.page.locator("#walk-in-tax").fill("0100233489")
        await hoa.page.locator("#walk-in-form [type=submit]").click()
        await expect(hoa.page.locator("#walk-in-tax-problem")).to_contain_text("Mã số thuế không đúng")
        await hoa.page.locator("#walk-in-tax").fill("")
        await hoa.page.locator("#more").click()
        await hoa.page.locator("#walk-in-form [type=submit]").click()
        await second.reads("Mời vào", "<b>Công ty Ngoài</b>", "2 chỗ")
        await second.goes_on()
        await first.counts("2")
        await expect(minh.page.locator("#walk-ins")).to_have_text(
            "Khách ngoài danh sách: 2, vượt sức chứa 2 chỗ", timeout=PATIENCE
        )
        await first.opens("list")
        await minh.page.locator("[data-part=in]").click()
        await expect(minh.page.locator("#people .row")).to_have_count(2)
        wide = await minh.page.evaluate(
            "() => [...document.querySelectorAll('body *:not(.visually-hidden)')]"
            ".filter((it) => it.getBoundingClientRect().right > innerWidth + 1).map((it) => it.outerHTML)"
        )
        assert wide == []


async def test_without_a_network_and_what_comes_of_it(hall: Hall) -> None:
    async with (
        chromium() as browser,
        visiting(browser, hall.links[0], size=PHONE, without_server=True) as minh,
        visiting(browser, hall.links[1], size=PHONE) as hoa,
    ):
        first, second = Phone(minh.page), Phone(hoa.page)
        await first.is_at("Cửa chính")
        await second.is_at("Cửa sau")
        await minh.page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=PATIENCE)
        await minh.page.context.set_offline(True)
        await first.types(hall.seats[0].code)
        await first.reads("Mời vào", SONG_HONG, "Đã ghi trên máy này, sẽ gửi khi có mạng.")
        await first.goes_on()
        await expect(minh.page.locator("#connection")).to_have_text("Mất mạng · 1 lượt chưa gửi")
        await first.types(hall.seats[0].code)
        await first.reads("Đã vào rồi", SONG_HONG, "Cửa chính")
        await first.goes_on()
        await first.types(application_codes.write("22222"))
        await first.reads("Chưa có trong danh sách", "đối chiếu khi có mạng")
        await minh.page.locator("#verdict-other").click()
        await first.reads("Mời vào")
        await first.goes_on()
        await first.types(hall.seats[1].code)
        await first.reads("Mời vào", THANG_LONG)
        await minh.page.locator("#verdict-other").click()
        await minh.page.locator("#undo-yes").click()
        await first.counts("2")
        await second.types(hall.seats[0].code)
        await second.reads("Mời vào", SONG_HONG)
        await second.goes_on()
        await minh.page.goto(hall.links[0])  # the link in the chat, pressed again where there is no network
        assert minh.page.url == f"{hall.bot.url}/check-in/"
        await expect(minh.page.locator("#connection")).to_have_text("Mất mạng · 2 lượt chưa gửi", timeout=PATIENCE)
        await first.counts("2")
        await first.types("soc son")
        await minh.page.locator("#person-act").click()
        await first.reads("Mời vào", SOC_SON, "3 chỗ")
        await first.goes_on()
        await minh.page.context.set_offline(False)
        await expect(minh.page.locator("#connection")).to_have_text("Trực tuyến", timeout=PATIENCE)
        await first.counts("5")
        await expect(minh.page.locator("#badge")).to_have_text("2")
        await first.opens("report")
        conflicts = minh.page.locator("#conflicts .conflict")
        await expect(conflicts).to_have_count(2)
        await expect(conflicts.first).to_contain_text("Mã không có trong hệ thống.")
        await expect(conflicts.last).to_contain_text("Đã cho vào hai lần. Lượt được tính: lúc")
        await expect(conflicts.last).to_contain_text("Cửa sau, Hòa cho vào")
        await second.counts("5")
        assert await status_of(hall.database, hall.seats[1].id) == "confirmed"
        assert await status_of(hall.database, hall.seats[2].id) == "attended"
