"""Codes for all agencies without a focal point at once, as a file to be sent on: CSV for a mail merge, or XLSX."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.messages import Button, Dialog, Reply
from bot.services.agencies import agency_states, focal_texts
from bot.services.agencies.agencies import AgencyName, FocalRole
from bot.services.agencies.agency_states import State
from bot.services.files import made_files
from bot.services.files.kinds import Found
from bot.services.messages import channel_names
from bot.services.people import invitations
from bot.services.spreadsheets import workbook
from bot.services.spreadsheets.tables import Cell, Table
from handlers.agencies import agencies_staff
from handlers.agencies.staff_rights import refusal
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn

DIALOG = agencies_staff.EXPORT
VALID_FOR = timedelta(days=30)


async def begin(turn: Turn, *, anyway: bool) -> Reply:
    """Say how many codes would be made, and ask."""
    refused = await refusal(turn)
    if refused is not None:
        return refused
    warning = None if anyway else report_pages.busy(turn, "focal:export:anyway", *agencies_staff.OWN)
    if warning is not None:
        return warning
    return await _ask(turn)


async def _ask(turn: Turn, problem: str = "") -> Reply:
    t = turn.t
    agencies = await _without(turn)
    if not agencies:
        await turn.end()
        return await agencies_staff.overview(turn)
    await turn.begin(Dialog(DIALOG, {"choosing": True}))
    return turn.say(
        (f"{problem}\n\n" if problem else "")
        + t.plural(
            "{number} agency has no focal point. A code for one officer in charge is made for it",
            "{number} agencies have no focal point. A code for one officer in charge is made for each of them",
            len(agencies),
        )
        + " "
        + t("and can be used until {moment}. You get a file with all codes, ready to be sent to the agencies.",
            moment=t.moment(turn.now + VALID_FOR))
        + "\n\n"
        + t("Whoever has a code can act for its agency: please keep the file safe. Codes issued before stay valid."),
        title=t("Codes for all without a focal point"),
        buttons=(
            (Button("Excel (XLSX)", "focal:exported:xlsx"), Button("CSV", "focal:exported:csv")),
            (Button(t("All agencies"), "focal:overview"), Button(t("Cancel"), "cancel")),
        ),
    )  # fmt: skip


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """The file, once; whatever else is pressed leaves this."""
    match turn.press:
        case ("focal", "exported", ("xlsx" | "csv") as word):
            await turn.end()
            return [await refusal(turn) or await _make(turn, Found(word))]
        case ("focal", *_):
            await turn.end()
        case () if turn.text and not turn.command:
            problem = turn.t("Please press a button, or type its number.")
            return [await refusal(turn) or await _ask(turn, problem)]
    return None


async def _without(turn: Turn) -> list[AgencyName]:
    standings = await agency_states.all_standings(turn.connection, turn.today)
    return [each.agency for each in standings if each.state is State.NONE]


async def _make(turn: Turn, kind: Found) -> Reply:
    t = turn.t
    agencies = await _without(turn)
    codes = await invitations.create_for_agencies(
        turn.connection,
        [each.id for each in agencies],
        FocalRole.HOLDER,
        uses=1,
        valid_for=VALID_FOR,
        created_by=turn.person.contact_id,
        now=turn.now,
    )
    table = _table(turn, agencies, codes, await channel_names.public_names(turn.connection))
    content = await asyncio.to_thread(lambda: workbook.csv_file(table) if kind is Found.CSV else workbook.xlsx([table]))
    attachment = await made_files.keep(
        turn.connection,
        turn.person,
        turn.files,
        content,
        name=f"ma-lien-ket-{turn.now.astimezone(t.zone):%Y%m%d-%H%M}",
        kind=kind,
        now=turn.now,
    )
    return turn.say(
        t.plural("The file with {number} code.", "The file with {number} codes.", len(codes)),
        title=t("Codes for all without a focal point"),
        attachment=attachment,
        buttons=((Button(t("All agencies"), "focal:overview"), Button(t("Menu"), MENU)),),
    )


def _table(turn: Turn, agencies: list[AgencyName], codes: dict[int, str], names: dict[str, str]) -> Table:
    """In Vietnamese, as what offices send each other is."""
    t = turn.translators.vi
    until = (turn.now + VALID_FOR).astimezone(t.zone).replace(tzinfo=None)
    role = focal_texts.role(FocalRole.HOLDER, t)
    heading = (t("Agency"), t("Role"), t("Code"), t("Usable until"), t("In the chat"), t("Web chat"))
    rows: list[tuple[Cell, ...]] = []
    for agency in agencies:
        code = codes[agency.id]
        links = channel_names.code_links(code, turn.doors.address, names)
        rows.append((agency.vi, role, code, until, f"/lienket {code}", *links.values()))
    return Table(t("Codes"), (*heading, "Telegram") if "telegram" in names else heading, tuple(rows))
