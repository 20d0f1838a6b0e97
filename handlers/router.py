"""Who answers: the first handler in this order that does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.messages import Reply
from handlers import feedback, linking, menu, questions, stats
from handlers.agencies import focal
from handlers.announcing import broadcast
from handlers.businesses import business, fitting
from handlers.deciding import desk, door, manage
from handlers.duties import duties, working_calendar
from handlers.editing_answers import editing
from handlers.handing_in import handing_in
from handlers.officers import officer, officer_talk
from handlers.passes import pass_pages, thanks
from handlers.personal_data import accounts, privacy
from handlers.receiving import compliance, consolidated, reviewing
from handlers.report_forms import offline
from handlers.reporting import reports
from handlers.signing_up import applications, filling, registration
from handlers.turn import Turn

Handler = Callable[[Turn], Awaitable[Sequence[Reply] | None]]

FIRST_ANSWER_WINS: tuple[Handler, ...] = (
    filling.handle,
    linking.handle,
    registration.handle,
    applications.handle,
    business.handle,
    fitting.handle,
    pass_pages.handle,
    thanks.handle,
    focal.handle,
    offline.handle,
    handing_in.handle,
    reviewing.handle,
    consolidated.handle,
    compliance.handle,
    reports.handle,
    broadcast.handle,
    officer.handle,
    desk.handle,
    manage.handle,
    duties.handle,
    working_calendar.handle,
    door.handle,
    privacy.handle,
    accounts.handle,
    stats.handle,
    editing.handle,
    feedback.handle,
    menu.handle,
    officer_talk.handle,
    questions.handle,
)

# Who turns to something else leaves what they were in the middle of, where nothing is lost by it.
STEP_ASIDE: tuple[Callable[[Turn], Awaitable[Turn]], ...] = (
    filling.step_aside,
    offline.step_aside,
    handing_in.step_aside,
    business.step_aside,
    thanks.step_aside,
)


async def replies_to(turn: Turn) -> Sequence[Reply]:
    """What the bot says to this turn. The very first words to anybody say that a program is talking."""
    replies = filling.end_ask_phone(turn, await _first_answer(turn))
    if replies and turn.person.is_new and not (turn.command == "start" and not turn.argument):
        first, *others = replies
        return [menu.introduced(turn, first), *others]
    return replies


async def _first_answer(turn: Turn) -> Sequence[Reply]:
    for step_aside in STEP_ASIDE:
        turn = await step_aside(turn)
    for handle in FIRST_ANSWER_WINS:
        replies = await handle(turn)
        if replies is not None:
            return replies
    return [menu.did_not_understand(turn)]
