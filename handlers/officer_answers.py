"""An officer's side: the questions that wait, and writing the answer, shown once more before it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import Translator
from bot.messages import Button, Person, Reply, Role
from bot.services import contacts, outbox, tickets
from bot.services.outbox import Notice
from bot.services.tickets import LONGEST_ANSWER, Question
from bot.vietnamese import clean
from handlers import officer_dialog as dialog
from handlers.turn import Turn

LISTED = 5
LABEL = 40
QUOTED = 300


async def open_questions(turn: Turn) -> Reply:
    """The questions that wait longest."""
    t = turn.t
    found = await tickets.unanswered(turn.connection, limit=LISTED)
    own = Button(t("Ask a question myself"), "officer:ask")
    if not found:
        text = t("No question is waiting for an answer.")
    else:
        text = t("These questions are waiting for an answer, the oldest first. Choose one to answer it.")
    rows = []
    for each in found:
        label = each.question if len(each.question) <= LABEL else each.question[: LABEL - 1] + "…"
        rows.append((Button(f"{each.id}. {' '.join(label.split())}", f"officer:answer:{each.id}"),))
    return turn.say(text, title=t("Questions to officers"), buttons=(*rows, (own, *dialog.menu(turn)[0])), instead=True)


async def begin(turn: Turn, said: dict[str, object], argument: str) -> Reply:
    """Ask an officer for the answer to one question, unless somebody has given it."""
    t = turn.t
    question = await _asked(turn, argument)
    if question is None:
        return turn.say(t("There is no such question."), buttons=dialog.menu(turn))
    if question.answered_at is not None:
        return turn.say(_answered_already(t, question), buttons=dialog.menu(turn))
    await dialog.go(turn, said, step="answer", ticket=question.id)
    return turn.say(
        t("Please type your answer, as one message of at most {limit} characters.", limit=t.number(LONGEST_ANSWER))
        + "\n\n"
        + question.question,
        title=t("Question No. {number} of {name}", number=question.id, name=_name(t, question.asked_by)),
        buttons=(dialog.drop(turn),),
    )


async def typed(turn: Turn, said: dict[str, object]) -> Sequence[Reply]:
    """Take the typed answer, and show it before it is sent."""
    t = turn.t
    if not is_officer(turn.person):
        await dialog.leave(turn, said)
        return [turn.say(t("Only officers can answer questions."), buttons=dialog.menu(turn))]
    answer = clean(turn.text)
    problem = dialog.problem(t, answer, LONGEST_ANSWER)
    if problem:
        return [turn.say(problem, buttons=(dialog.drop(turn),))]
    await dialog.go(turn, said, step="check", answer=answer)
    return [await checked(turn, said | {"answer": answer})]


async def checked(turn: Turn, said: dict[str, object]) -> Reply:
    """The answer as the person will read it, with the button that sends it."""
    t = turn.t
    question = await _asked(turn, str(said["ticket"]))
    if question is None:
        await dialog.leave(turn, said)
        return turn.say(t("There is no such question."), buttons=dialog.menu(turn))
    preview = _answer(t, question, str(said["answer"]), await _agency(turn, t))
    return turn.say(
        t("This is what the person gets:") + "\n\n" + preview.plain,
        buttons=(
            (Button(t("Send the answer"), "officer:reply"),),
            (Button(t("Change it"), "officer:rewrite"), *dialog.drop(turn)),
        ),
    )


async def send(turn: Turn, said: dict[str, object]) -> Reply:
    """Record the answer and tell the person; of two officers the faster one does."""
    t, connection = turn.t, turn.connection
    ticket_id, text = str(said["ticket"]), str(said["answer"])
    done = await tickets.answer(connection, int(ticket_id), turn.person.contact_id, text, turn.now)
    question = await _asked(turn, ticket_id)
    await dialog.leave(turn, said)
    if question is None:
        return turn.say(t("There is no such question."), buttons=dialog.menu(turn))
    if not done:
        unsent = t("Your own text was not sent:") + "\n" + text
        return turn.say(f"{_answered_already(t, question)}\n\n{unsent}", buttons=dialog.menu(turn))
    agencies = {each.language: await _agency(turn, each) for each in (turn.translators.vi, turn.translators.en)}

    def write(person: Person) -> Reply:
        t = turn.translators.for_language(person.language)
        reply = _answer(t, question, text, agencies[t.language])
        return reply.with_buttons((Button(t("Ask another question"), "officer:ask"),))

    key = f"ticket-answer:{question.id}"
    if await outbox.notify(connection, question.contact_id, key, write, now=turn.now, anytime=True):
        told = t("Thank you. Your answer to question No. {number} is on its way.", number=question.id)
    else:
        told = t("Your answer has been kept, but the person can't be reached, because they blocked the assistant.")
    return turn.say(dialog.with_what_was_before(turn, said, told), buttons=dialog.menu(turn), instead=True)


async def hand_over(turn: Turn, text: str) -> tuple[Question, int]:
    """Keep a question to officers and tell every one of them, other than the asker: (it, how many were told)."""
    question = await tickets.ask(turn.connection, turn.person.contact_id, text, turn.now)
    officers = await contacts.staff(turn.connection, Role.OPERATOR)
    others = [officer for officer in officers if officer != turn.person.contact_id]
    people = (await contacts.reachable(turn.connection, others)).values()
    notices = [
        Notice(
            person,
            f"ticket:{question.id}:{person.contact_id}",
            new_question(turn.translators.for_language(person.language), question),
        )
        for person in people
    ]
    await outbox.notify_all(turn.connection, notices, now=turn.now)
    return question, len(notices)


def new_question(t: Translator, question: Question) -> Reply:
    """What officers are told of a new question."""
    return Reply(
        question.question,
        t.language,
        title=t("Question No. {number} of {name}", number=question.id, name=_name(t, question.asked_by)),
        buttons=((Button(t("Answer"), f"officer:answer:{question.id}"),),),
    )


def _answer(t: Translator, question: Question, answer: str, agency: str) -> Reply:
    asked = question.question if len(question.question) <= QUOTED else question.question[: QUOTED - 1] + "…"
    return Reply(
        answer,
        t.language,
        title=t("Answer to your question No. {number}", number=question.id),
        footnote=agency + "\n" + t("Your question: {question}", question=asked),
    )


def _answered_already(t: Translator, question: Question) -> str:
    when = t.moment(question.answered_at) if question.answered_at else ""
    told = t("{name} already answered question No. {number}, {time}:", name=_name(t, question.answered_by),
             number=question.id, time=when)  # fmt: skip
    return f"{told}\n{question.answer}"


async def _asked(turn: Turn, number: str) -> Question | None:
    return await tickets.find(turn.connection, int(number)) if number.isdecimal() and len(number) < 16 else None


async def _agency(turn: Turn, t: Translator) -> str:
    own = await tickets.agency_of(turn.connection, turn.person.contact_id, t.language)
    return own or t("Hanoi Department of Industry and Trade")


def is_officer(person: Person) -> bool:
    """Whether the person may see and answer questions."""
    return person.role is not None and person.role.includes(Role.OPERATOR)


def _name(t: Translator, name: str | None) -> str:
    return name or t("somebody without a name")
