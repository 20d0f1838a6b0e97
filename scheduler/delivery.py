"""The only sender: takes what is stored in the outbox to its channels and records what became of it.

Two ways lead here. ``hand_over`` sends at once what a turn of this process stored and claimed, so no
reply waits for a poll. ``run`` claims everything else: notices, broadcasts, retries, and what a dead
process left behind. Both record outcomes through one batch that is written every 50 milliseconds,
so that at a crash only what was sent within that window can be sent again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.base import Sender
from bot.db.engine import Database
from bot.errors import ChannelClosed, MessageRefused, RecipientGone, TryLater
from bot.messages import Outgoing
from bot.services.messages import sending
from bot.services.messages.outbox import REPLY
from bot.services.messages.quiet_hours import QuietHours
from bot.services.messages.sending import BroadcastTexts, Fate, Outcome
from scheduler.pace import Pace

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
CLAIM_AT_MOST = 500
SEND_SECONDS = 40
TAKE_BACK_SECONDS = 5
MOST_SECONDS_BETWEEN_POLLS = 5
SHORTEST_SLEEP = 0.001
WORTH_WAITING = timedelta(seconds=90)
CLOSED_PAUSE = timedelta(minutes=1)


class Sent:
    """The receipt of a turn: lets its channel wait until this process has sent the replies."""

    def __init__(self, task: asyncio.Task[None] | None) -> None:
        self._task = task

    async def delivered(self) -> None:
        if self._task is not None:
            await asyncio.shield(self._task)


NOTHING_TO_SEND = Sent(None)


@dataclass
class Delivery:
    """The delivery of one process. ``paces`` holds the rate limit of each channel that has one."""

    database: Database
    channels: Mapping[str, Sender]
    paces: Mapping[str, Pace]
    owner: str
    clock: Callable[[], datetime]
    quiet: QuietHours
    settle_seconds: float = 0.05
    _tails: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _slots: dict[str, asyncio.Semaphore] = field(default_factory=dict)
    _blocked_until: dict[str, datetime] = field(default_factory=dict)
    _outcomes: list[Outcome] = field(default_factory=list)
    _has_outcomes: asyncio.Event = field(default_factory=asyncio.Event)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _nobody_claims: asyncio.Event = field(default_factory=asyncio.Event)
    _settling: asyncio.Task[None] | None = None
    _recording: bool = False
    _stopping: bool = False
    _all_sent: bool = False

    async def start(self) -> None:
        """Begin to record outcomes; ``hand_over`` may be called from now on."""
        self._slots = {name: asyncio.Semaphore(channel.limits.in_flight) for name, channel in self.channels.items()}
        self._nobody_claims.set()
        self._settling = asyncio.create_task(self._keep_settling(), name="settle deliveries")

    async def stop(self) -> None:
        """Finish what is in flight and record it; what is claimed but not begun becomes due again."""
        self._stopping = True
        self._wake_all()
        if self._tails:
            await asyncio.wait(list(self._tails.values()), timeout=SEND_SECONDS)
        await self._nobody_claims.wait()
        self._all_sent = True
        self._has_outcomes.set()
        if self._settling is not None:
            await self._settling

    @property
    def is_stopping(self) -> bool:
        return self._stopping

    async def settled(self) -> None:
        """Wait until every outcome so far is recorded."""
        while self._outcomes or self._recording:
            await asyncio.sleep(self.settle_seconds / 5)

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Sent:
        """Send the replies of one turn, all to one address, after the earlier ones to that address."""
        if not outgoing:
            return NOTHING_TO_SEND
        address_id = outgoing[0].address_id
        task = asyncio.create_task(self._send_in_order(self._tails.get(address_id), outgoing))
        self._tails[address_id] = task
        task.add_done_callback(lambda done: self._forget_tail(address_id, done))
        return Sent(task)

    def _forget_tail(self, address_id: int, done: asyncio.Task[None]) -> None:
        if self._tails.get(address_id) is done:
            del self._tails[address_id]

    async def _send_in_order(self, before: asyncio.Task[None] | None, outgoing: Sequence[Outgoing]) -> None:
        if before is not None:
            await asyncio.wait([before])
        for index, each in enumerate(outgoing):
            outcome = await self.send(each)
            self.record(outcome)
            if outcome.fate in (Fate.LATER, Fate.RELEASED):
                # The rest must not overtake it: the worker sends all of them in order.
                for later in outgoing[index + 1 :]:
                    self.record(Outcome(later, Fate.RELEASED, retry_at=outcome.retry_at))
                return

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Hand one claimed delivery to its channel; never raises."""
        channel = self.channels.get(outgoing.channel)
        if channel is None:
            return Outcome(outgoing, Fate.RELEASED, reason="its channel is switched off in this process")
        blocked_until = self._blocked_until.get(outgoing.channel)
        if blocked_until is not None:
            if self.clock() < blocked_until:
                return Outcome(outgoing, Fate.RELEASED, reason="the channel asked for a pause", retry_at=blocked_until)
            del self._blocked_until[outgoing.channel]
        async with self._slots[outgoing.channel]:
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    vendor_id = await channel.send(outgoing)
            except TryLater as error:
                return await self._later(outgoing, error)
            except RecipientGone as error:
                return Outcome(outgoing, Fate.GONE, reason=error.reason)
            except MessageRefused as error:
                return Outcome(outgoing, Fate.REFUSED, reason=error.reason)
            except ChannelClosed as error:
                return await self._later(
                    outgoing, TryLater(error.reason, after=CLOSED_PAUSE.total_seconds(), whole_channel=True)
                )
            except TimeoutError:
                return Outcome(outgoing, Fate.LATER, reason="no answer from the channel")
            except Exception as error:  # a fault of ours must not stop the others, nor be tried for ever
                log.exception("sending failed", delivery=outgoing.delivery_id, channel=outgoing.channel)
                return Outcome(outgoing, Fate.LATER, reason=f"fault in the program: {type(error).__name__}")
        return Outcome(outgoing, Fate.SENT, vendor_message_id=vendor_id)

    async def _later(self, outgoing: Outgoing, error: TryLater) -> Outcome:
        pause = timedelta(seconds=error.after) if error.after is not None else sending.pause_after(outgoing.attempt)
        retry_at = self.clock() + pause
        if not error.whole_channel:
            return Outcome(outgoing, Fate.LATER, reason=error.reason, retry_at=retry_at)
        known = self._blocked_until.get(outgoing.channel)
        if known is None or known < retry_at:
            self._blocked_until[outgoing.channel] = retry_at
            log.warning("channel held back", channel=outgoing.channel, seconds=round(pause.total_seconds(), 1))
            with suppress(SQLAlchemyError):  # the other processes will meet the same answer themselves
                async with self.database.transaction() as connection:
                    await sending.hold_back(connection, outgoing.channel, retry_at, error.reason)
        return Outcome(outgoing, Fate.RELEASED, reason=error.reason, retry_at=retry_at)

    def record(self, outcome: Outcome) -> None:
        """Have an outcome written with the next batch."""
        self._outcomes.append(outcome)
        self._has_outcomes.set()

    async def _keep_settling(self) -> None:
        while True:
            await self._has_outcomes.wait()
            self._has_outcomes.clear()
            if not self._stopping:
                await asyncio.sleep(self.settle_seconds)
            batch, self._outcomes = self._outcomes, []
            if batch:
                self._recording = True
                await self._settle(batch)
                self._recording = False
            if self._all_sent and not self._outcomes:
                return

    async def _settle(self, batch: list[Outcome]) -> None:
        now = self.clock()
        replies = Counter(
            each.outgoing.channel
            for each in batch
            if each.fate is Fate.SENT and each.outgoing.priority == REPLY and each.outgoing.channel in self.paces
        )
        try:
            async with self.database.transaction() as connection:
                await sending.settle(connection, batch, owner=self.owner, now=now)
                for channel, count in replies.items():
                    await self.paces[channel].count_replies(connection, channel, now, count)
        except SQLAlchemyError:
            log.exception("outcomes could not be recorded, trying again", count=len(batch))
            self._outcomes = batch + self._outcomes
            await asyncio.sleep(1)
            self._has_outcomes.set()
            return
        if any(each.fate in (Fate.LATER, Fate.RELEASED) for each in batch):
            self._wake_all()

    async def run(self) -> None:
        """Claim and send for every channel until ``stop``."""
        self._nobody_claims.clear()
        try:
            async with asyncio.TaskGroup() as group:
                for name in self.channels:
                    group.create_task(_Worker(self, name).run(), name=f"deliver {name}")
                group.create_task(self._take_back_abandoned(), name="take back abandoned deliveries")
        finally:
            self._nobody_claims.set()

    async def drain(self, patience: timedelta = WORTH_WAITING) -> None:
        """Claim and send until nothing is due on any channel, nor becomes so within ``patience``."""
        await self._take_back()
        async with asyncio.TaskGroup() as group:
            for name in self.channels:
                group.create_task(_Worker(self, name, patience).run(), name=f"drain {name}")

    async def _take_back_abandoned(self) -> None:
        while not self._stopping:
            try:
                await self._take_back()
            except SQLAlchemyError:
                log.exception("abandoned deliveries could not be looked up, trying again")
            await self.pause(TAKE_BACK_SECONDS, wakeable=False)

    async def _take_back(self) -> None:
        async with self.database.transaction() as connection:
            count = await sending.take_back_abandoned(connection, now=self.clock(), alive=self.owner)
        if count:
            log.info("deliveries of a dead process are due again", count=count)
            self._wake_all()

    async def pause(self, seconds: float, *, wakeable: bool = True) -> None:
        """Wait, but not past ``stop``, nor, where wakeable, past the moment something became due."""
        until = asyncio.get_running_loop().time() + seconds
        while not self._stopping and (left := until - asyncio.get_running_loop().time()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._wake.wait()
                if wakeable:
                    return

    def _wake_all(self) -> None:
        """Wake whoever pauses now; whoever is busy looks again by itself."""
        self._wake.set()
        self._wake.clear()


@dataclass
class _Worker:
    """Claims for one channel and feeds a fixed number of senders, each message at its slot.

    With ``patience`` it ends when nothing is due, nor becomes so within that time.
    """

    delivery: Delivery
    channel: str
    patience: timedelta | None = None
    texts: BroadcastTexts = field(default_factory=dict)
    bulk_after: dict[int, int] = field(default_factory=dict)
    free_from: datetime | None = None

    async def run(self) -> None:
        queue: asyncio.Queue[Outgoing] = asyncio.Queue()
        senders = [
            asyncio.create_task(self._keep_sending(queue), name=f"send {self.channel}")
            for _ in range(self.delivery.channels[self.channel].limits.in_flight)
        ]
        try:
            await self._keep_claiming(queue)
        finally:
            await queue.join()
            for sender in senders:
                sender.cancel()
            await asyncio.gather(*senders, return_exceptions=True)

    async def _keep_sending(self, queue: asyncio.Queue[Outgoing]) -> None:
        while True:
            outgoing = await queue.get()
            try:
                if self.delivery.is_stopping:
                    outcome = Outcome(outgoing, Fate.RELEASED)
                else:
                    outcome = await self.delivery.send(outgoing)
                self.delivery.record(outcome)
            finally:
                queue.task_done()

    async def _keep_claiming(self, queue: asyncio.Queue[Outgoing]) -> None:
        empty_before = False  # what waited behind an earlier message is only found by a second look
        while not self.delivery.is_stopping:
            try:
                claimed, first, ask_again = await self._claim()
            except SQLAlchemyError:
                log.exception("nothing could be claimed, trying again", channel=self.channel)
                await self.delivery.pause(1, wakeable=False)
                continue
            if claimed:
                empty_before = False
                await self._feed(queue, claimed, first)
                while queue.qsize() > CLAIM_AT_MOST // 4 and not self.delivery.is_stopping:
                    await asyncio.sleep(0.005)
            elif self.patience is not None and ask_again is None:
                await queue.join()
                await self.delivery.settled()
                ask_again = await self._next_retry(self.patience)
                if empty_before and ask_again is None:
                    return
                empty_before = True
                await self.delivery.pause(self._seconds_until(ask_again, 0.001))
                continue
            else:
                await self.delivery.pause(self._seconds_until(ask_again, POLL_SECONDS))

    async def _claim(self) -> tuple[list[Outgoing], datetime, datetime | None]:
        """(claimed, when the first may leave, when to ask again if nothing could be claimed for lack of slots)."""
        delivery = self.delivery
        now = delivery.clock()
        pace = delivery.paces.get(self.channel)
        async with delivery.database.transaction() as connection:
            limit, first = CLAIM_AT_MOST, now
            if pace is not None:
                limit, first = await pace.slots(connection, self.channel, now, CLAIM_AT_MOST)
                if limit == 0:
                    return [], first, first
            claimed = await sending.claim(
                connection,
                self.channel,
                owner=delivery.owner,
                now=now,
                limit=limit,
                quiet=delivery.quiet.covers(now),
                texts=self.texts,
                bulk_after=self.bulk_after,
            )
            if claimed and pace is not None:
                await pace.use(connection, self.channel, first, len(claimed))
        return claimed, first, None

    async def _feed(self, queue: asyncio.Queue[Outgoing], claimed: Sequence[Outgoing], first: datetime) -> None:
        pace = self.delivery.paces.get(self.channel)
        if pace is None:
            for outgoing in claimed:
                queue.put_nowait(outgoing)
            return
        # Slots that passed while claiming are not made up for: the vendor would see a burst.
        leaves = max(first, self.delivery.clock(), self.free_from or first)
        for outgoing in claimed:
            wait = (leaves - self.delivery.clock()).total_seconds()
            if wait > SHORTEST_SLEEP:
                await asyncio.sleep(wait)
            queue.put_nowait(outgoing)
            leaves += pace.spacing()
        self.free_from = leaves

    async def _next_retry(self, patience: timedelta) -> datetime | None:
        """When the next retry is due, if that is within ``patience``."""
        async with self.delivery.database.reading() as connection:
            at = await sending.next_retry(connection, self.channel)
        return at if at is not None and at < self.delivery.clock() + patience else None

    def _seconds_until(self, moment: datetime | None, default: float) -> float:
        if moment is None:
            return default
        return min(max((moment - self.delivery.clock()).total_seconds(), 0.001), MOST_SECONDS_BETWEEN_POLLS)
