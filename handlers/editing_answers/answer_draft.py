"""An answer while an editor writes it: what was said so far, and the entry that it makes."""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from bot.messages import Button, Dialog, Language
from content.model import Entry, Source
from content.rules import SECTION_FORM, Numbers
from content.written import Both

DIALOG = "answer"
DEFAULT_UNTIL = "2030-12-31"
# The id that the entry gets when it is proposed has the number of the proposal in it.
NO_ID_YET = "added"

_SECTION = re.compile(r"(?:mục|muc|section)?\s*([ivx]+(?:\.\w+)*)\.?", re.IGNORECASE)
_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")


class Step(StrEnum):
    """What is asked next. The source comes before the answer, so that a wrong number is refused at once."""

    QUESTION_VI = "question_vi"
    SOURCE = "source"
    DOCUMENT_EN = "document_en"
    ANSWER_VI = "answer_vi"
    QUESTION_EN = "question_en"
    ANSWER_EN = "answer_en"
    AGENCY = "agency"
    UNTIL = "until"
    PREVIEW = "preview"
    EDIT = "edit"


TYPED = (Step.QUESTION_VI, Step.SOURCE, Step.DOCUMENT_EN, Step.ANSWER_VI, Step.QUESTION_EN, Step.ANSWER_EN, Step.UNTIL)
# What can be changed from the preview.
PARTS = (
    Step.QUESTION_VI, Step.ANSWER_VI, Step.QUESTION_EN, Step.ANSWER_EN, Step.SOURCE, Step.AGENCY, Step.UNTIL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """What was said so far. ``section`` or ``document_vi`` is the source, ``language`` the one of the group.

    ``wordings`` are the ways of asking that go with the entry. ``token`` belongs to one preview: a button of
    an earlier one must not send what it never showed. ``parked``: the person is looking at something else.
    """

    group_id: int
    language: str
    sample: str
    step: Step = Step.QUESTION_VI
    question_vi: str = ""
    section: str = ""
    document_vi: str = ""
    document_en: str = ""
    answer_vi: str = ""
    question_en: str = ""
    answer_en: str = ""
    agency: str = ""
    until: str = ""
    wordings: tuple[str, ...] = ()
    without_wordings: bool = False
    token: str = ""
    parked: bool = False

    @property
    def source(self) -> Source:
        if self.section:
            return Source(section=self.section)
        # Before its English name is there, the Vietnamese one stands for both.
        return Source(document=Both(vi=self.document_vi, en=self.document_en or self.document_vi))

    @property
    def has_source(self) -> bool:
        return bool(self.section or self.document_vi)

    def text(self, step: Step) -> str:
        """What was said at a step; empty if nothing yet."""
        if step is Step.SOURCE:
            return self.section or self.document_vi
        return str(getattr(self, step.value, ""))

    def with_text(self, step: Step, text: str) -> Draft:
        """The same answer with something said at a step that takes one text."""
        said: dict[str, Any] = {step.value: text}
        return replace(self, **said)

    def at(self, step: Step) -> Draft:
        """The same answer at another step; a preview gets a new token."""
        token = secrets.token_hex(4) if step is Step.PREVIEW else self.token
        return replace(self, step=step, token=token, parked=False)

    def onward(self) -> Draft:
        """At the first step that is still open."""
        return self.at(next((step for step in self._path() if not self.text(step)), Step.PREVIEW))

    def back(self) -> Draft | None:
        """At the step before; None at the first."""
        if self.step is Step.EDIT:
            return self.at(Step.PREVIEW)
        path = [*self._path(), Step.PREVIEW]
        place = path.index(self.step) if self.step in path else 1
        return self.at(path[place - 1]) if place else None

    def as_dialog(self) -> Dialog:
        # A typed number is a button's number, except where a text is asked for.
        return Dialog(DIALOG, asdict(self) | {"choosing": self.parked or self.step not in TYPED})

    def _path(self) -> list[Step]:
        document = [Step.DOCUMENT_EN] if self.document_vi else []
        return [
            Step.QUESTION_VI, Step.SOURCE, *document, Step.ANSWER_VI, Step.QUESTION_EN, Step.ANSWER_EN, Step.AGENCY,
            Step.UNTIL,
        ]  # fmt: skip


def read(dialog: Dialog | None) -> Draft | None:
    """The answer that a person is writing."""
    if dialog is None or dialog.kind != DIALOG:
        return None
    said: dict[str, Any] = {name: value for name, value in dialog.data.items() if name in Draft.__slots__}
    if said.get("step") not in set(Step) or not isinstance(said.get("group_id"), int):
        return None
    return Draft(**said | {"step": Step(said["step"]), "wordings": tuple(said.get("wordings", ()))})


def entry(draft: Draft, numbers: Numbers) -> Entry:
    """The entry that the answer makes. Only for a draft with nothing open."""
    answers = f"{draft.answer_vi}\n{draft.answer_en}"
    return Entry.model_validate(
        {
            "id": NO_ID_YET,
            "source": draft.source,
            "facts": numbers.rests_on(draft.section, answers) if draft.section else (),
            "agency": draft.agency,
            "valid_until": date.fromisoformat(draft.until),
            "vi": _text(draft, Language.VI),
            "en": _text(draft, Language.EN),
        }
    )


def in_parts(answer: str) -> tuple[str, str]:
    """The first paragraph, which is the short answer, and the rest."""
    short, _, more = answer.partition("\n")
    return short.strip(), "\n".join(line.rstrip() for line in more.strip("\n ").split("\n"))


def section_in(text: str) -> str | None:
    """The section of the plan that a text names: ``mục ii.2.B`` -> ``II.2.b``; None when it names none."""
    found = _SECTION.fullmatch(text.strip())
    if found is None:
        return None
    group, *others = found[1].split(".")
    section = ".".join([group.upper(), *(other.lower() for other in others)])
    return section if SECTION_FORM.fullmatch(section) else None


def date_in(text: str) -> date | None:
    """A day as people type it; None for anything else."""
    found = _DATE.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def button(label: str, *action: str | int) -> Button:
    """A button of writing an answer: ``answer:…``."""
    return Button(label, ":".join(["answer", *map(str, action)]))


def _text(draft: Draft, language: Language) -> dict[str, Any]:
    vietnamese = language is Language.VI
    short, more = in_parts(draft.answer_vi if vietnamese else draft.answer_en)
    wordings = draft.wordings if draft.language == language.value and not draft.without_wordings else ()
    return {
        "question": draft.question_vi if vietnamese else draft.question_en,
        "phrasings": wordings,
        "short": short,
        "more": more,
    }
