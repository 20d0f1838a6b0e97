"""Asking an officer. The question is shown once more before it is passed on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Kind, Reply
from bot.services.tickets import LONGEST_QUESTION
from bot.vietnamese import clean
from handlers import officer_answers
from handlers import officer_dialog as dialog
from handlers.turn import Turn


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The command, every ``officer:…`` button, and what is typed while a question or answer is written."""
    said = dialog.read(turn)
    if turn.command == "officer":
        if turn.argument:
            return await _question_typed(turn, said, turn.argument)
        if officer_answers.is_officer(turn.person):
            return [await officer_answers.open_questions(turn)]
        return [await _ask(turn, said)]
    if turn.press[:1] == ("officer",):
        return await _pressed(turn, said, *(*turn.press[1:3], "", "")[:2])
    if not said or turn.command or turn.press:
        return None
    if turn.incoming.kind is not Kind.TEXT:
        text = turn.t("Please type it as text; files can't be passed on yet.")
        return [turn.say(text, buttons=(dialog.drop(turn),))]
    match said["step"]:
        case "question":
            return await _question_typed(turn, said, turn.text)
        case "answer":
            return await officer_answers.typed(turn, said)
        case "check":
            return [await officer_answers.checked(turn, said)]
    return [_shown_once_more(turn, str(said.get("question")))]


async def _pressed(turn: Turn, said: dict[str, object], verb: str, argument: str) -> Sequence[Reply]:
    step = said.get("step")
    match verb:
        case "ask":
            return [await _ask(turn, said)]
        case "change" if step == "confirm":
            return [await _ask(turn, said)]
        case "send" if step == "confirm":
            return [await _hand_over(turn, said)]
        case "drop" if step:
            await dialog.leave(turn, said)
            text = turn.t("Discarded. Nothing was sent.")
            return [turn.say(dialog.with_what_was_before(turn, said, text), buttons=dialog.menu(turn), instead=True)]
    if not officer_answers.is_officer(turn.person):
        text = turn.t("This button is no longer valid. You can ask an officer a new question at any time.")
        return [turn.say(text, buttons=((Button(turn.t("Ask an officer"), "officer:ask"),), *dialog.menu(turn)))]
    match verb:
        case "answer":
            return [await officer_answers.begin(turn, said, argument)]
        case "rewrite" if step == "check":
            return [await officer_answers.begin(turn, said, str(said["ticket"]))]
        case "reply" if step == "check":
            return [await officer_answers.send(turn, said)]
    return [await officer_answers.open_questions(turn)]


async def _ask(turn: Turn, said: dict[str, object]) -> Reply:
    t = turn.t
    await dialog.go(turn, said, step="question")
    parts = [
        t(
            "Please type your question to an officer, as one message of at most {limit} characters.",
            limit=t.number(LONGEST_QUESTION),
        )
    ]
    if said.get("question"):
        parts.append(t("The question so far:") + "\n" + str(said["question"]))
    return turn.say("\n\n".join(parts), buttons=(dialog.drop(turn),), instead=True)


async def _question_typed(turn: Turn, said: dict[str, object], typed: str) -> Sequence[Reply]:
    t = turn.t
    question = clean(typed)
    problem = dialog.problem(t, question, LONGEST_QUESTION)
    if problem:
        await dialog.go(turn, said, step="question")
        return [turn.say(problem, buttons=(dialog.drop(turn),))]
    await dialog.go(turn, said, step="confirm", question=question)
    return [_shown_once_more(turn, question)]


def _shown_once_more(turn: Turn, question: str) -> Reply:
    t = turn.t
    ask = t("Shall this question go to an officer? The officer sees the question and the name of your account.")
    return turn.say(
        f"{ask}\n\n{question}",
        title=t("Your question"),
        buttons=(
            (Button(t("Send to an officer"), "officer:send"),),
            (Button(t("Change it"), "officer:change"), *dialog.drop(turn)),
        ),
    )


async def _hand_over(turn: Turn, said: dict[str, object]) -> Reply:
    t = turn.t
    question, told = await officer_answers.hand_over(turn, str(said["question"]))
    await dialog.leave(turn, said)
    if told:
        text = t(
            "Thank you. Your question has been passed on to the officers under No. {number}. "
            "They answer from 8:00 to 17:00 on working days; the answer comes here.",
            number=question.id,
        )
    else:
        text = t(
            "Your question has been noted under No. {number}. At the moment no officer is connected to the assistant, "
            "so an answer may take a while. Working hours are 8:00 to 17:00 on working days.",
            number=question.id,
        )
    return turn.say(dialog.with_what_was_before(turn, said, text), buttons=dialog.menu(turn), instead=True)
