"""Forms that were left half-filled: the list of them, going on, deleting one, taking over that of a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Button, Person, Reply
from bot.services.businesses import businesses
from bot.services.forms import drafts
from bot.services.messages import outbox
from handlers import menu
from handlers.reporting.report_pages import busy
from handlers.signing_up import drafting, form_pages, form_state, forms, which_business
from handlers.signing_up.drafting import DIALOG, Open
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

LIST = "form:list"
AT_ONCE = 10


async def pressed(turn: Turn) -> Sequence[Reply] | None:
    """The buttons of this file; None for those inside a form."""
    match turn.press:
        case ("form", "list"):
            return [await _list(turn)]
        case ("form", "resume", *others):
            draft_id = "" if others[:1] == ["anyway"] else "".join(others[:1])
            return await resume(turn, draft_id, anyway="anyway" in others, said=others[1:])
        case ("form", "drop", draft_id, *sure):
            return await _drop(turn, draft_id, sure=sure == ["yes"])
        case ("form", "take", draft_id):
            return await _take_over(turn, draft_id)
    return None


async def resume(turn: Turn, draft_id: str = "", *, anyway: bool = False, said: Sequence[str] = ()) -> Sequence[Reply]:
    """Go on with a form where it was left; ``anyway`` also out of the middle of something else.

    Whoever has come to act for an enterprise since then need not type what is known of it: with several they are asked
    which one, and ``said`` has the answer.
    """
    t = turn.t
    if not draft_id:
        there = await drafting.all_of(turn)
        if len(there) > 1:
            return [await _list(turn)]
        found = there[0] if there else None
    else:
        found = await drafting.find(turn, draft_id)
    if found is None:
        return [turn.say(t("There is no unfinished registration."), buttons=elsewhere(turn))]
    if found.theirs is not None:
        return [_of_colleague(turn, found)]
    warning = None if anyway else busy(turn, f"form:resume:{found.draft.id}:anyway", DIALOG)
    if warning:
        return [warning]
    fitted, lost = form_state.refit(found.form, found.draft, turn.known.agencies)
    draft = forms.begun(found.form, replace(fitted, doubtful="", options=()))
    note = t("Let us go on. Your answers so far have been kept.")
    if lost or draft.shown != found.draft.shown:
        note = form_pages.updated_note(turn, lost)
    if drafting.lacks_business(draft):
        mine = await businesses.of_contact(turn.connection, turn.person.contact_id)
        possible = [each for each in mine if each.id not in draft.not_for]
        chosen = which_business.chosen(possible, said)
        if chosen is None and which_business.OTHER in said:
            draft = replace(draft, not_for=tuple(each.id for each in mine))
        elif chosen is None and len(possible) > 1:
            await turn.end()
            press = f"form:resume:{draft.id}"
            return [which_business.page(turn, found.title(t.language), possible, press=press, back=LIST)]
        elif possible:
            draft = drafting.with_profile(found.form, draft, chosen or possible[0])
            fitted, _ = form_state.refit(found.form, draft, turn.known.agencies)
            draft = forms.begun(found.form, fitted)
    if draft != found.draft:
        draft = replace(draft, revision=draft.revision + 1)
        await drafts.save(turn.connection, draft.id, form_state.packed(draft), draft.business_id, turn.now)
    await drafting.enter(turn, found.form, draft)
    return [form_pages.page(turn, found.form, draft, note=note)]


async def menu_with_word(turn: Turn) -> Sequence[Reply] | None:
    """The menu, with a word ahead on forms that wait."""
    there = [each for each in await drafting.all_of(turn) if each.theirs is None]
    if not there:
        return None
    t = turn.t
    if len(there) == 1:
        title = there[0].title(t.language)
        note = t("Your registration for “{title}” has been set aside. Type /register to continue it.", title=title)
    else:
        note = t.plural(
            "{number} unfinished registration of yours has been set aside. Type /register to continue one.",
            "{number} unfinished registrations of yours have been set aside. Type /register to continue one.",
            len(there),
        )
    return [turn.say(note), *(await menu.handle(turn) or [])]


async def gone(turn: Turn) -> Sequence[Reply]:
    """For whoever is in the middle of a form that is no longer there."""
    await turn.end()
    text = turn.t(
        "The registration that you were filling in is no longer here: it was deleted, finished, or taken over by a "
        "colleague. Nothing you typed just now was used."
    )
    return [turn.say(text, buttons=elsewhere(turn))]


def reminder(there: Sequence[Open], turn: Turn) -> tuple[str, Button] | None:
    """A line about the forms that wait, and the button that leads to them, for other pages."""
    t = turn.t
    if not there:
        return None
    if len(there) == 1 and there[0].theirs is None:
        line = t("You have an unfinished registration: {title}.", title=there[0].title(t.language))
        return line, Button(t("Continue the registration"), f"form:resume:{there[0].draft.id}")
    line = t.plural("{number} registration is unfinished.", "{number} registrations are unfinished.", len(there))
    return line, Button(t("Unfinished registrations"), LIST)


def elsewhere(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    """Where to go from the end of a form."""
    t = turn.t
    return (
        (Button(t("Register"), "do:register"), Button(t("My registrations"), "do:applications")),
        (Button(t("Menu"), menu.MENU),),
    )


async def _list(turn: Turn) -> Reply:
    t = turn.t
    there = (await drafting.all_of(turn))[:AT_ONCE]
    if not there:
        return turn.say(t("There is no unfinished registration."), buttons=elsewhere(turn), instead=True)
    lines: list[str] = []
    rows: list[tuple[Button, ...]] = []
    for number, each in enumerate(there, start=1):
        title = each.title(t.language)
        lines.append(f"{number}. {title}")
        lines.append(_since(turn, each))
        rows.append((Button(shortened(title), f"form:resume:{each.draft.id}"),))
    lines += ["", t("Press one, or type its number, to go on with it. After 14 days without a change one is deleted.")]
    mine = [each for each in there if each.theirs is None]
    if mine:
        rows += [
            (Button(shortened(t("Delete: {title}", title=each.title(t.language))), f"form:drop:{each.draft.id}"),)
            for each in mine
        ]
    return turn.say(
        "\n".join(lines), title=t("Unfinished registrations"), buttons=(*rows, *elsewhere(turn)), instead=True
    )


def _since(turn: Turn, each: Open) -> str:
    t = turn.t
    asked = form_state.visible(each.form, each.draft)
    done = sum(1 for field in asked if field.name in each.draft.answers)
    line = t(
        "{done} of {total} questions answered, last changed at {moment}",
        done=done,
        total=len(asked),
        moment=t.moment(each.changed_at),
    )
    if each.theirs is None:
        return line
    return line + "; " + t("begun by your colleague {name}", name=each.theirs or t("(chat account without a name)"))


async def _drop(turn: Turn, draft_id: str, *, sure: bool) -> Sequence[Reply]:
    t = turn.t
    found = await drafting.find(turn, draft_id)
    if found is None or found.theirs is not None:
        return [turn.say(t("There is no such unfinished registration of yours."), buttons=elsewhere(turn))]
    title = found.title(t.language)
    if not sure:
        return [
            turn.say(
                t("Delete what you entered for “{title}”? Nothing has been sent yet.", title=title),
                buttons=(
                    (Button(t("Continue the registration"), f"form:resume:{draft_id}"),),
                    (Button(t("Delete"), f"form:drop:{draft_id}:yes"), Button(t("Back"), LIST)),
                ),
                instead=True,
            )
        ]
    await drafting.leave(turn, found.draft)
    text = t("What you entered for “{title}” has been deleted.", title=title)
    return [turn.say(text, buttons=elsewhere(turn), instead=True)]


def _of_colleague(turn: Turn, found: Open) -> Reply:
    t = turn.t
    return turn.say(
        t(
            "Your colleague {name} has begun this registration for your enterprise. If you take it over, you go on "
            "where it was left, and they are told. You are asked for your own consent first.",
            name=found.theirs or t("(chat account without a name)"),
        ),
        title=found.title(t.language),
        buttons=((Button(t("Go on in my name"), f"form:take:{found.draft.id}"), Button(t("Back"), LIST)),),
        instead=True,
    )


async def _take_over(turn: Turn, draft_id: str) -> Sequence[Reply]:
    t = turn.t
    kept = await drafts.find(turn.connection, turn.person.contact_id, draft_id)
    found = drafting.opened(turn, kept) if kept else None
    if kept is None or found is None:
        return [turn.say(t("There is no unfinished registration."), buttons=elsewhere(turn))]
    if found.theirs is None:
        return await resume(turn, draft_id)
    if await drafts.for_offering(turn.connection, turn.person.contact_id, kept.offering_id) is not None:
        text = t("You have an unfinished registration of your own for this. Please finish or delete it first.")
        return [turn.say(text, buttons=((Button(t("Unfinished registrations"), LIST),), *elsewhere(turn)))]
    consents = {each.name for each in found.form.fields if each.kind == "consent"}
    answers = {name: value for name, value in found.draft.answers.items() if name not in consents}
    draft = replace(found.draft, answers=answers, asked="", shown="", revision=found.draft.revision + 1)
    await drafts.take_over(turn.connection, draft_id, turn.person.contact_id, form_state.packed(draft), turn.now)

    def tell(person: Person) -> Reply:
        t = turn.translators.for_language(person.language)
        return Reply(
            t(
                "{name} has taken over the registration for “{title}” that you had begun, and goes on with it.",
                name=turn.person.name or t("A colleague"),
                title=kept.title(person.language),
            ),
            person.language,
        )

    key = f"draft:{draft_id}:taken:{turn.person.contact_id}:{draft.revision}"
    await outbox.notify(turn.connection, kept.contact_id, key, tell, now=turn.now, about=turn.person.contact_id)
    return await resume(turn, draft_id)
