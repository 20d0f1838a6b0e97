"""A file of duties as staff get it and send it back in the chat: the same form as the files of ``content/duties``."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from content import duty_checks, yaml_reader
from content.duty_model import Duty, usual_addressees
from content.files import FOLDER, Reading
from content.rules import Numbers
from content.yaml_reader import Mistake

EXPLAINED = FOLDER / "duties" / "plan_50.yaml"
KEY = "duties"
# A text stays on one line, however long it is.
LONGEST_LINE = 100_000
# Read as itself without quotation marks.
_WORD = re.compile(r"(?!(?:null|true|false)$)[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class DutyFile:
    """What a file has; nothing of it may be used while there are ``mistakes``."""

    duties: tuple[Duty, ...]
    mistakes: tuple[Mistake, ...]


def read_duty_file(text: str, name: str, agencies: Collection[str], numbers: Numbers) -> DutyFile:
    """Read a file called ``name``: every mistake at once, those of the content's own checks too."""
    document, found = yaml_reader.parse(text, name)
    reading = Reading(mistakes=list(found))
    if document.root is None:
        return DutyFile((), tuple(reading.mistakes))
    if not isinstance(document.value, dict) or KEY not in document.value:
        told = document.mistake((), "the file must have `duties:`, followed by a list")
        return DutyFile((), (*reading.mistakes, told))
    reading.only_keys(document, (KEY,))
    placed = reading.parts(Duty, document, KEY, "slug")
    slugs: set[str] = set()
    for part in placed:
        reading.mistakes.extend(duty_checks.broken_links(part, agencies))
        reading.mistakes.extend(duty_checks.doubts(part, numbers))
        if part.value.slug in slugs:
            reading.mistakes.append(part.mistake(f"{part.value.slug!r} stands here a second time", "slug"))
        slugs.add(part.value.slug)
    return DutyFile(tuple(part.value for part in placed), tuple(sorted(set(reading.mistakes))))


def write_duty_file(duty: Duty, explained: Path = EXPLAINED) -> str:
    """A file that reads back as this duty, headed by the explanation of every key that the content's own file has."""
    head = explained.read_text(encoding="utf-8").partition(f"\n{KEY}:")[0]
    written: dict[str, Any] = duty.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    # What is likely to be changed is there also where it is as usual.
    first = {"slug": duty.slug, "enabled": duty.enabled, "default": duty.default}
    if not duty.periods:
        first |= duty.model_dump(mode="json", include={"cut_off"})
    steps = [
        step.day if step.to == usual_addressees(step.day) else {"day": step.day, "to": list(step.to)}
        for step in duty.reminders
    ]
    body = yaml.dump(
        {KEY: [_plain(first | written | {"reminders": steps})]},
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=LONGEST_LINE,
    )
    return f"{head}\n{body}"


class _Quoted(str):
    """A text that is written between quotation marks."""


class _Dumper(yaml.SafeDumper):
    """Writes texts so that no reader takes them for anything else."""


_Dumper.add_representer(
    _Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')
)


def _plain(value: Any) -> Any:
    """The same for YAML: texts between quotation marks, whole numbers without a point."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) else _Quoted(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
