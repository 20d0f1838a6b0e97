"""What is wrong with a part of an answer, in a sentence for the editor: the rules of ``python -m bot check``."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.messages import Language
from bot.services.announcing import broadcasts
from bot.services.learning.masking import MASK
from bot.vietnamese import fold
from content.files import read_facts
from content.rules import LONGEST_FIRST_SENTENCE, Numbers, asked_for_already, numbers_of, unfounded
from handlers.editing_answers.answer_draft import Draft, Step, date_in, in_parts
from handlers.turn import Turn

SHORTEST, LONGEST_QUESTION, LONGEST_ANSWER = 10, 150, 2000
LONGEST_DOCUMENT = 200
FURTHEST = timedelta(days=366 * 15)
# A document has a kind, and a number or a year.
KIND_OF_DOCUMENT = re.compile(
    r"\b(?:luat|phap lenh|nghi dinh|nghi quyet|quyet dinh|thong tu|chi thi|ke hoach|cong van|thong bao|huong dan"
    r"|law|code|ordinance|decree|resolution|decision|circular|directive|plan|letter|notice|guidance)\b"
)
ORDER = (
    Step.QUESTION_VI, Step.SOURCE, Step.DOCUMENT_EN, Step.ANSWER_VI, Step.QUESTION_EN, Step.ANSWER_EN, Step.AGENCY,
    Step.UNTIL,
)  # fmt: skip


def facts() -> Numbers:
    """The numbers of the facts, which only editors need: read when they do."""
    return numbers_of(read_facts())


def first_problem(turn: Turn, draft: Draft, numbers: Numbers) -> tuple[Step, str] | None:
    """The first step at which something is wrong (by now), with what."""
    for step in ORDER:
        if step is Step.DOCUMENT_EN and not draft.document_vi:
            continue
        problem = problem_at(turn, draft, step, numbers)
        if problem:
            return step, problem
    return None


def problem_at(turn: Turn, draft: Draft, step: Step, numbers: Numbers) -> str:
    """What is wrong with what the draft has at a step; empty when nothing is."""
    t = turn.t
    match step:
        case Step.QUESTION_VI | Step.QUESTION_EN:
            return phrasing(turn, draft.text(step), Language.VI if step is Step.QUESTION_VI else Language.EN)
        case Step.SOURCE:
            return _source(turn, draft, numbers)
        case Step.DOCUMENT_EN:
            return _document(turn, draft.document_en)
        case Step.ANSWER_VI | Step.ANSWER_EN:
            language = Language.VI if step is Step.ANSWER_VI else Language.EN
            return _answer(turn, draft, draft.text(step), numbers, language)
        case Step.AGENCY if draft.agency not in turn.known.agencies:
            return t("Please choose one of the agencies.")
        case Step.UNTIL:
            return _until(turn, draft.until)
    return ""


def phrasing(turn: Turn, text: str, language: Language) -> str:
    """What is wrong with a question, or with another way to ask it."""
    t = turn.t
    length = broadcasts.length(text)
    if length < SHORTEST:
        return t("That is too short for a question; please type at least {limit} characters.", limit=SHORTEST)
    if length > LONGEST_QUESTION:
        return t(
            "This question has {length} characters, but at most {limit} fit a button. Please shorten it.",
            length=t.number(length),
            limit=t.number(LONGEST_QUESTION),
        )
    if MASK in text:
        return t("The sign {mask} stands for something personal that was taken out; please put it differently.",
                 mask=MASK)  # fmt: skip
    other = asked_for_already(turn.known, language, text)
    if other is not None:
        return t(
            "The answer to «{question}» is asked for in these very words already. Please use other words, "
            "or attach the question to that answer.",
            question=turn.known.entries[other].text(language).question,
        )
    return ""


def _source(turn: Turn, draft: Draft, numbers: Numbers) -> str:
    t = turn.t
    if draft.section:
        if numbers.facts_of(draft.section):
            return ""
        return t("The plan has no section {section}. A section is written like II.2.b or V.3.", section=draft.section)
    return _document(turn, draft.document_vi)


def _document(turn: Turn, name: str) -> str:
    t = turn.t
    length = broadcasts.length(name)
    if length > LONGEST_DOCUMENT:
        return t("This name has {length} characters, but at most {limit} can be shown. Please shorten it.",
                 length=t.number(length), limit=t.number(LONGEST_DOCUMENT))  # fmt: skip
    if length < SHORTEST or not (KIND_OF_DOCUMENT.search(fold(name)) and any(sign.isdigit() for sign in name)):
        return t("That is neither a section of the plan, such as II.2.b, nor the full name of a document.")
    return ""


def _answer(turn: Turn, draft: Draft, text: str, numbers: Numbers, language: Language) -> str:
    t = turn.t
    short, _ = in_parts(text)
    length = broadcasts.length(text)
    if len(short) < SHORTEST:
        return t("That is too short for an answer; please type at least {limit} characters.", limit=SHORTEST)
    if len(short) > LONGEST_FIRST_SENTENCE:
        return t(
            "The first paragraph is the short answer and has {length} characters; at most {limit} are allowed. "
            "Please put the details into further paragraphs.",
            length=t.number(len(short)),
            limit=LONGEST_FIRST_SENTENCE,
        )
    if length > LONGEST_ANSWER:
        return t(
            "This answer has {length} characters, but at most {limit} are allowed. Please shorten it.",
            length=t.number(length),
            limit=t.number(LONGEST_ANSWER),
        )
    if turn.faq.language_of(text, language) is not language:
        if language is Language.VI:
            return t("This text does not look Vietnamese. Here the answer in Vietnamese is needed.")
        return t("This text does not look English. Here the answer in English is needed.")
    source = draft.source
    wrong = unfounded(text, numbers.allowed(source, numbers.facts_of(draft.section) if draft.section else ()))
    if not wrong:
        return ""
    where = t("section {section} of the plan", section=draft.section) if draft.section else f"«{draft.document_vi}»"
    return t(
        "The number {number} does not stand in what the assistant has of {source}. Every number of an answer must "
        "stand in its source: please correct the number, or choose another source.",
        number=", ".join(map(str, wrong)),
        source=where,
    )


def _until(turn: Turn, text: str) -> str:
    t = turn.t
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return t("That is not a date. Please type it like 31/12/2030.")
    today = turn.today
    if day < today:
        return t("{date} has already passed.", date=t.date(day))
    if day > today + FURTHEST:
        return t("{date} is too far ahead. Please check the year.", date=t.date(day))
    return ""


def iso_date(text: str) -> str:
    """A typed day as the draft keeps it; what is no day stays as it was typed, to be refused."""
    day = date_in(text)
    return day.isoformat() if day else text
