"""Puts into words what came of a question: for the chat, and for ``python -m bot ask``."""

from __future__ import annotations

from bot.i18n import Translator
from bot.messages import Reply
from bot.services.faq import Answer, Finding, SmallTalk, Suggestions
from content.model import Entry


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
    outcome = finding.outcome
    if isinstance(outcome, Answer):
        return answered(outcome.entry, t)
    if isinstance(outcome, SmallTalk):
        return Reply(small_talk(outcome.kind, t), t.language)
    if isinstance(outcome, Suggestions):
        return Reply(t("I am not sure that I understood. Is one of these your question?"), t.language)
    return Reply(
        t(
            "I have no answer with a source to this question, so I would rather not guess. "
            "Please put it in other words, or ask an officer."
        ),
        t.language,
    )


def choices(finding: Finding) -> tuple[Entry, ...]:
    """The questions offered in place of an answer."""
    outcome = finding.outcome
    if isinstance(outcome, Suggestions):
        return outcome.entries
    return () if isinstance(outcome, Answer | SmallTalk) else outcome.nearby


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
