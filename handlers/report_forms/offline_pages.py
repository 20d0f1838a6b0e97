"""The pages about forms to fill in outside of the chat, and what is remembered while one is awaited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.messages import Button, Dialog, Reply
from bot.services.reporting import report_texts
from bot.services.reporting.obligations import Owed
from handlers.commands import number
from handlers.handing_in.hand_state import Open
from handlers.menu import MENU
from handlers.turn import Turn

DIALOG = "paper"
AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file is awaited for an obligation, or one that came (at ``path``) waits for a yes.

    ``token`` belongs to one preview, ``seen`` are the marks of what the draft had then.
    """

    obligation: int
    path: str = ""
    name: str = ""
    token: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)


def read(turn: Turn) -> Waiting | None:
    """What the person is in the middle of here, if anything."""
    dialog = turn.person.dialog
    if dialog is None or dialog.kind != DIALOG:
        return None
    data = dialog.data
    seen = data.get("seen")
    return Waiting(
        number(str(data.get("obligation", ""))),
        str(data.get("path", "")),
        str(data.get("name", "")),
        str(data.get("token", "")),
        {str(key): str(mark) for key, mark in seen.items()} if isinstance(seen, dict) else {},
    )


async def remember(turn: Turn, waiting: Waiting) -> None:
    data: dict[str, object] = {
        "obligation": waiting.obligation,
        "path": waiting.path,
        "name": waiting.name,
        "token": waiting.token,
        "seen": dict(waiting.seen),
        # Nothing can be typed here but the number or the label of a button.
        "choosing": True,
    }
    await turn.begin(Dialog(DIALOG, data))


async def forms(turn: Turn, there: Open) -> Reply:
    """Which forms there are, and how they come back."""
    t, obligation = turn.t, there.owed.id
    rows: list[tuple[Button, ...]] = [(Button(t("Word form"), f"paper:docx:{obligation}"),)]
    if there.duty.indicators:
        rows.append((Button(t("Excel workbook"), f"paper:xlsx:{obligation}"),))
    rows += [
        (Button(t("Send a filled-in form"), f"paper:send:{obligation}"),),
        (Button(t("Answer in the chat"), f"hand:begin:{obligation}"), Button(t("All reports"), "do:reports")),
    ]
    lines = [
        t("The report can also be written outside of the chat. Both forms hold what your agency has entered by now."),
        t("- Word form: the report in the layout of Decree No. 30/2020/NĐ-CP, with your agency's tasks, the outline "
          "and the figures."),
    ]  # fmt: skip
    if there.duty.indicators:
        lines.append(t("- Excel workbook: only the figures, with those of the last period beside them."))
    lines.append(t("Fill it in and send it here. You see what would be taken over before anything changes."))
    if there.duty.default:
        lines.append(t("Outline and figures are defaults awaiting confirmation: the plan prescribes no form."))
    return turn.say("\n\n".join(lines), title=report_texts.title(there.owed, turn.known, t), buttons=tuple(rows))


async def ask(turn: Turn, there: Open, problem: str = "") -> Reply:
    """Wait for a filled-in form."""
    t, owed = turn.t, there.owed
    await remember(turn, Waiting(owed.id))
    text = "\n".join(
        [
            t("Please send the Word or Excel form, filled in."),
            owed.agency.in_language(t.language),
            t("Period: {period}", period=report_texts.period(owed.period, t)),
            "",
            t("Nothing is changed before you have seen what would be taken over and confirmed it."),
        ]
    )
    return turn.say(
        f"{problem}\n\n{text}" if problem else text,
        title=report_texts.title(owed, turn.known, t),
        buttons=((Button(t("Get a form"), f"paper:forms:{owed.id}"), back(turn, owed.id)),),
    )


def which(turn: Turn, owing: Sequence[Owed]) -> Reply:
    """Which report a file is for that nobody waited for; it has to be sent once more."""
    t = turn.t
    several = len({owed.agency.id for owed in owing}) > 1
    rows = [
        (Button(report_texts.label(owed, turn.known, t, with_agency=several), f"paper:send:{owed.id}"),)
        for owed in owing[:AT_ONCE]
    ]
    text = t("Is this a filled-in form of a report? Please choose which one, then send the file once more.")
    return turn.say(text, buttons=(*rows, (Button(t("Menu"), MENU),)))


def back(turn: Turn, obligation_id: int) -> Button:
    """To the report in the chat."""
    return Button(turn.t("Back to the report"), f"paper:back:{obligation_id}")
