"""Half-filled forms: another day, another channel, a form that changed, a colleague, a reminder, and the end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from bot.db.models.applications import Draft, StoredFile
from bot.db.models.messages import Delivery
from bot.db.models.offerings import Offering
from bot.i18n import Translators
from bot.services.forms import definitions, draft_clock, drafts
from content.model import Content
from content.offering_file import read_offering_file
from tests.chat import PersonInTown, Town
from tests.conftest import quiet_hours
from tests.enterprises import acts_for, contact_id, joins
from tests.signing_up import REVIEW, TRAINING, code_in, sign_up, to_the_form
from tests.test_migrations import brought_up, empty_database
from tests.test_offering_files import WORKSHOP


async def half_way(person: PersonInTown) -> None:
    """A form of which the consents and the tax code are answered."""
    await to_the_form(person)
    for answer in ("có", "không", "0100233488"):
        await person.says(answer)
        person.reads()


async def watch(town: Town, translators: Translators) -> list[str]:
    done = await draft_clock.watch(town.database, translators, quiet=quiet_hours(), now=town.clock())
    await town.deliver()
    return done


async def test_one_reminder_a_day_after_the_last_change(town: Town, translators: Translators) -> None:
    lan = town.person("Lan")
    await half_way(lan)
    town.clock.advance(hours=23)
    assert await watch(town, translators) == []
    await lan.says("Công ty Sông Hồng")
    lan.reads("Câu 5/7")
    town.clock.advance(hours=23)
    assert await watch(town, translators) == []
    town.clock.advance(hours=2)
    assert len(await watch(town, translators)) == 1
    lan.reads(
        f"Anh/Chị còn một hồ sơ đăng ký đang điền dở: “{TRAINING}”. Chưa có gì được gửi đi",
        "được lưu đến thứ Ba 08/12/2026",
        buttons=["Tiếp tục đăng ký", "Xóa"],
    )
    assert await watch(town, translators) == []
    town.clock.advance(days=2)
    assert await watch(town, translators) == []
    await lan.presses("Tiếp tục đăng ký")
    lan.reads("Các câu trả lời trước đó vẫn được giữ nguyên", "Câu 5/7: Người liên hệ")


async def test_at_night_nobody_is_reminded(town: Town, translators: Translators) -> None:
    lan = town.person("Lan")
    await half_way(lan)
    town.clock.advance(hours=37)  # 22:00
    assert await watch(town, translators) == []
    town.clock.advance(hours=10)
    assert len(await watch(town, translators)) == 1
    lan.reads("đang điền dở")


async def test_after_14_days_it_is_dropped_with_a_notice(town: Town, translators: Translators) -> None:
    lan = town.person("Lan")
    await half_way(lan)
    await lan.says("/menu")
    lan.skips()
    town.clock.advance(days=2)
    await watch(town, translators)
    lan.reads("đang điền dở")
    town.clock.advance(days=12, hours=1)
    assert len(await watch(town, translators)) == 1
    lan.reads(f"Hồ sơ đang điền dở “{TRAINING}” đã được xóa vì không có thay đổi trong 14 ngày.")
    assert await watch(town, translators) == []
    async with town.database.reading() as connection:
        assert (await connection.execute(select(Draft.id))).all() == []
        keys = (await connection.execute(select(Delivery.key).where(Delivery.key.like("draft:%")))).scalars().all()
        assert len(keys) == 2
    await lan.says("/dangky")
    assert "điền dở" not in lan.reads().plain


async def test_whoever_is_in_the_middle_of_a_dropped_form_is_told(town: Town, translators: Translators) -> None:
    lan = town.person("Lan")
    await half_way(lan)
    town.clock.advance(days=15)
    await watch(town, translators)
    lan.reads("đã được xóa")
    await lan.says("Công ty Sông Hồng")
    lan.reads("Hồ sơ Anh/Chị đang điền không còn ở đây", "Nội dung vừa nhập không được ghi nhận.")


async def test_a_colleague_takes_over_and_consents_anew(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    business = await acts_for(lan, profile={"organisation": "Công ty Sông Hồng"})
    await joins(minh, business, let_in_by=lan)
    await to_the_form(lan)
    for answer in ("có", "có", "Nguyễn Thị Lan"):
        await lan.says(answer)
        lan.reads()
    await minh.says("/dangky")
    minh.reads("Có 1 hồ sơ đang điền dở.")
    await minh.presses("Hồ sơ đang điền dở")
    minh.reads("đã trả lời 5/7 câu", "do đồng nghiệp Lan bắt đầu")
    await minh.says("1")
    minh.reads("Đồng nghiệp Lan đã bắt đầu điền hồ sơ này", buttons=["Nhận điền tiếp", "Quay lại"])
    async with town.database.transaction() as connection:
        await connection.execute(
            insert(StoredFile).values(
                contact_id=await contact_id(lan), draft_id=(await connection.execute(select(Draft.id))).scalar_one(),
                name="a.pdf", media_type="application/pdf", size=1, path="a.pdf", created_at=town.clock(),
            )
        )  # fmt: skip
    await minh.presses("Nhận điền tiếp")
    minh.reads("Câu 1/7: Đồng ý xử lý dữ liệu cá nhân")
    async with town.database.reading() as connection:  # else it would go when Lan has her data deleted
        assert await connection.scalar(select(StoredFile.contact_id)) == await contact_id(minh)
    await town.deliver()
    lan.reads(f"Minh đã nhận điền tiếp hồ sơ “{TRAINING}” mà Anh/Chị đã bắt đầu.")
    await lan.says("0912345678")
    lan.reads("Hồ sơ Anh/Chị đang điền không còn ở đây")
    for answer, asked in (("có", "Câu 2/7"), ("không", "Câu 6/7"), ("0987654321", "Câu 7/7")):
        await minh.says(answer)
        minh.reads(asked)
    await minh.says("minh@songhong.vn")
    minh.reads("- Nhận tin về Kế hoạch: không đồng ý", "- Người liên hệ: Nguyễn Thị Lan", buttons=REVIEW)
    await minh.says("xác nhận")
    minh.reads("Đăng ký thành công")


async def test_nobody_else_sees_takes_or_deletes_a_draft(town: Town) -> None:
    lan, eve = town.person("Lan"), town.person("Eve")
    await half_way(lan)
    async with town.database.reading() as connection:
        draft = await connection.scalar(select(Draft.id))
    await eve.says("/menu")
    eve.skips()
    for press in (f"form:resume:{draft}", f"form:take:{draft}", f"form:take:{draft}:x", "form:resume:%", "form:take:"):
        await eve.sends_press(press)
        assert TRAINING not in eve.reads().plain
    for press in (f"form:drop:{draft}:yes", "form:drop:nothing:yes"):
        await eve.sends_press(press)
        eve.reads("Anh/Chị không có hồ sơ điền dở này.")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(Draft.id)) == draft


async def test_a_form_that_changes_under_a_half_filled_draft(town: Town, known: Content) -> None:
    (form,) = read_offering_file(WORKSHOP, "x.yaml", known).forms
    lan = town.person("Lan")
    async with town.database.transaction() as connection:
        await definitions.keep(connection, form, None, town.clock())
        await connection.execute(
            update(Offering).where(Offering.slug == "example-training-session").values(form="workshop")
        )
    await to_the_form(lan)
    for answer, asked in (
        ("có", "Câu 2/4"), ("0100233488", "Câu 3/4"), ("Công ty Sông Hồng", "Câu 4/4: Chủ đề"),
        ("khác", "Câu 5/5: Chủ đề khác"),
    ):  # fmt: skip
        await lan.says(answer)
        lan.reads(asked)
    # The choice that led to the open question is gone, and a question is new.
    other, press = '{value: other, vi: "Khác", en: "Other"}', '{value: press, vi: "Ép", en: "Pressing"}'
    changed = WORKSHOP.replace(other, press)
    changed = changed[: changed.index("      - name: other_topic")] + (
        '      - name: people\n        kind: number\n        label: {vi: "Số người", en: "People"}\n'
        '        ask: {vi: "Bao nhiêu người?", en: "How many people?"}\n'
    )
    read = read_offering_file(changed, "x.yaml", known)
    assert read.mistakes == ()
    async with town.database.transaction() as connection:
        await definitions.keep(connection, read.forms[0], None, town.clock())
    await lan.says("Bùn đỏ")
    lan.reads(
        "Biểu mẫu vừa được cập nhật, những câu trả lời sau không còn phù hợp: Chủ đề.", "Câu 4/5: Chủ đề", "2. Ép"
    )
    await lan.says("2")
    lan.reads("Câu 5/5: Số người")
    await lan.says("12")
    lan.reads("- Chủ đề: Ép", "- Số người: 12", buttons=REVIEW)


async def test_answers_are_changed_after_handing_in(town: Town) -> None:
    lan = town.person("Lan")
    code = await sign_up(lan)
    await lan.presses("Xem hồ sơ")
    lan.reads(code)
    await lan.presses("Sửa hồ sơ")
    reply = lan.reads("1. Nhận tin về Kế hoạch: không đồng ý", "2. Tên doanh nghiệp: Công ty Sông Hồng")
    assert "Mã số thuế" not in reply.plain
    assert "Đồng ý xử lý dữ liệu" not in reply.plain
    await lan.says("4")
    lan.reads("Câu trả lời hiện có: 0912 345 678")
    await lan.says("0987654321")
    lan.reads("0987 654 321", "Hồ sơ chỉ thay đổi sau khi Anh/Chị xác nhận.", buttons=REVIEW)
    await lan.says("1")
    lan.reads(f"Đã lưu các thay đổi của hồ sơ {code}.")
    await lan.presses("Xem hồ sơ")
    lan.reads("- Điện thoại công việc: 0987 654 321")
    await lan.presses("Sửa hồ sơ")
    lan.reads("Anh/Chị muốn sửa câu trả lời nào?")
    await lan.says("hủy")
    lan.reads("Các thay đổi sẽ bị bỏ", buttons=["Tiếp tục điền", "Thoát, không thay đổi"])
    await lan.says("2")
    lan.reads("Hồ sơ đăng ký giữ nguyên, không có gì thay đổi.")
    async with town.database.reading() as connection:
        assert (await connection.execute(select(Draft.id))).all() == []


async def test_answers_are_not_changed_after_the_deadline(town: Town) -> None:
    lan = town.person("Lan", language="en")
    await sign_up_in_english(lan)
    await lan.presses("See the registration")
    lan.reads("Status: seat confirmed")
    await lan.presses("Change answers")
    lan.reads("Which answer would you like to change?")
    async with town.database.transaction() as connection:
        await connection.execute(update(Offering).values(edit_until=town.clock()))
    await lan.says("4")
    lan.reads("Your answer so far: 0912 345 678")
    await lan.says("0987654321")
    lan.reads("Your registration changes only when you confirm.")
    await lan.says("confirm")
    lan.reads("can no longer be changed, so nothing was changed.")


async def sign_up_in_english(person: PersonInTown) -> None:
    await person.says("/events")
    person.reads("Events")
    await person.says("1")
    person.reads("Example: Training")
    await person.presses("Register")
    person.reads("Question 1/7")
    for answer in ("yes", "no", "0100233488", "Song Hong", "Lan", "0912345678", "lan@songhong.vn", "confirm"):
        await person.says(answer)
        reply = person.reads()
    assert "You are registered" in reply.plain


async def test_several_seats_window_and_approval_are_said(town: Town) -> None:
    lan = town.person("Lan")
    await lan.says("/sukien")
    lan.reads("đăng ký đến 17:00 thứ Sáu 12/03/2027")
    await lan.says("3")
    lan.reads(
        "Mỗi doanh nghiệp được đăng ký tối đa 3 chỗ.",
        "Hết hạn đăng ký: 17:00 thứ Sáu 12/03/2027",
        "Được sửa hồ sơ đến: 17:00 thứ Tư 10/03/2027",
        "Cơ quan tổ chức duyệt từng hồ sơ",
    )
    await lan.presses("Đăng ký")
    lan.reads("Câu 1/8")
    for answer in ("có", "không", "0100233488", "Công ty Sông Hồng", "Lan", "0912345678", "lan@songhong.vn"):
        await lan.says(answer)
        reply = lan.reads()
    assert [button.label for button in reply.buttons[0]] == ["1", "2", "3"]
    await lan.says("4")
    lan.reads("Mỗi doanh nghiệp được đăng ký tối đa 3 chỗ tại sự kiện này.")
    await lan.presses("2")
    lan.reads("- Số chỗ: 2 chỗ")


@pytest.mark.parametrize(
    "values, said",
    [
        ({"opens_at": 1}, "Chưa đến thời gian đăng ký. Bắt đầu nhận đăng ký lúc 09:00 thứ Ba 24/11/2026."),
        ({"closes_at": -1}, "Đã hết hạn đăng ký."),
        ({"cancelled_at": -1, "cancel_reason": "bão số 9"}, "Sự kiện đã bị hủy. Lý do: bão số 9"),
    ],
)
async def test_why_nobody_can_sign_up(town: Town, values: dict[str, object], said: str) -> None:
    given = {
        name: town.clock() + timedelta(days=value) if isinstance(value, int) else value
        for name, value in values.items()
    }
    async with town.database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.slug == "example-training-session").values(**given))
        offering = await connection.scalar(select(Offering.id).where(Offering.slug == "example-training-session"))
    lan = town.person("Lan")
    await lan.sends_press(f"offer:show:{offering}")
    shown = lan.reads(said)
    assert "Đăng ký" not in [button.label for row in shown.buttons for button in row]
    await lan.sends_press(f"offer:join:{offering}")
    lan.reads(said)


async def test_the_next_day_on_another_channel(town: Town) -> None:
    """A draft belongs to the contact, so whatever address they write from finds it."""
    lan = town.person("Lan")
    await half_way(lan)
    async with town.database.reading() as connection:
        mine = await connection.scalar(select(Draft.contact_id))
        assert mine is not None
        (kept,) = await drafts.of_contact(connection, mine)
    assert kept.state["answers"]["tax_code"] == "0100233488"
    await fill_in_rest(lan)
    assert code_in(lan.reads("Đăng ký thành công").plain)


async def fill_in_rest(person: PersonInTown) -> None:
    for answer in ("Công ty Sông Hồng", "Lan", "0912345678", "lan@songhong.vn"):
        await person.says(answer)
        person.reads()
    await person.says("xác nhận")


FORM_OF_BEFORE = (
    '"form": "f", "title": {}, "revision": 3, "answers": {"tax_code": "0100233488"}, "page": "questions", '
    '"earlier": {}, "choosing": true'
)
OLD = (
    "INSERT INTO offering (id, slug, kind, agency_slug, form, details) "
    "VALUES (1, 'a', 'event', 'x', 'f', '{}'), (2, 'b', 'event', 'x', 'f', '{}')",
    "INSERT INTO contact (id, language, name, dialog, draft, created_at) VALUES "
    """(1, 'vi', '', '{"kind": "form", "data": {"id": "aaa111", "offering_id": 1, FORM}}', """
    "NULL, '2026-11-01 01:00:00'), "
    """(2, 'vi', '', NULL, '{"id": "bbb222", "offering_id": 2, FORM}', '2026-11-01 01:00:00'), """
    """(3, 'vi', '', '{"kind": "report", "data": {}}', NULL, '2026-11-01 01:00:00'), """
    """(4, 'vi', '', NULL, '{"id": "ddd444", "offering_id": 99, FORM}', '2026-11-01 01:00:00')""",
    "INSERT INTO address (id, contact_id, channel, external_id, created_at) "
    "VALUES (1, 1, 'telegram', 'x', '2026-11-01 01:00:00')",
)


async def test_forms_of_before_are_found_in_their_own_table(tmp_path: Path, postgres_server: str) -> None:
    for url in (f"sqlite:///{tmp_path}/old.db", await empty_database(postgres_server)):
        rows = [statement.replace("FORM", FORM_OF_BEFORE) for statement in OLD]
        database = await brought_up(url, "d1_sign_up_process", rows)
        async with database.reading() as connection:
            found = (await connection.execute(select(Draft.id, Draft.contact_id, Draft.offering_id, Draft.state))).all()
            assert sorted((id_, who, what) for id_, who, what, _ in found) == [("aaa111", 1, 1), ("bbb222", 2, 2)]
            assert {id_: state for id_, _, _, state in found}["aaa111"] == {
                "revision": 3, "answers": {"tax_code": "0100233488"}, "page": "questions",
            }  # fmt: skip
            dialogs = (await connection.execute(text("SELECT id, dialog FROM contact ORDER BY id"))).all()
            assert "aaa111" in str(dialogs[0].dialog)
            assert "tax_code" not in str(dialogs[0].dialog)
            assert "report" in str(dialogs[2].dialog)
            # Nothing that belongs to contacts went with the column.
            assert await connection.scalar(text("SELECT count(*) FROM address")) == 1
        await database.close()
