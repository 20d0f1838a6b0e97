"""What a person filling in a form reads: a question, the review, whether to leave. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.i18n import Translator
from bot.messages import Button, Language, Reply
from bot.services.files import file_texts
from bot.services.forms import field_problems, field_texts
from bot.services.forms.problems import Problem, Rejected
from content.form_model import Form, FormField
from content.model import AgencyDefinition
from handlers.signing_up import form_state, forms
from handlers.signing_up.form_state import Draft, Page, Question, Verb
from handlers.turn import Turn

LONGEST_LABEL = 72
MOST_SEAT_BUTTONS = 8
TICKED = "✓"


def action(draft: Draft, verb: Verb, place: int | None = None) -> str:
    """A button's action. It carries the draft's revision, so that an old button can be told from a new one."""
    parts = ["form", draft.id, str(draft.revision), verb.value]
    return ":".join(parts if place is None else [*parts, str(place)])


def page(
    turn: Turn,
    form: Form,
    draft: Draft,
    *,
    note: str = "",
    rejected: Rejected | None = None,
    typed: str = "",
    more: bool = False,
) -> Reply:
    """What to show now. ``note`` stands before everything, ``rejected`` is about what was ``typed`` last.

    ``more`` is for whoever asked to have the question explained.
    """
    asked = form_state.question(form, draft)
    if draft.page is Page.LEAVING:
        return _leaving(turn, draft, note)
    if draft.page is Page.CHOOSING:
        return _choosing(turn, form, draft, note)
    if asked is None:
        return _review(turn, form, draft, note)
    parts = [note] if note else []
    if rejected is not None:
        # Whoever just read the explanations needs what was wrong with the answer, not all of them again.
        parts += [_problem(rejected, asked.field, typed, turn.t), asked.field.ask.in_language(turn.t.language)]
    elif more and asked.field.more_help is not None:
        parts += [asked.field.more_help.in_language(turn.t.language), asked.field.ask.in_language(turn.t.language)]
    else:
        parts += _asking(turn, draft, asked.field)
    return _question(turn, draft, asked, parts)


def updated_note(turn: Turn, lost: Sequence[FormField]) -> str:
    """For whoever finds the form changed since they saw it; the answers to ``lost`` have to be given again."""
    t = turn.t
    if not lost:
        return t("The form has been updated in the meantime. Your answers so far have been kept. Please go on here:")
    names = "; ".join(each.label.in_language(t.language) for each in lost)
    return t(
        "The form has been updated in the meantime, and these answers no longer fit it: {names}. "
        "Please give them again; all others have been kept.",
        names=names,
    )


def title_of(draft: Draft, language: Language) -> str:
    """What the form is for."""
    return draft.title.get(language.value, "")


def agency(turn: Turn, slug: str) -> str:
    """An agency's name; the lead's where it has vanished from the content."""
    known = turn.known.agencies.get(slug)
    return known.name.in_language(turn.t.language) if known else turn.t("Department of Industry and Trade")


def answer_lines(
    form: Form, answers: Mapping[str, Any], t: Translator, agencies: Mapping[str, AgencyDefinition]
) -> list[str]:
    """Every answer with its label, in the order of the questions."""
    return [
        f"- {each.label.in_language(t.language)}: {field_texts.shown(each, answers[each.name], t, agencies)}"
        for each in form.fields
        if each.name in answers
    ]


def shortened(text: str, limit: int = LONGEST_LABEL) -> str:
    """A text that fits a button, cut between words."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _asking(turn: Turn, draft: Draft, field: FormField) -> list[str]:
    t = turn.t
    ask, help_ = field.ask.in_language(t.language), field.help.in_language(t.language) if field.help else ""
    if field.kind == "consent":
        # Who asks for consent has to say for what before asking.
        return [help_.replace("{agency}", agency(turn, draft.agency)), ask]
    if field.kind == "file":
        return [ask, help_, file_texts.accepted(t)]
    return [ask, help_]


def _question(turn: Turn, draft: Draft, asked: Question, parts: list[str]) -> Reply:
    t = turn.t
    field = asked.field
    if field.kind in ("choice", "choices"):
        parts.append("\n".join(f"{n}. {each.in_language(t.language)}" for n, each in enumerate(field.choices, start=1)))
    if not field.required and field.kind != "consent":
        parts.append(t("This answer is optional."))
    if asked.value is not None:
        shown = field_texts.shown(field, asked.value, t, turn.known.agencies)
        parts.append(t("Your answer so far: {answer}", answer=shown))
    return turn.say(
        "\n\n".join(part for part in parts if part),
        title=t(
            "Question {number}/{total}: {label}",
            number=asked.number,
            total=asked.total,
            label=field.label.in_language(t.language),
        ),
        footnote=t("Registration: {title}", title=title_of(draft, t.language)),
        buttons=(*_answer_buttons(turn, draft, asked), _way_buttons(draft, asked, t)),
        ask_phone=t("Share my phone number") if field.kind == "phone" else "",
    )


def _problem(rejected: Rejected, field: FormField, typed: str, t: Translator) -> str:
    sentence = field_problems.explain(rejected, field, t)
    quoted = field_texts.quoted(field, typed)
    if not quoted or rejected.problem in (Problem.EMPTY, Problem.REQUIRED, Problem.CONSENT_NEEDED):
        return sentence
    return t("You entered: “{answer}”.", answer=quoted) + "\n" + sentence


def _answer_buttons(turn: Turn, draft: Draft, asked: Question) -> list[tuple[Button, ...]]:
    """A button for each answer that can be pressed."""
    t, field = turn.t, asked.field
    rows: list[tuple[Button, ...]] = []
    match field.kind:
        case "consent":
            yes, no = (t("I agree"), t("I do not agree")) if field.required else (t("Yes, I agree"), t("No, thank you"))
            rows.append((Button(yes, action(draft, Verb.PICK, 0)), Button(no, action(draft, Verb.PICK, 1))))
        case "choice":
            for place, each in enumerate(field.choices):
                rows.append((Button(shortened(each.in_language(t.language)), action(draft, Verb.PICK, place)),))
        case "choices":
            ticked = forms.picked(draft, field)
            for place, each in enumerate(field.choices):
                label = shortened(each.in_language(t.language), LONGEST_LABEL - 2)
                label = f"{TICKED} {label}" if each.value in ticked else label
                rows.append((Button(label, action(draft, Verb.PICK, place)),))
            if ticked or field.required:
                rows.append((Button(t("Done"), action(draft, Verb.DONE)),))
        case "seats" if draft.seats <= MOST_SEAT_BUTTONS:
            rows.append(tuple(Button(str(n + 1), action(draft, Verb.PICK, n)) for n in range(draft.seats)))
        case "ward":
            for place, slug in enumerate(draft.options):
                name = field_texts.ward(slug, t, turn.known.agencies)
                rows.append((Button(name, action(draft, Verb.PICK, place)),))
    if draft.doubtful and field.kind == "tax_code":
        kept = field_texts.tax_code(draft.doubtful, t)
        rows.append((Button(t("Keep {tax_code}", tax_code=kept), action(draft, Verb.INSIST)),))
    if asked.value is not None and draft.picked is None:
        rows.append((Button(t("Keep this answer"), action(draft, Verb.KEEP)),))
    return rows


def _way_buttons(draft: Draft, asked: Question, t: Translator) -> tuple[Button, ...]:
    """Explanation, back, skip, cancel."""
    row = []
    if asked.field.more_help is not None:
        row.append(Button(t("Explain"), action(draft, Verb.HELP)))
    if asked.number > 1:
        row.append(Button(t("Back"), action(draft, Verb.BACK)))
    if not asked.field.required and asked.field.kind != "consent":
        row.append(Button(t("Skip"), action(draft, Verb.SKIP)))
    row.append(Button(t("Cancel"), action(draft, Verb.CANCEL)))
    return tuple(row)


def _review(turn: Turn, form: Form, draft: Draft, note: str) -> Reply:
    t = turn.t
    asked = form_state.visible(form, draft)
    if draft.application_id:
        last = t("Is everything right? Your registration changes only when you confirm.")
    else:
        last = t("Is everything right? Nothing is sent before you confirm.")
    lines = [note, ""] if note else []
    lines += [*answer_lines(Form(name=form.name, fields=tuple(asked)), draft.answers, t, turn.known.agencies), "", last]
    return turn.say(
        "\n".join(lines),
        title=t("Please check your registration"),
        footnote=t("Registration: {title}", title=title_of(draft, t.language)),
        buttons=(
            (Button(t("Confirm"), action(draft, Verb.CONFIRM)),),
            (Button(t("Edit"), action(draft, Verb.CHANGE)), Button(t("Cancel"), action(draft, Verb.CANCEL))),
        ),
    )


def _choosing(turn: Turn, form: Form, draft: Draft, note: str) -> Reply:
    t = turn.t
    choices = form_state.changeable(form, draft)
    lines = [note, ""] if note else []
    lines.append(t("Which answer would you like to change?"))
    for number, each in enumerate(choices, start=1):
        shown = field_texts.shown(each, draft.answers.get(each.name), t, turn.known.agencies)
        lines.append(f"{number}. {each.label.in_language(t.language)}: {shown}")
    rows = [
        (Button(shortened(each.label.in_language(t.language)), action(draft, Verb.FIELD, place)),)
        for place, each in enumerate(choices)
    ]
    return turn.say(
        "\n".join(lines),
        title=t("Change an answer"),
        buttons=(*rows, (Button(t("Back"), action(draft, Verb.BACK)), Button(t("Cancel"), action(draft, Verb.CANCEL)))),
    )


def _leaving(turn: Turn, draft: Draft, note: str) -> Reply:
    t = turn.t
    if draft.application_id:
        text = t("Do you want to stop? Your changes are dropped, and the registration stays as it is.")
    else:
        text = t("Do you want to stop? What you have entered so far will be deleted, and nothing is sent.")
    return turn.say(
        f"{note}\n\n{text}" if note else text,
        title=t("Cancel the registration"),
        footnote=t("Registration: {title}", title=title_of(draft, t.language)),
        buttons=(
            (Button(t("Continue filling in"), action(draft, Verb.STAY)),),
            (
                Button(
                    t("Leave without changes") if draft.application_id else t("Delete and leave"),
                    action(draft, Verb.LEAVE),
                ),
            ),
        ),
    )
