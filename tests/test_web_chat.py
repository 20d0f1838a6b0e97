"""The web chat's HTTP interface, as the page and scripts use it: on the real server, turn and delivery."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from sqlalchemy import func, select

from bot.channels import web_visitors
from bot.channels.web_visitors import COOKIE
from bot.db.engine import Database
from bot.db.models.people import Address
from bot.i18n import Translators
from bot.messages import Reply
from bot.services.answering.knowledge import Knowledge
from bot.services.messages import outbox
from bot.services.people import contacts
from scheduler.delivery import Delivery
from tests.chat import Clock
from tests.web_side import Client, web_side


@pytest.fixture
async def delivery_and_client(
    database: Database, clock: Clock, knowledge: Knowledge, translators: Translators, tmp_path: Path
) -> AsyncIterator[tuple[Delivery, Client]]:
    async with web_side(database, clock, knowledge, translators, tmp_path) as opened:
        yield opened


@pytest.fixture
def client(delivery_and_client: tuple[Delivery, Client]) -> Client:
    return delivery_and_client[1]


async def say(client: Client, text: str, message_id: str = "1", **more: Any) -> dict[str, Any]:
    answer = await client.post("/chat/messages", json={"id": message_id, "text": text, **more})
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    return body


async def test_a_question_is_answered_in_the_same_request(client: Client) -> None:
    body = await say(client, "muc tieu thiet bi quan trac moi truong la bao nhieu?")
    (message,) = body["messages"]
    assert set(message) >= {"id", "text", "html", "buttons", "attachment"}
    assert "20%" in message["text"]
    assert "mục II.2.b" in message["text"]
    assert body["cursor"] == message["id"]
    later = await (await client.get(f"/chat/messages?after={body['cursor']}")).json()
    assert later == {"messages": [], "cursor": body["cursor"]}
    all_of_it = await (await client.get("/chat/messages?after=0")).json()
    assert [each["id"] for each in all_of_it["messages"]] == [message["id"]]


async def test_a_repeated_message_gets_the_same_answer_and_happens_once(client: Client) -> None:
    first = await say(client, "/menu")
    again = await say(client, "/menu")
    assert [m["id"] for m in again["messages"]] == [m["id"] for m in first["messages"]]
    history = await (await client.get("/chat/history")).json()
    assert [m["from"] for m in history["messages"]] == ["person", "bot"]


async def test_ten_repeats_at_once_happen_once(client: Client) -> None:
    await say(client, "/menu", "0")
    await asyncio.gather(*(say(client, "/trogiup", "same") for _ in range(10)))
    history = await (await client.get("/chat/history")).json()
    assert [m["from"] for m in history["messages"]] == ["person", "bot", "person", "bot"]


async def test_the_conversation_is_kept_and_shown_again(client: Client) -> None:
    await say(client, "/start", "1")
    menu = await say(client, "/menu", "2")
    (events,) = [b for b in menu["messages"][0]["buttons"] if b["label"] == "Sự kiện"]
    answer = await client.post("/chat/messages", json={"id": "3", "press": events["press"]})
    assert answer.status == 200
    history = await (await client.get("/chat/history")).json()
    said = [m["text"] for m in history["messages"] if m["from"] == "person"]
    assert said == ["/menu", "Sự kiện"], "the start is the page's own, the press shows its label"
    assert history["language"] == "vi"
    assert history["greeted"] is True


async def test_the_page_knows_which_buttons_stand_side_by_side(client: Client) -> None:
    (asked,) = (await say(client, "/ngonngu"))["messages"]
    assert [button["label"] for button in asked["buttons"]] == ["Tiếng Việt", "English"]
    assert asked["rows"] == [2]
    (menu,) = (await say(client, "/menu", "2"))["messages"]
    assert menu["rows"][:2] == [1, 2]
    assert sum(menu["rows"]) == len(menu["buttons"])


async def test_somebody_elses_conversation_is_not_there(client: Client, database: Database) -> None:
    await say(client, "/menu")
    client.session.cookie_jar.clear()
    assert (await (await client.get("/chat/history")).json())["messages"] == []
    client.session.cookie_jar.update_cookies({COOKIE: "forged.0123456789"})
    assert (await (await client.get("/chat/messages?after=0")).json())["messages"] == []
    await say(client, "/menu")
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Address)) == 2


async def test_a_notice_arrives_by_itself_and_again_after_a_reconnect(
    delivery_and_client: tuple[Delivery, Client], database: Database, clock: Clock
) -> None:
    delivery, client = delivery_and_client
    body = await say(client, "/menu")
    async with client.get(f"/chat/events?after={body['cursor']}") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        async with database.transaction() as connection:
            (contact_id,) = (await connection.execute(select(Address.contact_id))).one()
            await outbox.notify(
                connection,
                contact_id,
                "k",
                lambda person: Reply("Báo cáo đến hạn", person.language),
                now=clock(),
            )
        await delivery.drain()
        async with asyncio.timeout(30):
            lines = await read_event(stream)
    assert "Báo cáo đến hạn" in lines["data"]
    async with client.get("/chat/events", headers={"Last-Event-ID": str(body["cursor"])}) as stream:
        async with asyncio.timeout(30):
            assert (await read_event(stream))["id"] == lines["id"]


async def read_event(stream: Any) -> dict[str, str]:
    """The next event of a stream, without comments."""
    fields: dict[str, str] = {}
    async for raw in stream.content:
        line = raw.decode().rstrip("\n")
        if not line and "data" in fields:
            return fields
        name, _, value = line.partition(": ")
        if name in ("id", "data", "event"):
            fields[name] = value
    raise AssertionError("the stream ended")


@pytest.mark.parametrize(
    "body,status,sentence",
    [
        (b"{", 400, "Không đọc được tin nhắn"),
        (b"[]", 400, "Không đọc được tin nhắn"),
        (b'{"id":"1"}', 400, "đang trống"),
        (b'{"id":"1","text":"   "}', 400, "đang trống"),
        (b'{"id":"1","text":7}', 400, "đang trống"),
        (b'{"text":"x"}', 400, "cần có mã"),
        (b'{"id":"../etc","text":"x"}', 400, "cần có mã"),
        (b'{"id":"1","text":"' + b"x" * 300_000 + b'"}', 413, "quá dài"),
    ],
)
async def test_bad_requests_get_a_sentence(client: Client, body: bytes, status: int, sentence: str) -> None:
    answer = await client.post("/chat/messages", data=body, headers={"Content-Type": "application/json"})
    assert answer.status == status
    assert sentence in (await answer.json())["error"]


async def test_an_english_browser_is_answered_in_english(client: Client) -> None:
    answer = await client.post("/chat/messages", data=b"{", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert "could not be read" in (await answer.json())["error"]
    body = await client.post(
        "/chat/messages", json={"id": "1", "text": "/start"}, headers={"Accept-Language": "en-GB,en;q=0.9"}
    )
    assert "virtual assistant" in (await body.json())["messages"][0]["text"]


async def test_another_web_site_cannot_write_in_somebodys_name(client: Client) -> None:
    answer = await client.post(
        "/chat/messages", json={"id": "1", "text": "/huy"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status == 403


async def test_markup_is_text(client: Client) -> None:
    body = await say(client, "<img src=x onerror=alert(1)> & <b>giá vé máy bay</b>")
    for message in body["messages"]:
        assert "<img" not in message["html"]


async def test_a_file_is_answered_and_a_large_one_refused(client: Client) -> None:
    form = FormData()
    form.add_field("id", "f1")
    form.add_field("file", b"%PDF-1.7", filename="a.pdf", content_type="application/pdf")
    answer = await client.post("/chat/messages", data=form)
    assert answer.status == 200
    assert "tệp" in (await answer.json())["messages"][0]["text"]
    large = FormData()
    large.add_field("id", "f2")
    too_much = BytesIO(b"x" * (10 * 1024 * 1024 + 1))
    large.add_field("file", too_much, filename="b.pdf", content_type="application/pdf")
    answer = await client.post("/chat/messages", data=large)
    assert answer.status == 413
    assert "10 MB" in (await answer.json())["error"]


async def test_a_script_in_a_loop_is_slowed_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_visitors, "BURST", 3.0)
    monkeypatch.setattr(web_visitors, "PER_SECOND", 0.0)
    statuses = []
    for number in range(5):
        answer = await client.post("/chat/messages", json={"id": str(number), "text": "/menu"})
        statuses.append(answer.status)
    assert statuses == [200, 200, 200, 429, 429]
    assert "quá nhanh" in (await answer.json())["error"]


async def test_the_page_and_its_files_come_with_their_rules(client: Client) -> None:
    page = await client.get("/")
    assert page.status == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    embedded = await client.get("/?embed=1")
    assert "frame-ancestors *" in embedded.headers["Content-Security-Policy"]
    for name in ("chat.js", "chat.css", "icon.svg"):
        assert (await client.get(f"/static/{name}")).status == 200
    assert (await client.get("/widget.js")).status == 200
    for outside in ("index.html", "..%2fweb_chat.py", "nothing.js"):
        assert (await client.get(f"/static/{outside}")).status == 404


async def test_health_readiness_and_metrics(client: Client) -> None:
    assert (await client.get("/healthz")).status == 200
    assert (await client.get("/readyz")).status == 200
    text = await (await client.get("/metrics")).text()
    assert "nhipcau_deliveries_unsettled" in text


async def test_a_language_hint_makes_no_contact(client: Client, database: Database) -> None:
    await client.get("/")
    await client.get("/chat/history")
    await client.get("/chat/messages")
    async with database.reading() as connection:
        assert await contacts.find(connection, "web_chat", "x") is None
        assert await connection.scalar(select(func.count()).select_from(Address)) == 0
