"""The form engine by itself: what is asked next, going back, skipping, changing, leaving."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.services.forms.problems import Problem
from content.model import Both, Form, FormField
from handlers.signing_up import forms
from handlers.signing_up.forms import Draft, Given, Page, Step, Verb

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def make(name: str, kind: Any, **more: Any) -> FormField:
    both = Both(vi=f"{name} (vi)", en=name)
    example = both if kind in ("text", "long_text") else None
    return FormField(**({"name": name, "kind": kind, "label": both, "ask": both, "example": example} | more))


FORM = Form(
    name="f",
    fields=(
        make("agree", "consent", purpose="registration", text_version="2"),
        make("organisation", "text"),
        make("tax_code", "tax_code"),
        make("website", "text", required=False),
        make("email", "email"),
    ),
)
EMPTY = Draft(id="abc", offering_id=1, form="f", title={"vi": "V", "en": "E"})


def do(draft: Draft, verb: Verb, text: str = "", place: int = -1) -> Step:
    return forms.step(
        FORM, draft, Given(verb, at=NOW, today=date(2026, 11, 23), channel="telegram", text=text, place=place)
    )


def say(draft: Draft, *texts: str) -> Draft:
    """The draft after these answers, none of which is refused."""
    for text in texts:
        after = do(draft, Verb.ANSWER, text)
        assert after.rejected is None, text
        draft = after.draft
    return draft


def asked(draft: Draft) -> str:
    """The name of the open question; empty on the review."""
    question = forms.question(FORM, draft)
    return question.field.name if question else ""


def test_from_the_first_question_to_done() -> None:
    assert asked(EMPTY) == "agree"
    draft = say(EMPTY, "yes", "Song Hong", "0100233488")
    question = forms.question(FORM, draft)
    assert question is not None
    assert (question.field.name, question.number, question.total) == ("website", 4, 5)
    draft = do(draft, Verb.SKIP).draft
    draft = say(draft, "lan@songhong.vn")
    assert asked(draft) == ""
    assert draft.answers["website"] is None
    assert draft.answers["agree"] == {
        "agreed": True,
        "version": "2",
        "at": "2026-11-23T02:00:00+00:00",
        "channel": "telegram",
    }
    after = do(draft, Verb.CONFIRM)
    assert after.done
    assert after.draft == draft


def test_a_refused_answer_changes_nothing() -> None:
    draft = say(EMPTY, "yes", "Song Hong")
    after = do(draft, Verb.ANSWER, "12345")
    assert after.rejected is not None
    assert after.rejected.problem is Problem.TAX_LENGTH
    assert after.draft == draft


def test_a_needed_answer_can_not_be_skipped() -> None:
    draft = say(EMPTY, "yes")
    after = do(draft, Verb.ANSWER, "bỏ qua")
    assert after.rejected is not None
    assert after.rejected.problem is Problem.REQUIRED
    assert after.draft == draft


def test_no_consent_no_further_question() -> None:
    after = do(EMPTY, Verb.ANSWER, "không")
    assert after.rejected is not None
    assert after.rejected.problem is Problem.CONSENT_NEEDED
    assert asked(after.draft) == "agree"


def test_a_consent_to_another_wording_is_asked_for_again() -> None:
    draft = say(EMPTY, "yes", "Song Hong")
    old = replace(draft, answers={**draft.answers, "agree": {**draft.answers["agree"], "version": "1"}})
    assert asked(old) == "agree"
    assert asked(say(old, "yes")) == "tax_code"


def test_back_keeps_every_answer() -> None:
    draft = say(EMPTY, "yes", "Song Hong", "0100233488")
    back = do(draft, Verb.BACK).draft
    assert asked(back) == "tax_code"
    again = do(back, Verb.ANSWER, "quay lai").draft
    assert asked(again) == "organisation"
    question = forms.question(FORM, again)
    assert question is not None
    assert question.value == "Song Hong"
    kept = do(again, Verb.ANSWER, "giữ nguyên").draft
    assert asked(kept) == "website"
    changed = say(again, "Sông Hồng")
    assert asked(changed) == "website"
    assert changed.answers["organisation"] == "Sông Hồng"
    assert changed.answers["tax_code"] == "0100233488"


def test_there_is_nothing_before_the_first_question() -> None:
    assert do(EMPTY, Verb.BACK).draft == EMPTY


def test_a_change_on_the_review_page() -> None:
    review = say(EMPTY, "yes", "Song Hong", "0100233488", "songhong.vn", "lan@songhong.vn")
    choosing = do(review, Verb.ANSWER, "sửa").draft
    assert choosing.page is Page.CHOOSING
    assert [each.name for each in forms.changeable(FORM)] == ["organisation", "tax_code", "website", "email"]
    for way in (do(choosing, Verb.FIELD, place=3), do(choosing, Verb.ANSWER, "4"), do(choosing, Verb.ANSWER, "EMAIL")):
        assert asked(way.draft) == "email"
    changing = do(choosing, Verb.FIELD, place=3).draft
    assert asked(do(changing, Verb.BACK).draft) == ""
    changed = say(changing, "an@songhong.vn")
    assert asked(changed) == ""
    assert changed.answers["email"] == "an@songhong.vn"
    assert do(choosing, Verb.ANSWER, "quay lại").draft.page is Page.QUESTIONS


@pytest.mark.parametrize("place", [-1, 4, 99])
def test_a_field_that_can_not_be_chosen(place: int) -> None:
    review = say(EMPTY, "yes", "Song Hong", "0100233488", "songhong.vn", "lan@songhong.vn")
    choosing = do(review, Verb.CHANGE).draft
    assert do(choosing, Verb.FIELD, place=place).draft == choosing


def test_leaving_asks_first_when_something_was_entered() -> None:
    assert do(EMPTY, Verb.CANCEL).left
    consented = say(EMPTY, "yes")
    assert do(consented, Verb.ANSWER, "Hủy").left
    draft = say(consented, "Song Hong")
    leaving = do(draft, Verb.ANSWER, "huy")
    assert not leaving.left
    assert leaving.draft.page is Page.LEAVING
    assert do(leaving.draft, Verb.LEAVE).left
    assert do(leaving.draft, Verb.ANSWER, "có").left
    assert do(leaving.draft, Verb.CANCEL).left
    stayed = do(leaving.draft, Verb.ANSWER, "tiếp tục").draft
    assert asked(stayed) == "tax_code"
    assert stayed.answers == draft.answers


def test_leaving_is_not_possible_without_the_question() -> None:
    draft = say(EMPTY, "yes", "Song Hong")
    assert not do(draft, Verb.LEAVE).left


def test_a_doubtful_tax_code_is_kept_only_when_insisted_on() -> None:
    draft = say(EMPTY, "yes", "Song Hong")
    assert do(draft, Verb.INSIST).draft == draft
    doubted = do(draft, Verb.ANSWER, "0100 233 480")
    assert doubted.rejected is not None
    assert doubted.draft.doubtful == "0100233480"
    assert "tax_code" not in doubted.draft.answers
    kept = do(doubted.draft, Verb.INSIST).draft
    assert kept.answers["tax_code"] == "0100233480"
    assert kept.doubtful == ""
    after_a_slip = do(doubted.draft, Verb.ANSWER, "123").draft
    assert say(after_a_slip, "giữ").answers["tax_code"] == "0100233480"
    assert say(after_a_slip, "0100233488").doubtful == ""


def test_details_of_last_time_answer_several_questions_at_once() -> None:
    draft = replace(EMPTY, earlier={"organisation": "Song Hong", "tax_code": "0100233488", "fax": "1"})
    assert do(draft, Verb.REUSE).draft == draft
    draft = say(draft, "yes")
    question = forms.question(FORM, draft)
    assert question is not None
    assert question.may_reuse
    reused = do(draft, Verb.REUSE).draft
    assert asked(reused) == "website"
    assert "fax" not in reused.answers
    assert reused.earlier == {}


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in (Verb.BACK, Verb.CANCEL)])
def test_what_makes_no_sense_changes_nothing(verb: Verb) -> None:
    assert do(say(EMPTY, "yes"), verb, place=7).draft.answers.keys() == {"agree"}


def test_the_revision_changes_with_the_draft_and_only_then() -> None:
    first = say(EMPTY, "yes")
    assert first.revision == 1
    assert do(first, Verb.SKIP).draft.revision == 1
    assert do(first, Verb.CONFIRM).draft.revision == 1
    assert say(first, "Song Hong").revision == 2
    assert do(first, Verb.BACK).draft.revision == 2


def test_a_draft_survives_being_stored() -> None:
    draft = replace(say(EMPTY, "yes", "Song Hong"), page=Page.LEAVING, earlier={"phone": "+84912345678"})
    stored = json.loads(json.dumps({**forms.packed(draft), "choosing": True}))
    assert forms.unpacked(stored) == draft


def test_a_question_added_to_the_form_meanwhile_is_asked() -> None:
    review = say(EMPTY, "yes", "Song Hong", "0100233488", "songhong.vn", "lan@songhong.vn")
    longer = Form(name="f", fields=(*FORM.fields[:2], make("phone", "phone"), *FORM.fields[2:]))
    question = forms.question(longer, review)
    assert question is not None
    assert question.field.name == "phone"
