"""Programmes and events as their files describe them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from content.written import Both, Written, wrong

Need = Literal["technology", "equipment", "premises", "energy", "training", "market", "investment", "advice", "waste"]
Stage = Literal["idea", "young", "running", "growing"]


class Fits(Written):
    """Whom an offering suits: what they need, their fields of the environmental industry, how far they are.

    ``fields`` are values of the profile's question `environment_fields`, ``sectors`` of its question `sector`.
    """

    needs: tuple[Need, ...] = ()
    fields: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()


class OfferingDefinition(Written):
    """A programme or event as its file describes it. Times are aware.

    One business may take ``seats_per_business`` of the ``capacity`` seats. Sign-up is possible from ``opens_at``
    until ``closes_at``, answers can be changed until ``edit_until``. With ``needs_approval`` an officer decides on
    each application; without ``waitlist`` an event that is full takes no more. The offer of a freed seat stands for
    ``offer_hours`` working hours. ``link`` is where an event is held online.
    """

    slug: str = Field(pattern=r"^[a-z0-9-]+$", max_length=80)
    kind: Literal["programme", "event"]
    agency: str
    form: str
    title: Both
    summary: Both
    note: Both
    source: str = ""
    owner_named: bool = True
    sample: bool = False
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    place: Both | None = None
    link: str = Field(default="", pattern=r"^(https://[^\s/]+\S*)?$", max_length=500)
    capacity: int | None = Field(default=None, gt=0, le=100_000)
    seats_per_business: int = Field(default=1, gt=0, le=50)
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    edit_until: AwareDatetime | None = None
    needs_approval: bool = False
    waitlist: bool = True
    offer_hours: int = Field(default=8, gt=0, le=80)
    fits: Fits = Fits()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.kind == "event":
            if self.starts_at is None:
                raise wrong("an event needs the time at which it begins: `starts_at`")
            if self.place is None and not self.link:
                raise wrong("an event needs a `place`, or the `link` where it is held online")
        else:
            for name in ("starts_at", "ends_at", "place", "link", "capacity"):
                if getattr(self, name):
                    raise wrong(f"only an event has `{name}`", name)
        if self.capacity is not None and self.seats_per_business > self.capacity:
            raise wrong("one business can't take more seats than there are: `capacity`", "seats_per_business")
        if self.sample and not (self.title.vi.startswith("Ví dụ:") and self.title.en.startswith("Example:")):
            raise wrong("the titles of a sample begin with «Ví dụ:» and “Example:”", "title")
        self._times_are_in_order()
        return self

    def _times_are_in_order(self) -> None:
        pairs = (("opens_at", "closes_at"), ("opens_at", "starts_at"), ("starts_at", "ends_at"))
        for earlier, later in pairs:
            first, second = getattr(self, earlier), getattr(self, later)
            if first is not None and second is not None and first >= second:
                raise wrong(f"`{later}` must be after `{earlier}`", later if later != "starts_at" else earlier)
        for name in ("closes_at", "edit_until"):
            last = getattr(self, name)
            if last is not None and self.starts_at is not None and last > self.starts_at:
                raise wrong(f"`{name}` can't be after the event has begun: `starts_at`", name)
