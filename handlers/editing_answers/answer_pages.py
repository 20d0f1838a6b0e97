"""The questions of writing an answer, and the preview: one page per step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.messages import Button, Language, Reply
from bot.services.answering import answers
from bot.services.learning.masking import MASK
from content.model import Entry
from content.rules import LONGEST_FIRST_SENTENCE
from content.written import Both
from handlers.editing_answers.answer_draft import DEFAULT_UNTIL, PARTS, Draft, Step, button
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

DOCUMENTS = 6


def page(turn: Turn, draft: Draft, *, note: str = "") -> Reply:
    """What to ask at the draft's step; ``note`` stands above the question. The preview is ``preview``."""
    match draft.step:
        case Step.SOURCE:
            reply = _source(turn, draft)
        case Step.AGENCY:
            reply = _agency(turn, draft)
        case Step.UNTIL:
            reply = _until(turn, draft)
        case Step.EDIT:
            reply = _edit(turn)
        case _:
            reply = _text(turn, draft)
    return replace(reply, text=f"{note}\n\n{reply.text}", instead=False) if note else reply


def preview(turn: Turn, draft: Draft, entry: Entry, *, note: str = "") -> list[Reply]:
    """The answer in both languages as people will read it, and what goes with it."""
    t = turn.t
    shown = [answers.answered(entry, turn.translators.for_language(language)) for language in Language]
    wordings = entry.text(Language(draft.language)).phrasings
    lines = [note, ""] if note else []
    lines += [
        t("This is what people will read. Nothing is live before another editor has approved it."),
        "",
        *about(turn, entry),
    ]
    rows: list[tuple[Button, ...]] = [(button(t("Send for approval"), "send", draft.token),)]
    if wordings:
        rows.append((button(t("Leave out these wordings"), "without", draft.token),))
    rows += [(button(t("Change something"), "edit"),), _ways_out(turn)]
    return [*shown, turn.say("\n".join(lines), title=t("Preview"), buttons=tuple(rows))]


def about(turn: Turn, entry: Entry) -> list[str]:
    """What goes with an answer and isn't part of its text."""
    t = turn.t
    agency = turn.known.agencies.get(entry.agency)
    lines = [
        answers.source_line(entry, t),
        t("Whom to ask further: {agency}", agency=agency.name.in_language(t.language) if agency else entry.agency),
        t("Valid until {date}", date=t.date(entry.valid_until)),
    ]
    wordings = (*entry.vi.phrasings, *entry.en.phrasings)
    if wordings:
        lines += [t("It is also found by these wordings of people:"), *(f"- {wording}" for wording in wordings)]
    return lines


def documents(turn: Turn) -> list[Both]:
    """The documents that answers cite most often."""
    cited: dict[Both, int] = {}
    for entry in turn.known.entries.values():
        if entry.source.document is not None:
            cited[entry.source.document] = cited.get(entry.source.document, 0) + 1
    return sorted(cited, key=lambda document: (-cited[document], document.vi))[:DOCUMENTS]


def name(turn: Turn, step: Step) -> str:
    """What a part of an answer is called."""
    t = turn.t
    return {
        Step.QUESTION_VI: t("Question in Vietnamese"),
        Step.SOURCE: t("Source"),
        Step.DOCUMENT_EN: t("Name of the document in English"),
        Step.ANSWER_VI: t("Answer in Vietnamese"),
        Step.QUESTION_EN: t("Question in English"),
        Step.ANSWER_EN: t("Answer in English"),
        Step.AGENCY: t("Whom to ask further"),
        Step.UNTIL: t("Valid until"),
    }[step]


def suggestion(draft: Draft) -> str:
    """What can be kept at the draft's step without typing it; empty if nothing."""
    existing = draft.text(draft.step)
    if existing:
        return existing
    own = {Step.QUESTION_VI: Language.VI, Step.QUESTION_EN: Language.EN}.get(draft.step)
    fits = own is not None and own.value == draft.language and MASK not in draft.sample
    return " ".join(draft.sample.split()) if fits else ""


def _text(turn: Turn, draft: Draft) -> Reply:
    t = turn.t
    match draft.step:
        case Step.QUESTION_VI:
            ask = t("Please type the question in Vietnamese, as a whole sentence.")
        case Step.QUESTION_EN:
            ask = t("Please type the question in English, as a whole sentence.")
        case Step.DOCUMENT_EN:
            ask = t("Please type the name of the document in English.")
        case Step.ANSWER_VI:
            ask = t("Please type the answer in Vietnamese.") + " " + _how(turn)
        case _:
            ask = t("Please type the answer in English.") + " " + _how(turn)
    parts, rows = [ask], []
    kept = suggestion(draft)
    if kept:
        parts.append(t("The text so far:") + "\n" + kept)
        rows.append((button(t("Keep this text"), "keep", draft.step.value),))
    return _asked(turn, draft, "\n\n".join(parts), *rows)


def _how(turn: Turn) -> str:
    return turn.t(
        "The first paragraph is the short answer, at most {limit} characters; what follows after a line break are "
        "details. Every number must stand in the source.",
        limit=LONGEST_FIRST_SENTENCE,
    )


def _source(turn: Turn, draft: Draft) -> Reply:
    t = turn.t
    text = t(
        "Where does the answer come from? Please type a section of the plan, such as II.2.b or V.3, "
        "or the full Vietnamese name of a document, or choose one that is cited already."
    )
    language = turn.t.language
    rows = [
        (button(shortened(document.in_language(language)), "document", number),)
        for number, document in enumerate(documents(turn), start=1)
    ]
    if draft.has_source:
        text += "\n\n" + t("The source so far: {source}", source=draft.text(Step.SOURCE))
        rows.insert(0, (button(t("Keep this source"), "keep", draft.step.value),))
    return _asked(turn, draft, text, *rows)


def _agency(turn: Turn, draft: Draft) -> Reply:
    t = turn.t
    rows = [
        (button(agency.name.in_language(t.language), "agency", agency.slug),)
        for agency in turn.known.agencies.values()
        if agency.kind == "department"
    ]
    return _asked(turn, draft, t("Which agency can be asked further?"), *rows)


def _until(turn: Turn, draft: Draft) -> Reply:
    t = turn.t
    rows = [
        (button(t.short_date(date.fromisoformat(day)), "until", day),)
        for day in dict.fromkeys((draft.until or DEFAULT_UNTIL, DEFAULT_UNTIL))
    ]
    text = t("Until which day may this answer be given? Choose, or type a date such as 31/12/2030.")
    return _asked(turn, draft, text, *rows)


def _edit(turn: Turn) -> Reply:
    t = turn.t
    rows = [(button(name(turn, step), "change", step.value),) for step in PARTS]
    return turn.say(t("What do you want to change?"), buttons=(*rows, _ways_out(turn)), instead=True)


def _asked(turn: Turn, draft: Draft, text: str, *rows: tuple[Button, ...]) -> Reply:
    return turn.say(text, title=name(turn, draft.step), buttons=(*rows, _ways_out(turn)), instead=True)


def _ways_out(turn: Turn) -> tuple[Button, ...]:
    return (button(turn.t("Back"), "back"), button(turn.t("Cancel"), "drop"))
