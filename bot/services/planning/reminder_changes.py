"""Which reminders of open reports are no longer those of their ladders, and mending that.

Of many obligations nearly all have what they should, so the database first counts by duty and due date, and single
steps are read only where something differs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.reporting import Obligation, ReminderStep
from bot.db.types import UtcTime
from bot.db.upsert import insert_or_ignore
from bot.services.planning.differences import Changes, Existing, Rules, Step, StepChange, compare_steps
from bot.services.reporting.statuses import PENDING

Group = tuple[str, date]
Ladders = Callable[[str, date], Mapping[int, datetime]]


async def find(
    connection: AsyncConnection,
    existing: Sequence[Existing],
    changes: Changes,
    rules: Rules,
    ladders: Ladders,
    of_these: ColumnElement[bool],
) -> tuple[StepChange, ...]:
    """The reminders that would be made, moved or dropped, once obligations have changed as ``changes`` says.

    ``of_these`` are the duties of which ``existing`` has every obligation.
    """
    due = {each.id: each.due_on for each in (*changes.moved, *changes.restored) if each.id is not None}
    # What is overdue by a duty that has ended since keeps its reminders.
    staying = [each for each in existing if each.status in PENDING and each.id not in due and rules.of_period(each.key)]
    differing = await _differing(connection, staying, ladders, rules.today, of_these)
    due |= {each.id: each.due_on for each in staying if (each.key[0], each.due_on) in differing}
    duties = {each.id: each.key[0] for each in existing if each.id in due}
    steps = await _steps(connection, due)
    return tuple(
        change
        for id_ in sorted(due)
        for change in compare_steps(id_, steps[id_], ladders(duties[id_], due[id_]), rules.today)
    )


async def apply(connection: AsyncConnection, changes: Sequence[StepChange]) -> None:
    """Make, move and drop reminders; what was sent in the meantime stays sent. The obligations are locked."""
    of_step = (ReminderStep.obligation_id == bindparam("of_id"), ReminderStep.step == bindparam("of_step"),
               ReminderStep.status == "planned")  # fmt: skip
    new = [
        {"obligation_id": each.obligation_id, "step": each.step, "due_at": each.becomes, "status": "planned"}
        for each in changes
        if each.was is None
    ]
    moved = [
        {"of_id": each.obligation_id, "of_step": each.step, "to_moment": each.becomes}
        for each in changes
        if each.was is not None and each.becomes is not None
    ]
    dropped = [{"of_id": each.obligation_id, "of_step": each.step} for each in changes if each.becomes is None]
    if new:
        await connection.execute(insert_or_ignore(connection, ReminderStep), new)
    if moved:
        await connection.execute(
            update(ReminderStep).where(*of_step).values(due_at=bindparam("to_moment", type_=UtcTime)), moved
        )
    if dropped:
        await connection.execute(delete(ReminderStep).where(*of_step), dropped)


async def _differing(
    connection: AsyncConnection,
    staying: Sequence[Existing],
    ladders: Ladders,
    today: date,
    of_these: ColumnElement[bool],
) -> set[Group]:
    """Duties and due dates of which some report doesn't have the reminders that it should."""
    sizes = Counter((each.key[0], each.due_on) for each in staying)
    planned = ReminderStep.status == "planned"
    rows = await connection.execute(
        select(Obligation.duty, Obligation.due_on, ReminderStep.step, planned, ReminderStep.due_at, func.count())
        .join(Obligation, Obligation.id == ReminderStep.obligation_id)
        .where(of_these, Obligation.status.in_([each.value for each in PENDING]))
        .group_by(Obligation.duty, Obligation.due_on, ReminderStep.step, planned, ReminderStep.due_at)
    )
    counted: dict[Group, Counter[int]] = defaultdict(Counter)
    differing: set[Group] = set()
    for duty, due_on, step, waits, due_at, count in rows:
        group = (duty, due_on)
        counted[group][step] += count
        if group in sizes and waits and ladders(duty, due_on).get(step) != due_at:
            differing.add(group)
    for group, size in sizes.items():
        # More than there should be are those of reports that are withdrawn or move; fewer are missing somewhere.
        wanted = [step for step, moment in ladders(*group).items() if moment.date() > today]
        if any(counted[group][step] != size for step in wanted):
            differing.add(group)
    return differing


async def _steps(connection: AsyncConnection, ids: Collection[int]) -> Mapping[int, dict[int, Step]]:
    found: dict[int, dict[int, Step]] = {id_: {} for id_ in ids}
    rows = await connection.execute(
        select(ReminderStep.obligation_id, ReminderStep.step, ReminderStep.due_at, ReminderStep.status).where(
            among(connection, ReminderStep.obligation_id, sorted(ids))
        )
    )
    for obligation_id, step, due_at, status in rows:
        found[obligation_id][step] = Step(due_at, status == "planned")
    return found
