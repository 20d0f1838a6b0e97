"""Words and numbers that a person in the middle of a form types in place of a button. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.services.forms.choices import NO, YES
from bot.vietnamese import fold
from content.form_model import Form
from handlers.signing_up import form_state
from handlers.signing_up.form_state import Draft, Given, Page, Verb

LONGEST = 40

_BACK = frozenset({"quay lai", "tro lai", "back", "go back"})
_SKIP = frozenset({"bo qua", "skip"})
_CANCEL = frozenset({"huy", "huy bo", "cancel"})
_KEEP = frozenset({"giu", "giu nguyen", "keep"})
_RIGHT = frozenset({"dung", "dung roi", "right", "correct"}) | YES - {"y", "n"}
_DONE = frozenset({"xong", "done"})
_HELP = frozenset({"?", "tro giup", "giai thich", "help", "explain"})
_CONFIRM = frozenset({"xac nhan", "confirm", "gui", "send"})
_CHANGE = frozenset({"sua", "edit", "change"})
_LEAVE = frozenset({"xoa va thoat", "delete and leave", "leave"})
_STAY = frozenset({"tiep tuc", "continue", "stay"})


def understood(form: Form, draft: Draft, given: Given) -> Given:
    """What was typed as what was meant: a word for a button, or an answer."""
    if len(given.text) > LONGEST:
        return given
    typed = fold(given.text)
    if draft.page is Page.CHOOSING:
        return _at_choosing(form, draft, given, typed)
    for verb, words in _words(form, draft):
        if typed in words:
            return replace(given, verb=verb)
    if draft.options and typed.isdecimal() and 1 <= int(typed) <= len(draft.options):
        return replace(given, verb=Verb.PICK, place=int(typed) - 1)
    return given


def _at_choosing(form: Form, draft: Draft, given: Given, typed: str) -> Given:
    for verb, words in ((Verb.CANCEL, _CANCEL), (Verb.BACK, _BACK), (Verb.STAY, _STAY)):
        if typed in words:
            return replace(given, verb=verb)
    for place, each in enumerate(form_state.changeable(form, draft)):
        if typed in (fold(each.label.vi), fold(each.label.en), str(place + 1)):
            return replace(given, verb=Verb.FIELD, place=place)
    return replace(given, verb=Verb.FIELD)


def _words(form: Form, draft: Draft) -> tuple[tuple[Verb, frozenset[str]], ...]:
    """The words that stand for a button now; on pages without a question also the numbers of the buttons."""
    always = ((Verb.CANCEL, _CANCEL), (Verb.BACK, _BACK))
    if draft.page is Page.LEAVING:
        return (*always, (Verb.STAY, _STAY | NO | {"1"}), (Verb.LEAVE, _LEAVE | YES | {"2"}))
    asked = form_state.question(form, draft)
    if asked is None:
        return (
            *((verb, words | {"3"} if verb is Verb.CANCEL else words) for verb, words in always),
            (Verb.CONFIRM, _CONFIRM | YES | {"1"}),
            (Verb.CHANGE, _CHANGE | {"2"}),
        )
    now = [*always, (Verb.SKIP, _SKIP)]
    if asked.field.more_help is not None:
        now.append((Verb.HELP, _HELP))
    if asked.field.kind == "choices":
        now.append((Verb.DONE, _DONE))
    if draft.doubtful:
        now.append((Verb.INSIST, _KEEP | (_RIGHT if asked.field.kind == "ward" else frozenset())))
    elif asked.value is not None:
        now.append((Verb.KEEP, _KEEP))
    return tuple(now)
