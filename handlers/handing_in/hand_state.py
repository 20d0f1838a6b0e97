"""Where a person is in a report they write. What they answered is in the draft; here is only the place."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.messages import Button, Dialog, Reply
from bot.services.handing_in import draft_rows, questions, versions
from bot.services.handing_in.draft_rows import Draft
from bot.services.handing_in.questions import Question
from bot.services.handing_in.report_drafts import Saved
from bot.services.reporting import obligations
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED, Status
from content.duty_model import Duty
from handlers.commands import number
from handlers.reporting import report_pages
from handlers.turn import Turn

DIALOG = "hand"
# The pages besides those of single questions.
WHOLE, LIST = "", "list"


@dataclass(frozen=True, slots=True)
class State:
    """``at`` is the key of the question, or a page; ``token`` belongs to the page shown last.

    ``seen`` is the mark of the answer that was there, ``cells`` are those of a row begun, None where one was left
    empty. ``pending`` is a value that waits for a yes. ``whole``: after this question back to the whole report.
    ``choosing``: a small number that is typed is one of the page's buttons, and no answer.
    """

    obligation: int
    at: str
    token: str = field(default_factory=lambda: secrets.token_hex(3))
    seen: str = ""
    cells: tuple[Any, ...] = ()
    pending: Any = None
    whole: bool = False
    choosing: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """A report that the person may write at now. ``last`` are the figures accepted for the period before."""

    owed: Owed
    duty: Duty
    draft: Draft
    last: Mapping[str, Any]

    def question(self, key: str) -> Question | None:
        return next((each for each in questions.of(self.duty) if each.key == key), None)


def read(turn: Turn) -> State | None:
    """The place the person is at; None when they are not writing a report."""
    dialog = turn.person.dialog
    if dialog is None or dialog.kind != DIALOG:
        return None
    data = dialog.data
    cells = data.get("cells")
    return State(
        obligation=number(str(data["obligation"])),
        at=str(data["at"]),
        token=str(data["token"]),
        seen=str(data["seen"]),
        cells=tuple(cells) if isinstance(cells, list) else (),
        pending=data.get("pending"),
        whole=data.get("whole") is True,
    )


async def remember(turn: Turn, state: State) -> None:
    data: dict[str, object] = {
        "obligation": state.obligation,
        "at": state.at,
        "token": state.token,
        "seen": state.seen,
        "cells": list(state.cells),
        "pending": state.pending,
        "whole": state.whole,
        "choosing": state.choosing,
    }
    await turn.begin(Dialog(DIALOG, data))


async def load(turn: Turn, obligation_id: int) -> Open | Reply:
    """The report to write at, or what to say where it can't be: it was handed in, or is no longer asked for."""
    contact_id, t = turn.person.contact_id, turn.t
    owed = await obligations.find(turn.connection, obligation_id, contact_id=contact_id)
    if owed is None:
        return report_pages.not_yours(turn)
    draft = await draft_rows.load(turn.connection, obligation_id)
    duty = turn.known.duties.get(owed.duty)
    if owed.status is Status.WITHDRAWN or duty is None:
        return await report_pages.page(turn, owed, t("This report is no longer asked for."))
    if owed.status not in OWED and not (owed.status is Status.SUBMITTED and draft.revision):
        return await report_pages.page(turn, owed, t("This report has already been recorded as handed in."))
    last = await versions.last_figures(turn.connection, owed.duty, owed.agency.id, owed.period.end)
    return Open(owed, duty, draft, last)


async def after(turn: Turn, there: Open, saved: Saved | None) -> Open | Reply:
    """The report with what was saved; or what to say where somebody has just put an end to writing it."""
    if saved is not None:
        return replace(there, draft=saved.draft)
    await turn.end()
    again = await load(turn, there.owed.id)
    return again if isinstance(again, Reply) else await report_pages.page(turn, again.owed)


def button(label: str, state: State, verb: str, argument: str | int = "") -> Button:
    """A button of one page: it works only while that page is the last one."""
    action = f"hand:do:{state.token}:{verb}"
    return Button(label, f"{action}:{argument}" if argument != "" else action)
