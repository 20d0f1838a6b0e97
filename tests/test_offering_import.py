"""Staff make offerings and forms by a file in the chat: checked by line, shown, confirmed, stored."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from bot.db.models.applications import Draft
from bot.db.models.offerings import FormDefinition, Offering, OfferingEvent
from bot.messages import Role
from content.files import FOLDER
from content.model import Content
from content.offering_file import read_offering_file
from tests.chat import PersonInTown, Town
from tests.deciding import applies, offering_id
from tests.reporting import employ
from tests.ticketing import arrives, contact_of

TRADE = "so-cong-thuong"
FILE = (FOLDER / "offering_template.yaml").read_text(encoding="utf-8")
SLUG, FORM = "vi-du-tap-huan", "vi-du-bieu-mau"


async def officer(town: Town, name: str = "Cán bộ Minh", agency: str = TRADE) -> PersonInTown:
    return await employ(town, name, agency=agency, language="vi")


async def sends(person: PersonInTown, text: str, name: str = "noi-dung.yaml") -> None:
    await person.says("/quanly")
    person.skips()
    await person.presses("Gửi tệp nội dung đăng ký")
    person.reads("Mời Anh/Chị gửi tệp (YAML)", buttons=["Mẫu tệp", "Hủy"])
    await person.sends_file(name, text.encode())


async def makes(person: PersonInTown, text: str = FILE) -> None:
    await sends(person, text)
    person.skips()
    await person.presses("Đồng ý ghi nhận")
    person.reads("Đã thực hiện.")


async def stored(town: Town, slug: str = SLUG) -> list[tuple[str, int | None]]:
    async with town.database.reading() as connection:
        rows = await connection.execute(select(Offering.origin, Offering.capacity).where(Offering.slug == slug))
        return [(row.origin, row.capacity) for row in rows]


def test_the_template_has_no_mistakes_and_says_that_it_is_a_sample(known: Content) -> None:
    read = read_offering_file(FILE, "x.yaml", known)
    assert read.mistakes == ()
    assert [(each.slug, each.sample) for each in read.offerings] == [(SLUG, True)]
    assert all("Ví dụ" in each.title.vi and "Example" in each.title.en for each in read.offerings)
    assert [each.name for each in read.forms] == [FORM]


async def test_from_the_template_to_an_event_that_one_can_sign_up_for(town: Town) -> None:
    minh = await officer(town)
    await minh.says("/quanly")
    minh.skips()
    await minh.presses("Gửi tệp nội dung đăng ký")
    minh.skips()
    await minh.presses("Mẫu tệp")
    minh.reads("Mọi nội dung trong tệp chỉ là mẫu.")
    attachment = town.channel.sent[minh.external_id][-1].reply.attachment
    assert attachment is not None
    assert attachment.name == "mau-noi-dung-dang-ky.yaml"
    content = (town.files / attachment.path).read_text(encoding="utf-8")
    assert content == FILE
    await minh.sends_file("cua-toi.yaml", content.encode())
    minh.reads(
        "Nội dung tệp sẽ thực hiện",
        "Tạo sự kiện: Ví dụ: Tập huấn mẫu",
        "08:30-11:30 thứ Ba 18/05/2027",
        "Số chỗ: 30",
        "Cơ quan: Sở Công Thương",
        f"Biểu mẫu mới: {FORM}",
        buttons=["Đồng ý ghi nhận", "Không, quay lại"],
    )
    assert await stored(town) == []
    await minh.says("1")
    minh.reads("Đã thực hiện. Từ bây giờ mọi người có thể xem và đăng ký.")
    assert await stored(town) == [("chat", 30)]
    await minh.presses("Đồng ý ghi nhận")
    minh.reads("Nút này thuộc một bước trước")
    await minh.presses("Hủy")
    minh.skips()

    lan = await arrives(town, "Lan", language="vi")
    await lan.says("/sukien")
    lan.reads("Ví dụ: Tập huấn mẫu")
    async with town.database.reading() as connection:
        event = (await connection.execute(select(OfferingEvent.what, OfferingEvent.details))).one()
    assert (event.what, event.details["is_new"]) == ("made", True)


async def test_mistakes_are_named_by_line_and_nothing_happens(town: Town) -> None:
    minh = await officer(town)
    wrong = FILE.replace("kind: event ", "kind: party ")
    await sends(minh, wrong)
    line = next(number for number, text in enumerate(wrong.splitlines(), start=1) if "kind: party" in text)
    minh.reads(
        "nên chưa thay đổi gì:",
        f"Dòng {line}: “kind” chưa đúng",
        "Mời Anh/Chị gửi tệp (YAML)",
    )
    await minh.sends_file("x.yaml", b"offerings: [")
    minh.reads("Tệp có 1 lỗi nên chưa thay đổi gì:", "Dòng 2: từ đây không đọc được tệp")
    await minh.sends_file("x.yaml", FILE.replace("agency: so-cong-thuong", "agency: so-khong-co").encode())
    minh.reads("không có cơ quan “so-khong-co”")
    await minh.sends_file("x.yaml", FILE.replace("    summary:", "    sumary:").encode())
    minh.reads("thiếu “summary”", "không có khóa “sumary”")
    await minh.sends_file("x.csv", b"a;b\n")
    minh.reads("không phải tệp YAML")
    await minh.says("đây ạ")
    minh.reads("Bước này cần một tệp.")
    assert await stored(town) == []


async def test_a_changed_file_tells_those_concerned_and_keeps_seats(town: Town) -> None:
    minh = await officer(town)
    await makes(minh)
    event = await offering_id(town, SLUG)
    lan, _ = await applies(town, "Lan", event)
    an = await arrives(town, "An", language="vi")
    async with town.database.transaction() as connection:
        await connection.execute(
            insert(Draft).values(
                id="abc123", contact_id=await contact_of(town, an), offering_id=event, state={},
                created_at=town.clock(), changed_at=town.clock(),
            )
        )  # fmt: skip
    changed = FILE.replace("T08:30:00", "T09:00:00").replace("capacity: 30 ", "capacity: 20 ")
    await sends(minh, changed)
    minh.reads(
        "Sửa sự kiện: Ví dụ: Tập huấn mẫu",
        "09:00-11:30",
        "Thời gian hoặc địa điểm thay đổi: 1 người đăng ký được thông báo.",
        "Số chỗ thay đổi; không ai mất chỗ.",
        f"Sửa biểu mẫu: {FORM}",
        "1 biểu mẫu đang điền dở sẽ tiếp tục với câu hỏi mới",
    )
    await minh.presses("Đồng ý ghi nhận")
    minh.reads("Đã thực hiện.")
    await town.deliver()
    lan.reads("09:00-11:30 thứ Ba 18/05/2027")
    assert await stored(town) == [("chat", 20)]
    async with town.database.reading() as connection:
        what = (
            (await connection.execute(select(OfferingEvent.what).where(OfferingEvent.offering_id == event)))
            .scalars()
            .all()
        )
    assert sorted(what) == ["capacity", "made", "made", "moved"]
    # The same file once more changes nothing that anybody would have to be told of.
    await makes(minh, changed)
    await town.deliver()
    assert not lan.unread


async def test_what_can_not_be_taken_over_says_why(town: Town) -> None:
    minh = await officer(town)
    finance = await officer(town, "Cán bộ Tài chính", "so-tai-chinh")
    await sends(finance, FILE)
    finance.reads("Chưa ghi nhận tệp này:", f"- {SLUG}: do cơ quan khác quản lý")
    await sends(minh, FILE.replace("2027-05-18", "2020-05-18"))
    minh.reads("thời gian bắt đầu đã qua")
    await makes(minh)
    own = FILE.replace(SLUG, "cua-tai-chinh").replace("agency: so-cong-thuong", "agency: so-tai-chinh")
    await sends(finance, own)
    finance.reads(f"- {FORM}: nội dung của cơ quan khác đang dùng biểu mẫu này")
    event = await offering_id(town, SLUG)
    async with town.database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.id == event).values(cancelled_at=town.clock()))
    await sends(minh, FILE)
    minh.reads(f"- {SLUG}: đã diễn ra hoặc đã hủy")
    async with town.database.reading() as connection:
        assert len((await connection.execute(select(FormDefinition.name))).all()) == 1


async def test_an_editor_may_for_the_own_agency_only(town: Town) -> None:
    await officer(town)
    editor = await employ(town, "Biên tập", Role.EDITOR, agency=TRADE, language="vi")
    await editor.says("/quanly")
    editor.reads("Mời Anh/Chị gửi tệp (YAML)")
    await editor.sends_file("x.yaml", FILE.encode())
    editor.reads("Tạo sự kiện")
    await editor.presses("Đồng ý ghi nhận")
    editor.reads("Đã thực hiện.")
    event = await offering_id(town, SLUG)
    # Participants are personal data, which editors have no business with.
    for verb in ("show", "people", "made", "capacity"):
        await editor.sends_press(f"manage:{verb}:{event}:all:xlsx")
        editor.reads("Mời Anh/Chị gửi tệp (YAML)")
    await editor.presses("Hủy")
    editor.reads("Không có gì thay đổi.")
    viewer = await employ(town, "Người xem", Role.VIEWER, agency=TRADE, language="vi")
    await viewer.sends_press("manage:file:0")
    viewer.reads("Chỉ cán bộ phụ trách")
    await viewer.sends_press("manage:yes:0:abc")
    viewer.reads("Chỉ cán bộ phụ trách")


async def test_a_file_in_english(town: Town) -> None:
    bob = await employ(town, "Bob", agency=TRADE)
    await bob.says("/manage")
    bob.skips()
    await bob.presses("Send a file with offerings")
    bob.reads("Please send the file (YAML).", buttons=["Template file", "Cancel"])
    await bob.sends_file("x.yaml", FILE.encode())
    bob.reads("New event: Example: Sample training", "Seats: 30", f"New form: {FORM}")
    await bob.presses("Yes, take it over")
    bob.reads("Done. People can see and use it from now on.")
