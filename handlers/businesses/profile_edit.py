"""Changing one detail of an enterprise's profile: the question of the profile once more, read as a form reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.messages import Button, Dialog, Kind, Reply
from bot.services.businesses import businesses
from bot.services.businesses.businesses import Mine
from bot.services.forms import field_problems, field_texts, fields
from bot.services.forms.problems import Problem, Rejected
from content.form_model import FormField
from handlers.businesses import business_pages
from handlers.businesses.business_pages import not_yours, questions
from handlers.commands import number
from handlers.reporting.report_pages import busy
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

DIALOG = "business"


@dataclass(frozen=True, slots=True)
class Editing:
    """Which detail of which enterprise is asked for.

    ``picked`` are the choices ticked so far, ``options`` the values that what was typed may have meant.
    """

    business: Mine
    place: int
    field: FormField
    picked: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def press(self, verb: str, *more: int) -> str:
        return ":".join(["biz", verb, str(self.business.id), str(self.place), *map(str, more)])


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The buttons for changing a detail, and the answer that is typed."""
    match turn.press:
        case ("biz", "change", business_id):
            business = await businesses.mine(turn.connection, turn.person.contact_id, number(business_id))
            return [business_pages.choose(turn, business) if business else not_yours(turn)]
        case ("biz", "field", business_id, place, *anyway):
            return [await _begin(turn, number(business_id), number(place), anyway=bool(anyway))]
        case ("biz", "pick" | "picked" | "empty" | "option" as verb, business_id, place, *chosen):
            editing = await _current(turn)
            pressed = (number(business_id), number(place))
            if editing is None or pressed != (editing.business.id, editing.place):
                return [await _outdated(turn, editing, pressed[0])]
            return [await _pressed(turn, editing, verb, number(chosen[0]) if chosen else 0)]
    dialog = turn.person.dialog
    if dialog is None or dialog.kind != DIALOG or turn.command or turn.press:
        return None
    editing = await _current(turn)
    if editing is None:
        await turn.end()
        return [not_yours(turn)]
    return [await _answered(turn, editing)]


async def _begin(turn: Turn, business_id: int, place: int, *, anyway: bool) -> Reply:
    business = await businesses.mine(turn.connection, turn.person.contact_id, business_id)
    asked = questions(turn)
    if business is None or place >= len(asked):
        return not_yours(turn)
    warning = None if anyway else busy(turn, f"biz:field:{business_id}:{place}:anyway", DIALOG)
    if warning:
        return warning
    value = business.answers().get(asked[place].name)
    picked = tuple(value) if asked[place].kind == "choices" and value else ()
    return await _ask(turn, Editing(business, place, asked[place], picked))


async def _current(turn: Turn) -> Editing | None:
    """What the person is changing, if it is still theirs to change."""
    dialog = turn.person.dialog
    if dialog is None or dialog.kind != DIALOG:
        return None
    data: dict[str, Any] = dialog.data
    business = await businesses.mine(turn.connection, turn.person.contact_id, data["business"])
    named = [(place, each) for place, each in enumerate(questions(turn)) if each.name == data["field"]]
    if business is None or not named:
        return None
    [(place, field)] = named
    return Editing(business, place, field, tuple(data["picked"]), tuple(data["options"]))


async def _outdated(turn: Turn, editing: Editing | None, business_id: int) -> Reply:
    note = turn.t("This button belongs to an earlier step. This is where you are now:")
    if editing is not None:
        return await _ask(turn, editing, note)
    business = await businesses.mine(turn.connection, turn.person.contact_id, business_id)
    return await business_pages.page(turn, business, note) if business else not_yours(turn)


async def _pressed(turn: Turn, editing: Editing, verb: str, place: int) -> Reply:
    field = editing.field
    if verb == "empty":
        return await _emptied(turn, editing)
    if verb == "option":
        if place < len(editing.options):
            return await _save(turn, editing, editing.options[place])
        return await _ask(turn, editing)
    if verb == "picked":
        return await _save(turn, editing, list(editing.picked)) if editing.picked else await _emptied(turn, editing)
    if place >= len(field.choices):
        return await _ask(turn, editing)
    value = field.choices[place].value
    if field.kind == "choice":
        return await _save(turn, editing, value)
    ticked = set(editing.picked) ^ {value}
    picked = tuple(choice.value for choice in field.choices if choice.value in ticked)
    return await _ask(turn, Editing(editing.business, editing.place, field, picked), instead=True)


async def _answered(turn: Turn, editing: Editing) -> Reply:
    t, field = turn.t, editing.field
    if turn.incoming.kind is Kind.TEXT:
        typed = turn.incoming.text
    elif turn.incoming.kind is Kind.CONTACT_CARD and field.kind == "phone":
        typed = turn.incoming.phone
    else:
        return await _ask(turn, editing, t("No file is needed here. Please answer by text or button."))
    try:
        value = fields.read(field, typed, turn.today, agencies=turn.known.agencies)
    except Rejected as rejected:
        return await _rejected(turn, editing, rejected, typed)
    return await _save(turn, editing, value)


async def _emptied(turn: Turn, editing: Editing) -> Reply:
    if editing.field.required:
        return await _rejected(turn, editing, Rejected(Problem.REQUIRED), "")
    return await _save(turn, editing, None)


async def _rejected(turn: Turn, editing: Editing, rejected: Rejected, typed: str) -> Reply:
    """The question once more, with what was wrong; what is kept stays as it is."""
    t = turn.t
    sentence = field_problems.explain(rejected, editing.field, t)
    quoted = field_texts.quoted(editing.field, typed)
    note = t("You entered: “{answer}”.", answer=quoted) + "\n" + sentence if quoted else sentence
    options = rejected.options or ((rejected.doubtful,) if rejected.doubtful else ())
    again = Editing(editing.business, editing.place, editing.field, editing.picked, options)
    return await _ask(turn, again, note, helped=False)


async def _save(turn: Turn, editing: Editing, value: Any) -> Reply:
    t, field = turn.t, editing.field
    changed = await businesses.save_profile(
        turn.connection, editing.business.id, turn.person.contact_id, {field.name: value}, turn.now
    )
    await turn.end()
    business = await businesses.mine(turn.connection, turn.person.contact_id, editing.business.id)
    if business is None:
        return not_yours(turn)
    label, shown = field.label.in_language(t.language), field_texts.shown(field, value, t, turn.known.agencies)
    if not changed:
        note = t("Nothing has changed: {label}: {value}", label=label, value=shown)
    else:
        note = t("Saved: {label}: {value}", label=label, value=shown)
        note += "\n" + t("Registrations that have been handed in keep what stood in them.")
    return await business_pages.page(turn, business, note, instead=turn.incoming.kind is Kind.PRESS)


async def _ask(turn: Turn, editing: Editing, note: str = "", *, helped: bool = True, instead: bool = False) -> Reply:
    t, field = turn.t, editing.field
    data = {
        "business": editing.business.id,
        "field": field.name,
        "picked": list(editing.picked),
        "options": list(editing.options),
        "choosing": field.kind in ("choice", "choices"),
    }
    await turn.begin(Dialog(DIALOG, data))
    current = editing.business.answers().get(field.name)
    parts = [note, field.ask.in_language(t.language)]
    if helped and field.help:
        parts.append(field.help.in_language(t.language))
    if field.choices:
        parts.append("\n".join(f"{n}. {each.in_language(t.language)}" for n, each in enumerate(field.choices, start=1)))
    parts.append(t("So far: {value}", value=field_texts.shown(field, current, t, turn.known.agencies)))
    return turn.say(
        "\n\n".join(part for part in parts if part),
        title=field.label.in_language(t.language),
        footnote=editing.business.name,
        buttons=_buttons(turn, editing),
        instead=instead,
    )


def _buttons(turn: Turn, editing: Editing) -> tuple[tuple[Button, ...], ...]:
    t, field = turn.t, editing.field
    rows: list[tuple[Button, ...]] = []
    for place, choice in enumerate(field.choices):
        label = shortened(choice.in_language(t.language))
        if field.kind == "choices":
            label = f"{'☑' if choice.value in editing.picked else '☐'} {label}"
        rows.append((Button(label, editing.press("pick", place)),))
    for place, option in enumerate(editing.options):
        label = field_texts.shown(field, option, t, turn.known.agencies)
        rows.append((Button(shortened(label), editing.press("option", place)),))
    if field.kind == "choices":
        rows.append((Button(t("Done"), editing.press("picked")),))
    last = [Button(t("Back"), f"biz:change:{editing.business.id}")]
    if not field.required and editing.business.answers().get(field.name) is not None:
        last.append(Button(t("Leave empty"), editing.press("empty")))
    last.append(Button(t("Cancel"), "cancel"))
    return (*rows, tuple(last))
