"""Files through the web chat: uploads within limits, and nothing served to anybody but whom it was sent to."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData, MultipartWriter
from aiohttp.client_exceptions import ClientError

from bot.db.engine import Database
from bot.i18n import Translators
from bot.messages import Attachment, Language, Reply
from bot.services.answering.knowledge import Knowledge
from bot.services.messages import outbox
from bot.services.people import contacts
from scheduler.delivery import Delivery
from tests import sample_files as samples
from tests.asking_for_files import asks_for_a_file
from tests.chat import Clock
from tests.web_side import Client, web_side

FIFTY = 50 * 1024 * 1024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of stored files."""
    return tmp_path / "files"


@pytest.fixture
async def delivery_and_client(
    database: Database, clock: Clock, knowledge: Knowledge, translators: Translators, folder: Path
) -> AsyncIterator[tuple[Delivery, Client]]:
    opening = web_side(database, clock, knowledge, translators, folder, replies_to=asks_for_a_file)
    async with opening as opened:
        yield opened


@pytest.fixture
def client(delivery_and_client: tuple[Delivery, Client]) -> Client:
    return delivery_and_client[1]


async def says(client: Client, text: str, message_id: str) -> list[str]:
    answer = await client.post("/chat/messages", json={"id": message_id, "text": text})
    return [message["text"] for message in (await answer.json())["messages"]]


async def sends(client: Client, name: str, content: bytes, message_id: str = "f") -> tuple[int, dict[str, Any]]:
    form = FormData(quote_fields=False)
    form.add_field("id", message_id)
    form.add_field("file", BytesIO(content), filename=name, content_type="application/x-what-the-browser-thinks")
    answer = await client.post("/chat/messages", data=form)
    return answer.status, await answer.json()


def on_disk(folder: Path, part: str) -> list[Path]:
    return [path for path in (folder / part).rglob("*") if path.is_file()]


async def test_an_upload_is_kept_and_shown_as_ones_own(client: Client, folder: Path) -> None:
    assert await says(client, "begin", "1") == ["your file?"]
    status, body = await sends(client, "Kế hoạch.pdf", samples.PDF)
    assert status == 200
    assert [message["text"] for message in body["messages"]] == ["kept 1: Kế hoạch.pdf, 1 KB, application/pdf"]
    assert [path.read_bytes() for path in on_disk(folder, "sent")] == [samples.PDF]
    assert on_disk(folder, "uploads") == []
    history = await (await client.get("/chat/history")).json()
    (own,) = [each for each in history["messages"] if each["from"] == "person" and each["attachment"]]
    assert own["attachment"] == {"name": "Kế hoạch.pdf", "type": "application/pdf", "size": len(samples.PDF)}


async def test_the_same_upload_once_more_is_answered_as_the_first_time(client: Client, folder: Path) -> None:
    await says(client, "begin", "1")
    first = await sends(client, "a.pdf", samples.PDF)
    assert await sends(client, "a.pdf", samples.PDF) == first
    assert len(on_disk(folder, "sent")) == 1
    assert on_disk(folder, "uploads") == []


@pytest.mark.parametrize(
    "name, content, said",
    [
        ("a.pdf", samples.HTML, "Tệp «a.pdf» tự xưng là PDF nhưng thực ra là trang web (HTML)."),
        ("a.svg", samples.SVG, "Tệp «a.svg» là hình vẽ (SVG)."),
        ("IMG_1.HEIC", samples.HEIC, "Tương thích nhất"),
        ("../../evil.exe", samples.EXE, "Tệp «evil.exe» là tệp chương trình."),
    ],
)
async def test_what_is_not_taken_is_explained(
    client: Client, folder: Path, name: str, content: bytes, said: str
) -> None:
    await says(client, "begin", "1")
    status, body = await sends(client, name, content)
    assert status == 200
    assert said in body["messages"][0]["text"]
    assert on_disk(folder, ".") == []


async def test_where_no_file_is_wanted_none_is_kept(client: Client, folder: Path) -> None:
    status, body = await sends(client, "a.pdf", samples.PDF)
    assert status == 200
    assert "Lúc này hệ thống chưa cần tệp." in body["messages"][0]["text"]
    assert on_disk(folder, ".") == []


async def test_a_large_upload_is_refused_while_it_comes(client: Client, folder: Path) -> None:
    await says(client, "begin", "1")

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(FIFTY // 65536):
            yield b"%PDF-1.7" + bytes(65528)

    with MultipartWriter("form-data") as form:
        form.append("f50").set_content_disposition("form-data", name="id")
        part = form.append(endless(), {"Content-Type": "application/pdf"})
        part.set_content_disposition("form-data", name="file", filename="a.pdf")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        answer = await client.post("/chat/messages", data=form)
        assert answer.status == 413
        assert (await answer.json())["error"] == "Tệp lớn hơn 10 MB. Vui lòng gửi tệp nhỏ hơn."
    except ClientError:  # the server closed the connection while this side was still sending
        pass
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024, "in kilobytes"
    assert on_disk(folder, ".") == []
    assert await says(client, "begin", "2") == ["your file?"]


@pytest.mark.parametrize("parts", [("id",), ("file",), ("id", "file", "file")])
async def test_odd_forms(client: Client, folder: Path, parts: tuple[str, ...]) -> None:
    await says(client, "begin", "1")
    form = FormData(quote_fields=False)
    for name in parts:
        if name == "id":
            form.add_field("id", "x")
        else:
            form.add_field("file", BytesIO(samples.PDF), filename="a.pdf")
    answer = await client.post("/chat/messages", data=form)
    assert answer.status == (200 if len(parts) == 3 else 400)
    assert on_disk(folder, "uploads") == []


async def gets_attachment(database: Database, delivery: Delivery, visitor: str, clock: Clock, path: str) -> None:
    async with database.transaction() as connection:
        person = await contacts.find(connection, "web_chat", visitor)
        assert person
        attachment = Attachment('Kế hoạch "x".html', "application/pdf", path)
        reply = Reply("here", Language.VI, attachment=attachment)
        await outbox.notify(connection, person.contact_id, f"attachment {path}", lambda _: reply, now=clock())
    await delivery.drain()


async def test_a_file_is_served_to_its_reader_only(
    delivery_and_client: tuple[Delivery, Client], database: Database, clock: Clock, folder: Path
) -> None:
    delivery, client = delivery_and_client
    await says(client, "begin", "1")
    await sends(client, "a.pdf", samples.PDF)
    (path,) = on_disk(folder, "sent")
    visitor = next(iter(client.session.cookie_jar)).value.rpartition(".")[0]
    await gets_attachment(database, delivery, visitor, clock, str(path.relative_to(folder)))
    (folder.parent / "secret_key").write_text("secret")
    await gets_attachment(database, delivery, visitor, clock, "../secret_key")
    messages = (await (await client.get("/chat/messages?after=0")).json())["messages"]
    urls = [message["attachment"]["url"] for message in messages if message["attachment"]]
    served = await client.get(urls[0])
    assert served.status == 200
    assert await served.read() == samples.PDF
    assert served.headers["Content-Disposition"].startswith("attachment;")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Type"] == "application/pdf"
    assert "no-store" in served.headers["Cache-Control"]
    assert (await client.get(urls[1])).status == 404, "it leads outside"
    mine = list(client.session.cookie_jar)
    client.session.cookie_jar.clear()
    assert (await client.get(urls[0])).status == 404, "nobody is asking"
    await says(client, "begin", "1")
    assert (await client.get(urls[0])).status == 404, "somebody else is asking"
    client.session.cookie_jar.clear()
    client.session.cookie_jar.update_cookies({cookie.key: cookie for cookie in mine})
    for odd in ("0", "-1", "99999", "1%2f..%2f2", "..%2f..%2fsecret_key", "a"):
        assert (await client.get(f"/chat/files/{odd}")).status == 404
