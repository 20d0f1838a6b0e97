"""What those with a seat at an event are told before and after it, in their language."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.offerings import offering_texts
from bot.services.offerings.event_steps import Happening


@dataclass(frozen=True, slots=True)
class Guest:
    """An application with a seat at an event, as its notices name it."""

    application_id: int
    code: str
    seats: int


def reminder(event: Happening, guest: Guest, t: Translator) -> Reply:
    """The event is near. It says on which day: the notice may be read later than it was sent."""
    lines = [
        event.details["title"][t.language.value],
        *offering_texts.time_and_place(event.details, event.starts_at, event.ends_at, t),
        "",
        t("Your code at the entrance: {code}", code=guest.code),
        *seats(guest.seats, t),
        "",
        t("If you cannot come, please let us know so that somebody who waits gets the seat."),
        *_sample(event, t),
    ]
    return Reply(
        text="\n".join(lines),
        language=t.language,
        title=t("The event begins at {moment}", moment=t.moment(event.starts_at)),
        buttons=(
            (qr_code(guest.application_id, t), to_calendar(guest.application_id, t)),
            (cannot_come(guest.application_id, t),),
        ),
    )


def thanks(event: Happening, guest: Guest, t: Translator) -> Reply:
    """Thanks to those who came, with the first of two questions."""
    lines = [
        event.details["title"][t.language.value],
        "",
        t("Two short questions help us to do better. First: how useful was the event to you, from 1 to 5?"),
        *_sample(event, t),
    ]
    return Reply(
        text="\n".join(lines),
        language=t.language,
        title=t("Thank you for coming"),
        buttons=(*rating_rows(guest.application_id, t), (certificate(guest.application_id, t),)),
    )


def rating_rows(application_id: int, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """A button for each mark from 1 to 5, so that a typed 4 is the fourth of them."""
    words = (t("1 - not useful"), "2", "3", "4", t("5 - very useful"))
    first, *between, last = (
        Button(word, f"thanks:rate:{application_id}:{mark}") for mark, word in enumerate(words, start=1)
    )
    return (first,), tuple(between), (last,)


def seats(number: int, t: Translator) -> list[str]:
    """A line where the application is for more than one seat."""
    return [t.plural("{number} seat", "{number} seats", number)] if number > 1 else []


def qr_code(application_id: int, t: Translator) -> Button:
    return Button(t("QR code"), f"pass:show:{application_id}")


def to_calendar(application_id: int, t: Translator) -> Button:
    return Button(t("Add to calendar"), f"pass:calendar:{application_id}")


def from_calendar(application_id: int, t: Translator) -> Button:
    return Button(t("Remove from calendar"), f"pass:calendar:{application_id}")


def cannot_come(application_id: int, t: Translator) -> Button:
    return Button(t("I cannot come"), f"app:withdraw:{application_id}")


def certificate(application_id: int, t: Translator) -> Button:
    return Button(t("Confirmation of attendance"), f"thanks:certificate:{application_id}")


def _sample(event: Happening, t: Translator) -> list[str]:
    return ["", event.details["note"][t.language.value]] if event.sample else []
