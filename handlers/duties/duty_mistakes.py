"""What is wrong in a file of duties, in the reader's language; what isn't here stays as the checks say it."""

from __future__ import annotations

import re

from bot.i18n import Translator
from content.yaml_reader import Mistake
from handlers.deciding import file_mistakes
from handlers.deciding.file_mistakes import Say

_KNOWN: tuple[tuple[str, Say], ...] = (
    (
        r"`(.+)`: input should be ('.+')",
        lambda t, found: t("“{name}” must be one of: {words}", name=found[0], words=_words(found[1])),
    ),
    (
        r"the file must have `duties:`.*",
        lambda t, _: t("the file must have duties:, followed by a list"),
    ),
    (
        r"there is no kind of agency '(.+)'; known: (.+)",
        lambda t, found: t("there is no kind of agency “{name}”; there are {kinds}", name=found[0], kinds=found[1]),
    ),
    (
        r"nobody owes this duty.*",
        lambda t, _: t("nobody owes this duty; say all, kinds or agencies under owed_by"),
    ),
    (
        r"a section of the plan is written like II\.2\.b",
        lambda t, _: t("a section of the plan is written like V.1.b or II.2.b1"),
    ),
    (
        r"the facts know no section (.+) of the plan",
        lambda t, found: t("the plan has no section {name}", name=found[0]),
    ),
    (
        r"no reminder falls on the day (-?\d+)",
        lambda t, found: t("no reminder falls on the day {day}; see reminders", day=found[0]),
    ),
    (r"two reminders on the same day", lambda t, _: t("two reminders on the same day")),
    (r"the key '(.+)' is used twice", lambda t, found: t("the key “{name}” is used twice", name=found[0])),
    (
        r"keys that begin with 'more_'.*",
        lambda t, _: t("a key can't begin with more_; these are further attachments"),
    ),
    (r"two periods end on the same day", lambda t, _: t("two periods end on the same day")),
    (r"a period can't end before it starts", lambda t, _: t("a period can't end before it starts")),
    (
        r"only what is due once a year.*",
        lambda t, _: t("only what is due once a year can be due on a date; choose another way under due"),
    ),
    (
        r"a weekly duty is due so many.*",
        lambda t, _: t("a weekly duty is due so many working_days_after_cut_off"),
    ),
    (
        r"a weekly duty, and no other.*",
        lambda t, _: t("a weekly duty, and no other, says under cut_off on which weekday it ends, from 1 to 7"),
    ),
    (
        r"a duty owed `once` or on `dates`.*",
        lambda t, _: t("a duty with frequency once or dates, and no other, lists its periods"),
    ),
    (r"a duty owed `once` has one period", lambda t, _: t("a duty with frequency once has one period")),
    (r"`due` is missing.*", lambda t, _: t("due is missing, and not every period says its own")),
    (
        r"say exactly one of `working_days_after_cut_off`.*",
        lambda t, _: t("say exactly one of working_days_after_cut_off, day_of_month, date"),
    ),
    (
        r"a day of the year is written.*",
        lambda t, _: t("a day of the year is written “MM-DD”, month first, for example “01-31”"),
    ),
    (r"`months_later` goes with.*", lambda t, _: t("months_later goes with day_of_month")),
    (
        r"a window of one's own.*",
        lambda t, _: t("a window of one's own needs either day or weekday"),
    ),
    (
        r"an indicator of the kind `choice` needs.*",
        lambda t, _: t("a figure of the kind choice needs at least two choices"),
    ),
    (r"only an indicator of the kind `choice`.*", lambda t, _: t("only a figure of the kind choice has choices")),
    (
        r"an indicator of the kind `table`.*",
        lambda t, _: t("a figure of the kind table, and no other, has columns"),
    ),
    (
        r"only number, percentage and money have.*",
        lambda t, _: t("only number, percentage and money have min, max, plausible, change and target"),
    ),
    (r"`high` must not be less than `low`", lambda t, _: t("high must not be less than low")),
)


def _words(listed: str) -> str:
    """``'a', 'b' or 'c'`` in no language."""
    return ", ".join(re.findall(r"'([^']+)'", listed))


def said(mistake: Mistake, t: Translator) -> str:
    """One mistake with its line."""
    return file_mistakes.said(mistake, t, _KNOWN)
