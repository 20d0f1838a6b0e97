"""The schema: from nothing to the newest, the same as the models, by one process at a time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import Connection, make_url

from bot.db.engine import Database
from bot.db.migrate import config, is_current, migrate, newest_revision, upgrade
from bot.db.models.every import METADATA
from bot.services.applications import history
from bot.services.calendar import calendar_history


async def test_the_migrations_make_exactly_what_the_models_describe(database: Database) -> None:
    assert "contact" in METADATA.tables

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
    assert await is_current(database)


async def test_an_empty_database_is_behind_and_two_may_upgrade_it_at_once(tmp_path: Path) -> None:
    first, second = (Database(f"sqlite:///{tmp_path}/new.db") for _ in range(2))
    assert not await is_current(first)
    await asyncio.gather(migrate(first), migrate(second))
    assert await is_current(first)
    await first.close()
    await second.close()


async def brought_up(url: str, revision: str, statements: Iterable[str]) -> Database:
    """A database that had this revision and got these rows then, brought up to date; the caller closes it."""
    database = Database(url)
    async with database.transaction() as connection:
        await connection.run_sync(upgrade, revision)
        for statement in statements:
            await connection.exec_driver_sql(statement)
    await migrate(database)
    return database


async def test_tickets_of_before_become_conversations(tmp_path: Path, postgres_server: str) -> None:
    """Answers become messages, and of several open questions of one person the first goes on."""
    urls = [f"sqlite:///{tmp_path}/old.db", await empty_database(postgres_server)]
    for url in urls:
        database = await brought_up(url, "a1_every_table", OLD_TICKETS)
        async with database.reading() as connection:
            tickets = await connection.execute(
                text("SELECT id, status, language, taken_by, waiting_since IS NOT NULL, shared FROM ticket ORDER BY id")
            )
            assert [tuple(row) for row in tickets] == [
                (1, "closed", "en", 3, False, False),
                (2, "open", "en", None, True, True),
                (3, "closed", "en", None, False, False),
                (4, "open", "vi", None, True, True),
            ]
            said = await connection.execute(
                text("SELECT ticket_id, from_officer, author_id, text FROM ticket_message ORDER BY id")
            )
            assert [tuple(row) for row in said] == [(1, True, 3, "an answer"), (2, False, 1, "third")]
            current = await connection.execute(text("SELECT id, ticket_id FROM contact ORDER BY id"))
            assert [tuple(row) for row in current] == [(1, 2), (2, 4), (3, None)]
            told = await connection.execute(text("SELECT key, ticket_id FROM delivery ORDER BY id"))
            assert [tuple(row) for row in told] == [("ticket:2:3", 2), ("other:2", None)]
        async with database.transaction() as connection:
            await connection.run_sync(lambda sync: command.downgrade(config(sync), "a1_every_table"))
            kept = await connection.execute(text("SELECT id, status, answer FROM ticket ORDER BY id"))
            assert [tuple(row) for row in kept][:2] == [(1, "answered", "an answer"), (2, "open", None)]
        await database.close()


async def test_applications_of_before_keep_their_history(tmp_path: Path, postgres_server: str) -> None:
    """Up and down again; what is new becomes the nearest of what there was."""
    urls = [f"sqlite:///{tmp_path}/old.db", await empty_database(postgres_server)]
    for url in urls:
        database = await brought_up(url, "c1_last_answer", OLD_APPLICATIONS)
        async with database.transaction() as connection:
            known = await connection.execute(
                text("SELECT id, status, seats, offered_until, contact_id FROM application ORDER BY id")
            )
            assert [tuple(row) for row in known] == [
                (1, "confirmed", 1, None, 1), (2, "waitlisted", 1, None, 2), (3, "withdrawn", 1, None, 1),
            ]  # fmt: skip
            steps = []
            for application in (1, 2, 3):
                found = await history.of_application(connection, application)
                steps += [(application, step.status, step.cause, step.reason) for step in found]
            assert steps == [
                (1, "waitlisted", "", ""), (1, "confirmed", "", "a seat became free"), (2, "waitlisted", "", ""),
                (3, "confirmed", "", ""), (3, "withdrawn", "", "withdrawn by the applicant"),
            ]  # fmt: skip
            for statement in NEW_STATUSES:
                await connection.execute(text(statement))
        async with database.transaction() as connection:
            await connection.run_sync(lambda sync: command.downgrade(config(sync), "c1_last_answer"))
            kept = await connection.execute(text("SELECT id, status FROM application ORDER BY id"))
            assert [tuple(row) for row in kept] == [(1, "confirmed"), (2, "waitlisted"), (3, "withdrawn")]
            lines = await connection.scalar(text("SELECT count(*) FROM application_event"))
            assert lines == 6
        await migrate(database)
        async with database.reading() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM application_event")) == 6
        await database.close()


async def test_days_of_before_begin_the_history_of_the_calendar(tmp_path: Path, postgres_server: str) -> None:
    """Those that an officer entered; not those that the program brought along."""
    for url in (f"sqlite:///{tmp_path}/old.db", await empty_database(postgres_server)):
        database = await brought_up(url, "e1_reporting", OLD_CALENDAR)
        async with database.reading() as connection:
            events = await calendar_history.of_year(connection, 2027)
        assert [(each.by, f"{each.day}", each.what.value, each.details) for each in events] == [
            ("Hoa", "2027-02-10", "added", {"worked": False, "label": "Nghỉ", "document": "CV 1"}),
            ("Hoa", "None", "announced", {"document": "CV 1"}),
        ]
        await database.close()


async def empty_database(server: str) -> str:
    """A new database on a PostgreSQL server."""
    name = f"t_{secrets.token_hex(8)}"
    connection = await asyncpg.connect(make_url(server).set(query={}).render_as_string(hide_password=False), ssl=False)
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


OLD_APPLICATIONS = (
    "INSERT INTO contact (id, language, name, created_at) VALUES "
    "(1, 'vi', 'Lan', '2026-11-01 01:00:00'), (2, 'vi', 'Minh', '2026-11-01 01:00:00')",
    "INSERT INTO business (id, tax_code, name, verified, created_at) VALUES "
    "(1, '0100233488', 'A', true, '2026-11-01 01:00:00'), (2, '0100109106', 'B', true, '2026-11-01 01:00:00')",
    "INSERT INTO offering (id, slug, kind, agency_slug, form, details, capacity) VALUES "
    "(1, 'fair', 'event', 'so-cong-thuong', 'event-registration', '{}', 1)",
    "INSERT INTO application "
    "(id, code, offering_id, business_id, contact_id, status, answers, created_at, updated_at) VALUES "
    "(1, 'NC-1', 1, 1, 1, 'confirmed', '{}', '2026-11-01 01:00:00', '2026-11-01 01:00:00'), "
    "(2, 'NC-2', 1, 2, 2, 'waitlisted', '{}', '2026-11-01 02:00:00', '2026-11-01 02:00:00'), "
    "(3, 'NC-3', 1, 1, 1, 'withdrawn', '{}', '2026-11-01 00:00:00', '2026-11-01 00:30:00')",
    "INSERT INTO application_event (id, application_id, actor_id, status, reason, at) VALUES "
    "(1, 3, 1, 'confirmed', '', '2026-11-01 00:00:00'), "
    "(2, 3, 1, 'withdrawn', 'withdrawn by the applicant', '2026-11-01 00:30:00'), "
    "(3, 1, 1, 'waitlisted', '', '2026-11-01 01:00:00'), "
    "(4, 2, 2, 'waitlisted', '', '2026-11-01 02:00:00'), "
    "(5, 1, 2, 'confirmed', 'a seat became free', '2026-11-01 03:00:00')",
)
NEW_STATUSES = (
    "UPDATE application SET status = 'attended', seats = 2 WHERE id = 1",
    "UPDATE application SET status = 'offered', offered_until = '2026-11-02 02:00:00' WHERE id = 2",
    "UPDATE application SET status = 'rejected' WHERE id = 3",
    "INSERT INTO application_event (id, application_id, status, cause, reason, at) VALUES "
    "(6, 2, 'more_information', 'asked', 'Where?', '2026-11-02 01:00:00')",
)
OLD_CALENDAR = (
    "INSERT INTO contact (id, language, name, created_at) VALUES (1, 'vi', 'Hoa', '2026-11-01 01:00:00')",
    "INSERT INTO calendar_override (day, kind, label_vi, label_en, source_document, created_at, created_by) VALUES "
    "('2027-02-10', 'off', 'Nghỉ', 'Nghỉ', 'CV 1', '2026-11-02 02:00:00', 1), "
    "('2027-02-20', 'work', 'Làm bù', 'Worked', 'CV 0', '2026-11-02 01:00:00', NULL)",
    "INSERT INTO calendar_year (year, source_document, confirmed_at, confirmed_by) VALUES "
    "(2027, 'CV 1', '2026-11-02 01:30:00', 1)",
)
OLD_TICKETS = (
    "INSERT INTO contact (id, language, name, created_at) VALUES "
    "(1, 'en', 'Bob', '2026-11-01 01:00:00'), (2, 'vi', 'An', '2026-11-01 01:00:00'), "
    "(3, 'vi', 'Hoa', '2026-11-01 01:00:00')",
    "INSERT INTO address (id, contact_id, channel, external_id, created_at) "
    "VALUES (1, 3, 'telegram', 'x', '2026-11-01 01:00:00')",
    "INSERT INTO ticket (id, contact_id, question, status, answer, answered_by, created_at, answered_at) VALUES "
    "(1, 1, 'first', 'answered', 'an answer', 3, '2026-11-01 01:00:00', '2026-11-01 02:00:00'), "
    "(2, 1, 'second', 'open', NULL, NULL, '2026-11-02 01:00:00', NULL), "
    "(3, 1, 'third', 'open', NULL, NULL, '2026-11-03 01:00:00', NULL), "
    "(4, 2, 'fourth', 'open', NULL, NULL, '2026-11-04 01:00:00', NULL)",
    "INSERT INTO delivery (id, address_id, channel, priority, status, key, language, created_at) VALUES "
    "(1, 1, 'telegram', 1, 'sent', 'ticket:2:3', 'vi', '2026-11-02 01:00:00'), "
    "(2, 1, 'telegram', 1, 'sent', 'other:2', 'vi', '2026-11-02 01:00:00')",
)


async def test_a_newer_schema_is_not_ours(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    assert not await is_current(database)


async def test_updates_are_never_lost_between_processes(database_url: str) -> None:
    """The default mode of the SQLite driver loses two thirds of these without any error."""
    databases = [Database(database_url) for _ in range(4)]

    async def count_up(database: Database) -> None:
        for _ in range(25):
            async with database.transaction() as connection:
                lock = "" if database.is_sqlite else " FOR UPDATE"
                seen = await connection.scalar(
                    text(f"SELECT last_seq FROM address WHERE external_id = 'counter'{lock}")  # noqa: S608
                )
                await connection.execute(
                    text("UPDATE address SET last_seq = :next WHERE external_id = 'counter'"), {"next": (seen or 0) + 1}
                )

    async with databases[0].transaction() as connection:
        await connection.execute(
            text("INSERT INTO contact (id, language, name, created_at) VALUES (1, 'vi', '', CURRENT_TIMESTAMP)")
        )
        await connection.execute(
            text(
                "INSERT INTO address (id, contact_id, channel, external_id, created_at) "
                "VALUES (1, 1, 'telegram', 'counter', CURRENT_TIMESTAMP)"
            )
        )
    await asyncio.gather(*(count_up(database) for database in databases))
    async with databases[0].reading() as connection:
        assert await connection.scalar(text("SELECT last_seq FROM address")) == 100
    for database in databases:
        await database.close()


async def test_a_rehearsal_leaves_nothing_behind(database: Database) -> None:
    async with database.rehearsal() as rehearsal:
        async with rehearsal.transaction() as connection:
            await connection.execute(text("DELETE FROM agency"))
        async with rehearsal.reading() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM agency")) == 0
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM agency")) == 134


@pytest.mark.parametrize(
    "given,driver",
    [
        ("postgres://u:p@h/d?sslmode=require", "postgresql+asyncpg"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg"),
        ("sqlite:///x.db", "sqlite+in_loop"),
    ],
)
def test_urls_as_hosting_services_give_them(given: str, driver: str) -> None:
    from bot.db.engine import async_url

    assert async_url(given).drivername == driver


def test_there_is_one_newest_revision() -> None:
    assert newest_revision()
