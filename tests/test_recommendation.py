"""Which programmes fit: a few questions that can be skipped, a ranking by data, a reason for each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.businesses.recommendation import Because, Wanted, rank
from content.model import Content
from tests.chat import Town, flat
from tests.enterprises import acts_for

RESEARCH = "Nghiên cứu, chuyển giao, làm chủ công nghệ xử lý môi trường"
RECYCLING = "Mặt bằng trong khu, cụm công nghiệp cho doanh nghiệp tái chế"


@pytest.mark.parametrize("wanted, first, because", [
    (Wanted(need="technology"), "technology-transfer-and-r-and-d", Because.NEED),
    (Wanted(need="premises", fields=("wastewater",)), "recycling-parks-and-clusters", Because.NEED),
    (Wanted(fields=("consulting",)), "consulting-and-waste-collection", Because.FIELDS),
    (Wanted(fields=("wastewater", "equipment")), "technology-transfer-and-r-and-d", Because.FIELDS),
    (Wanted(fields=("clean_energy",), sector="industry"), "energy-saving-and-circular-economy", Because.FIELDS),
    (Wanted(stage="idea"), "start-ups", Because.STAGE),
    (Wanted(need="investment", stage="young"), "start-ups", Because.NEED),
    (Wanted(need="training", fields=("recycling",)), "training", Because.NEED),
])  # fmt: skip
def test_the_best_comes_first_with_its_reason(known: Content, wanted: Wanted, first: str, because: Because) -> None:
    slugs = list(known.offerings)
    offered = [(place, known.offerings[slug].fits.model_dump(mode="json")) for place, slug in enumerate(slugs)]
    best = rank(offered, wanted)[0]
    assert (slugs[best.offering_id], best.because) == (first, because)


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(sector="industry"), Wanted(stage="running"), Wanted(need="fame")])
def test_nothing_is_recommended_without_a_reason(known: Content, wanted: Wanted) -> None:
    offered = [(1, each.fits.model_dump(mode="json")) for each in known.offerings.values()]
    assert rank([*offered, (99, {})], wanted) == []


WORDS = st.sampled_from(["a", "b", "c"])
FITS = st.fixed_dictionaries({name: st.lists(WORDS) for name in ("needs", "fields", "sectors", "stages")})


@given(st.lists(FITS), WORDS, st.lists(WORDS, unique=True))
def test_every_reason_is_true_and_the_order_is_stable(
    fits: list[dict[str, list[str]]], need: str, own: list[str]
) -> None:
    offered = list(enumerate(fits))
    wanted = Wanted(need=need, fields=tuple(own))
    ranked = rank(offered, wanted)
    assert ranked == rank(reversed(offered), wanted)
    for each in ranked:
        assert set(each.fields) <= set(own) & set(fits[each.offering_id]["fields"])
        assert each.because is not Because.NEED or need in fits[each.offering_id]["needs"]


async def test_what_the_profile_says_is_not_asked(town: Town) -> None:
    lan = town.person("Lan")
    await acts_for(lan)
    await lan.says("/dangky")
    lan.reads()
    await lan.presses("Chương trình nào phù hợp?")
    asked = lan.reads("Doanh nghiệp cần nhất điều gì?", "1. Công nghệ: nghiên cứu", "Câu 1/2")
    assert all(button.label[0].isupper() for button in flat(asked))
    await lan.says("3")
    lan.reads("Doanh nghiệp đang ở giai đoạn nào?", "Câu 2/2")
    await lan.presses("Đang hoạt động")
    found = lan.reads(
        f"1. {RECYCLING}\nvì doanh nghiệp cần: mặt bằng trong khu, cụm công nghiệp",
        f"{RESEARCH}\nvì doanh nghiệp làm về: nước thải; thiết bị, vật tư môi trường",
    )
    assert "khởi nghiệp" not in found.plain
    await lan.presses(flat(found)[0].label)
    lan.reads(RECYCLING, "Đăng ký chưa phải là được bố trí mặt bằng.")


async def test_a_stranger_answers_skips_and_goes_back(town: Town) -> None:
    minh = town.person("Minh")
    await minh.sends_press("fit:start")
    asked = minh.reads("Câu 1/4")
    assert [button.label for button in flat(asked)][-2:] == ["Bỏ qua", "Hủy"]
    await minh.presses("Bỏ qua")
    minh.reads("Câu 2/4", "lĩnh vực nào")
    await minh.presses("☐ Nước thải")
    minh.reads("Câu 2/4")
    await minh.says("2")
    ticked = [button.label for button in flat(minh.reads("Câu 2/4"))]
    assert ticked[:3] == ["☑ Nước thải", "☑ Khí thải", "☐ Chất thải rắn"]
    await minh.presses("Quay lại")
    minh.reads("Câu 1/4")
    await minh.says("không biết nữa")
    minh.reads("Mời Anh/Chị chọn bằng nút", "Câu 1/4")
    await minh.says("bỏ qua")
    minh.reads("Câu 2/4")
    await minh.says("tái chế, 10")
    minh.reads("Câu 3/4")
    await minh.presses("Quay lại")
    minh.reads("Câu 2/4")
    await minh.presses("☐ Chất thải rắn")
    minh.reads("Câu 2/4")
    await minh.presses("Xong")
    minh.reads("Câu 3/4")
    await minh.presses("Xong")
    minh.reads("Nút này thuộc về một bước trước", "Câu 3/4")
    await minh.presses("Bỏ qua")
    minh.reads("Câu 4/4")
    await minh.presses("Bỏ qua")
    minh.reads("vì doanh nghiệp làm về: chất thải rắn")


async def test_nothing_fits(town: Town) -> None:
    mark = town.person("Mark", language="en")
    await mark.sends_press("fit:start:12345")
    for question in range(1, 5):
        asked = mark.reads(f"Question {question} of 4")
        assert all(button.label.removeprefix("☐ ")[0].isupper() for button in flat(asked))
        await mark.says("Skip")
    mark.reads("By these answers nothing fits well.", buttons=[
        "Support programmes", "Events", "Answer again", "Ask an officer", "Menu",
    ])  # fmt: skip
    await mark.says("Answer again")
    mark.reads("Question 1 of 4")
    await mark.says("5")
    mark.reads("Question 2 of 4")
    await mark.says("/cancel")
    mark.reads("Cancelled")
