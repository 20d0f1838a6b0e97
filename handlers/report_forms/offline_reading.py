"""A form that came back: what is wrong in it, what would be taken over, and after a yes taking it over."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import replace

from bot.i18n import Translator
from bot.messages import Attachment, Button, IncomingFile, Reply
from bot.services.files import file_texts, folder, made_files
from bot.services.files.kinds import Found
from bot.services.filled_forms import reading_texts, taking_over
from bot.services.filled_forms.office_parts import UnusableFile
from bot.services.filled_forms.readings import Reading, Wrong
from bot.services.filled_forms.taking_over import Form, Plan
from bot.services.handing_in import figure_texts
from bot.services.reporting import report_texts
from bot.services.spreadsheets import workbook
from bot.services.spreadsheets.tables import Table
from handlers.handing_in import hand_state, whole_pages
from handlers.handing_in.hand_state import Open
from handlers.report_forms import offline_pages
from handlers.report_forms.offline_pages import Waiting
from handlers.turn import Turn

SHOWN = 8
SHORT = 80


async def received(turn: Turn, there: Open, file: IncomingFile, form: Form | None = None) -> Reply:
    """A file came: why it can't be used, or what would follow from it. ``form``: it has been opened already."""
    t = turn.t
    if not file.path:
        return await offline_pages.ask(turn, there, file_texts.problem(t, file))
    if file.found not in (Found.XLSX.value, Found.DOCX.value):
        note = t("«{name}» is neither the Word nor the Excel form.", name=file.name)
        return await offline_pages.ask(turn, there, note)
    waiting = Waiting(there.owed.id, file.path, file.name)
    reading = await _read(turn, there, waiting, form)
    if isinstance(reading, str):
        return await offline_pages.ask(turn, there, reading)
    return await _preview(turn, there, waiting, reading)


async def confirmed(turn: Turn, there: Open, waiting: Waiting) -> Reply:
    """Take over what was shown, but nothing that a colleague has changed since."""
    t = turn.t
    reading = await _read(turn, there, waiting)
    if isinstance(reading, str):
        return await offline_pages.ask(turn, there, reading)
    planned = taking_over.plan(reading, there.duty, there.draft, there.last)
    saved = await taking_over.take_over(
        turn.connection, there.owed.id, turn.person.contact_id, planned, waiting.seen, now=turn.now
    )
    again = await hand_state.after(turn, there, saved)
    if isinstance(again, Reply):
        return again
    clash = saved.clash if saved else ()
    count = len(planned.figures) + len(planned.parts) - len(clash)
    note = t.plural("{number} answer was taken over.", "{number} answers were taken over.", count)
    if clash:
        named = "; ".join(f"«{_label(again, key, t)}»" for key in clash)
        left = t("Somebody has changed these meanwhile, so they were left as they are: {answers}.", answers=named)
        note = f"{note} {left}"
    return await whole_pages.whole(turn, again, note)


async def form_of_ours(turn: Turn, file: IncomingFile) -> Form | None:
    """A file that came, if it is a form of some report."""
    try:
        form = await _open(turn, file.path)
    except UnusableFile:
        return None
    return form if form.mark is not None else None


async def _open(turn: Turn, path: str) -> Form:
    place, is_workbook = folder.path_of(turn.files, path), path.endswith(Found.XLSX.value)
    return await asyncio.to_thread(lambda: taking_over.open_form(place.read_bytes(), is_workbook=is_workbook))


async def _read(turn: Turn, there: Open, waiting: Waiting, form: Form | None = None) -> Reading | str:
    """What the file says, or why it can't be used; it may have been opened before."""
    t = turn.t
    try:
        form = form or await _open(turn, waiting.path)
        return await asyncio.to_thread(taking_over.read, form, there.duty, there.owed)
    except FileNotFoundError:
        return t("The file is no longer there. Please send it again.")
    except UnusableFile as error:
        return reading_texts.unusable(error, turn.known, t)


async def _preview(turn: Turn, there: Open, waiting: Waiting, reading: Reading) -> Reply:
    t = turn.t
    planned = taking_over.plan(reading, there.duty, there.draft, there.last)
    said = [there.owed.agency.in_language(t.language),
            t("Period: {period}", period=report_texts.period(there.owed.period, t))]  # fmt: skip
    sections = ["\n".join(said), *_wrong(reading.wrong, t), *_figures(there, planned, t), *_parts(there, planned, t)]
    if planned.same:
        sections.append(
            t.plural("{number} answer is in the draft already.", "{number} answers are in the draft already.",
                     planned.same)
        )  # fmt: skip
    sections += _doubts(there, planned, t)
    sections += ["\n".join(reading_texts.remark(what, about, t) for what, about in reading.remarks)]
    another = Button(t("Send another file"), f"paper:send:{there.owed.id}")
    rows: list[tuple[Button, ...]] = [(another, offline_pages.back(turn, there.owed.id))]
    if planned.empty:
        await offline_pages.remember(turn, Waiting(there.owed.id))
        sections.append(t("So there is nothing to take over."))
    else:
        checked = replace(waiting, token=secrets.token_hex(4), seen=planned.seen)
        await offline_pages.remember(turn, checked)
        sections.append(t("Take this over into the draft? What the form leaves empty stays as it is."))
        label = t("Take over what is right") if reading.wrong else t("Take it over")
        rows.insert(0, (Button(label, f"paper:yes:{there.owed.id}:{checked.token}"),))
    return turn.say(
        "\n\n".join(section for section in sections if section),
        title=t("From the file «{name}»", name=waiting.name),
        buttons=tuple(rows),
        attachment=await _report(turn, reading.wrong) if len(reading.wrong) > SHOWN else None,
    )


def _wrong(wrong: Sequence[Wrong], t: Translator) -> list[str]:
    if not wrong:
        return []
    lines = [
        t.plural(
            "{number} place has to be put right, and is left out until then:",
            "{number} places have to be put right, and are left out until then:",
            len(wrong),
        ),
        *(f"- {reading_texts.wrong(each, t)}" for each in wrong[:SHOWN]),
    ]
    if len(wrong) > SHOWN:
        lines.append(t("The attached file names all of them."))
    return ["\n".join(lines)]


async def _report(turn: Turn, wrong: Sequence[Wrong]) -> Attachment:
    """Everything that has to be put right, as a workbook."""
    t = turn.t
    heading = (t("No."), t("Place"), t("What stands there"), t("What to do"))
    rows = tuple(
        (number, reading_texts.location(each.place), each.value or None, reading_texts.wrong(each, t))
        for number, each in enumerate(wrong, start=1)
    )
    content = workbook.xlsx([Table(t("To put right"), heading, rows)])
    return await made_files.keep(
        turn.connection, turn.person, turn.files, content, name=t("to-put-right"), kind=Found.XLSX, now=turn.now
    )


def _figures(there: Open, planned: Plan, t: Translator) -> list[str]:
    known = there.duty.figures
    lines = []
    for key, value in planned.figures.items():
        said = _short(figure_texts.value(known[key], value, t))
        before = there.draft.figures.get(key)
        if before is not None:
            present = _short(figure_texts.value(known[key], before, t))
            said = t("{new} (in the draft now: {present})", new=said, present=present)
        lines.append(f"- {known[key].label.in_language(t.language)}: {said}")
    return ["\n".join([t("Figures:"), *lines])] if lines else []


def _parts(there: Open, planned: Plan, t: Translator) -> list[str]:
    lines = []
    for key, text in planned.parts.items():
        said = f"«{_short(text)}»"
        before = there.draft.parts.get(key)
        if before is not None:
            present = before if isinstance(before, str) else before.get("name", "")
            said = t("{new} (in the draft now: {present})", new=said, present=f"«{_short(present)}»")
        lines.append(f"- {_label(there, key, t)}: {said}")
    return ["\n".join([t("Text:"), *lines])] if lines else []


def _doubts(there: Open, planned: Plan, t: Translator) -> list[str]:
    if not planned.doubts:
        return []
    known = there.duty.figures
    lines = [
        t("Please check; by taking it over you say that this is right:"),
        *(
            f"- {known[each.key].label.in_language(t.language)}: {figure_texts.doubt(each, known[each.key], t)}"
            for each in planned.doubts
        ),
    ]
    return ["\n".join(lines)]


def _label(there: Open, key: str, t: Translator) -> str:
    indicator = there.duty.figures.get(key)
    if indicator is not None:
        return indicator.label.in_language(t.language)
    return next((each.title.in_language(t.language) for each in there.duty.sections if each.key == key), key)


def _short(text: str) -> str:
    return report_texts.shortened(" / ".join(text.split("\n")), SHORT)
