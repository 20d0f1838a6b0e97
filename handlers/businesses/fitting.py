"""“Which programmes fit us?”: at most four questions, each of which can be skipped, then a list with reasons.

What the profile of one's enterprise answers is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.i18n import Translator
from bot.messages import Button, Dialog, Reply
from bot.services.businesses import businesses, recommendation
from bot.services.businesses.recommendation import Because, Fitting, Wanted
from bot.services.forms import fields
from bot.services.forms.problems import Rejected
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Kind, Offered
from content.form_files import PROFILE
from handlers.commands import number
from handlers.menu import MENU
from handlers.reporting.report_pages import busy
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

DIALOG = "fit"
LISTED = 5
LOOKED_AT = 100
NEED, FIELDS, STAGE, SECTOR = QUESTIONS = ("need", "environment_fields", "stage", "sector")


@dataclass(frozen=True, slots=True)
class Asking:
    """The answers so far, None for a question that was skipped. ``known`` is what the profile says.

    ``picked`` are the fields ticked so far.
    """

    business_id: int = 0
    known: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    picked: tuple[str, ...] = ()

    @property
    def open(self) -> str:
        """The question to ask now; empty when there is none left."""
        return next((each for each in QUESTIONS if each not in self.known and each not in self.answers), "")

    def answered(self, value: Any) -> Asking:
        return Asking(self.business_id, self.known, {**self.answers, self.open: value})

    def back(self) -> Asking:
        return Asking(self.business_id, self.known, dict(list(self.answers.items())[:-1]))


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Every ``fit:…`` button, and what is typed while one of the questions is open."""
    asking = await _current(turn)
    match turn.press:
        case ("fit", "start", *rest):
            return [await _start(turn, number(rest[0]) if rest else 0, anyway="anyway" in rest)]
        case ("fit", "pick" | "done" | "skip" | "back" as verb, question, *place):
            if asking is None or question != asking.open:
                return [await _outdated(turn, asking)]
            return [await _pressed(turn, asking, verb, number(place[0]) if place else 0)]
    if asking is None or not turn.text or turn.command:
        return None
    return [await _typed(turn, asking)]


async def _start(turn: Turn, business_id: int, *, anyway: bool) -> Reply:
    warning = None if anyway else busy(turn, f"fit:start:{business_id}:anyway", DIALOG)
    if warning:
        return warning
    mine = await businesses.of_contact(turn.connection, turn.person.contact_id)
    chosen = next((each for each in mine if each.id == business_id), mine[0] if len(mine) == 1 else None)
    return await _go_on(turn, Asking(chosen.id, _known(chosen.profile)) if chosen else Asking())


def _known(profile: Any) -> dict[str, Any]:
    return {name: profile[name] for name in (FIELDS, SECTOR) if profile.get(name)}


async def _current(turn: Turn) -> Asking | None:
    dialog = turn.person.dialog
    if dialog is None or dialog.kind != DIALOG:
        return None
    data: dict[str, Any] = dialog.data
    mine = await businesses.mine(turn.connection, turn.person.contact_id, data["business"])
    return Asking(data["business"], _known(mine.profile) if mine else {}, data["answers"], tuple(data["picked"]))


async def _outdated(turn: Turn, asking: Asking | None) -> Reply:
    if asking is None:
        return await _go_on(turn, Asking())
    return await _go_on(turn, asking, turn.t("This button belongs to an earlier step. This is where you are now:"))


async def _pressed(turn: Turn, asking: Asking, verb: str, place: int) -> Reply:
    if verb == "back":
        return await _go_on(turn, asking.back())
    if verb == "skip":
        return await _go_on(turn, asking.answered(None))
    if verb == "done":
        return await _go_on(turn, asking.answered(list(asking.picked) or None))
    choices = _choices(turn, asking.open)
    if place >= len(choices):
        return await _go_on(turn, asking)
    value = choices[place][0]
    if asking.open != FIELDS:
        return await _go_on(turn, asking.answered(value))
    ticked = set(asking.picked) ^ {value}
    picked = tuple(each for each, _ in choices if each in ticked)
    return await _go_on(turn, Asking(asking.business_id, asking.known, asking.answers, picked))


async def _typed(turn: Turn, asking: Asking) -> Reply:
    """Several fields by their numbers or names; everything else that fits was taken for its button."""
    asked = turn.known.forms[PROFILE].named(FIELDS)
    if asking.open == FIELDS and asked is not None:
        try:
            return await _go_on(turn, asking.answered(fields.read(asked, turn.text, turn.today)))
        except Rejected:
            pass
    note = turn.t("Please choose by button, or type its number. To ask something else, type /cancel first.")
    return await _go_on(turn, asking, note)


async def _go_on(turn: Turn, asking: Asking, note: str = "") -> Reply:
    if not asking.open:
        await turn.end()
        return await _result(turn, asking)
    data = {
        "business": asking.business_id,
        "answers": asking.answers,
        "picked": list(asking.picked),
        "choosing": True,
    }
    await turn.begin(Dialog(DIALOG, data))
    return _question(turn, asking, note)


def _question(turn: Turn, asking: Asking, note: str) -> Reply:
    t, asked = turn.t, asking.open
    open_questions = [each for each in QUESTIONS if each not in asking.known]
    choices = [(value, label[:1].upper() + label[1:]) for value, label in _choices(turn, asked)]
    rows: list[tuple[Button, ...]] = []
    for place, (value, label) in enumerate(choices):
        tick = ("☑ " if value in asking.picked else "☐ ") if asked == FIELDS else ""
        rows.append((Button(tick + shortened(label), f"fit:pick:{asked}:{place}"),))
    if asked == FIELDS:
        rows.append((Button(t("Done"), f"fit:done:{asked}"),))
    last = [Button(t("Back"), f"fit:back:{asked}")] if asking.answers else []
    rows.append((*last, Button(t("Skip"), f"fit:skip:{asked}"), Button(t("Cancel"), "cancel")))
    parts = [
        note,
        _ask(asked, t),
        "\n".join(f"{place}. {label}" for place, (_, label) in enumerate(choices, start=1)),
    ]
    return turn.say(
        "\n\n".join(part for part in parts if part),
        title=t("Which programmes fit us?"),
        footnote=t("Question {number} of {total}", number=open_questions.index(asked) + 1, total=len(open_questions)),
        buttons=tuple(rows),
        instead=True,
    )


def _ask(asked: str, t: Translator) -> str:
    match asked:
        case "need":
            return t("What does the enterprise look for most?")
        case "environment_fields":
            return t("In which fields of the environmental industry does it work? You can choose several.")
        case "stage":
            return t("How far is the enterprise?")
        case _:
            return t("Which sector is its main line of business in?")


def _choices(turn: Turn, asked: str) -> list[tuple[str, str]]:
    """(value, label) of every choice of a question."""
    t = turn.t
    if asked == NEED:
        return [
            ("technology", t("technology: research, transfer, mastery")),
            ("equipment", t("investment in equipment, or its renewal")),
            ("premises", t("space in an industrial park or cluster")),
            ("energy", t("energy saving, circular economy")),
            ("training", t("training")),
            ("market", t("markets, trade promotion")),
            ("investment", t("investors, development of a project")),
            ("advice", t("developing environmental consulting services")),
            ("waste", t("systems to collect and treat waste")),
        ]
    if asked == STAGE:
        return [
            ("idea", t("an idea, not founded yet")),
            ("young", t("a start-up")),
            ("running", t("in business")),
            ("growing", t("growing")),
        ]
    question = turn.known.forms[PROFILE].named(asked)
    return [(each.value, each.in_language(t.language)) for each in question.choices] if question else []


async def _result(turn: Turn, asking: Asking) -> Reply:
    t = turn.t
    said = {**asking.known, **asking.answers}
    wanted = Wanted(
        need=said.get(NEED) or "",
        fields=tuple(said.get(FIELDS) or ()),
        sector=said.get(SECTOR) or "",
        stage=said.get(STAGE) or "",
    )
    open_now = [
        each
        for kind in Kind
        for each in await offerings.listed(turn.connection, kind, now=turn.now, limit=LOOKED_AT)
        if each.is_open(turn.now)
    ]
    ranked = recommendation.rank([(each.id, each.details.get("fits") or {}) for each in open_now], wanted)[:LISTED]
    again = Button(t("Answer again"), f"fit:start:{asking.business_id}")
    if not ranked:
        return _nothing(turn, again)
    by_id = {each.id: each for each in open_now}
    lines = [
        f"{place}. {by_id[each.offering_id].title(t.language)}\n{_because(turn, each, wanted)}"
        for place, each in enumerate(ranked, start=1)
    ]
    rows: list[tuple[Button, ...]] = [(_open(by_id[each.offering_id], t),) for each in ranked]
    rows += [(again, Button(t("Support programmes"), "offer:list:programme:0")), (Button(t("Menu"), MENU),)]
    return turn.say(
        "\n\n".join(lines),
        title=t("These fit best"),
        footnote=t("Suggested by what the plan says and what you answered; it decides nothing."),
        buttons=tuple(rows),
        instead=True,
    )


def _open(offering: Offered, t: Translator) -> Button:
    return Button(shortened(offering.title(t.language)), f"offer:show:{offering.id}")


def _nothing(turn: Turn, again: Button) -> Reply:
    t = turn.t
    return turn.say(
        t(
            "By these answers nothing fits well. You can look through all lines of support, answer again, or describe "
            "the need to an officer."
        ),
        title=t("Nothing fits well"),
        buttons=(
            (Button(t("Support programmes"), "offer:list:programme:0"), Button(t("Events"), "offer:list:event:0")),
            (again, Button(t("Ask an officer"), "do:officer")),
            (Button(t("Menu"), MENU),),
        ),
        instead=True,
    )


def _because(turn: Turn, fitting: Fitting, wanted: Wanted) -> str:
    t = turn.t
    match fitting.because:
        case Because.NEED:
            return t("because the enterprise looks for: {need}", need=dict(_choices(turn, NEED))[wanted.need])
        case Because.FIELDS:
            labels = dict(_choices(turn, FIELDS))
            named = "; ".join(labels.get(each, each).lower() for each in fitting.fields)
            return t("because the enterprise works in: {fields}", fields=named)
        case Because.STAGE:
            return t("because of how far it is: {stage}", stage=dict(_choices(turn, STAGE))[wanted.stage])
