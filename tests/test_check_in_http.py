"""The check-in page's HTTP interface: who gets in, what a forged or foreign request gets, what a batch is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from sqlalchemy import update

from bot.check_in.access import COOKIE
from bot.check_in.pages import CheckIn
from bot.db.engine import Database
from bot.db.models.people import Contact
from bot.i18n import Translators
from bot.messages import Language, Role
from bot.metrics import new_metrics
from bot.server import make_server
from bot.services.check_in.doors import Doors, Pass
from bot.services.offerings import offerings
from bot.services.passes.passes import Passes
from tests.at_the_door import TRAINING_SLUG, Seat, officer, on_its_day, seat
from tests.chat import Clock

JSON = {"Content-Type": "application/json"}


@dataclass
class Door:
    """The page's server on one event's day."""

    client: TestClient[Request, Application]
    database: Database
    clock: Clock
    doors: Doors
    passes: Passes
    event: int
    minh: int
    lan: Seat

    async def link(self, contact_id: int = 0, event: int = 0) -> str:
        async with self.database.reading() as connection:
            offering = await offerings.get(connection, event or self.event)
        assert offering is not None
        return self.doors.link(offering, contact_id or self.minh, self.clock())

    async def opens(self, link: str = "") -> int:
        answer = await self.client.get(link or await self.link(), allow_redirects=False)
        return answer.status

    async def state(self, query: str = "") -> tuple[int, dict[str, Any]]:
        answer = await self.client.get(f"/check-in/api/state{query}")
        return answer.status, await answer.json()

    async def sends(
        self, *scans: dict[str, Any], event: int = 0, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        body = orjson.dumps({"event": event or self.event, "scans": scans})
        answer = await self.client.post("/check-in/api/scans", data=body, headers={**JSON, **(headers or {})})
        return answer.status, await answer.json()

    def scan(self, text: str = "", **more: Any) -> dict[str, Any]:
        at = self.clock().isoformat()
        return {"id": "scan-0001", "method": "camera", "text": text or self.lan.code, "at": at, "gate": "Cửa A", **more}


@pytest.fixture
async def door(
    database: Database, clock: Clock, translators: Translators, passes: Passes, tmp_path: Path
) -> AsyncIterator[Door]:
    doors = Doors(b"a key that only the tests have", "")
    page = CheckIn(database, doors, passes, translators, Language.VI, clock, secure=False)
    async with database.transaction() as connection:
        event = await on_its_day(connection, clock())
        minh = await officer(connection, clock(), "Minh")
        lan = await seat(connection, event, 0, "Công ty Sông Hồng", clock(), seats=2)
    async with TestClient(TestServer(make_server(page.routes(), database, new_metrics()))) as client:
        yield Door(client, database, clock, doors, passes, event, minh, lan)


async def test_the_link_leaves_the_address_and_stays_in_a_cookie_no_script_can_read(door: Door) -> None:
    answer = await door.client.get(await door.link(), allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/check-in/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}={door.event}-{door.minh}-")
    for word in ("HttpOnly", "Path=/check-in", "SameSite=Strict"):
        assert word in cookie
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    status, state = await door.state()
    assert status == 200
    assert state["event"]["title"].startswith("Ví dụ: Buổi tư vấn")
    assert state["guests"] == [
        {"code": door.lan.code, "business": "Công ty Sông Hồng", "person": "Nguyễn Thị Lan", "seats": 2,
         "status": "confirmed", "entry": None}
    ]  # fmt: skip
    assert state["counts"] == {"expected": 2, "arrived": 0, "walk_ins": 0, "conflicts": 0}


async def test_the_page_and_its_files_come_with_their_rules(door: Door) -> None:
    for path in ("/check-in/", "/check-in/worker.js", "/check-in/static/main.js", "/check-in/static/vendor/jsQR.js"):
        answer = await door.client.get(path)
        assert answer.status == 200, path
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Permissions-Policy"].startswith("camera=(self)")
    worker = await (await door.client.get("/check-in/worker.js")).text()
    assert "{version}" not in worker
    assert "{kept}" not in worker
    assert '"/check-in/static/vendor/jsQR.js"' in worker
    for path in ("/check-in/static/index.html", "/check-in/static/..%2faccess.py", "/check-in/static/worker.js"):
        assert (await door.client.get(path)).status == 404


@pytest.mark.parametrize("kind", ["none", "forged", "of another event", "ended", "of somebody else", "nonsense"])
async def test_a_link_that_is_not_valid(door: Door, kind: str) -> None:
    token = (await door.link()).rpartition("/")[2]
    event, contact, until, signature = token.split("-")
    match kind:
        case "none":
            token = ""
        case "forged":
            token = token[:-1] + ("0" if token[-1] != "0" else "1")
        case "of another event":
            token = "-".join((str(int(event) + 1), contact, until, signature))
        case "of somebody else":
            token = "-".join((event, str(int(contact) + 1), until, signature))
        case "ended":
            door.clock.advance(hours=4 + 12, seconds=1)
        case "nonsense":
            token = "x" * 300
    if token:
        answer = await door.client.get(f"/check-in/{token}", allow_redirects=False)
        assert answer.status == 401
        assert "Đường liên kết không đúng hoặc đã hết hạn" in await answer.text()
        assert "Set-Cookie" not in answer.headers
    door.client.session.cookie_jar.update_cookies({COOKIE: token})
    status, answer_ = await door.state()
    assert (status, answer_["reason"]) == (401, "ended")
    status, _ = await door.sends(door.scan())
    assert status == 401


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.EDITOR])
async def test_whoever_is_no_officer_any_more_is_out_at_once(door: Door, role: Role | None) -> None:
    assert await door.opens() == 303
    assert (await door.state())[0] == 200
    async with door.database.transaction() as connection:
        await connection.execute(update(Contact).where(Contact.id == door.minh).values(role=role and role.value))
    for status, answer in (await door.state(), await door.sends(door.scan())):
        assert (status, answer["reason"]) == (403, "not-theirs")
        assert "không còn thuộc" in answer["error"]
    assert await door.opens() == 403


async def test_an_officer_of_another_agency_is_out(door: Door) -> None:
    async with door.database.transaction() as connection:
        await officer(connection, door.clock(), "Hòa", Role.OPERATOR)  # so that the lead agency has somebody
        where = update(Contact).where(Contact.id == door.minh)
        await connection.execute(where.values(role=Role.OPERATOR.value, agency_slug="so-xay-dung"))
    assert await door.opens() == 403


async def test_another_event_s_id_changes_nothing(door: Door) -> None:
    async with door.database.transaction() as connection:
        other = await on_its_day(connection, door.clock(), TRAINING_SLUG)
        there = await seat(connection, other, 0, "Công ty Sông Hồng", door.clock())
    await door.opens()
    status, answer = await door.sends(door.scan(there.code), event=other)
    assert (status, answer["reason"]) == (409, "another-event")
    _, answer = await door.sends(door.scan(there.code))
    assert answer["answers"][0]["outcome"] == "elsewhere"
    _, state = await door.state(f"?event={other}&after={door.clock().isoformat().replace('+', '%2B')}")
    assert (state["event"]["id"], state["whole"]) == (door.event, True)


@pytest.mark.parametrize(
    "headers,status",
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
async def test_other_sites_cannot_write_in_an_officer_s_name(door: Door, headers: dict[str, str], status: int) -> None:
    await door.opens()
    answered, _ = await door.sends(door.scan(), headers=headers)
    assert answered == status
    _, state = await door.state()
    assert state["counts"]["arrived"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"event":1}',
        b'{"event":EVENT,"scans":[]}',
        b'{"event":EVENT,"scans":["x"]}',
        b'{"event":EVENT,"scans":[{"id":"short","method":"code","text":"x"}]}',
        b'{"event":EVENT,"scans":[{"id":"scan-0001","method":"magic","text":"x"}]}',
        b'{"event":EVENT,"scans":[{"id":"scan-0001","method":"code","text":7}]}',
        b'{"event":EVENT,"scans":[{"id":"scan-0001","method":"walk-in","name":" ","seats":1}]}',
        b'{"event":EVENT,"scans":[{"id":"scan-0001","method":"walk-in","name":"X","seats":51}]}',
        b'{"event":EVENT,"scans":[{"id":"scan-0001","method":"walk-in","name":"X","seats":true}]}',
        b'{"event":EVENT,"scans":[{"id":"scan-0001","method":"undo"}]}',
    ],
)
async def test_what_cannot_be_read_gets_a_sentence(door: Door, body: bytes) -> None:
    await door.opens()
    body = body.replace(b"EVENT", str(door.event).encode())
    answer = await door.client.post("/check-in/api/scans", data=body, headers=JSON)
    assert answer.status in (400, 409)
    assert (await answer.json())["error"]


async def test_a_batch_is_answered_one_by_one_in_its_order(door: Door) -> None:
    await door.opens()
    signed = door.passes.sign(door.lan.code)
    forged = signed[:-1] + ("2" if signed[-1] != "2" else "3")
    status, answer = await door.sends(
        door.scan(forged, id="scan-0001"),
        door.scan(signed, id="scan-0002"),
        door.scan(door.lan.code, id="scan-0003", method="code", let_in=True),
        door.scan("https://example.vn/", id="scan-0004"),
        {"id": "walk-0001", "method": "walk-in", "name": "Công ty Ngoài", "seats": 3, "gate": "Cửa A"},
        {"id": "undo-0001", "method": "undo", "of": "walk-0001"},
        {"id": "undo-0002", "method": "undo", "of": "walk-0001"},
    )
    assert status == 200
    assert [(each["id"], each["outcome"]) for each in answer["answers"]] == [
        ("scan-0001", "forged"),
        ("scan-0002", "accepted"),
        ("scan-0003", "twice"),
        ("scan-0004", "unknown"),
        ("walk-0001", "accepted"),
        ("undo-0001", "undone"),
        ("undo-0002", "nothing"),
    ]
    assert answer["answers"][2]["guest"]["entry"]["gate"] == "Cửa A"
    assert answer["counts"] == {"expected": 2, "arrived": 2, "walk_ins": 0, "conflicts": 1}
    _, state = await door.state()
    assert [(each["reason"], each["first_gate"]) for each in state["conflicts"]] == [("twice", "Cửa A")]


async def test_only_what_changed_is_sent_again(door: Door) -> None:
    await door.opens()
    _, state = await door.state()
    assert state["whole"] is True
    door.clock.advance(minutes=2)
    query = f"?event={door.event}&after={(door.clock() - timedelta(minutes=1)).isoformat().replace('+', '%2B')}"
    _, later = await door.state(query)
    assert (later["whole"], later["guests"]) == (False, [])
    await door.sends(door.scan())
    _, later = await door.state(query)
    assert [each["status"] for each in later["guests"]] == ["attended"]


async def test_what_a_phone_kept_can_be_handed_in_for_a_week(door: Door) -> None:
    closes = timedelta(hours=4 + 12)
    at = door.clock().isoformat()
    door.clock.advance(hours=closes.total_seconds() / 3600 + 1)
    assert await door.opens() == 303
    _, answer = await door.sends(door.scan(at=at, let_in=True))
    assert answer["answers"][0]["outcome"] == "accepted"
    assert answer["answers"][0]["guest"]["entry"]["at"].startswith(at[:16])
    door.clock.advance(days=7)
    assert await door.link() == ""


def test_a_token_says_what_was_put_in(clock: Clock) -> None:
    doors, until = Doors(b"k" * 32, "https://nhipcau.test"), clock() + timedelta(hours=1)
    held = Pass(12, 34, until)
    assert doors.read(doors.token(held), clock()) == held
    assert Doors(b"j" * 32, "").read(doors.token(held), clock()) is None
    assert doors.read(doors.token(held), until + timedelta(seconds=1)) is None
