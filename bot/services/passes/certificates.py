"""A confirmation of attendance as a DOCX file, with the headings that Decree 30/2020/NĐ-CP gives to such papers.

It says only what is known: who was expected, what for, when, and that the code was seen at the door. Nobody has
signed it, and it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.check_in import CheckIn
from bot.i18n import Translator
from bot.messages import Language
from bot.services.applications.filed_applications import Filed
from bot.services.forms import field_texts
from bot.services.offerings import offering_texts
from bot.services.papers import decree_30, typesetting
from bot.services.papers.issuers import CITY
from bot.services.papers.typesetting import JUSTIFIED, TO_LEFT, TO_RIGHT, columns, first, line

MEDIA_TYPE = typesetting.MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Attended:
    """What the paper says. ``person`` is the contact from the answers, ``came_at`` when the code was seen."""

    agency: str
    business: str
    tax_code: str
    person: str
    came_at: datetime | None


def certificate(filed: Filed, attended: Attended, t: Translator, *, now: datetime) -> bytes:
    """The paper in the reader's language, dated today."""
    document = typesetting.new(t("Confirmation of attendance"), t.language, made_at=now)
    if filed.sample:
        line(document.add_paragraph(), _example(t), bold=True, red=True, after=18)
    decree_30.national_title([(attended.agency.upper(), True)], document, t.language)
    day = now.astimezone(t.zone).date()
    line(document.add_paragraph(), _place_and_date(day, t), italic=True, align=TO_RIGHT, before=12)
    line(document.add_paragraph(), t("CONFIRMATION OF ATTENDANCE"), bold=True, size=16, before=24, after=18)
    lead = t("According to the attendance list of the event, {agency} confirms:", agency=attended.agency)
    line(document.add_paragraph(), lead, align=JUSTIFIED, after=6)
    facts = _facts(filed, attended, t)
    for row, (label, value) in zip(columns(document, len(facts), 50, 115).rows, facts, strict=True):
        line(first(row.cells[0]), f"{label}:", align=TO_LEFT, after=4)
        line(first(row.cells[1]), value, bold=True, align=TO_LEFT, after=4)
    if filed.sample:
        line(document.add_paragraph(), filed.details["note"][t.language.value], bold=True, red=True, before=12)
    closing = t(
        "This paper was made by the assistant Nhịp Cầu from the attendance list, at the enterprise's request. It bears "
        "neither signature nor seal; whoever needs these asks the organising agency, naming the code {code}.",
        code=filed.code,
    )
    line(document.add_paragraph(), closing, italic=True, size=12, align=JUSTIFIED, before=24)
    return typesetting.content_of(document)


async def came_at(connection: AsyncConnection, application_id: int) -> datetime | None:
    """When somebody was seen at the door; None where only the list says so."""
    return await connection.scalar(
        select(CheckIn.at)
        .where(CheckIn.application_id == application_id, CheckIn.undone_at.is_(None))
        .order_by(CheckIn.id)
        .limit(1)
    )


def _facts(filed: Filed, attended: Attended, t: Translator) -> list[tuple[str, str]]:
    facts = [
        (t("Enterprise"), attended.business),
        (t("Tax code"), field_texts.tax_code(attended.tax_code, t)),
        (t("Contact person"), attended.person),
        (t("Number of seats"), t.number(filed.seats)),
        (t("Attended the event"), filed.title(t.language)),
    ]
    if filed.starts_at is not None:
        facts.append((t("Time"), offering_texts.time(filed.starts_at, filed.ends_at, t)))
    place = filed.details.get("place")
    facts.append((t("Place"), place[t.language.value] if place else t("online")))
    if attended.came_at is not None:
        facts.append((t("Checked in at"), t.moment(attended.came_at)))
    facts.append((t("Code of the registration"), filed.code))
    return [(label, value) for label, value in facts if value]


def _example(t: Translator) -> str:
    return t("EXAMPLE - the event is not real, so this paper confirms nothing")


def _place_and_date(day: date, t: Translator) -> str:
    if t.language is Language.VI:
        return decree_30.place_and_date(CITY, day, day.year)
    return f"Ha Noi, {t.date(day).partition(' ')[2]}"
