"""Which of several enterprises a registration is for."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.businesses.businesses import Mine
from bot.services.forms import field_texts
from handlers.menu import MENU
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

MOST = 8
# The word in a button for an enterprise other than those one acts for. `b` and a number is one of these.
OTHER = "other"


def chosen(mine: Sequence[Mine], said: Sequence[str]) -> Mine | None:
    """The enterprise that was named in a button, if the person acts for it."""
    return next((each for each in mine if f"b{each.id}" in said), None)


def page(turn: Turn, title: str, mine: Sequence[Mine], *, press: str, back: str) -> Reply:
    """The question. A button's action is ``press`` and one word more; ``back`` is the action that leads back."""
    t = turn.t
    lines = [t("Which enterprise is this registration for?")]
    rows: list[tuple[Button, ...]] = []
    for number, each in enumerate(mine[:MOST], start=1):
        lines.append(f"{number}. {each.name} ({field_texts.tax_code(each.tax_code, t)})")
        rows.append((Button(shortened(each.name), f"{press}:b{each.id}"),))
    rows.append((Button(t("Another enterprise"), f"{press}:{OTHER}"),))
    rows.append((Button(t("Back"), back), Button(t("Menu"), MENU)))
    return turn.say("\n".join(lines), title=title, buttons=tuple(rows), instead=True)
