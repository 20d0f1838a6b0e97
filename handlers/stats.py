"""How things stand, for members of staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.i18n import Translator
from bot.messages import Button, Reply, Role
from bot.services import figures
from bot.services.announcing import broadcast_report
from bot.services.applications import application_texts
from bot.services.applications.statuses import Status
from bot.services.figures import Figures
from bot.services.offerings.offerings import Kind
from bot.services.reporting import statuses as report_statuses
from handlers.announcing.broadcast_draft import channel_name
from handlers.menu import MENU, is_editor
from handlers.turn import Turn


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The command, and the button that counts again."""
    if turn.command != "stats" and turn.press[:1] != ("stats",):
        return None
    t = turn.t
    if turn.person.role is None or not turn.person.role.includes(Role.VIEWER):
        text = t("Only members of staff can see the figures. Whoever has a staff code links it with /link.")
        return [turn.say(text, buttons=((Button(t("Menu"), MENU),),))]
    today = turn.today
    found = await figures.count(turn.connection, t.language, today=today, now=turn.now)
    again = (Button(t("Refresh"), "stats:refresh"), Button(t("Menu"), MENU))
    progress = (Button(t("Progress of reports"), "do:progress"),)
    editors = ((Button(t("Unanswered questions"), "unanswered:page:0"),),) if is_editor(turn.person) else ()
    sections = (_reach, _registrations, _due, _agencies, _questions, _unsent)
    return [
        turn.say(
            "\n\n".join("\n".join(section(found, t)) for section in sections),
            title=t("Figures"),
            footnote=t("As of {moment}", moment=t.moment(turn.now)),
            buttons=(again, progress, *editors),
            instead=True,
        )
    ]


def _reach(found: Figures, t: Translator) -> Iterable[str]:
    yield t("Chat accounts")
    for each in found.reach:
        yield "- " + t(
            "{channel}: {reachable} can be reached, {blocked} blocked the assistant",
            channel=channel_name(t, each.channel),
            reachable=t.number(each.reachable),
            blocked=t.number(each.blocked),
        )


def _registrations(found: Figures, t: Translator) -> Iterable[str]:
    yield t("Registrations")
    titles = {Kind.PROGRAMME: t("Support programmes"), Kind.EVENT: t("Events")}
    for kind, by_status in found.registrations.items():
        parts = [
            f"{application_texts.status(status, t)} {t.number(by_status[status])}"
            for status in Status
            if status in by_status
        ]
        yield f"- {titles[kind]}: {', '.join(parts) or t('none yet')}"


def _due(found: Figures, t: Translator) -> Iterable[str]:
    yield t("Reports due in the next {days} days", days=figures.DAYS_AHEAD)
    names = {
        report_statuses.Status.OPEN.value: t("not yet acknowledged"),
        report_statuses.Status.ACKNOWLEDGED.value: t("acknowledged, not yet handed in"),
        report_statuses.Status.SUBMITTED.value: t("handed in, being checked"),
        report_statuses.Status.RETURNED.value: t("returned for correction"),
        report_statuses.Status.ACCEPTED.value: t("accepted"),
        figures.OVERDUE: t("overdue, however long"),
    }
    for status, name in names.items():
        yield f"- {name}: {t.number(found.due.get(status, 0))}"


def _agencies(found: Figures, t: Translator) -> Iterable[str]:
    yield t("Agencies without a focal point: {number}", number=t.number(found.unattended))
    for name in found.names:
        yield f"- {name}"
    more = found.unattended - len(found.names)
    if more:
        yield t.plural("…and {number} more agency", "…and {number} more agencies", more)


def _questions(found: Figures, t: Translator) -> Iterable[str]:
    number = t.number(found.open_questions)
    if found.oldest_question is None:
        yield t("Questions to officers without an answer: {number}", number=number)
    else:
        yield t(
            "Questions to officers without an answer: {number}, the oldest since {moment}",
            number=number,
            moment=t.moment(found.oldest_question),
        )


def _unsent(found: Figures, t: Translator) -> Iterable[str]:
    yield t(
        "Messages that could not be delivered in the last {days} days: {number}",
        days=figures.DAYS_BACK,
        number=t.number(found.unsent),
    )
    for each in found.reasons:
        yield f"- {broadcast_report.reason(t, each.reason)}: {t.number(each.count)}"
    rest = found.unsent - sum(each.count for each in found.reasons)
    if rest:
        yield t("- other reasons: {number}", number=t.number(rest))
    yield t("Messages that could not be processed and were set aside: {number}", number=t.number(found.set_aside))
