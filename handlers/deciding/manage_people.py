"""Who signed up to an offering: pages, search, and the list as a file."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.applications import staff_texts
from bot.services.files.kinds import Found
from bot.services.forms import field_texts
from bot.services.offerings.offerings import Offered
from bot.services.participants import export_cells, exports, participant_rows
from bot.services.participants.participant_rows import Part, Participant
from bot.vietnamese import clean
from handlers.deciding import desk_dialog
from handlers.deciding.desk_dialog import MANAGE
from handlers.deciding.manage_pages import button
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

AT_ONCE = 8
LONGEST_SEARCH = 60


async def page(turn: Turn, offering: Offered, part: Part, start: int = 0) -> Reply:
    """A page of the participants, of all or of a part of them."""
    t = turn.t
    total = await participant_rows.count(turn.connection, offering.id, part)
    found = await participant_rows.page(turn.connection, offering.id, part, offset=start, limit=AT_ONCE)
    lines = [f"{export_cells.part(part, t)}: {t.number(total)}"]
    if not found:
        lines.append(t("There is nobody in this list. Choose another list, or import one."))
    turning = []
    if start:
        turning.append(button(t("Previous"), "people", offering.id, part.value, max(0, start - AT_ONCE)))
    if total > start + AT_ONCE:
        turning.append(button(t("More"), "people", offering.id, part.value, start + AT_ONCE))
    others = [
        button(export_cells.part(each, t), "people", offering.id, each.value, 0) for each in Part if each is not part
    ]
    return turn.say(
        "\n\n".join([*lines, *_lines(turn, found, start)]),
        title=t("Participants: {title}", title=offering.title(t.language)),
        buttons=(
            *_choices(found, start),
            *((tuple(turning),) if turning else ()),
            (
                button(t("Search"), "search", offering.id),
                button(t("Export this list"), "export", offering.id, part.value),
            ),
            *((each,) for each in others),
            (button(t("Back to the offering"), "show", offering.id),),
        ),
        instead=True,
    )


async def ask_search(turn: Turn, offering: Offered) -> Reply:
    """Ask whom to look for."""
    t = turn.t
    await desk_dialog.ask(turn, MANAGE, "search", offering.id)
    return turn.say(
        t("Please type the code of an application, a tax code, or a part of the enterprise's name."),
        title=t("Search"),
        footnote=offering.title(t.language),
        buttons=((button(t("Cancel"), "people", offering.id, "all", 0),),),
    )


async def search(turn: Turn, offering: Offered, typed: str) -> Reply:
    """Whoever fits what was typed; another text searches anew."""
    t = turn.t
    typed = clean(typed)[:LONGEST_SEARCH]
    await desk_dialog.ask(turn, MANAGE, "search", offering.id)
    found = await participant_rows.page(turn.connection, offering.id, Part.ALL, typed, limit=AT_ONCE)
    total = await participant_rows.count(turn.connection, offering.id, Part.ALL, typed) if typed else 0
    if not found or not typed:
        lines = [t("Nobody was found for “{typed}”. Try a part of the name, with its marks.", typed=typed)]
    else:
        lines = [t("Found for “{typed}”: {number}", typed=typed, number=t.number(total))]
        if total > len(found):
            lines.append(t("These are the first; type more of the name to find fewer."))
        lines += _lines(turn, found, 0)
    return turn.say(
        "\n\n".join(lines),
        title=t("Search"),
        footnote=offering.title(t.language),
        buttons=(
            *(_choices(found, 0) if typed else ()),
            (button(t("All participants"), "people", offering.id, "all", 0),),
        ),
    )


def ask_export(turn: Turn, offering: Offered, part: Part) -> Reply:
    """Which kind of file."""
    t = turn.t
    return turn.say(
        t("The file holds personal data; that you take it is noted. Excel is best; CSV is for other programs.")
        + "\n"
        + t("List: {part}", part=export_cells.part(part, t)),
        title=t("Export"),
        footnote=offering.title(t.language),
        buttons=(
            (
                button("Excel (XLSX)", "made", offering.id, part.value, Found.XLSX.value),
                button("CSV", "made", offering.id, part.value, Found.CSV.value),
            ),
            (button(t("Back to the offering"), "show", offering.id),),
        ),
        instead=True,
    )


async def export(turn: Turn, offering: Offered, part: Part, kind: Found) -> Reply:
    """The list as a file."""
    t = turn.t
    attachment, count = await exports.export(
        turn.connection,
        turn.person,
        offering,
        part,
        kind,
        known=turn.known,
        place=turn.files,
        vi=turn.translators.vi,
        now=turn.now,
    )
    return turn.say(
        t.plural("The list with {number} application.", "The list with {number} applications.", count),
        title=offering.title(t.language),
        attachment=attachment,
        buttons=((button(t("Back to the offering"), "show", offering.id),),),
    )


def part_of(word: str) -> Part:
    """The part that a button names; all for anything else."""
    return Part(word) if word in set(Part) else Part.ALL


def _lines(turn: Turn, found: list[Participant], start: int) -> list[str]:
    t = turn.t
    lines = []
    for place, each in enumerate(found, start=start + 1):
        seats = t.plural("{number} seat", "{number} seats", each.seats)
        parts = [each.code, field_texts.tax_code(each.tax_code, t), staff_texts.status(each.status, t), seats]
        lines.append(f"{place}. {each.business}\n" + " · ".join(parts))
    return lines


def _choices(found: list[Participant], start: int) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (Button(shortened(f"{place}. {each.business}", 40), f"desk:show:{each.id}"),)
        for place, each in enumerate(found, start=start + 1)
    )
