"""Lists that staff send as Excel or CSV files: read, or why that can't be done."""

from __future__ import annotations

import asyncio

from bot.i18n import Translator
from bot.services.files import folder
from bot.services.files.kinds import Found
from bot.services.spreadsheets import sent_table
from bot.services.spreadsheets.sent_table import MOST_ROWS, Line, Unreadable, UnreadableList
from handlers.deciding import file_mistakes
from handlers.turn import Turn


def unfit(turn: Turn) -> str:
    """Why what came is no Excel or CSV file; empty when it is one."""
    return file_mistakes.of_other_kind(turn, (Found.XLSX, Found.CSV), turn.t("«{name}» is no Excel or CSV file."))


async def read(turn: Turn, path: str) -> list[Line] | str:
    """The rows of a file that was kept, or why it can't be read as a list."""
    place = folder.path_of(turn.files, path)
    try:
        return await asyncio.to_thread(lambda: sent_table.read(place.read_bytes()))
    except FileNotFoundError:
        return turn.t("The file is no longer there. Please send it again.")
    except UnreadableList as unreadable:
        return problem(unreadable.why, turn.t)


def problem(why: Unreadable, t: Translator) -> str:
    """Why a file can't be used as a list, and what to do."""
    match why:
        case Unreadable.TOO_LARGE:
            return t("The file is too large, or unpacks to too much. Please send the list alone, without pictures.")
        case Unreadable.TOO_MANY_ROWS:
            return t("The list has more than {rows} rows. Please split it.", rows=t.number(MOST_ROWS))
        case Unreadable.ENCODING:
            return t("The file is not in UTF-8. Please save it as Excel (XLSX), or as “CSV UTF-8”.")
        case Unreadable.EMPTY:
            return t("There is nothing in the file.")
        case Unreadable.BROKEN:
            return t("The file can't be read as a list. Please open it in Excel, save it as XLSX and send it again.")
