"""Half-filled forms as a turn holds them: opened with the form as it is now, kept, begun, left.

What is being filled in is the person's dialog, which holds no more than the draft's id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.messages import Dialog, Language
from bot.services.applications.filed_applications import Filed
from bot.services.businesses.businesses import Mine
from bot.services.forms import definitions, drafts
from bot.services.forms.drafts import Kept
from bot.services.offerings.offerings import Offered
from content.form_model import Form
from handlers.signing_up import form_state, forms
from handlers.signing_up.form_state import Draft, Given, Page, Verb
from handlers.turn import Turn

DIALOG = "form"


@dataclass(frozen=True, slots=True)
class Open:
    """A draft with its form. ``theirs`` is the name of the colleague whose draft it is, empty for one's own."""

    form: Form
    draft: Draft
    changed_at: datetime
    theirs: str | None = None

    def title(self, language: Language) -> str:
        return self.draft.title[language.value]


def current_id(turn: Turn) -> str:
    """The draft that the person is in the middle of; empty when they are in the middle of none."""
    dialog = turn.person.dialog
    return str(dialog.data.get("draft", "")) if dialog is not None and dialog.kind == DIALOG else ""


async def current(turn: Turn) -> Open | None:
    """The same, opened; None also when it is no longer there, or a colleague has taken it over."""
    draft_id = current_id(turn)
    found = await find(turn, draft_id) if draft_id else None
    return found if found is not None and found.theirs is None else None


async def find(turn: Turn, draft_id: str) -> Open | None:
    """A draft that the person may see."""
    if not (draft_id.isascii() and draft_id.isalnum()):
        return None
    kept = await drafts.find(turn.connection, turn.person.contact_id, draft_id)
    return opened(turn, kept) if kept else None


async def all_of(turn: Turn) -> list[Open]:
    """All that the person may see, their own first."""
    found = [opened(turn, kept) for kept in await drafts.of_contact(turn.connection, turn.person.contact_id)]
    return sorted((each for each in found if each is not None), key=lambda each: each.theirs is not None)


def opened(turn: Turn, kept: Kept) -> Open | None:
    """The draft in the form as it is now; None when there is no such form any more."""
    form = definitions.form_of(turn.known, kept.form, kept.form_content)
    if form is None:
        return None
    draft = Draft(
        id=kept.id,
        offering_id=kept.offering_id,
        form=kept.form,
        title=kept.details["title"],
        agency=kept.agency_slug,
        seats=kept.most_seats,
        business_id=kept.business_id,
    )
    theirs = None if kept.contact_id == turn.person.contact_id else kept.contact_name
    return Open(form, form_state.with_state(draft, kept.state), kept.changed_at, theirs)


async def keep(turn: Turn, form: Form, draft: Draft) -> None:
    """Store the draft; the person is in the middle of it from now on."""
    await drafts.save(turn.connection, draft.id, form_state.packed(draft), draft.business_id, turn.now)
    await enter(turn, form, draft)


async def enter(turn: Turn, form: Form, draft: Draft, *, choosing: bool = False) -> None:
    """The person is in the middle of this draft. ``phone``: the channel shows a button that shares the number.

    ``choosing`` is for a page with buttons of its own that stands in the way: there a small number is a button.
    """
    data = {"draft": draft.id, "phone": asks_phone(form, draft)}
    dialog = Dialog(DIALOG, {**data, "choosing": True} if choosing else data)
    if choosing or turn.person.dialog != dialog:
        await turn.begin(dialog)


async def leave(turn: Turn, draft: Draft) -> None:
    """The draft is of no use any more: handed in, or given up."""
    await drafts.forget(turn.connection, draft.id)
    if current_id(turn) == draft.id:
        await turn.end()


async def begin(turn: Turn, offering: Offered, business: Mine | None, *, not_for: tuple[int, ...] = ()) -> Open:
    """A new form, with what is known of the business put in; ``not_for`` are those that it is not meant for."""
    form = await definitions.forms_of(turn.connection, turn.known, offering.form)
    if form is None:
        raise Refused(turn.t("The form for this registration is not available. Please ask an officer with /officer."))
    draft = Draft(
        id=drafts.new_id(),
        offering_id=offering.id,
        form=offering.form,
        title=offering.details["title"],
        agency=offering.agency_slug,
        seats=offering.most_seats,
        not_for=not_for,
    )
    return await _begun(turn, form, with_profile(form, draft, business) if business else draft)


async def begin_edit(turn: Turn, filed: Filed, offering: Offered) -> Open:
    """The form of an application that was handed in, with its answers."""
    form = await definitions.forms_of(turn.connection, turn.known, filed.form)
    if form is None:
        raise Refused(turn.t("The form for this registration is not available. Please ask an officer with /officer."))
    draft = Draft(
        id=drafts.new_id(),
        offering_id=filed.offering_id,
        form=filed.form,
        title=filed.details["title"],
        agency=filed.agency_slug,
        seats=max(offering.most_seats, filed.seats),
        business_id=filed.business_id,
        application_id=filed.id,
        of_colleague=filed.contact_id != turn.person.contact_id,
        answers=dict(filed.answers),
        page=Page.CHOOSING,
    )
    fitted, _ = form_state.refit(form, draft, turn.known.agencies)
    if form_state.question(form, fitted) is not None:
        fitted = replace(fitted, page=Page.QUESTIONS)
    return await _begun(turn, form, fitted)


def with_profile(form: Form, draft: Draft, business: Mine) -> Draft:
    """The draft of this business, with the answers that are known already and still fit."""
    known = business.answers()
    answers = dict(draft.answers)
    for each in form.fields:
        if each.profile and each.name not in answers and known.get(each.name) is not None:
            answers[each.name] = known[each.name]
    return replace(draft, answers=answers, business_id=business.id)


def lacks_business(draft: Draft) -> bool:
    """Whether the person has not said yet which business it is for."""
    return draft.business_id is None and not draft.application_id and "tax_code" not in draft.answers


def asks_phone(form: Form, draft: Draft) -> bool:
    """Whether the open question is for a phone number."""
    asked = form_state.question(form, draft) if draft.page is Page.QUESTIONS else None
    return asked is not None and asked.field.kind == "phone"


def given(turn: Turn, verb: Verb, **more: Any) -> Given:
    """What the person did just now."""
    return Given(
        verb,
        at=turn.now,
        today=turn.today,
        agencies=turn.known.agencies,
        channel=turn.person.channel,
        **more,
    )


async def _begun(turn: Turn, form: Form, draft: Draft) -> Open:
    draft, _ = form_state.refit(form, draft, turn.known.agencies)
    draft = forms.begun(form, draft)
    await drafts.add(
        turn.connection,
        turn.person.contact_id,
        draft.offering_id,
        draft_id=draft.id,
        business_id=draft.business_id,
        state=form_state.packed(draft),
        now=turn.now,
    )
    await enter(turn, form, draft)
    return Open(form, draft, turn.now)
