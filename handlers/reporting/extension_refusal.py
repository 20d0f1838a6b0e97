"""Refuse a request for more time: the reason is asked for and goes to the agency; it may be left out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Dialog, Reply
from bot.services.reporting import extensions, report_texts
from handlers.commands import number
from handlers.reporting import extension_decision, report_answers, report_pages
from handlers.turn import Turn

DIALOG = report_pages.REFUSAL


async def begin(turn: Turn, extension_id: int, *, anyway: bool = False, problem: str = "") -> Sequence[Reply]:
    """Ask why, if the request still waits and this person may decide it."""
    t = turn.t
    found = await extensions.find(turn.connection, extension_id, contact_id=turn.person.contact_id, known=turn.known)
    if found is None:
        return [extension_decision.may_not(turn)]
    if found.status != "asked":
        return [extension_decision.decided(turn, found)]
    warning = None if anyway else report_pages.busy(turn, f"extension:refuse:{found.id}:anyway", *report_pages.DIALOGS)
    if warning:
        return [warning]
    await turn.begin(Dialog(DIALOG, {"extension": found.id}))
    question = t("Why is it refused? Please write it in one or two sentences: the agency reads it.")
    return [
        turn.say(
            "\n".join(
                [
                    *([problem, ""] if problem else []),
                    found.owed.agency.in_language(t.language),
                    report_texts.title(found.owed, turn.known, t),
                    t("Requested new due date: {date}", date=t.date(found.until)),
                    "",
                    question,
                ]
            ),
            title=t("Refuse more time"),
            buttons=(
                (Button(t("Refuse without a reason"), f"extension:refused:{found.id}"),),
                (Button(t("Back"), f"extension:show:{found.id}"), Button(t("Cancel"), "cancel")),
            ),
        )
    ]


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """The typed reason, and the confirmation after it; None for what has nothing to do with it."""
    data = turn.person.dialog.data if turn.person.dialog else {}
    extension_id = number(str(data.get("extension", "")))
    if turn.text and not turn.command:
        return await _review(turn, extension_id)
    match turn.press:
        case ("extension", "refused", pressed) if number(pressed) == extension_id:
            return await refuse(turn, extension_id, str(data.get("because", "")))
        case ("extension", "show", pressed) if number(pressed) == extension_id:
            await turn.end()
    return None


async def refuse(turn: Turn, extension_id: int, because: str = "") -> Sequence[Reply]:
    """Refuse; without a reason where none was written."""
    if turn.person.dialog is not None and turn.person.dialog.kind == DIALOG:
        await turn.end()
    return await extension_decision.decide(turn, extension_id, granted=False, because=because)


async def _review(turn: Turn, extension_id: int) -> Sequence[Reply]:
    t = turn.t
    because = report_answers.reason(turn.text)
    if because is None:
        problem = t(
            "Please give the reason in {shortest} to {longest} characters.",
            shortest=report_answers.SHORTEST_REASON,
            longest=report_answers.LONGEST_REASON,
        )
        return await begin(turn, extension_id, anyway=True, problem=problem)
    await turn.begin(Dialog(DIALOG, {"extension": extension_id, "because": because, "choosing": True}))
    return [
        turn.say(
            t("Reason: {reason}", reason=because) + "\n\n" + t("Refuse the request with this reason?"),
            title=t("Refuse more time"),
            buttons=(
                (Button(t("Refuse"), f"extension:refused:{extension_id}"),),
                (Button(t("Write it again"), f"extension:refuse:{extension_id}"), Button(t("Cancel"), "cancel")),
            ),
        )
    ]
