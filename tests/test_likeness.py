"""Which questions belong together: a table of groups, in one of which each question must end up."""

from __future__ import annotations

import random
import unicodedata

import pytest

from bot.messages import Language
from bot.services.answering import likeness
from bot.services.answering.likeness import Weights
from content.model import Content

GROUPS = {
    Language.VI: (
        (
            "Doanh nghiệp có được vay vốn lãi suất thấp để mua máy tái chế không?",
            "doanh nghiep co duoc vay von lai suat thap mua may tai che khong",
            "cho em hỏi vay vốn lãi suất thấp mua máy tái chế thì làm thế nào ạ",
            "vay von lai thap de mua may tai che",
        ),
        (
            "Doanh nghiệp có được thuê đất giá rẻ trong cụm công nghiệp không?",
            "thue dat trong cum cong nghiep gia re",
            "giá thuê đất cụm công nghiệp cho doanh nghiệp",
        ),
        (
            "Xe điện có được miễn phí đỗ xe ở Hà Nội không?",
            "xe dien co duoc mien phi do xe khong",
            "xe điện đỗ xe miễn phí ở đâu",
        ),
        ("Trạm sạc xe điện lắp ở đâu?", "lap tram sac xe dien o dau", "lắp đặt trạm sạc xe điện ở đâu vậy ad"),
        (
            "Thu phí rác thải sinh hoạt năm 2027 bao nhiêu tiền?",
            "phi rac thai sinh hoat bao nhieu tien nam 2026",
            "phí thu gom rác sinh hoạt 1 tháng bao nhiêu tiền",
        ),
        ("Phân loại rác tại nhà bị phạt bao nhiêu?", "khong phan loai rac tai nha bi phat bao nhieu tien"),
        (
            "Nhập khẩu phế liệu nhựa cần giấy phép gì?",
            "nhap khau phe lieu nhua can giay phep gi",
            "giấy phép nhập khẩu phế liệu nhựa xin ở đâu",
        ),
        ("Xử lý bùn thải công nghiệp cần giấy phép gì?", "xu ly bun thai cong nghiep can giay phep gi"),
        ("Ai chịu trách nhiệm quan trắc không khí làng nghề?", "quan trắc không khí làng nghề ai làm"),
        (
            "Đăng ký tham quan nhà máy điện rác Sóc Sơn ở đâu?",
            "tham quan nha may dien rac soc son dang ky o dau",
            "muốn cho học sinh tham quan nhà máy điện rác Sóc Sơn",
        ),
    ),
    Language.EN: (
        ("Can I rent land for a battery recycling plant?", "rent land for battery recycling plants"),
        ("Is there a visa for foreign environmental engineers?", "visa foreign environmental engineer"),
        ("Can I import used batteries?", "importing used batteries"),
        ("How much is the fine for illegal dumping?", "fine for dumping illegally"),
    ),
}


@pytest.fixture(scope="module", params=list(Language))
def language(request: pytest.FixtureRequest) -> Language:
    return Language(request.param)


@pytest.fixture(scope="module")
def weigh(language: Language) -> Weights:
    from content.loader import load

    return likeness.weights(load(), language)


@pytest.mark.parametrize("seed", range(5))
def test_likes_fall_together_in_any_order(language: Language, weigh: Weights, seed: int) -> None:
    asked = [(number, text) for number, group in enumerate(GROUPS[language]) for text in group]
    random.Random(seed).shuffle(asked)
    places = likeness.gathered(weigh, [], [text for _, text in asked])
    together: dict[int, set[int]] = {}
    for (number, _), place in zip(asked, places, strict=True):
        together.setdefault(place, set()).add(number)
    assert [numbers for numbers in together.values() if len(numbers) > 1] == []
    assert len(together) <= len(GROUPS[language]) + 1, "at most one wording may stand apart, by where it came in"


def test_questions_join_the_groups_that_there_are(language: Language, weigh: Weights) -> None:
    samples = [group[0] for group in GROUPS[language]]
    for number, group in enumerate(GROUPS[language]):
        for text in group[1:]:
            assert likeness.gathered(weigh, samples, [text]) == [number], text
    new = "Thủ đô của nước Pháp là gì?" if language is Language.VI else "What is the capital of France?"
    assert likeness.gathered(weigh, samples, [new, new.upper()]) == [len(samples)] * 2


def test_spelling_numbers_and_politeness_make_no_difference(known: Content) -> None:
    weigh = likeness.weights(known, Language.VI)
    question = "Thu phí rác thải sinh hoạt năm 2027 bao nhiêu tiền?"
    for other in (
        question.upper(),
        unicodedata.normalize("NFD", question),
        "dạ cho em hỏi " + question + " em cảm ơn ạ",
        question.replace("2027", "2028, 2029"),
        question.replace("rác", "r\u200bác"),
    ):
        assert likeness.gathered(weigh, [question], [other]) == [0], other


def test_texts_without_letters_are_only_like_themselves(known: Content) -> None:
    weigh = likeness.weights(known, Language.VI)
    assert likeness.gathered(weigh, ["xe điện"], ["50?", "🙂", "50?", "", "🙂", "ạ"]) == [1, 2, 1, 3, 2, 4]
    assert likeness.gathered(weigh, [], []) == []


def test_the_nearest_entries(known: Content) -> None:
    weigh = likeness.weights(known, Language.VI)
    ids = list(known.entries)
    texts = [likeness.asked(known, each, Language.VI) for each in ids]
    wanted = known.entries["boundary-loans"].vi.question
    found = likeness.nearest(weigh, wanted, texts, least=0.1, most=3)
    assert ids[found[0]] == "boundary-loans"
    assert len(found) <= 3
    assert likeness.nearest(weigh, "qwxz", texts, least=0.1, most=3) == []
