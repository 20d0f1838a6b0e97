"""Reads one content file: YAML 1.2's core schema, as people expect it, with the place of every value.

``no``, ``yes``, ``7:30`` and ``2030-12-31`` stay texts. Duplicate keys, anchors, aliases and tags are
refused: whoever edits these files should never have to wonder what a line means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_PLAIN = "plain"
_QUOTED = "quoted"
_OWN_TAGS = frozenset({_PLAIN, _QUOTED})

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]+")
_PREFIXED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LIKE_AN_ANCHOR = re.compile(r"(?:^|[\s\[{,])&\S", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """Something an editor has to mend; lines and columns count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its value, and where in the file each part of it stands."""

    file: str
    value: Any
    root: yaml.Node | None

    def mistake(self, path: Sequence[str | int], message: str, *, at_key: bool = False) -> Mistake:
        """A mistake at ``path``, or at the nearest part of it that exists."""
        line, column = self._position(path, at_key)
        return Mistake(self.file, line, column, message)

    def _position(self, path: Sequence[str | int], at_key: bool) -> tuple[int, int]:
        if self.root is None:
            return 1, 1
        node = place = self.root
        for step in path:
            found = child(node, step)
            if found is None:
                break
            key, node = found
            place = key if at_key else node
        return place.start_mark.line + 1, place.start_mark.column + 1


def read(path: Path, name: str) -> tuple[Document, list[Mistake]]:
    """The file's document, and what is wrong with it as YAML. ``name`` is how mistakes call the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Document(name, None, None), [Mistake(name, line, 1, "this line is not UTF-8 text")]
    return parse(text, name)


def parse(text: str, name: str) -> tuple[Document, list[Mistake]]:
    """The same for a text that is in memory."""
    mistakes: list[Mistake] = []
    try:
        root = _Composer(text).get_single_node()
        if _LIKE_AN_ANCHOR.search(text):
            mistakes += _anchors(text, name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        parts = [part for part in (error.context, error.problem) if part]
        return Document(name, None, None), [Mistake(name, line, column, "not valid YAML: " + ", ".join(parts))]
    except yaml.reader.ReaderError as error:
        return Document(name, None, None), [Mistake(name, 1, 1, f"not valid YAML: {error.reason}")]
    if root is None:
        return Document(name, None, None), [Mistake(name, 1, 1, "the file is empty")]
    value = _Builder(name, mistakes, set()).build(root)
    return Document(name, value, root), mistakes


class _Composer(yaml.CSafeLoader):
    """The C parser, told to keep apart only what this reader needs: plain, quoted, tagged."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        return _PLAIN if kind is yaml.ScalarNode and implicit[0] else _QUOTED

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Nothing depends on where a value stands."""

    def ascend_resolver(self) -> None:
        """Nothing depends on where a value stands."""


@dataclass(frozen=True, slots=True)
class _Builder:
    """Makes values of nodes, and notes what is refused."""

    file: str
    mistakes: list[Mistake]
    seen: set[int]

    def build(self, node: yaml.Node) -> Any:
        if node.tag not in _OWN_TAGS:
            self._refuse(node, f"tags are not allowed here: {node.tag}")
        if id(node) in self.seen:
            self._refuse(node, "aliases (*name) are not allowed: write the value out")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node.value) if node.tag == _PLAIN else node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item) for item in node.value]
        return self._mapping(node)

    def _mapping(self, node: yaml.Node) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, "a key must be a simple word")
            elif key.value in built:
                self._refuse(key, f"the key {key.value!r} stands twice here")
            else:
                built[key.value] = self.build(value)
        return built

    def _refuse(self, node: yaml.Node, message: str) -> None:
        mark = node.start_mark
        self.mistakes.append(Mistake(self.file, mark.line + 1, mark.column + 1, message))


def _scalar(text: str) -> Any:
    """YAML 1.2's core schema, without its infinities."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if not text[0].isdigit() and text[0] not in "+-.":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _PREFIXED.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text


def _anchors(text: str, name: str) -> Iterator[Mistake]:
    """Anchors leave no trace in composed nodes, so they are looked for among the events."""
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.NodeEvent) and event.anchor and not isinstance(event, yaml.AliasEvent):
            line, column = (event.start_mark.line, event.start_mark.column) if event.start_mark else (0, 0)
            yield Mistake(name, line + 1, column + 1, "anchors (&name) are not allowed")


def child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """(key, value) of one step into a node; an item of a list is its own key."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == step:
                return key, value
    return None
