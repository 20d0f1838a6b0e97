"""Answering what an officer asks about a registration: typed, shown once more, sent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Dialog, Reply
from bot.services.applications import decisions, filed_applications
from bot.services.applications.decisions import Decided
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from handlers.reporting.report_pages import busy
from handlers.signing_up import application_pages
from handlers.signing_up.registration import number
from handlers.turn import Turn

DIALOG = "application"
LONGEST = 2000


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The way from the question to the answer; None for anything else."""
    match turn.press:
        case ("app", "answer", application, *more):
            return [await _begin(turn, number(application), anyway=more == ["anyway"])]
        case ("app", "send", application):
            return [await _send(turn, number(application))]
    dialog = turn.person.dialog
    if dialog is None or dialog.kind != DIALOG or turn.command or turn.press or not turn.text:
        return None
    return [await _typed(turn, number(str(dialog.data["application"])))]


async def _begin(turn: Turn, application_id: int, *, anyway: bool) -> Reply:
    filed = await _theirs(turn, application_id)
    if filed is None:
        return application_pages.not_yours(turn)
    if filed.status is not Status.MORE_INFORMATION:
        return await application_pages.page(turn, filed, _nothing_asked(turn))
    warning = None if anyway else busy(turn, f"app:answer:{filed.id}:anyway", DIALOG)
    if warning:
        return warning
    await _remember(turn, filed, "")
    return await _ask(turn, filed)


async def _ask(turn: Turn, filed: Filed, problem: str = "") -> Reply:
    t = turn.t
    said = [each.text for each in await decisions.messages(turn.connection, filed.id) if each.from_staff]
    parts = [problem, *said[-1:], t("Please type your answer.")]
    return turn.say(
        "\n\n".join(part for part in parts if part),
        title=t("The officer asks:"),
        footnote=t("Registration: {title}", title=filed.title(t.language)),
        buttons=((Button(t("Cancel"), "do:cancel"),),),
    )


async def _typed(turn: Turn, application_id: int) -> Reply:
    t = turn.t
    filed = await _theirs(turn, application_id)
    if filed is None or filed.status is not Status.MORE_INFORMATION:
        await turn.end()
        return await _past(turn, filed)
    if len(turn.text) > LONGEST:
        problem = t(
            "That is too long: at most {number} characters, please. You could send it in parts, by /officer.",
            number=t.number(LONGEST),
        )
        return await _ask(turn, filed, problem)
    await _remember(turn, filed, turn.text)
    return turn.say(
        t("Shall this answer be sent?") + "\n\n" + turn.text,
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
    dialog = turn.person.dialog
    ours = dialog is not None and dialog.kind == DIALOG and dialog.data["application"] == filed.id
    text = str(dialog.data["text"]) if ours and dialog is not None else ""
    if not text:
        if filed.status is Status.MORE_INFORMATION:
            return await application_pages.page(turn, filed)
        return await application_pages.page(turn, filed, _nothing_asked(turn))
    decision = await decisions.answer_question(
        turn.connection, turn.person.contact_id, filed.id, text, translators=turn.translators, now=turn.now
    )
    await turn.end()
    if decision is None or decision.outcome is not Decided.DONE:
        return await _past(turn, decision.filed if decision else None)
    note = turn.t("Thank you. Your answer has been sent; the officer goes on from there.")
    return await application_pages.page(turn, decision.filed, note)


async def _past(turn: Turn, filed: Filed | None) -> Reply:
    if filed is None:
        return application_pages.not_yours(turn)
    return await application_pages.page(turn, filed, _nothing_asked(turn))


async def _remember(turn: Turn, filed: Filed, text: str) -> None:
    await turn.begin(Dialog(DIALOG, {"application": filed.id, "text": text, "choosing": bool(text)}))


async def _theirs(turn: Turn, application_id: int) -> Filed | None:
    return await filed_applications.find(turn.connection, turn.person.contact_id, application_id)


def _nothing_asked(turn: Turn) -> str:
    return turn.t("No answer is waited for at the moment: it has been given, or the registration has gone on.")
