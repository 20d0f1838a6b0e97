"""What notices about applications say, in the recipient's language. Decides nothing, sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.applications.application_notices import Concerned
from bot.services.applications.history import Cause
from bot.services.offerings import event_texts, offering_texts
from bot.services.offerings.offerings import Kind, Offered


def seat_offered(t: Translator, each: Concerned, offering: Offered, until: datetime) -> Reply:
    """A free seat, for whoever is first on the waiting list."""
    what = t.plural(
        "{number} seat has become free for you, and is reserved for your registration {code}.",
        "{number} seats have become free for you, and are reserved for your registration {code}.",
        each.seats,
        code=each.code,
    )
    lines = [
        what,
        "",
        *_event(t, offering),
        "",
        t("Please accept until {moment}. After that the offer goes to the next in line.", moment=t.moment(until)),
    ]
    return _notice(
        t,
        each,
        t("A seat is offered to you"),
        lines,
        (
            (Button(t("Accept the seat"), f"app:accept:{each.id}"),),
            (Button(t("I cannot come"), f"app:decline:{each.id}"),),
        ),
    )


def offer_expired(t: Translator, each: Concerned, offering: Offered, *, open_: bool) -> Reply:
    """The offer was not answered in time; ``open_`` says whether one can sign up again."""
    lines = [
        t(
            "The offer for your registration {code} was not accepted in time, so it went to the next in line "
            "and your registration has ended.",
            code=each.code,
        ),
        "",
        offering.title(t.language),
    ]
    buttons: tuple[tuple[Button, ...], ...] = ()
    if open_:
        lines += ["", t("If you would still like to come, you can register again.")]
        buttons = ((Button(t("Register again"), f"offer:show:{offering.id}"),),)
    return _notice(t, each, t("The offer has expired"), lines, buttons)


def no_seat(t: Translator, each: Concerned, offering: Offered, *, offered: bool) -> Reply:
    """The event has begun, and whoever waited has no seat; ``offered``: one was offered, but not accepted."""
    if offered:
        what = t(
            "The event has begun, and the seat offered for your registration {code} was not accepted before. The "
            "registration has ended; you need not do anything.",
            code=each.code,
        )
    else:
        what = t(
            "The event has begun, and no seat became free for your registration {code} before. We are sorry that it "
            "did not work out this time. The registration has ended; you need not do anything.",
            code=each.code,
        )
    return _notice(
        t,
        each,
        t("No seat at this event"),
        [what, "", *_event(t, offering), "", t("Perhaps another event suits you.")],
        ((Button(t("Other events"), "offer:list:event:0"),),),
    )


def review_begun(t: Translator, each: Concerned, offering: Offered) -> Reply:
    return _notice(
        t,
        each,
        t("Your registration is being looked at"),
        [
            t("An officer has begun to look at your registration {code}.", code=each.code),
            "",
            offering.title(t.language),
            "",
            t("You need not do anything. You are told here as soon as there is a result."),
        ],
    )


def asked(t: Translator, each: Concerned, offering: Offered, question: str) -> Reply:
    """An officer needs to know more."""
    return _notice(
        t,
        each,
        t("More information is needed"),
        [
            t("About your registration {code}, an officer asks:", code=each.code),
            "",
            question,
            "",
            t("Registration: {title}", title=offering.title(t.language)),
        ],
        ((Button(t("Answer"), f"app:answer:{each.id}"),),),
    )


def approved(t: Translator, each: Concerned, offering: Offered, *, seat: bool) -> Reply:
    """The registration was accepted. For an event: with a ``seat``, or for the waiting list."""
    if offering.kind is Kind.PROGRAMME:
        return _notice(
            t,
            each,
            t("Your registration of need has been accepted"),
            [
                t("The agency has accepted your registration of need {code}.", code=each.code),
                "",
                offering.title(t.language),
                "",
                t(
                    "This means that the need has been noted and is followed up. It is not a decision to grant "
                    "support; the agency contacts you about the next steps."
                ),
            ],
        )
    if seat:
        lines = [
            t.plural(
                "Your registration {code} has been accepted: {number} seat is confirmed.",
                "Your registration {code} has been accepted: {number} seats are confirmed.",
                each.seats,
                code=each.code,
            ),
            "",
            *_event(t, offering),
            "",
            t("If you cannot come, please withdraw the registration so that the next in line gets the seat."),
        ]
        return _notice(t, each, t("You have a seat"), lines, _pass(t, each))
    return _notice(
        t,
        each,
        t("You are on the waiting list"),
        [
            t(
                "Your registration {code} has been accepted. All seats are taken at the moment, so it is on the "
                "waiting list.",
                code=each.code,
            ),
            "",
            *_event(t, offering),
            "",
            t("As soon as it is your turn, a seat is offered to you here."),
        ],
    )


def rejected(t: Translator, each: Concerned, offering: Offered, reason: str) -> Reply:
    return _notice(
        t,
        each,
        t("Your registration could not be accepted"),
        [
            t("The agency could not accept your registration {code}.", code=each.code),
            "",
            offering.title(t.language),
            "",
            t("Reason: {reason}", reason=reason),
            "",
            t("If you have questions about this, an officer helps you: /officer."),
        ],
    )


def event_cancelled(t: Translator, each: Concerned, offering: Offered, reason: str, *, seat: bool) -> Reply:
    """Who had a ``seat`` may have put it into a calendar."""
    lines = [
        t("We are sorry: this event does not take place."),
        "",
        *_event(t, offering),
        "",
        *([t("Reason: {reason}", reason=reason), ""] if reason else []),
        t("Your registration {code} has been ended; you need not do anything.", code=each.code),
    ]
    others = Button(t("Other events"), "offer:list:event:0")
    return _notice(
        t,
        each,
        t("The event has been cancelled"),
        lines,
        ((event_texts.from_calendar(each.id, t), others),) if seat else ((others,),),
    )


def event_moved(t: Translator, each: Concerned, before: Offered, after: Offered, *, seat: bool) -> Reply:
    """Time or place have changed; a ``seat`` stays, and so does a place in line."""
    if seat:
        leave = t("If you can no longer come, please withdraw the registration so that the next in line gets the seat.")
    else:
        leave = t("If you can no longer come, please withdraw the registration.")
    lines = [
        t("Please note the new time or place. Your registration {code} stays valid.", code=each.code),
        "",
        *_event(t, after),
        "",
        t("Until now it was:"),
        *offering_texts.time_and_place(before.details, before.starts_at, before.ends_at, t),
        "",
        leave,
    ]
    calendar = ((event_texts.to_calendar(each.id, t),),) if seat else ()
    return _notice(t, each, t("The event has been moved"), lines, calendar)


def by_colleague(t: Translator, each: Concerned, offering: Offered, cause: Cause) -> Reply:
    """A colleague did something with an application that the recipient had made."""
    match cause:
        case Cause.ACCEPTED:
            title, text = (
                t("You have a seat"),
                t("A colleague has accepted the seat offered to {code}.", code=each.code),
            )
        case Cause.DECLINED:
            title = t("The offer was declined")
            text = t("A colleague has declined the seat offered to {code}.", code=each.code)
        case Cause.CHANGED:
            title = t("The registration was changed")
            text = t("A colleague has changed answers of the registration {code}.", code=each.code)
        case Cause.ANSWERED:
            title = t("The question has been answered")
            text = t("A colleague has answered the officer's question about {code}.", code=each.code)
        case _:
            title = t("The registration was withdrawn")
            text = t("A colleague has withdrawn the registration {code}.", code=each.code)
    return _notice(t, each, title, [text, "", *_event(t, offering)])


def answered_for_officer(t: Translator, each: Concerned, offering: Offered, text: str) -> Reply:
    """For the officer who asked."""
    return Reply(
        "\n".join([text, "", t("Registration: {title}", title=offering.title(t.language))]),
        t.language,
        title=t("Answer about {code}", code=each.code),
        buttons=((Button(t("Open the application"), f"desk:show:{each.id}"),),),
    )


def _pass(t: Translator, each: Concerned) -> tuple[tuple[Button, ...], ...]:
    return ((event_texts.qr_code(each.id, t), event_texts.to_calendar(each.id, t)),)


def _event(t: Translator, offering: Offered) -> list[str]:
    return [
        offering.title(t.language),
        *offering_texts.time_and_place(offering.details, offering.starts_at, offering.ends_at, t),
    ]


def _notice(
    t: Translator,
    each: Concerned,
    title: str,
    lines: Sequence[str],
    buttons: tuple[tuple[Button, ...], ...] = (),
) -> Reply:
    return Reply(
        text="\n".join(lines),
        language=t.language,
        title=title,
        buttons=(
            *buttons,
            (Button(t("See the registration"), f"app:show:{each.id}"), Button(t("Menu"), "do:menu")),
        ),
    )
