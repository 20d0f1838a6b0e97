"""What a person filling in a form reads: a question, the review, whether to leave. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.i18n import Translator
from bot.messages import Button, Language, Reply
from bot.services.forms import field_problems, field_texts
from bot.services.forms.problems import Problem, Rejected
from content.model import AgencyDefinition, Form, FormField
from handlers.signing_up import forms
from handlers.signing_up.forms import Draft, Page, Question, Verb
from handlers.turn import Turn

LONGEST_LABEL = 72
LONGEST_EARLIER = 300


def action(draft: Draft, verb: Verb, place: int | None = None) -> str:
    """A button's action. It carries the draft's revision, so that an old button can be told from a new one."""
    parts = ["form", draft.id, str(draft.revision), verb.value]
    return ":".join(parts if place is None else [*parts, str(place)])


def page(
    turn: Turn, form: Form, draft: Draft, *, note: str = "", rejected: Rejected | None = None, typed: str = ""
) -> Reply:
    """What to show now. ``note`` stands before everything, ``rejected`` is about what was ``typed`` last."""
    asked = forms.question(form, draft)
    if draft.page is Page.LEAVING:
        return _leaving(turn, draft, note)
    if draft.page is Page.CHOOSING:
        return _choosing(turn, form, draft, note)
    if asked is None:
        return _review(turn, form, draft, note)
    return _question(turn, draft, asked, note=note, rejected=rejected, typed=typed)


def takes_numbers(form: Form, draft: Draft) -> bool:
    """Whether a typed number means a button here, rather than being an answer."""
    asked = forms.question(form, draft)
    return draft.page is not Page.QUESTIONS or asked is None or asked.field.kind in ("choice", "consent")


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


def _question(turn: Turn, draft: Draft, asked: Question, *, note: str, rejected: Rejected | None, typed: str) -> Reply:
    t = turn.t
    field = asked.field
    parts = [note] if note else []
    if rejected is not None:
        parts.append(_problem(rejected, field, typed, t))
    ask, help_ = field.ask.in_language(t.language), field.help.in_language(t.language) if field.help else ""
    if rejected is not None:
        # Whoever just read the explanations needs what was wrong with the answer, not all of them again.
        parts.append(ask)
    elif field.kind == "consent":
        # Who asks for consent has to say for what before asking.
        parts += [help_.replace("{agency}", agency(turn, draft.agency)), ask]
    else:
        parts += [ask, help_]
    if field.kind == "choice":
        parts.append("\n".join(f"{n}. {each.in_language(t.language)}" for n, each in enumerate(field.choices, start=1)))
    if not field.required and field.kind != "consent":
        parts.append(t("This answer is optional."))
    if asked.value is not None:
        parts.append(
            t("Your answer so far: {answer}", answer=field_texts.shown(field, asked.value, t, turn.known.agencies))
        )
    if asked.may_reuse:
        parts.append(_earlier(draft, t))
    return turn.say(
        "\n\n".join(part for part in parts if part),
        title=t(
            "Question {number}/{total}: {label}",
            number=asked.number,
            total=asked.total,
            label=field.label.in_language(t.language),
        ),
        footnote=t("Registration: {title}", title=title_of(draft, t.language)),
        buttons=_question_buttons(draft, asked, t),
        ask_phone=t("Share my phone number") if field.kind == "phone" else "",
    )


def _problem(rejected: Rejected, field: FormField, typed: str, t: Translator) -> str:
    sentence = field_problems.explain(rejected, field, t)
    quoted = field_texts.quoted(field, typed)
    if not quoted or rejected.problem in (Problem.EMPTY, Problem.REQUIRED, Problem.CONSENT_NEEDED):
        return sentence
    return t("You entered: “{answer}”.", answer=quoted) + "\n" + sentence


def _earlier(draft: Draft, t: Translator) -> str:
    lines = [t("Last time you gave these details:")]
    for name, value in draft.earlier.items():
        match name:
            case "tax_code":
                lines.append("- " + field_texts.tax_code(value, t))
            case "phone":
                lines.append("- " + field_texts.phone(value))
            case _:
                lines.append("- " + shortened(str(value), LONGEST_EARLIER))
    return "\n".join(lines)


def _question_buttons(draft: Draft, asked: Question, t: Translator) -> tuple[tuple[Button, ...], ...]:
    field = asked.field
    rows: list[tuple[Button, ...]] = []
    if field.kind == "consent":
        yes, no = (t("I agree"), t("I do not agree")) if field.required else (t("Yes, I agree"), t("No, thank you"))
        rows.append((Button(yes, action(draft, Verb.PICK, 0)), Button(no, action(draft, Verb.PICK, 1))))
    if field.kind == "choice":
        rows += [
            (Button(shortened(choice.in_language(t.language)), action(draft, Verb.PICK, place)),)
            for place, choice in enumerate(field.choices)
        ]
    if asked.may_reuse:
        rows.append((Button(t("Use the details of last time"), action(draft, Verb.REUSE)),))
    if draft.doubtful:
        kept = field_texts.tax_code(draft.doubtful, t)
        rows.append((Button(t("Keep {tax_code}", tax_code=kept), action(draft, Verb.INSIST)),))
    if asked.value is not None:
        rows.append((Button(t("Keep this answer"), action(draft, Verb.KEEP)),))
    last = []
    if asked.number > 1:
        last.append(Button(t("Back"), action(draft, Verb.BACK)))
    if not field.required and field.kind != "consent":
        last.append(Button(t("Skip"), action(draft, Verb.SKIP)))
    last.append(Button(t("Cancel"), action(draft, Verb.CANCEL)))
    return (*rows, tuple(last))


def _review(turn: Turn, form: Form, draft: Draft, note: str) -> Reply:
    t = turn.t
    lines = [note, ""] if note else []
    lines += [
        *answer_lines(form, draft.answers, t, turn.known.agencies),
        "",
        t("Is everything right? Nothing is sent before you confirm."),
    ]
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
    choices = forms.changeable(form)
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
    text = t("Do you want to stop? What you have entered so far will be deleted, and nothing is sent.")
    return turn.say(
        f"{note}\n\n{text}" if note else text,
        title=t("Cancel the registration"),
        footnote=t("Registration: {title}", title=title_of(draft, t.language)),
        buttons=(
            (Button(t("Continue filling in"), action(draft, Verb.STAY)),),
            (Button(t("Delete and leave"), action(draft, Verb.LEAVE)),),
        ),
    )
