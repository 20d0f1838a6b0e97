"""What is wrong in a file that staff sent, in the reader's language.

The checks of the content speak English, for whoever runs them on a command line. What people who write a file in
the chat run into most is said in their language here; the rest stays as the checks say it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.i18n import Translator
from bot.messages import Kind
from bot.services.files import file_texts
from bot.services.files.kinds import Found
from content.yaml_reader import Mistake
from handlers.turn import Turn

Say = Callable[[Translator, tuple[str, ...]], str]
SHOWN = 10

_KNOWN: tuple[tuple[str, Say], ...] = (
    (r"`(.+)` is missing", lambda t, found: t("“{name}” is missing", name=found[0])),
    (r"unknown key [`'](.+?)[`'].*", lambda t, found: t("there is no key “{name}”; check its spelling", name=found[0])),
    (r"there is no form '(.+)'", lambda t, found: t("there is no form called “{name}”", name=found[0])),
    (r"there is no '(.+)'", lambda t, found: t("there is no agency called “{name}”", name=found[0])),
    (r"'(.+)' stands here a second time", lambda t, found: t("“{name}” stands here a second time", name=found[0])),
    (
        r"'(.+)' is (?:an offering|a form) of the content files.*",
        lambda t, found: t("“{name}” belongs to the content files; choose another name", name=found[0]),
    ),
    (r"`(.+)`: input should be (.+)", lambda t, found: t("“{name}” must be {what}", name=found[0], what=found[1])),
    (
        r"`(.+):` must be a list with something in it",
        lambda t, found: t("“{name}” must be followed by a list", name=found[0]),
    ),
    (
        r"the file must have `offerings:` or `forms:`.*",
        lambda t, _: t("the file must have offerings: or forms:, each followed by a list"),
    ),
    (
        r"an event needs the time at which it begins: `starts_at`",
        lambda t, _: t("an event needs the time at which it begins, starts_at"),
    ),
    (
        r"an event needs a `place`, or the `link` where it is held online",
        lambda t, _: t("an event needs a place, or a link where it is held online"),
    ),
    (
        r"`(.+)` must be after `(.+)`",
        lambda t, found: t("{later} must be after {earlier}", later=found[0], earlier=found[1]),
    ),
    (r"only an event has `(.+)`", lambda t, found: t("only an event has {name}", name=found[0])),
    (
        r"the titles of a sample begin with .*",
        lambda t, _: t("the titles of a sample begin with «Ví dụ:» and “Example:”"),
    ),
    (
        r"a form needs the questions `organisation` and `tax_code`.*",
        lambda t, _: t("a form needs organisation and tax_code; name them under profile"),
    ),
    (
        r"not valid YAML: .+",
        lambda t, _: t("the file can't be read from here on; check blanks, quotation marks and brackets"),
    ),
)


def said(mistake: Mistake, t: Translator, further: Sequence[tuple[str, Say]] = ()) -> str:
    """One mistake with its line; ``further`` are sentences of one kind of file only."""
    problem = mistake.message
    for pattern, say in (*further, *_KNOWN):
        found = re.fullmatch(pattern, mistake.message, re.DOTALL)
        if found is not None:
            problem = say(t, found.groups())
            break
    return t("Line {line}: {problem}", line=mistake.line, problem=problem)


def listed(mistakes: Sequence[Mistake], say: Callable[[Mistake, Translator], str], t: Translator) -> list[str]:
    """The mistakes of a file that is not taken in for them, a line each; of many the first."""
    number = len(mistakes)
    lines = [
        t.plural(
            "There is {number} mistake in the file, so nothing was changed:",
            "There are {number} mistakes in the file, so nothing was changed:",
            number,
        )
    ]
    lines += [say(each, t) for each in mistakes[:SHOWN]]
    if number > SHOWN:
        lines.append(t.plural("…and {number} more", "…and {number} more", number - SHOWN))
    return lines


def unfit(turn: Turn) -> str:
    """Why what came is no YAML file that can be read; empty when it is one."""
    return of_other_kind(turn, (Found.YAML,), turn.t("«{name}» is no YAML file; its name has to end in .yaml."))


def of_other_kind(turn: Turn, wanted: Sequence[Found], otherwise: str) -> str:
    """Why what came is no file of a kind that is wanted; ``otherwise`` has a place for its name. Empty when it is."""
    file = turn.incoming.file
    if turn.incoming.kind is not Kind.FILE or file is None:
        return turn.t("A file is needed here.")
    if not file.path:
        return file_texts.problem(turn.t, file)
    return "" if file.found in [each.value for each in wanted] else otherwise.format(name=file.name)
