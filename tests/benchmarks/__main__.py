"""Turns and broadcasts against python-telegram-bot alone, questions against full-text search, ticks by themselves.

``python -m tests.benchmarks [turns] [broadcasts] [questions] [ticks]``.

Every measured program runs on processor 0; the stub Bot API, the load and PostgreSQL on the other.
Absolute figures depend on the machine; the ratios are what counts. Nothing is asserted.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import orjson
from sqlalchemy import insert

from bot.db.engine import Database
from bot.db.migrate import migrate
from bot.db.models.messages import Broadcast, BroadcastText
from bot.db.models.people import Address, Contact
from content.loader import load
from tests import postgres
from tests.benchmarks.bot_api_stub import Stub, stub
from tests.benchmarks.questions import compare
from tests.benchmarks.ticks import ticks
from tests.program import cpu_seconds

TURNS, WARM_UP, AT_ONCE, PEOPLE, ROUNDS = 3000, 500, 40, 400, 3


async def main(parts: Sequence[str]) -> None:
    os.sched_setaffinity(0, {1})
    with postgres.server(durable=True) as postgres_url, tempfile.TemporaryDirectory() as folder:
        databases = {"PostgreSQL": postgres_url, "SQLite": f"sqlite:///{folder}/bench.db"}
        async with stub() as api:
            if "turns" in parts:
                await turns(api, databases)
            if "broadcasts" in parts:
                await broadcasts(api, databases)
        if "ticks" in parts:
            await ticks(databases)


async def turns(api: Stub, databases: Mapping[str, str]) -> None:
    """Webhook in to sendMessage out."""
    print(f"\nTurns: {TURNS} webhooks, {AT_ONCE} at a time, {PEOPLE} people; updates/s, median of {ROUNDS}")
    rates: dict[str, list[float]] = {"echo": [], **{name: [] for name in databases}}
    lasts: dict[str, float] = {}
    for _ in range(ROUNDS):
        async with echo_bot(api) as port:
            rate, lasts["echo"] = await drive(api, port)
            rates["echo"].append(rate)
        for name, url in databases.items():
            async with nhip_cau(api, url, "web") as (port, _pid):
                rate, lasts[name] = await drive(api, port)
                rates[name].append(rate)
    echo = statistics.median(rates["echo"])
    print(f"  {'bare echo bot':<28}{echo:8.0f}          p99 {lasts['echo'] * 1000:6.1f} ms to the webhook's answer")
    for name in databases:
        rate = statistics.median(rates[name])
        print(f"  {'Nhịp Cầu, ' + name:<28}{rate:8.0f}  {rate / echo:5.2f} x  p99 {lasts[name] * 1000:6.1f} ms")


async def drive(api: Stub, port: int) -> tuple[float, float]:
    """(updates per second, 99th percentile of the webhook's answer in seconds)."""
    questions = [entry.vi.question for entry in load().entries.values()]
    url = f"http://127.0.0.1:{port}/telegram/webhook"
    headers = {"X-Telegram-Bot-Api-Secret-Token": "bench", "Content-Type": "application/json"}
    first = time.time_ns()
    took: list[float] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as client:

        async def post(numbers: range) -> None:
            for number in numbers:
                began = time.perf_counter()
                body = update(first + number, 1000 + number % PEOPLE, questions[number % len(questions)])
                async with client.post(url, data=body, headers=headers) as answer:
                    assert answer.status == 200, await answer.text()
                took.append(time.perf_counter() - began)

        async def run(count: int, offset: int) -> float:
            goal = api.sent + count
            began = time.perf_counter()
            await asyncio.gather(*(post(range(offset + k, offset + count, AT_ONCE)) for k in range(AT_ONCE)))
            await api.reached(goal, 60)
            return time.perf_counter() - began

        await run(WARM_UP, 0)
        took.clear()
        seconds = await run(TURNS, WARM_UP)
    return TURNS / seconds, sorted(took)[int(len(took) * 0.99)]


async def broadcasts(api: Stub, databases: Mapping[str, str]) -> None:
    """One announcement to many, with no rate limit."""
    count = 20_000
    print(f"\nBroadcast to {count} chats, no rate limit; messages/s and CPU seconds per 1,000")
    loop = await asyncio.create_subprocess_exec(
        *pinned(sys.executable, "-m", "tests.benchmarks.plain_loop", api.url, str(count)),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await loop.communicate()
    seconds, cpu = map(float, out.split())
    print(f"  {'loop of 10 over send_message':<28}{count / seconds:8.0f}          {cpu / count * 1000:.3f}")
    for name, url in databases.items():
        rate, used, _ = await broadcast(api, url, count)
        print(
            f"  {'Nhịp Cầu, ' + name:<28}{rate:8.0f}  {rate * seconds / count:5.2f} x  "
            f"{used / count * 1000:.3f}  {used / cpu:5.2f} x"
        )
    for name, url in databases.items():
        sizes = [(await broadcast(api, url, recipients))[2] for recipients in (4_000, 100_000)]
        print(f"  largest resident size, {name}: {sizes[0]:.0f} MiB at 4,000, {sizes[1]:.0f} MiB at 100,000 recipients")


async def broadcast(api: Stub, url: str, count: int) -> tuple[float, float, float]:
    """(messages per second, CPU seconds of the worker, its largest resident size in MiB)."""
    database = Database(url)
    await migrate(database)
    await seed(database, count)
    async with nhip_cau(api, url, "worker") as (_port, pid):
        await asyncio.sleep(1)
        goal, cpu = api.sent + count, cpu_seconds(pid)
        began = time.perf_counter()
        await start_broadcast(database)
        await api.reached(goal, 300)
        seconds = time.perf_counter() - began
        await asyncio.sleep(0.3)
        result = count / seconds, cpu_seconds(pid) - cpu, peak_mib(pid)
    await database.close()
    return result


async def seed(database: Database, count: int) -> None:
    """Exactly ``count`` addresses on Telegram, and no broadcast under way."""
    now = datetime.now(UTC)
    async with database.transaction() as connection:
        for table in ("delivery", "broadcast_text", "broadcast", "address", "contact"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
        for start in range(1, count + 1, 5000):
            ids = range(start, min(start + 5000, count + 1))
            await connection.execute(
                insert(Contact), [{"id": i, "language": "vi", "name": "", "created_at": now} for i in ids]
            )
            await connection.execute(
                insert(Address),
                [
                    {"id": i, "contact_id": i, "channel": "telegram", "external_id": str(i), "created_at": now}
                    for i in ids
                ],
            )


async def start_broadcast(database: Database) -> None:
    from bot.services.announcing import broadcast_runs

    now = datetime.now(UTC)
    async with database.transaction() as connection:
        broadcast_id = (
            await connection.execute(
                insert(Broadcast)
                .values(author_id=1, audience="all", status="approved", anytime=True, start_at=now, created_at=now)
                .returning(Broadcast.id)
            )
        ).scalar_one()
        content = {"text": "Thông báo thử nghiệm về Kế hoạch 50/KH-UBND.", "language": "vi"}
        for language in ("vi", "en"):
            await connection.execute(
                insert(BroadcastText).values(broadcast_id=broadcast_id, language=language, content=content)
            )
    await broadcast_runs.queue_due(database, now)


@asynccontextmanager
async def echo_bot(api: Stub) -> AsyncIterator[int]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *pinned(sys.executable, "-m", "tests.benchmarks.echo_bot", api.url, str(port))
    )
    try:
        await answers(port, "/")
        yield port
    finally:
        await end(process)


@asynccontextmanager
async def nhip_cau(api: Stub, url: str, command: str) -> AsyncIterator[tuple[int, int]]:
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": url,
        "PORT": str(port),
        "SECRET_KEY": "bench" * 8,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TELEGRAM_TOKEN": "1:bench",
        "TELEGRAM_API_URL": api.url,
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": "bench",
        "TELEGRAM_RATE": "1000000",
        "LOG_LEVEL": "WARNING",
    }
    made = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "migrate", env=environment, stdout=-3)
    assert await made.wait() == 0
    process = await asyncio.create_subprocess_exec(
        *pinned(sys.executable, "-m", "bot", command), env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        if command == "web":
            await answers(port, "/readyz")
        yield port, process.pid
    finally:
        await end(process)


async def answers(port: int, path: str) -> None:
    async with asyncio.timeout(20), aiohttp.ClientSession() as client:
        while True:
            try:
                async with client.get(f"http://127.0.0.1:{port}{path}"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


async def end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.wait(), 30)


def update(update_id: int, user: int, text: str) -> bytes:
    person = {"id": user, "is_bot": False, "first_name": "Nguyễn", "language_code": "vi"}
    chat = {"id": user, "type": "private", "first_name": "Nguyễn"}
    message = {"message_id": update_id % 10**9, "date": int(time.time()), "from": person, "chat": chat, "text": text}
    return orjson.dumps({"update_id": update_id, "message": message})


def pinned(*command: str) -> list[str]:
    return ["taskset", "-c", "0", *command]


def peak_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    chosen = sys.argv[1:] or ["turns", "broadcasts", "questions", "ticks"]
    if "questions" in chosen:
        compare()
    if {"turns", "broadcasts", "ticks"}.intersection(chosen):
        asyncio.run(main(chosen))
