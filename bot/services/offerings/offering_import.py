"""Offerings and forms from a file that staff sent: what would be made or changed, and doing it.

Time, place and seats of an offering that is there change as if an officer had changed them in the chat: those
concerned are told, and nobody loses a seat. Everything else simply says something else from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.offerings import FormDefinition, Offering
from bot.i18n import Translators
from bot.services.applications import concerns
from bot.services.applications.deciders import Scope
from bot.services.calendar.working_hours import OfficeHours
from bot.services.forms import definitions
from bot.services.offerings import offering_changes, offering_figures, offerings
from bot.services.offerings.offerings import CHAT, Kind
from content.form_model import FormFile
from content.offering_file import OfferingFile
from content.offering_model import OfferingDefinition


class Refusal(StrEnum):
    """Why a part of a file can't be taken over."""

    OTHER_AGENCY = "other agency"
    OTHERS_FORM = "others' form"
    CONTENT = "content"
    KIND = "kind"
    OVER = "over"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class OfferingStep:
    """An offering that would be made (``id`` is None) or changed; ``moves`` and ``resizes``: people are concerned."""

    definition: OfferingDefinition
    id: int | None
    moves: bool = False
    resizes: bool = False
    told: int = 0


@dataclass(frozen=True, slots=True)
class FormStep:
    """A form that would be made or changed, and how many half-filled forms that concerns."""

    form: FormFile
    is_new: bool
    half_filled: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do. Nothing of it is done while something is ``refused`` (name and why)."""

    offerings: tuple[OfferingStep, ...]
    forms: tuple[FormStep, ...]
    refused: tuple[tuple[str, Refusal], ...]


async def plan(connection: AsyncConnection, file: OfferingFile, scope: Scope, now: datetime) -> Plan:
    """What the file would do, seen by somebody who looks after ``scope``."""
    slugs = [each.slug for each in file.offerings]
    rows = await connection.execute(select(*Offering.__table__.columns).where(Offering.slug.in_(slugs)))
    there = {row.slug: row for row in rows}
    refused: list[tuple[str, Refusal]] = []
    steps = []
    for each in file.offerings:
        why = await _why_not(connection, each, there.get(each.slug), scope, now)
        if why is not None:
            refused.append((each.slug, why))
        else:
            steps.append(await _step(connection, each, there.get(each.slug)))
    forms, others = await _forms(connection, file.forms, scope)
    return Plan(tuple(steps), forms, (*refused, *others))


async def take_over(
    connection: AsyncConnection,
    planned: Plan,
    *,
    actor_id: int,
    translators: Translators,
    office: OfficeHours,
    now: datetime,
) -> None:
    """Do what was planned, in the same transaction as ``plan``."""
    for form in planned.forms:
        await definitions.keep(connection, form.form, actor_id, now)
    for step in planned.offerings:
        values = {**offerings.values_of(step.definition), "origin": CHAT}
        if step.id is None:
            made = await connection.execute(insert(Offering).values(values).returning(Offering.id))
            offering_id = int(made.scalar_one())
        else:
            offering_id = step.id
            await _change(connection, step, offering_id, values, actor_id, translators, office, now)
        await offering_changes.note(
            connection, offering_id, "made", {"is_new": step.id is None, "slug": step.definition.slug}, actor_id, now
        )


async def _change(
    connection: AsyncConnection,
    step: OfferingStep,
    offering_id: int,
    values: dict[str, Any],
    actor_id: int,
    translators: Translators,
    office: OfficeHours,
    now: datetime,
) -> None:
    before = await offerings.lock(connection, offering_id)
    if before is None:
        return
    # What people are told of goes its own way below.
    kept = {name: value for name, value in values.items() if name not in ("slug", "starts_at", "ends_at", "capacity")}
    kept["details"] = {**values["details"], "place": before.details.get("place")}
    await connection.execute(update(Offering).where(Offering.id == offering_id).values(kept))
    definition = step.definition
    if step.moves and definition.starts_at is not None:
        await offering_changes.move(
            connection,
            offering_id,
            starts_at=definition.starts_at,
            ends_at=definition.ends_at,
            place=values["details"]["place"],
            actor_id=actor_id,
            translators=translators,
            now=now,
        )
    if step.resizes:
        await offering_changes.set_capacity(
            connection,
            offering_id,
            definition.capacity,
            actor_id=actor_id,
            translators=translators,
            office=office,
            now=now,
        )


async def _why_not(
    connection: AsyncConnection, each: OfferingDefinition, row: Any, scope: Scope, now: datetime
) -> Refusal | None:
    if not scope.covers(each.agency) or (row is not None and not scope.covers(row.agency_slug)):
        return Refusal.OTHER_AGENCY
    if each.starts_at is not None and each.starts_at <= now:
        return Refusal.PAST
    if row is None:
        return None
    if row.origin != CHAT:
        return Refusal.CONTENT
    if row.cancelled_at is not None or (row.starts_at is not None and row.starts_at <= now):
        return Refusal.OVER
    if row.kind != each.kind and await _has_applications(connection, row.id):
        return Refusal.KIND
    return None


async def _step(connection: AsyncConnection, each: OfferingDefinition, row: Any) -> OfferingStep:
    if row is None:
        return OfferingStep(each, None)
    values = offerings.values_of(each)
    was = (row.starts_at, row.ends_at, row.details.get("place"))
    moves = each.kind == Kind.EVENT.value and was != (each.starts_at, each.ends_at, values["details"]["place"])
    resizes = each.kind == Kind.EVENT.value and row.capacity != each.capacity
    told = (await concerns.of_offering(connection, row.id)).told if moves else 0
    return OfferingStep(each, row.id, moves, resizes, told)


async def _forms(
    connection: AsyncConnection, forms: Sequence[FormFile], scope: Scope
) -> tuple[tuple[FormStep, ...], list[tuple[str, Refusal]]]:
    names = [each.name for each in forms]
    there = set(await connection.scalars(select(FormDefinition.name).where(FormDefinition.name.in_(names))))
    users = await connection.execute(select(Offering.form, Offering.agency_slug).where(Offering.form.in_(names)))
    others = {row.form for row in users if not scope.covers(row.agency_slug)}
    steps = tuple(
        [
            FormStep(each, each.name not in there, await offering_figures.half_filled(connection, each.name))
            for each in forms
            if each.name not in others
        ]
    )
    return steps, [(name, Refusal.OTHERS_FORM) for name in names if name in others]


async def _has_applications(connection: AsyncConnection, offering_id: int) -> bool:
    found = await connection.scalar(select(Application.id).where(Application.offering_id == offering_id).limit(1))
    return found is not None
