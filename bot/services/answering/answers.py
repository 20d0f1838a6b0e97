"""Puts into words what came of a question: for the chat, and for ``python -m bot ask``."""

from __future__ import annotations

from dataclasses import replace

from bot.i18n import Translator
from bot.messages import Reply
from bot.services.answering.findings import Answer, Finding, Further, SmallTalk, Suggestions, Unknown
from content.model import Content, Entry


def answered(entry: Entry, t: Translator) -> Reply:
    """An answer in layers, with where it comes from."""
    text = entry.text(t.language)
    return Reply(
        title=text.question,
        text="\n\n".join(part for part in (text.short, text.more) if part),
        footnote=source_line(entry, t),
        language=t.language,
    )


def source_line(entry: Entry, t: Translator) -> str:
    """Where an answer comes from, as one cites it."""
    source = entry.source
    if source.section:
        return t("Source: Plan No. 50/KH-UBND of 4 February 2026, section {section}", section=source.section)
    if source.document is not None:
        return t("Source: {document}", document=source.document.in_language(t.language))
    return t("Source: how this virtual assistant works")


def in_words(finding: Finding, t: Translator) -> Reply:
    """What a person reads, without buttons; ``t`` speaks the finding's language."""
    reply = _said(finding, t)
    if not finding.read_as:
        return reply
    return replace(reply, text=t("You are asking about: {question}", question=finding.read_as) + "\n\n" + reply.text)


def _said(finding: Finding, t: Translator) -> Reply:
    outcome = finding.outcome
    if isinstance(outcome, Answer):
        return answered(outcome.entry, t)
    if isinstance(outcome, SmallTalk):
        return Reply(small_talk(outcome.kind, t), t.language)
    if isinstance(outcome, Suggestions):
        return Reply(t("I am not sure that I understood. Is one of these your question?"), t.language)
    text = t(
        "I have no answer with a source to this question, so I would rather not guess. "
        "Please put it in other words, or ask an officer."
    )
    if choices(finding):
        text += " " + t("The nearest questions that I can answer are below.")
    return Reply(text, t.language)


def more_on(outcome: Further, known: Content, t: Translator) -> Reply:
    """The answer to «which agency?» or «which section?» after an answer."""
    entry = outcome.entry
    question = entry.text(t.language).question
    if outcome.asks == "source":
        return Reply(t("The answer to «{question}» comes from here:", question=question), t.language,
                     footnote=source_line(entry, t))  # fmt: skip
    agency = known.agencies[entry.agency].name.in_language(t.language)
    text = t("For more on «{question}», please turn to: {agency}.", question=question, agency=agency)
    return Reply(text, t.language, footnote=source_line(entry, t))


def choices(finding: Finding) -> tuple[Entry, ...]:
    """The questions offered in place of an answer."""
    outcome = finding.outcome
    if isinstance(outcome, Suggestions):
        return outcome.entries
    return outcome.nearby if isinstance(outcome, Unknown) else ()


def small_talk(kind: str, t: Translator) -> str:
    """A short human reply, and the way back to the matter."""
    match kind:
        case "greeting":
            return t("Hello! I am a virtual assistant for Plan No. 50/KH-UBND. What would you like to know?")
        case "thanks":
            return t("You are welcome. If there is anything else about the plan, just ask.")
        case "goodbye":
            return t("Goodbye. You can write here at any time.")
        case "abuse":
            return t("I am sorry if I was of no help. You can put the question in other words, or ask an officer.")
    return t("All right. If there is anything else about the plan, just ask.")
