"""Duties to report as their file describes them: how often, until when, by whom, and what has to be said.

Windows of data are those of Decree 09/2019/NĐ-CP, article 12, unless a duty has its own; what the plan does not fix
is marked ``default``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from content.form_model import Choice
from content.written import Both, Unit, Written, wrong

Frequency = Literal["weekly", "monthly", "quarterly", "six-month", "nine-month", "yearly", "once", "dates"]
Policy = Literal["next", "previous", "none"]
Addressee = Literal["holder", "deputy", "head", "receiver"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]

# Attachments that an agency adds of its own accord have such keys.
FURTHER_FILE = "more_"

_ONCE_A_YEAR = ("nine-month", "yearly", "once", "dates")
_MONTH_AND_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class OwnCutOff(Written):
    """A window that the issuing agency sets: up to this day of the last month, or this day of the week (1 = Monday)."""

    day: int | None = Field(default=None, ge=1, le=31)
    weekday: int | None = Field(default=None, ge=1, le=7)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.day is None) == (self.weekday is None):
            raise wrong("a window of one's own ends on a `day` of the month or on a `weekday`: say one of them")
        return self


class DatedPeriod(Written):
    """One period of a duty that is owed once or on a list of dates. Without ``due`` the duty's rule tells the day."""

    start: date
    end: date
    due: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise wrong("a period can't end before it starts", "end")
        return self


class DueRule(Written):
    """When a report is due, by exactly one of these.

    Working days after the cut-off; a day of the month in which the period ends, or ``months_later`` (a month that is
    too short has its last day instead); a day of the year (``MM-DD``) in which the period ends.
    """

    working_days_after_cut_off: int | None = Field(default=None, ge=1, le=240)
    day_of_month: int | None = Field(default=None, ge=1, le=31)
    months_later: int = Field(default=0, ge=0, le=12)
    date: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        said = (self.working_days_after_cut_off, self.day_of_month, self.date)
        if sum(each is not None for each in said) != 1:
            raise wrong("say exactly one of `working_days_after_cut_off`, `day_of_month`, `date`")
        if self.date is not None and not _MONTH_AND_DAY.fullmatch(self.date):
            raise wrong('a day of the year is written "MM-DD", for example "01-31"', "date")
        if self.months_later and self.day_of_month is None:
            raise wrong("`months_later` goes with `day_of_month`", "months_later")
        return self


class OwedBy(Written):
    """Who owes a duty: kinds of agency, single agencies, or all that owe reports at all, except some."""

    all: bool = False
    kinds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    exclude: tuple[str, ...] = Field(default=(), alias="except")


class LadderStep(Written):
    """One reminder: so many working days before (-) or after (+) the due date, and whom it addresses."""

    day: int = Field(ge=-60, le=60)
    to: tuple[Addressee, ...] = Field(min_length=1)


def usual_addressees(day: int) -> tuple[Addressee, ...]:
    """Whom a step addresses that only says its day: the holder, from three days before also the deputy, then the head.

    The head hears of it two weeks ahead too (``-15`` and earlier), and the receiving agency once it is five days late.
    """
    if day <= -15:
        return ("holder", "head")
    if day < -3:
        return ("holder",)
    if day <= 0:
        return ("holder", "deputy")
    if day < 5:
        return ("holder", "deputy", "head")
    return ("holder", "deputy", "head", "receiver")


def _step(value: Any) -> Any:
    """A step that only says its day addresses whom such a step usually does."""
    return {"day": value, "to": usual_addressees(value)} if isinstance(value, int) else value


Step = Annotated[LadderStep, BeforeValidator(_step)]


class Section(Written):
    """One narrative part of a report. ``gathers`` says under which heading the consolidated report collects it.

    ``task`` is the plan's group of tasks it is about (``III.1`` to ``III.5``).
    """

    key: Name
    title: Both
    help: Both | None = None
    required: bool = False
    task: str = Field(default="", pattern=r"^(III\.[1-5])?$")
    gathers: Literal["", "problems", "proposals"] = ""


class Plausible(Written):
    """What is likely: outside of it the person is asked whether the figure is right, and may say yes."""

    min: float | None = None
    max: float | None = None


class Target(Written):
    """What the plan wants an indicator to be by a year: from ``low`` to ``high``, in the indicator's unit."""

    low: float
    high: float
    year: int
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.high < self.low:
            raise wrong("`high` must not be less than `low`", "high")
        return self


class Column(Written):
    """One column of an indicator that is a table."""

    key: Name
    label: Both
    kind: Literal["text", "number", "money"]
    unit: Unit | None = None


class Indicator(Written):
    """One figure of a report. ``min`` and ``max`` are never exceeded; ``plausible`` only asks.

    ``change`` is by how much (in per cent) a figure may differ from the last period's before the person is asked.
    ``sums`` says how the consolidated report puts the agencies' figures together. Money is whole VND, a percentage
    from 0 to 100.
    """

    key: Name
    label: Both
    kind: Literal["number", "percentage", "money", "text", "choice", "table"]
    help: Both | None = None
    unit: Unit | None = None
    whole: bool = False
    required: bool = True
    min: float | None = None
    max: float | None = None
    plausible: Plausible | None = None
    change: float | None = Field(default=None, gt=0)
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    most_rows: int = Field(default=20, ge=1, le=50)
    sums: Literal["sum", "average", "none"] = "sum"
    target: Target | None = None

    @property
    def numeric(self) -> bool:
        """Whether its value is one number."""
        return self.kind in ("number", "percentage", "money")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind == "choice" and len(self.choices) < 2:
            raise wrong("an indicator of the kind `choice` needs at least two `choices`")
        if self.kind != "choice" and self.choices:
            raise wrong("only an indicator of the kind `choice` has `choices`", "choices")
        if (self.kind == "table") != bool(self.columns):
            raise wrong("an indicator of the kind `table`, and no other, has `columns`")
        for_numbers = (self.min, self.max, self.plausible, self.change, self.target)
        if not self.numeric and any(each is not None for each in for_numbers):
            raise wrong("only number, percentage and money have `min`, `max`, `plausible`, `change` and `target`")
        return self


class IndicatorGroup(Written):
    """Indicators under one heading; in the workbook a sheet of its own."""

    key: Name
    title: Both
    task: str = Field(default="", pattern=r"^(III\.[1-5])?$")
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class WantedFile(Written):
    """A file that goes with the report."""

    key: Name
    label: Both
    required: bool = True


class Duty(Written):
    """A recurring obligation to report. ``default`` marks dates that the plan doesn't fix.

    ``review``: the agencies that check a report, in this order; without it the first that receives it, and where it
    says ``[]`` nobody: handing in completes it. ``after_acknowledgement``: the days of the ladder that are still sent
    to an agency that said it knows. ``subject`` is what its paper is about, without its type and period, and
    ``document`` the type: the layout of Decree 30/2020/NĐ-CP says both in its title.
    """

    slug: str = Field(pattern=r"^[a-z0-9-]+$", max_length=40)
    title: Both
    source: str
    legal_basis: Both
    document: Literal["report", "plan"] = "report"
    subject: Both | None = None
    frequency: Frequency
    cut_off: Literal["decree-09-2019", "calendar"] | OwnCutOff = "decree-09-2019"
    periods: tuple[DatedPeriod, ...] = ()
    due: DueRule | None = None
    on_day_off: Policy
    owed_by: OwedBy
    received_by: tuple[str, ...] = ()
    review: tuple[str, ...] | None = None
    reminders: tuple[Step, ...]
    after_acknowledgement: tuple[int, ...] = (-1, 0, 1, 3, 5)
    sections: tuple[Section, ...] = ()
    indicators: tuple[IndicatorGroup, ...] = ()
    attachments: tuple[WantedFile, ...] = ()
    default: bool = False
    enabled: bool = True

    @property
    def reviewers(self) -> tuple[str, ...]:
        """Slugs of the agencies that check a report, in this order."""
        return self.received_by[:1] if self.review is None else self.review

    @property
    def figures(self) -> dict[str, Indicator]:
        """All its indicators by key, in order."""
        return {each.key: each for group in self.indicators for each in group.indicators}

    @model_validator(mode="after")
    def _fits_its_frequency(self) -> Self:
        dated = self.frequency in ("once", "dates")
        if dated != bool(self.periods):
            raise wrong("a duty owed `once` or on `dates`, and no other, lists its `periods`")
        if self.frequency == "once" and len(self.periods) > 1:
            raise wrong("a duty owed `once` has one period", "periods")
        if self.due is None and not (dated and all(each.due for each in self.periods)):
            raise wrong("`due` is missing, and not every period says its own")
        ends = [each.end for each in self.periods]
        if len(set(ends)) < len(ends):
            raise wrong("two periods end on the same day", "periods")
        if self.due is not None and self.due.date is not None and self.frequency not in _ONCE_A_YEAR:
            raise wrong("only what is due once a year can be due on a `date`", "due", "date")
        if self.due is not None and self.due.day_of_month is not None and self.frequency == "weekly":
            raise wrong("a weekly duty is due so many `working_days_after_cut_off`", "due", "day_of_month")
        by_weekday = isinstance(self.cut_off, OwnCutOff) and self.cut_off.weekday is not None
        if not dated and (self.frequency == "weekly") != by_weekday:
            raise wrong("a weekly duty, and no other, says the `weekday` on which its window ends", "cut_off")
        return self

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        named: Iterable[str] = [
            *(each.key for each in self.sections),
            *(each.key for group in self.indicators for each in group.indicators),
            *(each.key for each in self.attachments),
        ]
        seen: set[str] = set()
        for key in named:
            if key.startswith(FURTHER_FILE):
                raise wrong(f"keys that begin with {FURTHER_FILE!r} are those of further attachments")
            if key in seen:
                raise wrong(f"the key {key!r} is used twice")
            seen.add(key)
        days = [each.day for each in self.reminders]
        if len(set(days)) < len(days):
            raise wrong("two reminders on the same day", "reminders")
        return self
