"""The command line: ``python -m bot …``, also installed as ``nhipcau``."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from bot.processes import Welcome

T = TypeVar("T")


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Nhịp Cầu: the assistant for Hanoi's plan to develop the environmental industry. Alone: run everything."""
    if context.invoked_subcommand is None:
        context.invoke(run)


@main.command()
def run() -> None:
    """Run everything in one process."""
    settings = _settings()
    from bot import app, processes

    if not settings.is_embedded:
        _run(processes.serve_web(settings, everything=True, announce=_announce))
        return
    with _friendly(), app.only_instance(settings.home):
        _run(processes.serve_web(settings, everything=True, announce=_announce))


@main.command()
def web() -> None:
    """The web process: webhooks, web chat, health, metrics."""
    settings = _settings()
    from bot import processes

    _run(processes.serve_web(settings, everything=False, announce=_announce))


@main.command()
def worker() -> None:
    """The worker process: sends what is due."""
    settings = _settings()
    from bot import processes

    _run(processes.serve_worker(settings))


@main.command()
def scheduler() -> None:
    """The scheduler process: reminders and what else the clock brings."""
    settings = _settings()
    from bot import processes

    _run(processes.serve_scheduler(settings))


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    settings = _settings()
    from bot import processes

    _run(processes.migrate_all(settings))
    click.echo("The database is up to date.")


@main.command()
def ask() -> None:
    """Answer one question per line of standard input, as one JSON object per line."""
    from bot.commands.ask import run_ask

    run_ask(sys.stdin.buffer, sys.stdout.buffer)


@main.command()
@click.option("--at", "at", help="an ISO time with its zone, such as 2026-12-07T08:30+07:00; default: now")
@click.option("--dry-run", is_flag=True, help="show what would be queued, and keep nothing")
@click.option("--json", "as_json", is_flag=True, help="print JSON instead of a table")
def tick(at: str | None, dry_run: bool, as_json: bool) -> None:
    """Run every scheduled job once as of a time."""
    settings = _settings()
    moment = _moment(at, settings) if at else None
    from bot import processes

    done = _run(processes.tick_once(settings, moment, dry_run=dry_run))
    width = max((len(job) for job, _ in done), default=0)
    rows = [{"job": job, "queued": line} for job, line in done]
    _print_rows(rows, lambda row: f"{row['job']:<{width}}  {row['queued']}", as_json=as_json, empty="Nothing was due.")


@main.command()
@click.option("--drain", is_flag=True, help="stop when nothing is due any more")
def deliver(drain: bool) -> None:
    """Run the delivery loop."""
    settings = _settings()
    from bot import processes

    _run(processes.deliver_all(settings, drain=drain))


@main.command()
@click.option("--role", type=click.Choice(["admin", "editor", "operator", "viewer"]), help="make somebody staff")
@click.option("--agency", help="alone: make somebody a focal point of this agency; with --role: its member of staff")
@click.option(
    "--as", "focal_role", type=click.Choice(["holder", "deputy", "head"]), help="which focal point  [default: holder]"
)
@click.option(
    "--uses", type=click.IntRange(1, 20), default=1, show_default=True, help="how many people may use a focal point's"
)
def invite(role: str | None, agency: str | None, focal_role: str | None, uses: int) -> None:
    """Print a code, and its links for every configured channel. Agencies go by their short names."""
    if not (role or agency):
        raise click.UsageError("name either --role or --agency, or both")
    if role and focal_role:
        raise click.UsageError("--as goes with --agency alone, for a focal point")
    if role and uses > 1:
        raise click.UsageError("--uses goes with --agency alone, for focal points")
    settings = _settings()
    from bot.commands.invite import run_invite

    for line in _run(run_invite(settings, role=role, agency=agency, focal_role=focal_role, uses=uses)):
        click.echo(line)


@main.command()
@click.argument("duty")
@click.argument("period_end", metavar="PERIOD_END", type=click.DateTime(["%Y-%m-%d"]))
@click.option(
    "--to",
    "folder",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=".",
    help="the folder to write into  [default: this one]",
)
def consolidate(duty: str, period_end: datetime, folder: Path) -> None:
    """Put a DUTY's accepted reports for the period that ends on PERIOD_END (2026-12-14) together, in Word and Excel."""
    settings = _settings()
    from bot.commands.consolidate import run_consolidate

    for line in _run(run_consolidate(settings, duty=duty, period_end=period_end.date(), folder=folder)):
        click.echo(line)


@main.command()
def check() -> None:
    """Check settings and content; name file and line of every mistake."""
    from bot.commands.check import run_check

    problems: list[str] = []
    try:
        read_settings()
    except SettingsError as error:
        problems.extend(f"settings: {problem}" for problem in error.problems)
    problems.extend(str(mistake) for mistake in run_check())
    for problem in problems:
        click.echo(problem)
    if problems:
        sys.exit(1)
    click.echo("Settings and content are in order.")


@main.group()
def faq() -> None:
    """Questions without a good answer, and what editors approved."""


@faq.command("list")
@click.option("--json", "as_json", is_flag=True, help="print JSON instead of a table")
def faq_list(as_json: bool) -> None:
    """List the questions that have no good answer, the most frequent first."""
    settings = _settings()
    from bot.commands.faq import list_groups

    _print_rows(
        _run(list_groups(settings)),
        lambda row: f"{row['count']:>5}  {row['language']}  {' '.join(str(row['question']).split())}",
        as_json=as_json,
        empty="Every question has an answer.",
    )


@faq.command("export")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="a copy of content/ to write into  [default: content/ itself]",
)
def faq_export(folder: Path | None) -> None:
    """Write approved changes into the content files, for review; what is there already is left alone."""
    if folder and not (folder / "faq").is_dir():
        raise click.UsageError(f"{folder} is no copy of content/: it has no folder faq/")
    settings = _settings()
    from bot.commands.faq import export_changes
    from content.files import FOLDER

    told, mistakes = _run(export_changes(settings, folder or FOLDER))
    for line in told:
        click.echo(line)
    click.echo("Now read the changes and commit them." if told else "Everything approved is in the files.")
    if mistakes:
        for mistake in mistakes:
            click.echo(str(mistake), err=True)
        sys.exit(1)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy an embedded database and its files into FILE, also while the program runs."""
    from bot.backup import back_up

    settings = _embedded()
    with _friendly():
        size = back_up(_database_file(settings), settings.home, file)
    click.echo(f"{file}: {size:,} bytes")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(file: Path) -> None:
    """Put a backup in the place of the present data, which is kept beside it."""
    from bot import app
    from bot.backup import restore as put_back

    settings = _embedded()
    with _friendly(), app.only_instance(settings.home):
        put_back(file, _database_file(settings), settings.home)
    click.echo("Restored. The former data is kept beside it, under names ending in .before-restore.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="print JSON instead of a table")
def failed(as_json: bool) -> None:
    """List incoming messages that could not be processed."""
    settings = _settings()
    from bot.commands.failed import list_failed

    _print_rows(
        _run(list_failed(settings)),
        lambda row: f"{row['id']}  {row['received_at']}  {row['channel']}\n{row['failure']}\n",
        as_json=as_json,
        empty="No message is set aside.",
    )


@main.command()
@click.argument("failure_id")
def replay(failure_id: str) -> None:
    """Process a message that was set aside once more."""
    settings = _settings()
    from bot import processes

    if not _run(processes.replay(settings, failure_id)):
        raise click.ClickException(f"no message is set aside under {failure_id}; see `python -m bot failed`")
    click.echo("Processed.")


def _print_rows(
    rows: Sequence[Mapping[str, object]], line: Callable[[Mapping[str, object]], str], *, as_json: bool, empty: str
) -> None:
    """One line per row, or ``empty``; as JSON the rows themselves."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        click.echo(empty)
    for row in rows:
        click.echo(line(row))


def _settings() -> Settings:
    from bot.logs import configure

    try:
        settings = read_settings()
    except SettingsError as error:
        raise click.ClickException("these settings can't be used:\n  " + "\n  ".join(error.problems)) from None
    configure(settings.log_level, settings.log_format)
    return settings


def _embedded() -> Settings:
    settings = _settings()
    if not settings.is_embedded:
        raise click.ClickException("this is for an embedded database; use pg_dump and pg_restore with PostgreSQL")
    return settings


def _database_file(settings: Settings) -> Path:
    return Path(settings.database_url.partition(":///")[2])


def _moment(text: str, settings: Settings) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is no ISO time; an example is 2026-12-07T08:30+07:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=settings.zone)


def _announce(welcome: Welcome) -> None:
    click.echo(f"Chat:  {welcome.chat_url}/")
    if welcome.first_admin_url:
        click.echo(f"Open this once to become the first administrator:  {welcome.first_admin_url}")
    sys.stdout.flush()


class _friendly:  # noqa: N801 - reads as a word in `with _friendly()`
    """Turns errors that a person can act on into one line and exit code 1."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        from bot.app import NotReady
        from bot.backup import BackupError
        from content.export import ExportError
        from content.loader import ContentError

        if isinstance(error, NotReady | BackupError | ContentError | ExportError):
            raise click.ClickException(str(error)) from None


def _run(work: Coroutine[Any, Any, T]) -> T:
    with _friendly():
        try:
            import uvloop
        except ImportError:
            return asyncio.run(work)
        return uvloop.run(work)


if __name__ == "__main__":
    main(prog_name="python -m bot")
