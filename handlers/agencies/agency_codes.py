"""Issue a code for an agency: for which role, how many people, how long. The answers so far are the only state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.i18n import Translator
from bot.messages import Button, Dialog, Reply
from bot.services.agencies import focal_texts
from bot.services.agencies.agencies import AgencyName, FocalRole
from bot.services.people import invitations
from bot.services.people.invitations import OpenCode
from handlers.agencies import focal_pages, staff_rights
from handlers.commands import number
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn

DIALOG = "agency_code"
USES = (1, 2, 3, 5)
DAYS = (3, 14, 30)
LISTED = 4


@dataclass(frozen=True, slots=True)
class _Answers:
    """``uses`` and ``days`` are 0 until they were asked."""

    agency: int
    role: str = ""
    uses: int = 0
    days: int = 0

    def as_dialog(self) -> Dialog:
        data = {"agency": self.agency, "role": self.role, "uses": self.uses, "days": self.days, "choosing": True}
        return Dialog(DIALOG, data)


async def begin(turn: Turn, agency_id: int, *, anyway: bool) -> Reply:
    """Ask for the role."""
    agency = await staff_rights.agency(turn, agency_id)
    if isinstance(agency, Reply):
        return agency
    warning = None if anyway else report_pages.busy(turn, f"focal:code:{agency_id}:anyway", DIALOG)
    return warning or await _ask(turn, agency, _Answers(agency_id))


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """The next step; None for what is none of its answers."""
    typed = not turn.press and bool(turn.text) and not turn.command
    if not typed and turn.press[:2] not in {("focal", each) for each in ("role", "uses", "days", "issue", "back")}:
        return None
    answers = _read(turn.person.dialog)
    agency = await staff_rights.agency(turn, answers.agency)
    if isinstance(agency, Reply):
        await turn.end()
        return [agency]
    match turn.press:
        case ("focal", "back"):
            return [await _back(turn, agency, answers)]
        case ("focal", "issue") if answers.days:
            return [await _issue(turn, agency, answers)]
        case ("focal", "role", word) if word in set(FocalRole) and not answers.role:
            return [await _ask(turn, agency, replace(answers, role=word))]
        case ("focal", "uses", count) if answers.role and not answers.uses and number(count) in USES:
            return [await _ask(turn, agency, replace(answers, uses=number(count)))]
        case ("focal", "days", count) if answers.uses and not answers.days and number(count) in DAYS:
            return [await _ask(turn, agency, replace(answers, days=number(count)))]
    problem = turn.t("Please press a button, or type its number.") if typed else ""
    return [await _ask(turn, agency, answers, problem)]


async def _back(turn: Turn, agency: AgencyName, answers: _Answers) -> Reply:
    if answers.days:
        return await _ask(turn, agency, replace(answers, days=0))
    if answers.uses:
        return await _ask(turn, agency, replace(answers, uses=0))
    return await _ask(turn, agency, _Answers(answers.agency))


async def _ask(turn: Turn, agency: AgencyName, answers: _Answers, problem: str = "") -> Reply:
    t = turn.t
    await turn.begin(answers.as_dialog())
    rows: list[tuple[Button, ...]]
    if not answers.role:
        question = t("For which role?")
        rows = [(Button(focal_pages.role_label(each, t), f"focal:role:{each}"),) for each in FocalRole]
    elif not answers.uses:
        question = t("How many people may use it? Each of them once.")
        rows = [tuple(Button(t.plural("{number} person", "{number} people", each), f"focal:uses:{each}")
                      for each in USES)]  # fmt: skip
    elif not answers.days:
        question = t("How long may it be used?")
        rows = [tuple(Button(t.plural("{number} day", "{number} days", each), f"focal:days:{each}") for each in DAYS)]
    else:
        question = "\n".join(
            [
                t("Role: {role}", role=focal_texts.role(FocalRole(answers.role), t)),
                t("For {number} people at most", number=answers.uses) if answers.uses > 1 else t("For one person"),
                t("Until {moment}", moment=t.moment(turn.now + timedelta(days=answers.days))),
                "",
                t("Issue this code?"),
            ]
        )
        rows = [(Button(t("Issue the code"), "focal:issue"),)]
    last = (Button(t("Back"), "focal:back"),) if answers.role else (Button(t("Back"), f"focal:agency:{agency.id}"),)
    return turn.say(
        f"{problem}\n\n{question}" if problem else question,
        title=t("Code for {agency}", agency=agency.in_language(t.language)),
        buttons=(*rows, (*last, Button(t("Cancel"), "cancel"))),
    )


async def _issue(turn: Turn, agency: AgencyName, answers: _Answers) -> Reply:
    t = turn.t
    await turn.end()
    valid_for = timedelta(days=answers.days)
    code = await invitations.create(
        turn.connection,
        agency_slug=agency.slug,
        focal_role=answers.role,
        uses=answers.uses,
        valid_for=valid_for,
        created_by=turn.person.contact_id,
        now=turn.now,
    )
    lines = [
        t("Linking code: {code}", code=code),
        *await focal_pages.ways_in(turn, code),
        "",
        t("Role: {role}", role=focal_texts.role(FocalRole(answers.role), t)),
        t("For {number} people at most", number=answers.uses) if answers.uses > 1 else t("For one person"),
        t("Until {moment}", moment=t.moment(turn.now + valid_for)),
        "",
        t("It is shown only now: please pass it on, best by a way that only the agency reads."),
    ]
    return turn.say(
        "\n".join(lines),
        title=t("Code for {agency}", agency=agency.in_language(t.language)),
        buttons=(
            (Button(t("Show the agency"), f"focal:agency:{agency.id}"), Button(t("All agencies"), "focal:overview")),
            (Button(t("Menu"), MENU),),
        ),
    )


def listed(codes: Sequence[OpenCode], t: Translator) -> list[str]:
    """The codes of an agency that can still be used, a line each."""
    lines = [
        "- " + t.plural("{role}, for {number} more person, until {moment}",
                        "{role}, for {number} more people, until {moment}",
                        each.left, role=focal_texts.role(each.role, t), moment=t.moment(each.until))
        for each in codes[:LISTED]
    ]  # fmt: skip
    if len(codes) > LISTED:
        lines.append(t.plural("…and {number} more", "…and {number} more", len(codes) - LISTED))
    return [t("Codes that can still be used:"), *lines]


def _read(dialog: Dialog | None) -> _Answers:
    data = dialog.data if dialog else {}
    role = str(data.get("role", ""))
    return _Answers(
        agency=number(str(data.get("agency", ""))),
        role=role if role in set(FocalRole) else "",
        uses=number(str(data.get("uses", ""))),
        days=number(str(data.get("days", ""))),
    )
