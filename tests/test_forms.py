"""The form engine by itself: what is asked next, going back, skipping, changing, leaving."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.forms.problems import Problem
from content.form_model import Choice, Form, FormField
from content.loader import load
from content.written import Both
from handlers.signing_up import form_state, forms
from handlers.signing_up.form_state import Draft, Given, Page, Step, Verb

AGENCIES = load().agencies
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


def do(draft: Draft, verb: Verb, text: str = "", place: int = -1, form: Form = FORM, value: Any = None) -> Step:
    return forms.step(
        form,
        draft,
        Given(
            verb,
            at=NOW,
            today=date(2026, 11, 23),
            agencies=AGENCIES,
            channel="telegram",
            text=text,
            place=place,
            value=value,
        ),
    )


def say(draft: Draft, *texts: str, form: Form = FORM) -> Draft:
    """The draft after these answers, none of which is refused."""
    for text in texts:
        after = do(draft, Verb.ANSWER, text, form=form)
        assert after.rejected is None, text
        draft = after.draft
    return draft


def asked(draft: Draft, form: Form = FORM) -> str:
    """The name of the open question; empty on the review."""
    question = form_state.question(form, draft)
    return question.field.name if question else ""


def test_from_the_first_question_to_done() -> None:
    assert asked(EMPTY) == "agree"
    draft = say(EMPTY, "yes", "Song Hong", "0100233488")
    question = form_state.question(FORM, draft)
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
    after = do(old, Verb.ANSWER, "0100233488")
    assert after.updated
    assert asked(after.draft) == "agree"
    assert asked(say(after.draft, "yes")) == "tax_code"


def test_back_keeps_every_answer() -> None:
    draft = say(EMPTY, "yes", "Song Hong", "0100233488")
    back = do(draft, Verb.BACK).draft
    assert asked(back) == "tax_code"
    again = do(back, Verb.ANSWER, "quay lai").draft
    assert asked(again) == "organisation"
    question = form_state.question(FORM, again)
    assert question is not None
    assert question.value == "Song Hong"
    kept = do(again, Verb.ANSWER, "giữ nguyên").draft
    assert asked(kept) == "website"
    changed = say(again, "Sông Hồng")
    assert asked(changed) == "website"
    assert changed.answers["organisation"] == "Sông Hồng"
    assert changed.answers["tax_code"] == "0100233488"


def test_there_is_nothing_before_the_first_question() -> None:
    first = forms.begun(FORM, EMPTY)
    assert do(first, Verb.BACK).draft == first


def test_a_change_on_the_review_page() -> None:
    review = say(EMPTY, "yes", "Song Hong", "0100233488", "songhong.vn", "lan@songhong.vn")
    choosing = do(review, Verb.ANSWER, "sửa").draft
    assert choosing.page is Page.CHOOSING
    assert [each.name for each in form_state.changeable(FORM, choosing)] == [
        "organisation",
        "tax_code",
        "website",
        "email",
    ]
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
    draft = replace(say(EMPTY, "yes", "Song Hong"), page=Page.LEAVING, options=("xa-ba-vi",), picked=("water",))
    stored = json.loads(json.dumps(form_state.packed(draft)))
    assert form_state.with_state(EMPTY, stored) == draft
    assert form_state.with_state(EMPTY, {"answers": {}}) == EMPTY


def test_a_question_added_to_the_form_meanwhile_is_asked() -> None:
    review = say(EMPTY, "yes", "Song Hong", "0100233488", "songhong.vn", "lan@songhong.vn")
    longer = Form(name="f", fields=(*FORM.fields[:2], make("phone", "phone"), *FORM.fields[2:]))
    assert asked(review, longer) == "phone"
    after = do(review, Verb.CONFIRM, form=longer)
    assert after.updated
    assert not after.done
    assert say(after.draft, "0912345678", form=longer).answers["phone"] == "+84912345678"


def test_an_answer_is_never_taken_for_another_question_than_was_read() -> None:
    draft = say(EMPTY, "yes")
    assert asked(draft) == "organisation"
    without = Form(name="f", fields=(FORM.fields[0], *FORM.fields[2:4], FORM.fields[4]))
    after = do(draft, Verb.ANSWER, "Song Hong", form=without)
    assert (after.updated, after.lost, asked(after.draft, without)) == (True, (), "tax_code")
    assert after.draft.answers.keys() == {"agree"}
    reworded = Form(name="f", fields=(FORM.fields[0], make("organisation", "text", min_length=3), *FORM.fields[2:]))
    after = do(draft, Verb.ANSWER, "Song Hong", form=reworded)
    assert after.updated
    assert say(after.draft, "Song Hong", form=reworded).answers["organisation"] == "Song Hong"


def test_answers_that_no_longer_fit_are_asked_again_and_those_removed_are_dropped() -> None:
    review = say(EMPTY, "yes", "Song Hong", "0100233488", "songhong.vn", "lan@songhong.vn")
    other = Form(name="f", fields=(FORM.fields[0], make("organisation", "text", min_length=20), *FORM.fields[2:3]))
    after = do(review, Verb.CONFIRM, form=other)
    assert after.updated
    assert [each.name for each in after.lost] == ["organisation"]
    assert asked(after.draft, other) == "organisation"
    assert after.draft.answers.keys() == {"agree", "tax_code"}
    assert not do(after.draft, Verb.CONFIRM, form=other).done


CHOICES = (
    Choice(value="water", vi="Nước thải", en="Wastewater"),
    Choice(value="air", vi="Khí thải", en="Air"),
    Choice(value="other", vi="Khác", en="Other"),
)
BRANCHING = Form(
    name="b",
    fields=(
        make("topics", "choices", choices=CHOICES),
        make("which", "text", only_if={"topics": ("other",)}),
        make("seats", "seats"),
        make("ward", "ward", required=False),
        make("paper", "file", required=False),
    ),
)


def test_several_choices_are_ticked_and_unticked() -> None:
    one = do(EMPTY, Verb.PICK, place=0, form=BRANCHING).draft
    two = do(one, Verb.PICK, place=2, form=BRANCHING).draft
    assert forms.picked(two, BRANCHING.fields[0]) == ("water", "other")
    assert asked(two, BRANCHING) == "topics"
    back = do(two, Verb.PICK, place=0, form=BRANCHING).draft
    done = do(back, Verb.ANSWER, "xong", form=BRANCHING).draft
    assert done.answers == {"topics": ["other"]}
    nothing = do(EMPTY, Verb.DONE, form=BRANCHING)
    assert nothing.rejected is not None
    assert nothing.rejected.problem is Problem.CHOICE_NONE
    assert say(EMPTY, "1, 2", form=BRANCHING).answers == {"topics": ["water", "air"]}


def test_a_condition_that_became_false_drops_its_answer() -> None:
    assert asked(say(EMPTY, "1", form=BRANCHING), BRANCHING) == "ward"
    draft = say(EMPTY, "1, 3", "Dust", form=BRANCHING)
    assert draft.answers["which"] == "Dust"
    draft = do(do(draft, Verb.BACK, form=BRANCHING).draft, Verb.BACK, form=BRANCHING).draft
    assert asked(draft, BRANCHING) == "topics"
    assert say(draft, "1", form=BRANCHING).answers == {"topics": ["water"]}


def test_seats_are_asked_only_where_there_may_be_several() -> None:
    three = say(replace(EMPTY, seats=3), "1", form=BRANCHING)
    assert asked(three, BRANCHING) == "seats"
    assert do(three, Verb.PICK, place=2, form=BRANCHING).draft.answers["seats"] == 3
    assert do(three, Verb.PICK, place=3, form=BRANCHING).rejected is not None
    fewer = replace(do(three, Verb.PICK, place=2, form=BRANCHING).draft, seats=2)
    after = do(fewer, Verb.SKIP, form=BRANCHING)
    assert [each.name for each in after.lost] == ["seats"]


def test_a_ward_is_taken_when_it_is_confirmed_or_chosen() -> None:
    draft = say(EMPTY, "1", form=BRANCHING)
    doubted = do(draft, Verb.ANSWER, "cau giay", form=BRANCHING)
    assert doubted.draft.options == ("phuong-cau-giay",)
    for sure in ("đúng", "có", "giữ", "1"):
        assert say(doubted.draft, sure, form=BRANCHING).answers["ward"] == "phuong-cau-giay"
    assert do(doubted.draft, Verb.PICK, place=0, form=BRANCHING).draft.answers["ward"] == "phuong-cau-giay"
    assert do(doubted.draft, Verb.PICK, place=1, form=BRANCHING).draft == doubted.draft
    other = say(doubted.draft, "xã Hòa Lạc", form=BRANCHING)
    assert other.answers["ward"] == "xa-hoa-lac"
    assert (other.options, other.doubtful) == ((), "")


def test_a_file_answers_only_where_one_is_asked_for() -> None:
    kept = {"file": 1, "name": "x.pdf", "size": 3}
    draft = do(say(EMPTY, "1", form=BRANCHING), Verb.SKIP, form=BRANCHING).draft
    assert asked(draft, BRANCHING) == "paper"
    assert do(draft, Verb.FILE, form=BRANCHING, value=kept).draft.answers["paper"] == kept
    before = say(EMPTY, "1", form=BRANCHING)
    assert do(before, Verb.FILE, form=BRANCHING, value=kept).draft == before


@given(
    st.lists(st.sampled_from(["1", "1, 3", "Bụi", "yen hoa", "cau giay", "có", "back", "skip", "?", "2", "sửa", "hủy"]))
)
def test_whatever_is_typed_the_answers_fit_the_form(typed: list[str]) -> None:
    draft = replace(EMPTY, seats=2)
    for text in typed:
        after = do(draft, Verb.ANSWER, text, form=BRANCHING)
        draft = after.draft
        names = {each.name for each in form_state.visible(BRANCHING, draft)}
        assert draft.answers.keys() <= names
        assert form_state.refit(BRANCHING, draft, AGENCIES) == (draft, ())
        assert draft.shown == form_state.mark(BRANCHING, draft)
