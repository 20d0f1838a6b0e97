"""All files of ``content/`` as checked objects, each still knowing where it stands.

``content/loader.py`` makes of them what the program uses, ``content/checks.py`` compares them with each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import Field, ValidationError

from content import yaml_reader
from content.duty_model import Duty
from content.form_model import FormFile
from content.model import AgencyDefinition, AgencyDuty, Entry
from content.offering_model import OfferingDefinition
from content.written import Both, Written
from content.yaml_reader import Document, Mistake

FOLDER = Path(__file__).parent


class Fact(Both):
    """One verified fact; its id is its place in the plan, or a name for another document."""

    id: str = Field(min_length=1)


class Heading(Both):
    """The name of a topic, and its place among the topics: by number, those without one last."""

    place: int = Field(default=1000, ge=1)


Part = TypeVar("Part", bound=Written, covariant=True)  # noqa: PLC0105 - reads better unsuffixed


@dataclass(frozen=True, slots=True)
class Placed(Generic[Part]):
    """A part of a file, and the way to it."""

    value: Part
    document: Document
    path: tuple[str | int, ...]

    def mistake(self, message: str, *further: str | int) -> Mistake:
        """A mistake here, or further inside."""
        return self.document.mistake((*self.path, *further), message)


@dataclass(frozen=True, slots=True)
class TopicFile:
    """One file of ``content/faq``."""

    topic: Heading
    entries: tuple[Placed[Entry], ...]


@dataclass(frozen=True, slots=True)
class Files:
    """What could be read. ``broken`` has the ids of parts with mistakes, which others may still point to."""

    topics: tuple[TopicFile, ...]
    agencies: tuple[Placed[AgencyDefinition], ...]
    everyone: tuple[Placed[AgencyDuty], ...]
    offerings: tuple[Placed[OfferingDefinition], ...]
    forms: tuple[Placed[FormFile], ...]
    duties: tuple[Placed[Duty], ...]
    broken: frozenset[str]
    mistakes: tuple[Mistake, ...]

    @property
    def entries(self) -> tuple[Placed[Entry], ...]:
        return tuple(entry for topic in self.topics for entry in topic.entries)

    @property
    def forms_by_name(self) -> Mapping[str, FormFile]:
        """The forms, for others that take something from them."""
        return {form.value.name: form.value for form in self.forms}


@dataclass(frozen=True, slots=True)
class Facts:
    """``content/facts.yaml``: the plan item by item, what other documents say, and what the bot itself does."""

    plan: tuple[Placed[Fact], ...]
    documents: tuple[Placed[Fact], ...]
    program: tuple[Placed[Fact], ...]
    mistakes: tuple[Mistake, ...]


def read_files(folder: Path = FOLDER) -> Files:
    """Everything but the facts, with every mistake in it."""
    reading = Reading(folder)
    topics = []
    for document in reading.documents("faq", keys={"topic", "entries"}):
        topic = reading.part(Heading, document, ("topic",), document.value.get("topic"))
        entries = reading.parts(Entry, document, "entries", "id")
        if topic is not None:
            topics.append(TopicFile(topic.value, entries))
    agencies: list[Placed[AgencyDefinition]] = []
    everyone: list[Placed[AgencyDuty]] = []
    for document in reading.documents("agencies", keys={"agencies", "everyone"}):
        agencies += reading.parts(AgencyDefinition, document, "agencies", "slug")
        if "everyone" in document.value:
            everyone += reading.parts(AgencyDuty, document, "everyone", "source")
    offerings: list[Placed[OfferingDefinition]] = []
    for document in reading.documents("offerings", keys={"offerings"}):
        offerings += reading.parts(OfferingDefinition, document, "offerings", "slug")
    duties: list[Placed[Duty]] = []
    for document in reading.documents("duties", keys={"duties"}):
        duties += reading.parts(Duty, document, "duties", "slug")
    forms = []
    for document in reading.documents("forms"):
        form = reading.part(FormFile, document, (), document.value, "name")
        if form is not None:
            forms.append(form)
    return Files(
        topics=tuple(sorted(topics, key=lambda file: file.topic.place)),
        agencies=tuple(agencies),
        everyone=tuple(everyone),
        offerings=tuple(offerings),
        forms=tuple(forms),
        duties=tuple(duties),
        broken=frozenset(reading.broken),
        mistakes=tuple(reading.mistakes),
    )


def read_facts(folder: Path = FOLDER) -> Facts:
    """The facts, which only the checks need."""
    reading = Reading(folder)
    document = reading.document(folder / "facts.yaml", {"plan", "documents", "program"})
    if document is None:
        return Facts((), (), (), tuple(reading.mistakes))
    plan, documents, program = (reading.parts(Fact, document, part, "id") for part in ("plan", "documents", "program"))
    return Facts(plan, documents, program, tuple(reading.mistakes))


@dataclass(frozen=True, slots=True)
class Reading:
    """One pass over the folder, or one document from elsewhere, noting what is wrong on the way."""

    folder: Path = FOLDER
    mistakes: list[Mistake] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def documents(self, kind: str, keys: set[str] | None = None) -> Iterator[Document]:
        """The documents of one sub-folder, in the order of their names."""
        for path in sorted((self.folder / kind).glob("*.yaml")):
            document = self.document(path, keys)
            if document is not None:
                yield document

    def document(self, path: Path, keys: set[str] | None) -> Document | None:
        name = f"{self.folder.name}/{path.relative_to(self.folder).as_posix()}"
        try:
            document, mistakes = yaml_reader.read(path, name)
        except OSError as error:
            self.mistakes.append(Mistake(name, 1, 1, f"cannot be read: {error.strerror}"))
            return None
        self.mistakes.extend(mistakes)
        if document.root is None:
            return None
        if not isinstance(document.value, dict):
            self.mistakes.append(document.mistake((), "the file must consist of `key: value` lines"))
            return None
        if keys is not None:
            self.only_keys(document, sorted(keys))
        return document

    def only_keys(self, document: Document, keys: Sequence[str]) -> None:
        """Note every key of the document that isn't one of these."""
        for key in document.value:
            if key not in keys:
                told = f"unknown key {key!r}; known: {', '.join(keys)}"
                self.mistakes.append(document.mistake((key,), told, at_key=True))

    def parts(self, model: type[Part], document: Document, key: str, id_key: str) -> tuple[Placed[Part], ...]:
        """The good ones among the items of the list under ``key``."""
        items = document.value.get(key)
        if not isinstance(items, list) or not items:
            self.mistakes.append(document.mistake((key,), f"`{key}:` must be a list with something in it"))
            return ()
        placed = (self.part(model, document, (key, number), item, id_key) for number, item in enumerate(items))
        return tuple(part for part in placed if part is not None)

    def part(
        self, model: type[Part], document: Document, path: tuple[str | int, ...], value: Any, id_key: str = ""
    ) -> Placed[Part] | None:
        try:
            return Placed(model.model_validate(value), document, path)
        except ValidationError as error:
            self.mistakes.extend(mistake_of(document, path, problem) for problem in error.errors(include_url=False))
            if isinstance(value, dict) and isinstance(value.get(id_key), str):
                self.broken.add(value[id_key])
            return None


def mistake_of(document: Document, path: tuple[str | int, ...], problem: Any) -> Mistake:
    """One of pydantic's complaints in an editor's words."""
    place = (*path, *problem["loc"], *problem.get("ctx", {}).get("place", ()))
    name = ".".join(str(step) for step in problem["loc"])
    if problem["type"] == "missing":
        return document.mistake(place, f"`{name}` is missing")
    if problem["type"] == "extra_forbidden":
        return document.mistake(place, f"unknown key `{name}`", at_key=True)
    said = str(problem["msg"])
    if problem["type"] == "rule":
        return document.mistake(place, said, at_key=True)
    return document.mistake(place, f"`{name}`: {said[:1].lower()}{said[1:]}" if name else said)
