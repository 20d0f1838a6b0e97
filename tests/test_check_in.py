"""Who comes is counted once, whatever phones and networks do; on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select, update

from bot.db.engine import Database
from bot.db.models.applications import Application, ApplicationEvent
from bot.db.models.businesses import Business
from bot.db.models.check_in import CheckIn, CheckInConflict
from bot.db.models.offerings import Offering
from bot.i18n import Translators
from bot.services.applications import application_codes, history
from bot.services.applications.history import Cause
from bot.services.applications.statuses import STEPS, Status
from bot.services.check_in import attendance, door_lists, walk_ins
from bot.services.check_in.door_lists import Counts
from bot.services.check_in.scans import Method, Outcome, Result, Scan, code_of
from bot.services.check_in.walk_ins import WalkIn
from bot.services.offerings import attendance_closing, event_steps, offering_changes
from bot.services.passes.passes import Passes
from tests.at_the_door import TRAINING_SLUG, Seat, officer, on_its_day, seat, status_of
from tests.chat import Clock
from tests.signing_up import tax_codes


class Gate:
    """One event with its doors open, and officers to stand at them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.event = self.minh = self.hoa = 0

    async def opens(self) -> None:
        async with self.database.transaction() as connection:
            self.event = await on_its_day(connection, self.clock())
            self.minh = await officer(connection, self.clock(), "Minh")
            self.hoa = await officer(connection, self.clock(), "Hòa")

    async def has(self, number: int = 0, business: str = "Công ty Sông Hồng", **more: object) -> Seat:
        async with self.database.transaction() as connection:
            return await seat(connection, self.event, number, business, self.clock(), **more)  # type: ignore[arg-type]

    async def scans(
        self,
        code: str,
        scan_id: str,
        *,
        by: int = 0,
        gate: str = "Cửa A",
        at: datetime | None = None,
        let_in: bool = False,
        forged: bool = False,
    ) -> Result:
        scan = Scan(scan_id, Method.CAMERA, at or self.clock(), code, gate, forged, let_in)
        async with self.database.transaction() as connection:
            return await attendance.check_in(connection, self.event, scan, by or self.minh, self.clock())

    async def undoes(self, scan_id: str) -> bool:
        async with self.database.transaction() as connection:
            return await attendance.undo(connection, self.event, scan_id, self.hoa, self.clock())

    async def walks_in(self, scan_id: str, name: str = "Công ty Ngoài", seats: int = 1, tax: str = "") -> Result:
        guest = WalkIn(scan_id, name, seats, tax, self.clock(), "Cửa A")
        async with self.database.transaction() as connection:
            return await walk_ins.walk_in(connection, self.event, guest, self.minh, self.clock())

    async def counts(self) -> Counts:
        async with self.database.reading() as connection:
            return await door_lists.counts(connection, self.event)


@pytest.fixture
async def gate(database: Database, clock: Clock) -> Gate:
    made = Gate(database, clock)
    await made.opens()
    return made


async def test_a_second_scan_is_told_when_where_and_by_whom_the_first_was(gate: Gate, clock: Clock) -> None:
    lan = await gate.has(seats=3)
    first = await gate.scans(lan.code, "scan-0001", gate="Cửa A")
    assert (first.outcome, first.guest and first.guest.seats) == (Outcome.ACCEPTED, 3)
    came = clock()
    clock.advance(minutes=5)
    second = await gate.scans(lan.code, "scan-0002", by=gate.hoa, gate="Cửa B")
    assert second.outcome is Outcome.TWICE
    assert second.guest is not None
    assert second.guest.entry is not None
    entry = second.guest.entry
    assert (entry.at, entry.gate, entry.by, entry.scan_id) == (came, "Cửa A", "Minh", "scan-0001")
    assert await gate.counts() == Counts(expected=3, arrived=3, walk_ins=0, conflicts=0)
    async with gate.database.reading() as connection:
        steps = await history.of_application(connection, lan.id)
    assert [(step.status, step.cause, step.actor_id) for step in steps] == [
        (Status.ATTENDED, Cause.CHECKED_IN, gate.minh)
    ]


async def test_a_scan_that_is_sent_again_counts_once_and_gets_the_same_answer(gate: Gate) -> None:
    lan = await gate.has()
    for _ in range(3):
        assert (await gate.scans(lan.code, "scan-0001", let_in=True)).outcome is Outcome.ACCEPTED
    assert await gate.counts() == Counts(1, 1, 0, 0)
    assert await gate.undoes("scan-0001")
    assert (await gate.scans(lan.code, "scan-0001")).outcome is Outcome.ACCEPTED, "answered, but not counted anew"
    assert await gate.counts() == Counts(1, 0, 0, 0)


async def test_of_two_phones_at_once_exactly_one_lets_in(gate: Gate) -> None:
    seats = [await gate.has(number, f"Công ty {number}") for number in range(4)]
    results = await asyncio.gather(
        *(
            gate.scans(each.code, f"phone-{phone}-{number}", by=(gate.minh, gate.hoa)[phone % 2])
            for number, each in enumerate(seats)
            for phone in range(5)
        )
    )
    assert Counter(each.outcome for each in results) == {Outcome.ACCEPTED: 4, Outcome.TWICE: 16}
    assert (await gate.counts()).arrived == 4
    async with gate.database.reading() as connection:
        steps = await connection.scalar(select(func.count()).select_from(ApplicationEvent))
    assert steps == 4


@pytest.mark.parametrize(
    "status,outcome",
    [
        (Status.CONFIRMED, Outcome.ACCEPTED),
        (Status.NO_SHOW, Outcome.ACCEPTED),
        (Status.WITHDRAWN, Outcome.WITHDRAWN),
        (Status.REJECTED, Outcome.WITHDRAWN),
        (Status.WAITLISTED, Outcome.UNCONFIRMED),
        (Status.OFFERED, Outcome.UNCONFIRMED),
        (Status.SUBMITTED, Outcome.UNCONFIRMED),
    ],
)
async def test_only_a_seat_lets_in(gate: Gate, status: Status, outcome: Outcome) -> None:
    lan = await gate.has(status=status)
    assert (await gate.scans(lan.code, "scan-0001")).outcome is outcome
    expected = Status.ATTENDED if outcome is Outcome.ACCEPTED else status
    assert await status_of(gate.database, lan.id) == expected.value


async def test_codes_that_are_not_of_this_event(gate: Gate, clock: Clock) -> None:
    async with gate.database.transaction() as connection:
        other = await on_its_day(connection, clock(), TRAINING_SLUG)
        there = await seat(connection, other, 0, "Công ty Sông Hồng", clock())
    elsewhere = await gate.scans(there.code, "scan-0001")
    assert (elsewhere.outcome, elsewhere.guest) == (Outcome.ELSEWHERE, None)
    assert elsewhere.event is not None
    assert elsewhere.event["vi"].startswith("Ví dụ: Tập huấn")
    assert (await gate.scans("NC-2222-22", "scan-0002")).outcome is Outcome.UNKNOWN
    assert (await gate.scans("", "scan-0003")).outcome is Outcome.UNKNOWN
    lan = await gate.has()
    assert (await gate.scans(lan.code, "scan-0004", forged=True)).outcome is Outcome.FORGED
    assert (await gate.counts()).arrived == 0


async def test_nobody_comes_in_before_the_doors_open_or_to_a_cancelled_event(gate: Gate, clock: Clock) -> None:
    lan = await gate.has()
    clock.advance(hours=-6)
    assert (await gate.scans(lan.code, "scan-0001")).outcome is Outcome.EARLY
    assert (await gate.walks_in("scan-0002")).outcome is Outcome.EARLY
    clock.advance(hours=6)
    async with gate.database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.id == gate.event).values(cancelled_at=clock()))
    assert (await gate.scans(lan.code, "scan-0003")).outcome is Outcome.CANCELLED
    assert await status_of(gate.database, lan.id) == "confirmed"


async def test_two_phones_without_a_network_and_the_later_to_report_is_a_conflict(gate: Gate, clock: Clock) -> None:
    """Phone B scanned first, but phone A reports first: what was received first counts."""
    lan = await gate.has()
    b_scanned = clock()
    clock.advance(minutes=1)
    a_scanned = clock()
    clock.advance(minutes=10)
    first = await gate.scans(lan.code, "phone-a-1", gate="Cửa A", at=a_scanned, let_in=True)
    assert first.outcome is Outcome.ACCEPTED
    clock.advance(minutes=10)
    for _ in range(2):  # the answer got lost on its way, so it is reported again
        late = await gate.scans(lan.code, "phone-b-1", by=gate.hoa, gate="Cửa B", at=b_scanned, let_in=True)
        assert late.outcome is Outcome.TWICE
    async with gate.database.reading() as connection:
        (conflict,) = await door_lists.conflicts(connection, gate.event)
    assert (conflict.reason, conflict.business, conflict.code) == (Outcome.TWICE, "Công ty Sông Hồng", lan.code)
    assert (conflict.at, conflict.gate, conflict.by) == (b_scanned, "Cửa B", "Hòa")
    assert (conflict.first_at, conflict.first_gate, conflict.first_by) == (a_scanned, "Cửa A", "Minh")
    assert await gate.counts() == Counts(1, 1, 0, 1)


async def test_a_refusal_that_was_seen_at_once_is_no_conflict(gate: Gate) -> None:
    lan = await gate.has(status=Status.WITHDRAWN)
    await gate.scans(lan.code, "scan-0001")
    assert (await gate.counts()).conflicts == 0
    await gate.scans(lan.code, "scan-0002", let_in=True)
    await gate.scans("NC-2222-22", "scan-0003", let_in=True)
    async with gate.database.reading() as connection:
        reasons = (await connection.execute(select(CheckInConflict.reason).order_by(CheckInConflict.id))).scalars()
        assert list(reasons) == ["withdrawn", "unknown"]


@pytest.mark.parametrize(
    "hours,kept",
    [(-100, -5), (-3, -3), (0, 0), (50, 0)],
    ids=["before the doors", "while they were open", "now", "in the future"],
)
async def test_a_phone_s_clock_is_believed_within_limits(gate: Gate, clock: Clock, hours: int, kept: int) -> None:
    lan = await gate.has()
    await gate.scans(lan.code, "scan-0001", at=clock() + timedelta(hours=hours))
    async with gate.database.reading() as connection:
        at = (await connection.execute(select(CheckIn.at))).scalar_one()
    assert at == clock() + timedelta(hours=kept)


async def test_undone_means_not_there_and_says_who_did_it(gate: Gate, clock: Clock) -> None:
    lan = await gate.has()
    await gate.scans(lan.code, "scan-0001")
    assert await gate.undoes("scan-0001")
    assert not await gate.undoes("scan-0001"), "twice changes nothing"
    assert not await gate.undoes("scan-9999")
    assert await status_of(gate.database, lan.id) == "confirmed"
    async with gate.database.reading() as connection:
        undone = (await connection.execute(select(CheckIn.undone_at, CheckIn.undone_by))).one()
        steps = await history.of_application(connection, lan.id)
    assert tuple(undone) == (clock(), gate.hoa)
    assert [step.cause for step in steps] == [Cause.CHECKED_IN, Cause.CHECK_IN_UNDONE]
    assert (await gate.scans(lan.code, "scan-0002")).outcome is Outcome.ACCEPTED, "they come in after all"


async def test_undone_after_the_attendance_was_closed_is_a_no_show(gate: Gate, clock: Clock) -> None:
    lan, minh = await gate.has(0), await gate.has(1)
    await gate.scans(lan.code, "scan-0001")
    await gate.scans(minh.code, "scan-0002")
    walked = await gate.walks_in("walk-0001", "Công ty Ngoài", 1, tax_codes(3)[2])
    assert walked.guest is not None
    clock.advance(days=1)
    async with gate.database.transaction() as connection:
        event = await event_steps.lock(connection, gate.event)
        assert event is not None
        assert await attendance_closing.close(connection, event, now=clock()) == 0
    for scan_id in ("scan-0001", "walk-0001"):
        assert await gate.undoes(scan_id)
    assert await status_of(gate.database, lan.id) == "no_show"
    assert await status_of(gate.database, minh.id) == "attended"
    assert await status_of(gate.database, walked.guest.id) == "withdrawn"
    assert (await gate.scans(lan.code, "scan-0003")).outcome is Outcome.ACCEPTED, "they were there after all"


async def test_undoing_brings_nobody_back_to_a_cancelled_event(
    gate: Gate, clock: Clock, translators: Translators
) -> None:
    async with gate.database.transaction() as connection:
        await connection.execute(
            update(Offering).where(Offering.id == gate.event).values(starts_at=clock() + timedelta(minutes=30))
        )
    lan = await gate.has()
    assert (await gate.scans(lan.code, "scan-0001")).outcome is Outcome.ACCEPTED
    async with gate.database.transaction() as connection:
        await offering_changes.cancel(
            connection, gate.event, "Mất điện.", actor_id=gate.minh, translators=translators, now=clock()
        )
    assert await gate.undoes("scan-0001")
    assert await status_of(gate.database, lan.id) == "withdrawn"


async def test_every_step_at_the_door_is_a_step_that_there_is(gate: Gate, clock: Clock) -> None:
    lan = await gate.has()
    await gate.scans(lan.code, "scan-0001")
    await gate.undoes("scan-0001")
    walked = await gate.walks_in("walk-0001", "Công ty Ngoài", 1, tax_codes(3)[2])
    await gate.undoes("walk-0001")
    assert walked.guest is not None
    async with gate.database.reading() as connection:
        for application_id, first in ((lan.id, [Status.CONFIRMED]), (walked.guest.id, [])):
            steps = first + [step.status for step in await history.of_application(connection, application_id)]
            assert len(steps) > 1
            for earlier, later in pairwise(steps):
                assert later in STEPS[earlier]


async def test_walk_ins_come_beyond_the_capacity_and_are_counted_apart(gate: Gate) -> None:
    async with gate.database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.id == gate.event).values(capacity=1))
    lan = await gate.has()
    await gate.scans(lan.code, "scan-0001")
    for _ in range(2):
        assert (await gate.walks_in("walk-0001", seats=4)).outcome is Outcome.ACCEPTED
    assert await gate.counts() == Counts(expected=1, arrived=1, walk_ins=4, conflicts=0)
    assert await gate.undoes("walk-0001")
    assert (await gate.counts()).walk_ins == 0


async def test_a_walk_in_with_a_tax_code_has_attended_like_the_others(gate: Gate) -> None:
    tax_code = tax_codes(3)[2]
    result = await gate.walks_in("walk-0001", "Công ty Ngoài", 2, tax_code)
    assert result.guest is not None
    assert (result.guest.business, result.guest.status) == ("Công ty Ngoài", Status.ATTENDED)
    assert await gate.counts() == Counts(expected=0, arrived=0, walk_ins=2, conflicts=0)
    async with gate.database.reading() as connection:
        steps = await history.of_application(connection, result.guest.id)
        assert await connection.scalar(select(Business.verified).where(Business.tax_code == tax_code))
    assert [step.cause for step in steps] == [Cause.WALKED_IN]
    assert (await gate.walks_in("walk-0002", "Công ty Ngoài", 1, tax_code)).outcome is Outcome.TWICE
    await gate.undoes("walk-0001")
    assert await status_of(gate.database, result.guest.id) == "withdrawn"


async def test_a_walk_in_who_is_registered_uses_the_registration(gate: Gate) -> None:
    lan = await gate.has(0, seats=2)
    waits = await gate.has(1, "Công ty Chờ", status=Status.WAITLISTED)
    first, second = tax_codes(2)
    assert (await gate.walks_in("walk-0001", tax=first)).outcome is Outcome.ACCEPTED
    assert await status_of(gate.database, lan.id) == "attended"
    assert (await gate.walks_in("walk-0002", "Công ty Chờ", tax=second)).outcome is Outcome.ACCEPTED
    assert await status_of(gate.database, waits.id) == "waitlisted"
    assert await gate.counts() == Counts(expected=2, arrived=2, walk_ins=1, conflicts=0)
    async with gate.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Application)) == 2


async def test_a_phone_gets_what_changed(gate: Gate, clock: Clock) -> None:
    lan, hong = await gate.has(0), await gate.has(1, "Công ty Hồng Hà")
    clock.advance(minutes=1)
    since = clock()
    async with gate.database.reading() as connection:
        everybody = await door_lists.list_for_device(connection, gate.event)
        assert [each.code for each in everybody] == [lan.code, hong.code]
        assert await door_lists.list_for_device(connection, gate.event, since) == []
    await gate.scans(hong.code, "scan-0001")
    await gate.walks_in("walk-0001")
    async with gate.database.reading() as connection:
        (changed,) = await door_lists.list_for_device(connection, gate.event, since)
        (walked,) = await door_lists.walked_in(connection, gate.event, since)
    assert (changed.code, changed.person) == (hong.code, "Nguyễn Thị Lan")
    assert changed.entry is not None
    assert (walked.name, walked.undone) == ("Công ty Ngoài", False)


def test_what_was_scanned_or_typed_is_read(passes: Passes) -> None:
    code = application_codes.write("7K3M9")
    assert code_of(passes.sign(code), passes) == (code, False)
    assert code_of(code.replace("-", " ").lower(), passes) == (code, False)
    signed = passes.sign(code)
    assert code_of(signed[:-1] + ("2" if signed[-1] != "2" else "3"), passes) == (code, True)
    assert code_of("https://example.vn/", passes) == ("", False)
