"""Reads a file that staff sent in the chat: offerings, and forms for them, as the files of ``content/`` have them.

It consists of ``offerings:`` and ``forms:``, each a list; one of them is enough.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from content import yaml_reader
from content.files import Placed, Reading
from content.form_files import PROFILE, faults
from content.form_model import FormFile
from content.model import Content
from content.offering_model import OfferingDefinition
from content.yaml_reader import Mistake

KEYS = ("offerings", "forms")


@dataclass(frozen=True, slots=True)
class OfferingFile:
    """What the file has; nothing of it may be used while there are ``mistakes``."""

    offerings: tuple[OfferingDefinition, ...]
    forms: tuple[FormFile, ...]
    mistakes: tuple[Mistake, ...]


def read_offering_file(text: str, name: str, known: Content, *, stored: Collection[str] = ()) -> OfferingFile:
    """Read a file called ``name``. Its offerings may use its own forms, those of the content, and ``stored`` ones."""
    document, mistakes = yaml_reader.parse(text, name)
    reading = Reading(mistakes=list(mistakes))
    if document.root is None:
        return OfferingFile((), (), tuple(reading.mistakes))
    if not isinstance(document.value, dict) or not any(key in document.value for key in KEYS):
        told = document.mistake((), "the file must have `offerings:` or `forms:`, each followed by a list")
        return OfferingFile((), (), (*reading.mistakes, told))
    reading.only_keys(document, KEYS)
    has = document.value
    offerings = reading.parts(OfferingDefinition, document, "offerings", "slug") if "offerings" in has else ()
    forms = reading.parts(FormFile, document, "forms", "name") if "forms" in has else ()
    reading.mistakes.extend(_faults(offerings, forms, known, {*stored, *reading.broken}))
    return OfferingFile(
        tuple(part.value for part in offerings), tuple(part.value for part in forms), tuple(sorted(reading.mistakes))
    )


def _faults(
    offerings: tuple[Placed[OfferingDefinition], ...],
    forms: tuple[Placed[FormFile], ...],
    known: Content,
    others: set[str],
) -> list[Mistake]:
    found: list[Mistake] = []
    names: set[str] = set()
    for form in forms:
        name = form.value.name
        if name in known.forms:
            found.append(form.mistake(f"{name!r} is a form of the content files; choose another name", "name"))
        elif name in names:
            found.append(form.mistake(f"{name!r} stands here a second time", "name"))
        names.add(name)
        found += [form.mistake(fault.message, *fault.path) for fault in faults(form.value, known.forms)]
    usable = {*known.forms, *others, *names} - {PROFILE}
    slugs: set[str] = set()
    for offering in offerings:
        given = offering.value
        if given.slug in known.offerings:
            told = f"{given.slug!r} is an offering of the content files; change it there, or choose another name"
            found.append(offering.mistake(told, "slug"))
        elif given.slug in slugs:
            found.append(offering.mistake(f"{given.slug!r} stands here a second time", "slug"))
        slugs.add(given.slug)
        if given.agency not in known.agencies:
            found.append(offering.mistake(f"there is no {given.agency!r}", "agency"))
        if given.form not in usable:
            found.append(offering.mistake(f"there is no form {given.form!r}", "form"))
    return found
