"""The peer for broadcasts: python-telegram-bot's send_message in a loop over a list, ten at a time.

Usage: plain_loop.py API_URL COUNT — prints the seconds it took and the CPU seconds it used.
"""

from __future__ import annotations

import asyncio
import sys
import time

from telegram import Bot
from telegram.request import HTTPXRequest


async def main() -> None:
    api_url, count = sys.argv[1], int(sys.argv[2])
    queue = iter(range(1, count + 1))
    async with Bot("1:bench", base_url=f"{api_url}/bot", request=HTTPXRequest(connection_pool_size=32)) as bot:

        async def work() -> None:
            for chat_id in queue:
                await bot.send_message(chat_id, "Thông báo thử nghiệm về Kế hoạch 50/KH-UBND.")

        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(work() for _ in range(10)))
        print(time.perf_counter() - began, time.process_time() - cpu)


if __name__ == "__main__":
    asyncio.run(main())
