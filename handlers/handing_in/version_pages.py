"""What was handed in, for the people of its agency and for those who receive it: figures, parts, files, versions."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.handing_in import version_texts, versions
from bot.services.handing_in.draft_rows import file_ids
from bot.services.handing_in.versions import Version
from bot.services.reporting import obligations, report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import Status
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn


async def show(turn: Turn, submission_id: int) -> Reply:
    """A version, for somebody of its agency."""
    found = await _theirs(turn, submission_id)
    if found is None:
        return report_pages.not_yours(turn)
    owed, version = found
    t = turn.t
    every = await versions.of_obligation(turn.connection, owed.id)
    rows = file_buttons(turn, owed, version, "hand")
    if version.version == owed.version and owed.status is Status.SUBMITTED:
        rows.append((Button(t("Correct what was handed in"), f"hand:reopen:{owed.id}"),))
    if version.version == owed.version and owed.status is Status.RETURNED:
        rows.append((Button(t("Correct the report"), f"hand:begin:{owed.id}"),))
    rows += version_buttons(turn, version, every, "hand")
    rows.append((Button(t("All reports"), "do:reports"), Button(t("Menu"), MENU)))
    return turn.say(
        await body(turn, owed, version, every),
        title=report_texts.title(owed, turn.known, t),
        buttons=tuple(rows),
    )


async def body(turn: Turn, owed: Owed, version: Version, every: Sequence[Version]) -> str:
    """Everything of a version but its texts in full, with what was said of it; ``every`` is all versions there are."""
    t = turn.t
    lines = version_texts.head(owed, version, turn.person.contact_id, t)
    duty = turn.known.duties.get(owed.duty)
    if duty is not None:
        last = await versions.last_figures(turn.connection, owed.duty, owed.agency.id, owed.period.end)
        before = _before(version, every)
        new = version_texts.changed(before, version) if before else []
        lines += version_texts.figure_lines(duty, version.figures, last, t, new=new)
        if version.parts:
            lines += ["", t("Parts in words:"), *version_texts.part_lines(duty, version, t, new=new)]
        if version.files:
            lines += ["", t("Attachments:"), *version_texts.file_lines(duty, version.files, t)]
        if new:
            lines += ["", t("● has changed since version {version}.", version=before.version if before else 0)]
    said = await versions.verdicts(turn.connection, owed.id)
    if said:
        lines += ["", *(version_texts.verdict(each, turn.known, turn.person.contact_id, t) for each in said)]
    return "\n".join(lines)


def file_buttons(turn: Turn, owed: Owed, version: Version, kind: str) -> list[tuple[Button, ...]]:
    """The files, and the texts in full; ``kind`` begins the actions of whoever reads."""
    t, duty = turn.t, turn.known.duties.get(owed.duty)
    rows: list[tuple[Button, ...]] = []
    if any(isinstance(part, str) for part in version.parts.values()):
        rows.append((Button(t("Read the parts in full"), f"{kind}:parts:{version.id}"),))
    both = {**version.parts, **version.files}
    for key, each in both.items():
        for file_id in file_ids({key: each}):
            label = f"{version_texts.file_label(duty, key, t)}: {each['name']}"
            rows.append((Button(report_texts.shortened(label), f"{kind}:file:{version.id}:{file_id}"),))
    return rows


def version_buttons(turn: Turn, version: Version, every: Sequence[Version], kind: str) -> list[tuple[Button, ...]]:
    """The other versions, and what has changed since the one before."""
    t = turn.t
    if len(every) < 2:
        return []
    rows: list[tuple[Button, ...]] = []
    if version.version > every[0].version:
        rows.append((Button(t("What has changed"), f"{kind}:changes:{version.id}"),))
    others = [each for each in every if each.id != version.id][-4:]
    show_ = "show" if kind == "rev" else "version"
    rows.append(
        tuple(Button(t("Version {version}", version=each.version), f"{kind}:{show_}:{each.id}") for each in others)
    )
    return rows


async def parts(turn: Turn, owed: Owed, version: Version, back: str) -> list[Reply]:
    """The texts in full, each a message."""
    t, duty = turn.t, turn.known.duties.get(owed.duty)
    texts = [(key, part) for key, part in version.parts.items() if isinstance(part, str)]
    replies = [turn.say(part, title=version_texts.file_label(duty, key, t)) for key, part in texts]
    if not replies:
        return [turn.say(t("This version has no parts in words."), buttons=((Button(t("Back"), back),),))]
    return [*replies[:-1], replies[-1].with_buttons((Button(t("Back to the report"), back),))]


async def changes(turn: Turn, owed: Owed, version: Version, back: str) -> Reply:
    """What a version has otherwise than the one before."""
    t, duty = turn.t, turn.known.duties.get(owed.duty)
    before = _before(version, await versions.of_obligation(turn.connection, owed.id))
    lines = version_texts.change_lines(duty, before, version, t) if duty and before else []
    return turn.say(
        "\n".join(lines) if lines else t("Nothing has changed since the version before."),
        title=t("Changes in version {version}", version=version.version),
        footnote=f"{report_texts.title(owed, turn.known, t)}\n{owed.agency.in_language(t.language)}",
        buttons=((Button(t("Back to the report"), back),),),
    )


async def send_file(turn: Turn, version: Version, file_id: int) -> Reply:
    """A file of a version that the reader may see."""
    t = turn.t
    attachment = await versions.attachment(turn.connection, version, file_id)
    if attachment is None:
        return turn.say(t("This file does not belong to this report, or no longer exists."))
    return turn.say(t("Here is the file «{name}».", name=attachment.name), attachment=attachment)


async def of_agency(turn: Turn, verb: str, submission_id: int, file_id: int = 0) -> list[Reply]:
    """The same for the people of the agency: ``parts``, ``changes``, ``file``."""
    found = await _theirs(turn, submission_id)
    if found is None:
        return [report_pages.not_yours(turn)]
    owed, version = found
    back = f"hand:version:{version.id}"
    match verb:
        case "parts":
            return await parts(turn, owed, version, back)
        case "changes":
            return [await changes(turn, owed, version, back)]
        case _:
            return [await send_file(turn, version, file_id)]


async def newest(turn: Turn, obligation_id: int) -> Reply:
    """The version of an obligation that was handed in last."""
    owed = await obligations.find(turn.connection, obligation_id, contact_id=turn.person.contact_id)
    if owed is None:
        return report_pages.not_yours(turn)
    version = await versions.newest(turn.connection, obligation_id)
    if version is None:
        return await report_pages.page(turn, owed)
    return await show(turn, version.id)


async def _theirs(turn: Turn, submission_id: int) -> tuple[Owed, Version] | None:
    version = await versions.find(turn.connection, submission_id)
    if version is None:
        return None
    owed = await obligations.find(turn.connection, version.obligation_id, contact_id=turn.person.contact_id)
    return (owed, version) if owed else None


def _before(version: Version, every: Sequence[Version]) -> Version | None:
    return next((each for each in reversed(every) if each.version < version.version), None)
