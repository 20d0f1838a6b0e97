"""Which agency a question to officers belongs to: the one that the plan makes responsible for its subject."""

from __future__ import annotations

from datetime import date

from bot.messages import Language
from bot.services.answering import answers
from bot.services.answering.faq import Index
from bot.services.answering.findings import Answer
from bot.services.people.officers import LEAD
from content.model import AgencyDefinition, Content


def departments(known: Content) -> list[AgencyDefinition]:
    """The agencies that answer tickets, in the order of the content."""
    return [agency for agency in known.agencies.values() if agency.kind == "department"]


def responsible(known: Content, agency_slug: str) -> str:
    """The agency itself where it answers tickets, else the lead agency."""
    agency = known.agencies.get(agency_slug)
    return agency_slug if agency is not None and agency.kind == "department" else LEAD


def of_entry(known: Content, entry_id: str) -> str | None:
    """The agency to ask further about an answer; None when there is no such answer."""
    entry = known.entries.get(entry_id)
    return responsible(known, entry.agency) if entry else None


def of_question(known: Content, faq: Index, question: str, today: date, language: Language) -> str:
    """The agency of the answer to a question, or of what it most probably means."""
    finding = faq.find(question, today, language)
    outcome = finding.outcome
    nearest = (outcome.entry,) if isinstance(outcome, Answer) else answers.choices(finding)
    return responsible(known, nearest[0].agency) if nearest else LEAD


def name(known: Content, agency_slug: str, language: Language) -> str:
    """The full name of an agency."""
    agency = known.agencies.get(agency_slug) or known.agencies[LEAD]
    return agency.name.in_language(language)
