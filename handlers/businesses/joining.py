"""Asking to act for an enterprise that colleagues act for: a code to read to them, and a request that waits.

Who asks learns neither the name of the enterprise nor who acts for it: only that somebody does.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Dialog, Reply
from bot.services.businesses import businesses, membership_requests
from bot.services.businesses.membership_requests import Asking, Request, Status
from bot.services.forms import field_problems, field_texts, fields
from bot.services.forms.problems import Rejected
from bot.vietnamese import fold
from content.form_files import PROFILE
from content.form_model import FormField
from handlers.businesses import business_pages
from handlers.commands import number
from handlers.menu import MENU
from handlers.turn import Turn

DIALOG = "join"
_KEEP = frozenset({"giu", "giu nguyen", "keep"})


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The buttons for joining, and the tax code that is typed when it is asked for."""
    match turn.press:
        case ("biz", "join", business):
            return [await _ask(turn, number(business))]
        case ("biz", "mine", request):
            return [await _mine(turn, number(request))]
        case ("biz", "withdraw", request):
            return [await _withdraw(turn, number(request))]
        case ("biz", "find"):
            return [await _find(turn)]
        case ("biz", "keep"):
            return [await _keep(turn)]
    if turn.person.dialog is not None and turn.person.dialog.kind == DIALOG and turn.text and not turn.command:
        if fold(turn.text) in _KEEP:
            return [await _keep(turn)]
        return [await _typed(turn, turn.text)]
    return None


async def offer(turn: Turn, business_id: int, *, filling: bool) -> Reply:
    """What there is to do for whoever gives the tax code of an enterprise that others act for.

    ``filling``: they gave it in a form, where they can change it, and which waits for them.
    """
    t = turn.t
    there = await membership_requests.open_one(turn.connection, turn.person.contact_id, business_id, turn.now)
    if there is not None:
        return _waits(turn, there)
    return turn.say(
        t(
            "This enterprise is known here already, and somebody else acts for it. So that nobody registers in the "
            "name of others, a colleague who does has to confirm you once."
        )
        + "\n\n"
        + _how(turn, filling=filling),
        title=t("A colleague has to confirm you"),
        buttons=(
            (Button(t("Ask to join"), f"biz:join:{business_id}"),),
            *(() if filling else ((Button(t("Another tax code"), "biz:find"),),)),
            (Button(t("Ask an officer"), "do:officer"), Button(t("Menu"), MENU)),
        ),
    )


def _how(turn: Turn, *, filling: bool) -> str:
    if filling:
        return turn.t(
            "Ask to join: you get a short code, which you read to your colleague. What you have filled in is kept "
            "until then. If the tax code is mistyped, change it instead."
        )
    return turn.t(
        "Ask to join: you get a short code, which you read to your colleague. If the tax code is mistyped, type "
        "another one instead."
    )


async def _ask(turn: Turn, business_id: int) -> Reply:
    t = turn.t
    answer = await membership_requests.ask(
        turn.connection, turn.person, business_id, translators=turn.translators, now=turn.now
    )
    match answer.outcome:
        case Asking.DONE | Asking.OPEN if answer.request is not None:
            return _waits(turn, answer.request)
        case Asking.MEMBER:
            business = await businesses.mine(turn.connection, turn.person.contact_id, business_id)
            if business is not None:
                return await business_pages.page(turn, business, t("You act for this enterprise already."))
        case Asking.WAIT if answer.wait_until is not None:
            text = t(
                "You have asked to join several times within a day. Please try again after {when}, "
                "or ask an officer with /officer.",
                when=t.moment(answer.wait_until),
            )
            return turn.say(text, buttons=((business_pages.button(t), Button(t("Menu"), MENU)),))
    return turn.say(
        t(
            "Nobody acts for this enterprise here, so there is nobody who could confirm you. Please register with its "
            "tax code: then you act for it."
        ),
        buttons=((Button(t("Register"), "do:register"), Button(t("Menu"), MENU)),),
    )


def _waits(turn: Turn, request: Request) -> Reply:
    t = turn.t
    return turn.say(
        "\n".join(
            [
                t("Your code to join: {code}", code=request.code),
                "",
                t("1. Read this code to a colleague who registers for the enterprise here."),
                t("2. They have a message with the same code, and press “Confirm”."),
                t("3. You are told at once, and what you were filling in goes on."),
                "",
                t("Valid until: {moment}", moment=t.moment(request.expires_at)),
            ]
        ),
        title=t("Waiting for a colleague"),
        footnote=t("For the tax code {tax_code}", tax_code=field_texts.masked(request.tax_code)),
        buttons=(
            (Button(t("Withdraw the request"), f"biz:withdraw:{request.id}"),),
            (Button(t("Ask an officer"), "do:officer"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


async def _mine(turn: Turn, request_id: int) -> Reply:
    request = await membership_requests.find(turn.connection, request_id, turn.now)
    if request is None or request.contact_id != turn.person.contact_id:
        return _no_request(turn)
    return _waits(turn, request) if request.status is Status.ASKED else _over(turn, request)


async def _withdraw(turn: Turn, request_id: int) -> Reply:
    t = turn.t
    decision = await membership_requests.withdraw(turn.connection, turn.person.contact_id, request_id, turn.now)
    if decision is None:
        return _no_request(turn)
    if not decision.decided:
        return _over(turn, decision.request)
    return turn.say(
        t("Your request with the code {code} has been withdrawn.", code=decision.request.code),
        buttons=((Button(t("Register"), "do:register"), business_pages.button(t)), (Button(t("Menu"), MENU),)),
        instead=True,
    )


def _over(turn: Turn, request: Request) -> Reply:
    t = turn.t
    match request.status:
        case Status.ACCEPTED:
            text = t("A colleague has confirmed your request with the code {code}.", code=request.code)
        case Status.REFUSED:
            text = t("Your request with the code {code} was refused.", code=request.code)
        case Status.WITHDRAWN:
            text = t("You have withdrawn your request with the code {code}.", code=request.code)
        case _:
            text = t("Your request with the code {code} has expired. You can ask again.", code=request.code)
    return turn.say(text, buttons=((business_pages.button(t), Button(t("Menu"), MENU)),), instead=True)


def _no_request(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("There is no such request, or it is not yours."),
        buttons=((business_pages.button(t), Button(t("Menu"), MENU)),),
    )


async def _find(turn: Turn, note: str = "", doubtful: str = "") -> Reply:
    t = turn.t
    await turn.begin(Dialog(DIALOG, {"doubtful": doubtful}))
    rows: list[tuple[Button, ...]] = []
    if doubtful:
        rows.append((Button(t("Keep {tax_code}", tax_code=field_texts.tax_code(doubtful, t)), "biz:keep"),))
    rows.append((Button(t("Back"), "biz:list"), Button(t("Cancel"), "cancel")))
    asked = t("Please type the tax code of the enterprise that a colleague has registered here.")
    return turn.say(
        f"{note}\n\n{asked}" if note else asked,
        title=t("Join a colleague’s enterprise"),
        buttons=tuple(rows),
    )


async def _typed(turn: Turn, typed: str) -> Reply:
    t, field = turn.t, _tax_code(turn)
    try:
        code = str(fields.read(field, typed, turn.today))
    except Rejected as rejected:
        note = t("You entered: “{answer}”.", answer=field_texts.quoted(field, typed))
        return await _find(turn, f"{note}\n{field_problems.explain(rejected, field, t)}", rejected.doubtful)
    return await _found(turn, code)


async def _keep(turn: Turn) -> Reply:
    dialog = turn.person.dialog
    doubtful = str(dialog.data.get("doubtful", "")) if dialog is not None and dialog.kind == DIALOG else ""
    return await _found(turn, doubtful) if doubtful else await _find(turn)


async def _found(turn: Turn, code: str) -> Reply:
    await turn.end()
    t = turn.t
    found = await businesses.by_tax_code(turn.connection, code, turn.person.contact_id)
    if found is not None and found.is_member:
        business = await businesses.mine(turn.connection, turn.person.contact_id, found.id)
        if business is not None:
            return await business_pages.page(turn, business, t("You act for this enterprise already."), instead=False)
    if found is not None and found.has_members:
        return await offer(turn, found.id, filling=False)
    return turn.say(
        t(
            "Nobody acts for the enterprise with the tax code {tax_code} here yet. It is added when you register for "
            "something with this tax code.",
            tax_code=field_texts.tax_code(code, t),
        ),
        buttons=(
            (Button(t("Register"), "do:register"), Button(t("Another tax code"), "biz:find")),
            (Button(t("Menu"), MENU),),
        ),
    )


def _tax_code(turn: Turn) -> FormField:
    return next(field for field in turn.known.forms[PROFILE].fields if field.kind == "tax_code")
