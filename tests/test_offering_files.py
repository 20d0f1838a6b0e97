"""Offerings and forms as staff send them in one file: read, or refused with every mistake at its line."""

from __future__ import annotations

import pytest

from bot.db.engine import Database
from bot.services.forms import definitions
from content.model import Content
from content.offering_file import read_offering_file
from tests.conftest import MONDAY_MORNING

WORKSHOP = """\
offerings:
  - slug: workshop-on-sludge
    kind: event
    agency: so-cong-thuong
    form: workshop
    title: {vi: "Hội thảo bùn thải", en: "Workshop on sludge"}
    summary: {vi: "Tóm tắt", en: "Summary"}
    note: {vi: "Lưu ý", en: "Note"}
    starts_at: "2027-01-19T08:30:00+07:00"
    ends_at: "2027-01-19T11:30:00+07:00"
    closes_at: "2027-01-18T17:00:00+07:00"
    place: {vi: "Hội trường", en: "Hall"}
    capacity: 20
    seats_per_business: 3
forms:
  - name: workshop
    profile: [tax_code, organisation]
    fields:
      - name: consent_processing
        kind: consent
        purpose: registration
        text_version: "1"
        label: {vi: "Đồng ý", en: "Consent"}
        ask: {vi: "Đồng ý không?", en: "Do you agree?"}
      - name: topic
        kind: choice
        label: {vi: "Chủ đề", en: "Topic"}
        ask: {vi: "Chủ đề nào?", en: "Which topic?"}
        choices:
          - {value: drying, vi: "Sấy", en: "Drying"}
          - {value: other, vi: "Khác", en: "Other"}
      - name: other_topic
        kind: text
        only_if: {topic: other}
        label: {vi: "Chủ đề khác", en: "Other topic"}
        ask: {vi: "Chủ đề gì?", en: "Which one?"}
        example: {vi: "Ép bùn", en: "Pressing"}
"""


def test_a_file_in_order(known: Content) -> None:
    read = read_offering_file(WORKSHOP, "hoi-thao.yaml", known)
    assert read.mistakes == ()
    assert [each.slug for each in read.offerings] == ["workshop-on-sludge"]
    assert read.offerings[0].seats_per_business == 3
    assert [each.name for each in read.forms] == ["workshop"]


@pytest.mark.parametrize(
    "old, new, mistake",
    [
        ("capacity: 20", "capacity: many", "13:15: `capacity`: input should be a valid integer"),
        ("capacity: 20", "capacity: 2", "14:5: one business can't take more seats than there are: `capacity`"),
        ("    starts_at", "    prize: 3\n    starts_at", "9:5: unknown key `prize`"),
        ("08:30:00+07:00", "08:30:00", "9:16: `starts_at`: input should have timezone info"),
        ("11:30:00", "07:30:00", "10:5: `ends_at` must be after `starts_at`"),
        ("2027-01-18T17", "2027-01-19T17", "11:5: `closes_at` can't be after the event has begun: `starts_at`"),
        (
            "closes_at:",
            'opens_at: "2027-01-18T18:00:00+07:00"\n    closes_at:',
            "12:5: `closes_at` must be after `opens_at`",
        ),
        ('    place: {vi: "Hội trường", en: "Hall"}\n', "", "2:5: an event needs a `place`, or the `link`"),
        ("kind: event", "kind: programme", "9:5: only an event has `starts_at`"),
        ("    capacity", "    sample: true\n    capacity", "6:5: the titles of a sample begin with «Ví dụ:»"),
        ("so-cong-thuong", "so-y-te", "4:13: there is no 'so-y-te'"),
        ("form: workshop", "form: nothing", "5:11: there is no form 'nothing'"),
        ("form: workshop", "form: business-profile", "5:11: there is no form 'business-profile'"),
        ("slug: workshop-on-sludge", "slug: training", "2:11: 'training' is an offering of the content files"),
        ("- name: workshop", "- name: event-registration", "16:11: 'event-registration' is a form of the content"),
        ("[tax_code, organisation]", "[tax_code, boss]", "17:25: the profile has no question 'boss'"),
        ("[tax_code, organisation]", "[tax_code]", "16:5: a form needs the questions `organisation` and `tax_code`"),
        ("{topic: other}", "{topic: rest}", "34:26: 'topic' has no choice 'rest'; it has: drying, other"),
        ("{topic: other}", "{theme: other}", "34:26: no question before this one has the name 'theme'"),
        ("{topic: other}", "{organisation: other}", "34:33: 'organisation' is no question with choices"),
        ("- {value: other,", "- {value: drying,", "29:9: two choices have the same `value`"),
        ("name: other_topic", "name: topic", "32:9: two questions have the same name: 'topic'"),
        ("offerings:", "offers:", "1:1: unknown key 'offers'"),
        ("forms:\n", "forms: []\nothers:\n", "15:8: `forms:` must be a list with something in it"),
    ],
)
def test_a_mistake_is_named_with_its_line(known: Content, old: str, new: str, mistake: str) -> None:
    assert old in WORKSHOP
    told = [str(each) for each in read_offering_file(WORKSHOP.replace(old, new, 1), "x.yaml", known).mistakes]
    assert any(each.startswith(f"x.yaml:{mistake}") for each in told), told


@pytest.mark.parametrize("text", ["", "just words", "a: 1\n", "offerings: {", "- 1\n"])
def test_what_is_no_such_file(known: Content, text: str) -> None:
    assert read_offering_file(text, "x.yaml", known).mistakes


def test_a_form_that_was_sent_before_can_be_used(known: Content) -> None:
    text = WORKSHOP[: WORKSHOP.index("forms:")]
    assert read_offering_file(text, "x.yaml", known).mistakes
    assert read_offering_file(text, "x.yaml", known, stored={"workshop"}).mistakes == ()


async def test_a_form_that_staff_sent_may_ask_for_the_consents_of_another(database: Database, known: Content) -> None:
    start, end = WORKSHOP.index("      - name: consent_processing"), WORKSHOP.index("      - name: topic")
    text = (WORKSHOP[:start] + WORKSHOP[end:]).replace("profile:", "consents: programme-registration\n    profile:", 1)
    read = read_offering_file(text, "x.yaml", known)
    assert read.mistakes == ()
    async with database.transaction() as connection:
        await definitions.keep(connection, read.forms[0], None, MONDAY_MORNING)
        form = await definitions.forms_of(connection, known, "workshop")
        assert form is not None
        lent = known.forms["programme-registration"].fields[:2]
        assert form.fields[:2] == lent
        assert [each.kind for each in form.fields[:3]] == ["consent", "consent", "tax_code"]
        without = {name: each for name, each in known.forms.items() if name != "programme-registration"}
        assert await definitions.forms_of(connection, known.model_copy(update={"forms": without}), "workshop") is None


async def test_a_form_that_staff_sent_is_found_and_replaced(database: Database, known: Content) -> None:
    (form,) = read_offering_file(WORKSHOP, "x.yaml", known).forms
    async with database.transaction() as connection:
        assert await definitions.forms_of(connection, known, "workshop") is None
        await definitions.keep(connection, form, None, MONDAY_MORNING)
        found = await definitions.forms_of(connection, known, "workshop")
        assert found is not None
        assert [each.name for each in found.fields] == [
            "consent_processing", "tax_code", "organisation", "topic", "other_topic",
        ]  # fmt: skip
        assert found.fields[1].profile
        assert not found.fields[3].profile
        assert found.fields[4].only_if == {"topic": ("other",)}
        await definitions.keep(connection, form.model_copy(update={"fields": form.fields[:2]}), None, MONDAY_MORNING)
        found = await definitions.forms_of(connection, known, "workshop")
        assert found is not None
        assert len(found.fields) == 4
        assert await definitions.names(connection) == {"workshop"}
        assert await definitions.forms_of(connection, known, "event-registration") == known.forms["event-registration"]
