"""An announcement while it is being written: what was said so far, and the words both sides of it share."""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.messages import Button, Dialog, Language
from bot.services.announcing import audiences
from bot.services.announcing.audiences import AppliedFor
from bot.vietnamese import fold
from content.model import Content

KIND = "broadcast"
NOW = "now"
FURTHEST_AHEAD = timedelta(days=366)

_DATE = r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"
_TIME = r"(?P<hour>\d{1,2}) ?(?::|h|gio) ?(?P<minute>\d{2})?"
_MOMENTS = (
    re.compile(rf"(?:ngay )?{_DATE},? (?:luc )?{_TIME}"),
    re.compile(rf"(?:luc )?{_TIME},? (?:ngay )?{_DATE}"),
)


class Step(StrEnum):
    """What is asked next."""

    AUDIENCE = "audience"
    OFFERING = "offering"
    VI = "vi"
    EN = "en"
    WHEN = "when"
    TIME = "time"
    QUIET = "quiet"
    PREVIEW = "preview"
    CONFIRM = "confirm"


BACK = {
    Step.OFFERING: Step.AUDIENCE,
    Step.VI: Step.AUDIENCE,
    Step.EN: Step.VI,
    Step.WHEN: Step.EN,
    Step.TIME: Step.WHEN,
    Step.QUIET: Step.WHEN,
    Step.PREVIEW: Step.WHEN,
    Step.CONFIRM: Step.PREVIEW,
}
TYPED = (Step.VI, Step.EN, Step.TIME)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was said so far. ``start`` is ``now`` or an ISO moment.

    ``token`` belongs to one preview: a button of an earlier one must not send what it never showed.
    ``parked``: the person is looking at something else meanwhile, so a text is not meant for it.
    """

    step: Step = Step.AUDIENCE
    audience: str = ""
    vi: str = ""
    en: str = ""
    start: str = ""
    anytime: bool = False
    token: str = ""
    parked: bool = False

    @property
    def texts(self) -> dict[Language, str]:
        """The texts that there are."""
        return {language: text for language, text in ((Language.VI, self.vi), (Language.EN, self.en)) if text}

    @property
    def start_at(self) -> datetime | None:
        """The chosen moment; None for now."""
        return None if self.start in ("", NOW) else datetime.fromisoformat(self.start)

    def at(self, step: Step) -> Draft:
        """The same announcement at another step; a preview gets a new token."""
        token = secrets.token_hex(4) if step is Step.PREVIEW else self.token
        return replace(self, step=step, token=token, parked=False)

    def onward(self) -> Draft:
        """At the first step that is still open after a change."""
        if not self.audience:
            return self.at(Step.AUDIENCE)
        if not self.texts:
            return self.at(Step.VI)
        return self.at(Step.PREVIEW if self.start else Step.WHEN)

    def as_dialog(self) -> Dialog:
        # A typed number is a button's number, except where the text itself is asked for.
        return Dialog(KIND, asdict(self) | {"choosing": self.parked or self.step not in TYPED})


def read(dialog: Dialog | None) -> Draft | None:
    """The announcement that a person is writing."""
    if dialog is None or dialog.kind != KIND:
        return None
    said = {name: value for name, value in dialog.data.items() if isinstance(value, str)}
    if said.get("step") not in set(Step):
        return None
    return Draft(
        step=Step(said["step"]),
        audience=said.get("audience", ""),
        vi=said.get("vi", ""),
        en=said.get("en", ""),
        start=said.get("start", ""),
        anytime=dialog.data.get("anytime") is True,
        token=said.get("token", ""),
        parked=dialog.data.get("parked") is True,
    )


def parse_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """A local time as people type it: ``24/11/2026 08:30``, ``8h30 ngày 24/11/2026``. None for anything else."""
    typed = fold(text)
    found = next((match for pattern in _MOMENTS if (match := pattern.fullmatch(typed))), None)
    if found is None or (found["minute"] is None and ":" in found[0]):
        return None
    try:
        return datetime(
            int(found["year"]),
            int(found["month"]),
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"] or 0),
            tzinfo=zone,
        )
    except ValueError:
        return None


def audience_name(t: Translator, known: Content, audience: str, offering: AppliedFor | None) -> str:
    """Whom an announcement is for, in words; ``offering`` belongs to an audience of applicants."""
    match audience:
        case audiences.ALL:
            return t("Everyone who uses the assistant")
        case audiences.BUSINESSES:
            return t("Businesses")
        case audiences.AGENCIES:
            return t("Focal points of agencies")
    if offering is None:
        return t("Applicants for something that no longer exists")
    return t("Applicants: {title}", title=offering_title(t, known, offering))


def offering_title(t: Translator, known: Content, offering: AppliedFor) -> str:
    """What people applied for, in words: as its file says now, or as was stored when the file is gone."""
    definition = known.offerings.get(offering.slug)
    if definition is not None:
        return definition.title.in_language(t.language)
    stored = offering.details.get("title")
    return str(stored.get(t.language.value, offering.slug)) if isinstance(stored, dict) else offering.slug


def channel_name(t: Translator, channel: str) -> str:
    """What people call a channel."""
    names = {"telegram": "Telegram", "zalo_oa": "Zalo Official Account", "zalo_bot": "Zalo Bot", "email": "E-mail"}
    return t("Web chat") if channel == "web_chat" else names.get(channel, channel)


def button(label: str, *action: str | int) -> Button:
    """A button of announcements: ``broadcast:…``."""
    return Button(label, ":".join(["broadcast", *map(str, action)]))
