"""Answering what an officer asks about a registration: typed, with files if need be, shown once more, sent."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.messages import Button, Dialog, Kind, Reply
from bot.services.applications import decisions, filed_applications
from bot.services.applications.decisions import Decided
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from bot.services.files import file_texts, files
from handlers.commands import number
from handlers.reporting.report_pages import busy
from handlers.signing_up import application_pages
from handlers.turn import Turn

DIALOG = "application"
LONGEST = 2000
MOST_FILES = 5


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is there so far; ``draft`` is what the files belong to until the answer is sent."""

    application: int
    draft: str
    text: str = ""
    files: tuple[str, ...] = ()

    def whole(self) -> str:
        """What the officer reads: the text, then the names of the files."""
        return "\n".join([*([self.text] if self.text else []), *self.files])


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The way from the question to the answer; None for anything else."""
    match turn.press:
        case ("app", "answer", application, *more):
            return [await _begin(turn, number(application), anyway=more == ["anyway"])]
        case ("app", "send", application):
            return [await _send(turn, number(application))]
    so_far = _read(turn)
    if so_far is None or turn.command or turn.press or not (turn.text or turn.incoming.kind is Kind.FILE):
        return None
    return [await _given(turn, so_far)]


async def _begin(turn: Turn, application_id: int, *, anyway: bool) -> Reply:
    filed = await _theirs(turn, application_id)
    if filed is None:
        return application_pages.not_yours(turn)
    if filed.status is not Status.MORE_INFORMATION:
        return await application_pages.page(turn, filed, _nothing_asked(turn))
    warning = None if anyway else busy(turn, f"app:answer:{filed.id}:anyway", DIALOG)
    if warning:
        return warning
    await _remember(turn, _Answer(filed.id, secrets.token_hex(4)))
    return await _ask(turn, filed)


async def _ask(turn: Turn, filed: Filed, problem: str = "") -> Reply:
    t = turn.t
    said = [each.text for each in await decisions.messages(turn.connection, filed.id) if each.from_staff]
    parts = [problem, *said[-1:], t("Please type your answer. You can also send files (PDF, Word, Excel, pictures).")]
    return turn.say(
        "\n\n".join(part for part in parts if part),
        title=t("The officer asks:"),
        footnote=t("Registration: {title}", title=filed.title(t.language)),
        buttons=((Button(t("Cancel"), "do:cancel"),),),
    )


async def _given(turn: Turn, so_far: _Answer) -> Reply:
    """A text or a file of the answer: taken in, and everything shown once more."""
    t = turn.t
    filed = await _theirs(turn, so_far.application)
    if filed is None or filed.status is not Status.MORE_INFORMATION:
        await turn.end()
        return await _past(turn, filed)
    file, problem = turn.incoming.file, ""
    if turn.incoming.kind is Kind.FILE and file is not None:
        if not file.path:
            problem = file_texts.problem(t, file)
        elif len(so_far.files) >= MOST_FILES:
            problem = t("At most {number} files go with an answer.", number=t.number(MOST_FILES))
        else:
            # No question of a form has such a name, so that changing the form replaces none of these.
            field = f"answer:{len(so_far.files) + 1}"
            await files.keep(turn.connection, turn.person, file, draft_id=so_far.draft, field=field, now=turn.now)
            so_far = replace(so_far, files=(*so_far.files, file.name))
    elif len(turn.text) > LONGEST:
        problem = t(
            "That is too long: at most {number} characters, please. A longer text can be sent as a file.",
            number=t.number(LONGEST),
        )
    else:
        so_far = replace(so_far, text=turn.text)
    if not so_far.whole():
        return await _ask(turn, filed, problem)
    await _remember(turn, so_far)
    return _confirm(turn, filed, so_far, problem)


def _confirm(turn: Turn, filed: Filed, so_far: _Answer, problem: str) -> Reply:
    t = turn.t
    parts = [problem, t("Shall this answer be sent? Until then you can type it anew or add files."), so_far.whole()]
    return turn.say(
        "\n\n".join(part for part in parts if part),
        title=t("Your answer"),
        footnote=t("Registration: {title}", title=filed.title(t.language)),
        buttons=(
            (Button(t("Send the answer"), f"app:send:{filed.id}"),),
            (Button(t("Write it anew"), f"app:answer:{filed.id}"), Button(t("Cancel"), "do:cancel")),
        ),
    )


async def _send(turn: Turn, application_id: int) -> Reply:
    filed = await _theirs(turn, application_id)
    if filed is None:
        return application_pages.not_yours(turn)
    so_far = _read(turn)
    if so_far is None or so_far.application != filed.id or not so_far.whole():
        open_ = filed.status is Status.MORE_INFORMATION
        return await application_pages.page(turn, filed, "" if open_ else _nothing_asked(turn))
    decision = await decisions.answer_question(
        turn.connection, turn.person.contact_id, filed.id, so_far.whole(), translators=turn.translators, now=turn.now
    )
    await turn.end()
    if decision is None or decision.outcome is not Decided.DONE:
        return await _past(turn, decision.filed if decision else None)
    if so_far.files:
        await files.give_to_application(turn.connection, so_far.draft, filed.id)
    note = turn.t("Thank you. Your answer has been sent; the officer goes on from there.")
    return await application_pages.page(turn, decision.filed, note)


async def _past(turn: Turn, filed: Filed | None) -> Reply:
    if filed is None:
        return application_pages.not_yours(turn)
    return await application_pages.page(turn, filed, _nothing_asked(turn))


def _read(turn: Turn) -> _Answer | None:
    dialog = turn.person.dialog
    if dialog is None or dialog.kind != DIALOG:
        return None
    data = dialog.data
    names = data["files"]
    return _Answer(
        number(str(data["application"])),
        str(data["draft"]),
        str(data["text"]),
        tuple(str(each) for each in names) if isinstance(names, list) else (),
    )


async def _remember(turn: Turn, so_far: _Answer) -> None:
    data: dict[str, object] = {
        "application": so_far.application,
        "draft": so_far.draft,
        "text": so_far.text,
        "files": list(so_far.files),
        "choosing": False,
    }
    await turn.begin(Dialog(DIALOG, data))


async def _theirs(turn: Turn, application_id: int) -> Filed | None:
    return await filed_applications.find(turn.connection, turn.person.contact_id, application_id)


def _nothing_asked(turn: Turn) -> str:
    return turn.t("No answer is waited for at the moment: it has been given, or the registration has gone on.")
