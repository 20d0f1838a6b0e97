"""The pages about an enterprise: the list of one's own, one with its whole profile, and which detail to change."""

from __future__ import annotations

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.businesses import businesses, members, membership_requests
from bot.services.businesses.businesses import Mine
from bot.services.businesses.size_class import SizeClass, size_class
from bot.services.forms import field_texts
from content.form_files import PROFILE
from content.form_model import FormField
from handlers.menu import MENU
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

LISTED = 10


def button(t: Translator) -> Button:
    """The way to one's enterprises, for other pages."""
    return Button(t("My enterprise"), "biz:list")


def questions(turn: Turn) -> list[FormField]:
    """The questions of the profile that can be answered anew: all but the tax code, which is what a business is."""
    profile = turn.known.forms[PROFILE]
    return [each for each in profile.fields if each.kind != "tax_code"]


async def overview(turn: Turn) -> Reply:
    """One's enterprises: the only one at once, several as a list, and what to do without any."""
    mine = await businesses.of_contact(turn.connection, turn.person.contact_id)
    if len(mine) == 1:
        return await page(turn, mine[0])
    t = turn.t
    waiting = await _waiting(turn)
    join = (Button(t("Join a colleague’s enterprise"), "biz:find"),)
    if not mine:
        text = t(
            "You act for no enterprise here yet. An enterprise is added with its first registration. If a colleague "
            "has registered it already, you can ask to join."
        )
        rows: list[tuple[Button, ...]] = [*waiting[1], (Button(t("Register"), "do:register"),), join]
    else:
        text = t("You act for several enterprises. Which one do you want to see?")
        text += "\n\n" + "\n".join(
            f"{place}. {each.name} ({field_texts.tax_code(each.tax_code, t)})"
            for place, each in enumerate(mine[:LISTED], start=1)
        )
        rows = [(Button(shortened(each.name), f"biz:show:{each.id}"),) for each in mine[:LISTED]]
        rows += [*waiting[1], join]
    rows.append((Button(t("My registrations"), "do:applications"), Button(t("Menu"), MENU)))
    return turn.say("\n\n".join([text, *waiting[0]]), title=t("My enterprise"), buttons=tuple(rows), instead=True)


async def page(turn: Turn, business: Mine, note: str = "", *, instead: bool = True) -> Reply:
    """Everything that is kept of an enterprise; ``note`` says what has just happened."""
    t = turn.t
    requests = await membership_requests.to_decide(turn.connection, business.id, turn.now)
    lines = [note, ""] if note else []
    lines += [
        t("Tax code: {tax_code}", tax_code=field_texts.tax_code(business.tax_code, t)),
        *(
            f"{each.label.in_language(t.language)}: {_value(turn, each, business)}"
            for each in questions(turn)
            if each.name != "organisation"
        ),
        "",
        _size(business, t),
        t("People who act for it here: {number}", number=t.number(await businesses.count_members(
            turn.connection, business.id))),
        t("Registrations under way: {number}", number=t.number(await members.count_going_on(
            turn.connection, business.id, turn.now))),
    ]  # fmt: skip
    if requests:
        lines.append(t("Requests to join that wait for you: {number}", number=t.number(len(requests))))
    edit = Button(t("Change a detail"), f"biz:change:{business.id}")
    colleagues = Button(t("Who acts for it"), f"biz:members:{business.id}")
    fitting = Button(t("Which programmes fit us?"), f"fit:start:{business.id}")
    rows = (
        (edit, colleagues),
        (fitting, Button(t("My registrations"), "do:applications")),
        (Button(t("Another enterprise"), "biz:others"), Button(t("Menu"), MENU)),
    )
    return turn.say("\n".join(lines), title=business.name, buttons=rows, instead=instead)


async def others(turn: Turn) -> Reply:
    """The way to the other enterprises, also for who has one only."""
    t = turn.t
    mine = await businesses.of_contact(turn.connection, turn.person.contact_id)
    texts, buttons = await _waiting(turn)
    rows: list[tuple[Button, ...]] = [(Button(shortened(each.name), f"biz:show:{each.id}"),) for each in mine[:LISTED]]
    rows += buttons
    rows.append((Button(t("Join a colleague’s enterprise"), "biz:find"),))
    rows.append((Button(t("Register"), "do:register"), Button(t("Menu"), MENU)))
    text = t(
        "An enterprise that is new here is added with its first registration. If a colleague has registered it "
        "already, you can ask to join."
    )
    return turn.say("\n\n".join([text, *texts]), title=t("Another enterprise"), buttons=tuple(rows), instead=True)


def choose(turn: Turn, business: Mine, note: str = "") -> Reply:
    """Which detail to change; the tax code stands there with the reason why it stays."""
    t = turn.t
    asked = questions(turn)
    lines = [note, ""] if note else []
    lines.append(t("Which detail would you like to change?"))
    lines += [
        f"{place}. {each.label.in_language(t.language)}: {_value(turn, each, business)}"
        for place, each in enumerate(asked, start=1)
    ]
    lines += ["", tax_code_stays(t)]
    rows = [
        (Button(shortened(each.label.in_language(t.language)), f"biz:field:{business.id}:{place}"),)
        for place, each in enumerate(asked)
    ]
    return turn.say(
        "\n".join(lines),
        title=business.name,
        buttons=(*rows, (Button(t("Back"), f"biz:show:{business.id}"), Button(t("Menu"), MENU))),
        instead=True,
    )


def tax_code_stays(t: Translator) -> str:
    """Why a tax code can't be changed, and what to do instead."""
    return t(
        "The tax code can't be changed, because the enterprise and its registrations are held by it. If it is wrong, "
        "withdraw the registration and register again with the right one, or ask an officer with /officer."
    )


def not_yours(turn: Turn) -> Reply:
    """For an enterprise of others, one that does not exist, and one that the person has left."""
    t = turn.t
    return turn.say(
        t("There is no such enterprise, or you do not act for it."),
        buttons=((button(t), Button(t("Menu"), MENU)),),
    )


def size_name(size: SizeClass, t: Translator) -> str:
    """A size class in words."""
    match size:
        case SizeClass.MICRO:
            return t("micro enterprise")
        case SizeClass.SMALL:
            return t("small enterprise")
        case SizeClass.MEDIUM:
            return t("medium-sized enterprise")
        case SizeClass.LARGE:
            return t("larger than a medium-sized enterprise")


def _size(business: Mine, t: Translator) -> str:
    size = size_class(business.profile)
    if size is None:
        return t("Size: not known; it takes the main sector, the headcount and the revenue.")
    return t(
        "Size: {size} (by headcount and revenue, article 5 of Decree No. 80/2021/NĐ-CP; for reference)",
        size=size_name(size, t),
    )


def _value(turn: Turn, field: FormField, business: Mine) -> str:
    return field_texts.shown(field, business.answers().get(field.name), turn.t, turn.known.agencies)


async def _waiting(turn: Turn) -> tuple[list[str], list[tuple[Button, ...]]]:
    """The person's own open requests to join, in words and with the way to each."""
    t = turn.t
    requests = await membership_requests.open_ones(turn.connection, turn.person.contact_id, turn.now)
    texts = [
        t(
            "You asked on {date} to join an enterprise, and wait for a colleague to confirm your code {code}.",
            date=t.short_date(each.asked_at.astimezone(t.zone)),
            code=each.code,
        )
        for each in requests[:LISTED]
    ]
    rows: list[tuple[Button, ...]] = [
        (Button(t("Request {code}", code=each.code), f"biz:mine:{each.id}"),) for each in requests[:LISTED]
    ]
    return texts, rows
