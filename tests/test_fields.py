"""What people type into a form: what is understood, and the exact sentence for what is not."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Translators, load_translators
from bot.messages import Language
from bot.services.forms import field_problems, field_texts, fields, wards
from bot.services.forms.problems import Rejected
from bot.vietnamese import fold
from content.form_model import Choice, FieldKind, FormField
from content.loader import load
from content.model import Content
from content.written import Both, Unit
from tests.conftest import ZONE

CONTENT = load()
TODAY = date(2026, 11, 23)
NOT_MIXED = "0100233480"  # one digit away from a valid code


def make(kind: FieldKind, **more: Any) -> FormField:
    """A question of one kind; texts ask for the name of an enterprise."""
    both = Both(vi="Hỏi", en="Ask")
    given: dict[str, Any] = {"name": "asked", "kind": kind, "label": both, "ask": both}
    if kind in ("text", "long_text"):
        given["example"] = Both(vi="Công ty Sông Hồng", en="Song Hong Co.")
        given |= {"letters": True, "min_length": 2, "max_length": 100}
    if kind == "long_text":
        given["min_length"] = 10
    if kind == "choice":
        given["choices"] = (
            Choice(value="water", vi="Nước thải", en="Wastewater"),
            Choice(value="air", vi="Khí thải", en="Air"),
        )
    if kind == "choices":
        given["choices"] = (
            Choice(value="water", vi="Nước thải", en="Wastewater"),
            Choice(value="energy", vi="Năng lượng tái tạo, tiết kiệm năng lượng", en="Clean energy, energy saving"),
            Choice(value="waste", vi="Chất thải rắn", en="Solid waste"),
        )
    if kind == "consent":
        given |= {"purpose": "news", "text_version": "1"}
    return FormField(**(given | more))


PEOPLE = make("number", unit=Unit(vi="người", en="people", en_one="person"), whole=True, min=1, max=5000)

UNDERSTOOD: list[tuple[FormField, str, Any]] = [
    (make("text"), "  Công ty   TNHH \n Sông Hồng ", "Công ty TNHH Sông Hồng"),
    (make("text"), "Co\u0302ng ty\u200b X", "Công ty X"),
    (make("text"), "<b>Sông & Hồng</b>", "<b>Sông & Hồng</b>"),
    (make("text"), "\u202eCông ty\u202c", "Công ty"),
    (make("long_text"), "Dòng một  \r\n\n\n\n\nDòng   hai", "Dòng một\n\nDòng hai"),
    (make("tax_code"), "0100233488", "0100233488"),
    (make("tax_code"), "01.00.233.488", "0100233488"),
    (make("tax_code"), "MST: 0314409058 – 002", "0314409058002"),
    (make("tax_code"), "０１００２３３４８８", "0100233488"),
    (make("tax_code"), "001 085 012 345", "001085012345"),
    (make("phone"), "0912345678", "+84912345678"),
    (make("phone"), "+84 912 345 678", "+84912345678"),
    (make("phone"), "84912345678", "+84912345678"),
    (make("phone"), "0084912345678", "+84912345678"),
    (make("phone"), "0912.345.678", "+84912345678"),
    (make("phone"), "(024) 3825 3536", "+842438253536"),
    (make("phone"), "+1 650 253 0000", "+16502530000"),
    (make("email"), " Lan@CongTy.VN ", "Lan@congty.vn"),
    (make("email"), "lan.nguyen+hn@mail.congty.com.vn", "lan.nguyen+hn@mail.congty.com.vn"),
    (make("number"), "1.200", 1200),
    (make("number"), "1,200,000", 1200000),
    (make("number"), "1 200", 1200),
    (make("number"), "1.234,5", 1234.5),
    (make("number"), "1,234.5", 1234.5),
    (make("number"), "0,5", 0.5),
    (make("number"), "12", 12),
    (make("number"), "-3", -3),
    (make("date"), "7/12/2026", "2026-12-07"),
    (make("date"), "07-12-26", "2026-12-07"),
    (make("date"), "2026-12-07", "2026-12-07"),
    (make("date"), "07122026", "2026-12-07"),
    (make("date"), "ngày 7 tháng 12 năm 2026", "2026-12-07"),
    (make("date"), "hôm nay", "2026-11-23"),
    (make("date"), "tomorrow", "2026-11-24"),
    (make("choice"), "2", "air"),
    (make("choice"), "nuoc thai", "water"),
    (make("choice"), "AIR", "air"),
    (make("choices"), "1, 3", ["water", "waste"]),
    (make("choices"), "3 và 1", ["water", "waste"]),
    (make("choices"), "3;3", ["waste"]),
    (make("choices"), "nang luong tai tao, tiet kiem nang luong, nuoc thai", ["water", "energy"]),
    (make("choices"), "Clean energy, energy saving\nSolid waste", ["energy", "waste"]),
    (make("choices"), "2, chất thải rắn", ["energy", "waste"]),
    (PEOPLE, "25 người", 25),
    (PEOPLE, "1.200 people", 1200),
    (make("money"), "3 tỷ", 3_000_000_000),
    (make("money"), "3 tỷ 500 triệu", 3_500_000_000),
    (make("money"), "3,5 ty dong", 3_500_000_000),
    (make("money"), "3 tỷ rưỡi", 3_500_000_000),
    (make("money"), "2 tỷ 3", 2_300_000_000),
    (make("money"), "1.5 tr", 1_500_000),
    (make("money"), "3tr5", 3_500_000),
    (make("money"), "500k", 500_000),
    (make("money"), "5 trăm triệu", 500_000_000),
    (make("money"), "1.500 tỷ", 1_500_000_000_000),
    (make("money"), "3.000.000.000đ", 3_000_000_000),
    (make("money"), "1 500 000 VNĐ", 1_500_000),
    (make("money"), "3 billion", 3_000_000_000),
    (make("money"), "2.5 million dong", 2_500_000),
    (make("money"), "0", 0),
    (make("seats"), "3", 3),
    (make("seats"), "１", 1),
    (make("ward"), "Phường Yên Hòa", "phuong-yen-hoa"),
    (make("ward"), "yen hoa", "phuong-yen-hoa"),
    (make("ward"), "P. Cau Giay", "phuong-cau-giay"),
    (make("ward"), "x hoa lac", "xa-hoa-lac"),
    (make("ward"), "UBND xã Hòa Lạc", "xa-hoa-lac"),
    (make("ward"), "Hoa Lac commune", "xa-hoa-lac"),
    (make("ward"), "phường Cầu Giấy, quận Cầu Giấy, Hà Nội", "phuong-cau-giay"),
    (make("ward"), "yên hòa - quận cầu giấy", "phuong-yen-hoa"),
    (make("ward"), "Văn Miếu Quốc Tử Giám", "phuong-van-mieu-quoc-tu-giam"),
    (make("ward"), "van mieu - quoc tu giam", "phuong-van-mieu-quoc-tu-giam"),
    (make("ward"), "00166", "phuong-cau-giay"),
    (make("consent"), "Đồng ý", True),
    (make("consent"), "co", True),
    (make("consent"), "yes.", True),
    (make("consent", required=False), "không", False),
    (make("consent", required=False), "2", False),
]

IN_WORDS = ("Mời Anh/Chị gõ bằng chữ, ví dụ: Công ty Sông Hồng", "Please type it in words, for example: Song Hong Co.")
TAX = (
    "Mời Anh/Chị gõ 10 số của doanh nghiệp, 13 số của đơn vị phụ thuộc hoặc 12 số của hộ kinh doanh, ví dụ 0100233488.",
    "Please type the 10 digits of an enterprise, the 13 of a dependent unit or the 12 of a household business, "
    "for example 0100233488.",
)
PHONE = (
    "Mời Anh/Chị gõ một số điện thoại: di động 10 số, cố định tại Hà Nội gồm 024 và 8 số, ví dụ 0912 345 678.",
    "Please type one number: 10 digits for a mobile, 024 and 8 digits for a landline in Hanoi, "
    "for example 0912 345 678.",
)
EMAIL = ("Mời Anh/Chị gõ một địa chỉ, ví dụ ten@congty.vn.", "Please type one address, for example ten@congty.vn.")
NUMBER = (
    "Mời Anh/Chị chỉ gõ số, không kèm chữ, ví dụ 1.200.",
    "Please type only the number, without words, for example 1,200.",
)
DAY = (
    "Mời Anh/Chị gõ ngày, tháng và năm, ví dụ 07/12/2026.",
    "Please type day, month and year, for example 07/12/2026.",
)
CHOICE = (
    "Mời Anh/Chị bấm nút hoặc gõ số thứ tự, ví dụ 1.",
    "Please choose by button, or type the number, for example 1.",
)
CONSENT = (
    "Mời Anh/Chị bấm nút, hoặc gõ “có” hay “không”.",
    "Please choose by button, or type “yes” or “no”.",
)
HEADCOUNT = ("Mời Anh/Chị chỉ gõ số, ví dụ 25 người.", "Please type only the number, for example 25 people.")
MONEY = (
    "Mời Anh/Chị gõ số tiền bằng đồng, ví dụ 3 tỷ hoặc 3.500.000.000.",
    "Please type the amount in đồng, for example 3 billion or 3,500,000,000.",
)
SEATS = ("Mời Anh/Chị chỉ gõ số chỗ, ví dụ 1.", "Please type only the number of seats, for example 1.")
CHOICES = (
    "Mời Anh/Chị chọn bằng nút rồi bấm “Xong”, hoặc gõ các số thứ tự, ví dụ 1, 2.",
    "Please choose by buttons and press “Done”, or type the numbers, for example 1, 2.",
)
WARD = (
    "Mời Anh/Chị gõ tên phường hoặc xã, ví dụ phường Yên Hòa.",
    "Please type the name of a ward or commune, for example Yen Hoa ward.",
)
WHICH_WARD = (
    "Địa chỉ thuộc phường, xã nào? Mời Anh/Chị gõ tên phường, xã, hoặc bấm nút nếu đúng là đơn vị này.",
    "In which ward or commune is it? Please type its name, or press the button if it is this one.",
)
OPTIONS = (
    "Mời Anh/Chị chọn đơn vị đúng bằng nút, hoặc gõ lại tên.",
    "Please choose what you mean by button, or type the name again.",
)
UNKNOWN_WARD = (
    "Hà Nội không có phường, xã nào mang tên này. Có thể đây là tên gọi trước ngày 01/07/2025.",
    "Hanoi has no ward or commune of this name. It may be a name from before 1 July 2025.",
)
NEAR_WARD = ("Không có phường, xã nào mang đúng tên này.", "There is no ward or commune of exactly this name.")
NO_AMOUNT = ("Chưa đọc được số tiền này.", "This is not an amount of money that can be read.")
FILE = (
    "Mời Anh/Chị gửi một tệp PDF, DOCX, XLSX, JPG hoặc PNG, tối đa 10 MB.",
    "Please send a PDF, DOCX, XLSX, JPG or PNG file of at most 10 MB.",
)
NO_FILE = (
    "Câu này cần gửi tệp, nhưng nội dung nhận được là chữ.",
    "A file is asked for here, and a text was received.",
)
NOTHING = ("Chưa nhận được nội dung nào đọc được.", "No readable text was received.")

# (question, what is typed, what is wrong in Vietnamese and in English, what to do instead)
REFUSED: list[tuple[FormField, str, tuple[str, str], tuple[str, str]]] = [
    (make("text"), " \u200b\u202e ", NOTHING, IN_WORDS),
    (
        make("text"),
        "A",
        ("Câu trả lời quá ngắn: cần ít nhất 2 ký tự.", "The answer is too short: at least 2 characters are needed."),
        IN_WORDS,
    ),
    (make("text"), "---!!!", ("Câu trả lời chỉ gồm các ký hiệu.", "The answer consists of signs only."), IN_WORDS),
    (make("text"), "0912345678", ("Câu trả lời không có chữ cái nào.", "The answer has no letters in it."), IN_WORDS),
    (
        make("text"),
        "Công ty " * 12_800,
        (
            "Câu trả lời quá dài: 102.399 ký tự, trong khi tối đa là 100 ký tự.",
            "The answer is too long: it has 102,399 characters, and at most 100 are possible.",
        ),
        ("Mời Anh/Chị viết ngắn lại, ví dụ: Công ty Sông Hồng", "Please shorten it, for example: Song Hong Co."),
    ),
    (make("long_text"), "\u2066\u2069", NOTHING, IN_WORDS),
    (
        make("long_text"),
        "tư vấn",
        ("Câu trả lời quá ngắn: cần ít nhất 10 ký tự.", "The answer is too short: at least 10 characters are needed."),
        IN_WORDS,
    ),
    (
        make("long_text"),
        "............",
        ("Câu trả lời chỉ gồm các ký hiệu.", "The answer consists of signs only."),
        IN_WORDS,
    ),
    (
        make("long_text"),
        "500 1000 2000",
        ("Câu trả lời không có chữ cái nào.", "The answer has no letters in it."),
        IN_WORDS,
    ),
    (
        make("long_text"),
        "a" * 101,
        (
            "Câu trả lời quá dài: 101 ký tự, trong khi tối đa là 100 ký tự.",
            "The answer is too long: it has 101 characters, and at most 100 are possible.",
        ),
        ("Mời Anh/Chị viết ngắn lại, ví dụ: Công ty Sông Hồng", "Please shorten it, for example: Song Hong Co."),
    ),
    (
        make("tax_code"),
        "O1OO233488",
        (
            "Mã số thuế chỉ gồm chữ số, nhưng nội dung đã nhập có ký tự khác.",
            "A tax code consists of digits only, and other characters were found.",
        ),
        TAX,
    ),
    (make("tax_code"), "12345", ("Nội dung đã nhập có 5 chữ số.", "This has 5 digits."), TAX),
    (make("tax_code"), "01002334881", ("Nội dung đã nhập có 11 chữ số.", "This has 11 digits."), TAX),
    (
        make("tax_code"),
        NOT_MIXED,
        (
            "Chữ số kiểm tra (chữ số thứ mười) không khớp với các chữ số còn lại, có thể đã gõ nhầm.",
            "The check digit (the tenth) does not fit the others, so there is probably a typing mistake.",
        ),
        (
            "Mời Anh/Chị đối chiếu với giấy chứng nhận đăng ký và gõ lại, ví dụ 0100233488. "
            "Nếu mã đã nhập là đúng, mời bấm nút bên dưới hoặc gõ “giữ”.",
            "Please compare it with the registration certificate and type it again, for example 0100233488. "
            "If it is right as it stands, press the button below or type “keep”.",
        ),
    ),
    (
        make("tax_code"),
        "101085012345",
        (
            "Mã số thuế 12 số là số định danh cá nhân và bắt đầu bằng số 0.",
            "A tax code of 12 digits is a personal identification number, which begins with 0.",
        ),
        TAX,
    ),
    (
        make("tax_code"),
        "0314409058-000",
        (
            "Ba số cuối là số thứ tự của đơn vị phụ thuộc, từ 001 đến 999; không có số 000.",
            "The last three digits number a dependent unit, from 001 to 999; 000 does not exist.",
        ),
        TAX,
    ),
    (
        make("tax_code"),
        "0100000000",
        ("Không có mã số thuế nào chỉ gồm các số 0 ở giữa.", "No tax code has only zeros in its middle."),
        TAX,
    ),
    (
        make("phone"),
        "hello",
        (
            "Số điện thoại chỉ gồm chữ số, nhưng nội dung đã nhập có ký tự khác.",
            "A phone number consists of digits only, and other characters were found.",
        ),
        PHONE,
    ),
    (
        make("phone"),
        "0912 345 678 máy lẻ 12",
        (
            "Số điện thoại chỉ gồm chữ số, nhưng nội dung đã nhập có ký tự khác.",
            "A phone number consists of digits only, and other characters were found.",
        ),
        PHONE,
    ),
    (
        make("phone"),
        "0912345678 / 0987654321",
        ("Nội dung đã nhập có nhiều hơn một số điện thoại.", "This is more than one phone number."),
        PHONE,
    ),
    (
        make("phone"),
        "09123456789",
        (
            "Số đã nhập có 11 chữ số, không đúng độ dài của đầu số này.",
            "This has 11 digits, which does not fit a phone number with this beginning.",
        ),
        PHONE,
    ),
    (
        make("phone"),
        "0241234567",
        (
            "Số đã nhập có 10 chữ số, không đúng độ dài của đầu số này.",
            "This has 10 digits, which does not fit a phone number with this beginning.",
        ),
        PHONE,
    ),
    (
        make("phone"),
        "9",
        (
            "Số đã nhập có 1 chữ số, không đúng độ dài của đầu số này.",
            "This has 1 digit, which does not fit a phone number with this beginning.",
        ),
        PHONE,
    ),
    (
        make("phone"),
        "01234567890",
        ("Không có số điện thoại nào có đầu số này.", "No phone number begins like this."),
        PHONE,
    ),
    (
        make("phone"),
        "1900 6192",
        (
            "Đây là số tổng đài, không liên hệ trực tiếp được với người phụ trách.",
            "This is the number of a switchboard or hotline, which reaches nobody in particular.",
        ),
        PHONE,
    ),
    (
        make("phone"),
        "+999 123 456 789",
        ("Mã quốc gia sau dấu + không tồn tại.", "The country code after the + does not exist."),
        PHONE,
    ),
    (
        make("email"),
        "lan.congty.vn",
        (
            "Địa chỉ thư điện tử phải có ký tự @, nhưng nội dung đã nhập không có.",
            "An e-mail address has an @ in it, and none was found.",
        ),
        EMAIL,
    ),
    (
        make("email"),
        "lan@congty.vn, an@congty.vn",
        (
            "Có nhiều hơn một ký tự @ nên đây không phải là một địa chỉ thư điện tử.",
            "There is more than one @, so this is not one e-mail address.",
        ),
        EMAIL,
    ),
    (
        make("email"),
        "lan nguyen@congty.vn",
        ("Địa chỉ thư điện tử không có khoảng trắng.", "An e-mail address has no blanks in it."),
        EMAIL,
    ),
    (
        make("email"),
        "nguyễn@congty.vn",
        (
            "Địa chỉ thư điện tử không có dấu tiếng Việt hay chữ cái đặc biệt.",
            "An e-mail address has no Vietnamese marks or other special letters in it.",
        ),
        EMAIL,
    ),
    (make("email"), "@congty.vn", ("Phần trước ký tự @ chưa đúng.", "The part before the @ is not right."), EMAIL),
    (make("email"), "<lan@congty.vn", ("Phần trước ký tự @ chưa đúng.", "The part before the @ is not right."), EMAIL),
    (make("email"), "lan@congty", ("Phần sau ký tự @ chưa đúng.", "The part after the @ is not right."), EMAIL),
    (make("email"), "lan@congty..vn", ("Phần sau ký tự @ chưa đúng.", "The part after the @ is not right."), EMAIL),
    (
        make("number"),
        "mười hai",
        ("Nội dung đã nhập không phải là một số viết bằng chữ số.", "This is not a number in digits."),
        NUMBER,
    ),
    (
        make("number"),
        "12 người",
        ("Nội dung đã nhập không phải là một số viết bằng chữ số.", "This is not a number in digits."),
        NUMBER,
    ),
    (
        make("number"),
        "--5",
        ("Nội dung đã nhập không phải là một số viết bằng chữ số.", "This is not a number in digits."),
        NUMBER,
    ),
    (
        make("number"),
        "1.2.3",
        (
            "Chưa rõ phần nghìn và phần thập phân của số này.",
            "It is not clear where the thousands and the decimals of this number are.",
        ),
        NUMBER,
    ),
    (
        make("number"),
        "5 10",
        (
            "Chưa rõ phần nghìn và phần thập phân của số này.",
            "It is not clear where the thousands and the decimals of this number are.",
        ),
        NUMBER,
    ),
    (
        make("number"),
        "1" * 40,
        ("Số quá dài: tối đa là 15 chữ số.", "The number is too long: at most 15 digits are possible."),
        NUMBER,
    ),
    (make("date"), "tuần sau", ("Nội dung đã nhập không phải là ngày tháng.", "This is not a date."), DAY),
    (make("date"), "1/2/3/4", ("Nội dung đã nhập không phải là ngày tháng.", "This is not a date."), DAY),
    (make("date"), "7/12", ("Còn thiếu năm.", "The year is missing."), DAY),
    (make("date"), "31/02/2027", ("Không có ngày này trong lịch.", "There is no such day in the calendar."), DAY),
    (make("date"), "12/13/2026", ("Không có ngày này trong lịch.", "There is no such day in the calendar."), DAY),
    (make("date"), "07/12/9999", ("Năm 9999 chưa đúng.", "The year 9999 can't be right."), DAY),
    (
        make("choice"),
        "0",
        ("Các lựa chọn được đánh số từ 1 đến 2.", "The choices are numbered from 1 to 2."),
        CHOICE,
    ),
    (
        make("choice"),
        "3",
        ("Các lựa chọn được đánh số từ 1 đến 2.", "The choices are numbered from 1 to 2."),
        CHOICE,
    ),
    (make("choice"), "rác", ("Câu trả lời không nằm trong các lựa chọn.", "This is none of the choices."), CHOICE),
    (make("choice"), "1,2", ("Câu trả lời không nằm trong các lựa chọn.", "This is none of the choices."), CHOICE),
    (make("choice"), "\u200b", NOTHING, CHOICE),
    (
        PEOPLE,
        "0",
        ("Số đã nhập quá nhỏ: tối thiểu là 1 người.", "The number is too small: it must be at least 1 person."),
        HEADCOUNT,
    ),
    (
        PEOPLE,
        "6000",
        ("Số đã nhập quá lớn: tối đa là 5.000 người.", "The number is too large: it can be at most 5,000 people."),
        HEADCOUNT,
    ),
    (PEOPLE, "12,5", ("Câu này chỉ nhận số nguyên.", "Only a whole number is possible here."), HEADCOUNT),
    (make("money"), "ba tỷ", NO_AMOUNT, MONEY),
    (make("money"), "nhiều lắm", NO_AMOUNT, MONEY),
    (make("money"), "3 triệu 2 tỷ", NO_AMOUNT, MONEY),
    (make("money"), "-5 tỷ", NO_AMOUNT, MONEY),
    (
        make("money"),
        "3",
        (
            "Chưa rõ là 3 nghìn, triệu hay tỷ đồng vì còn thiếu đơn vị.",
            "Is it 3 thousand, million or billion đồng? The unit is missing.",
        ),
        MONEY,
    ),
    (
        make("money"),
        "300 USD",
        (
            "Nội dung đã nhập có vẻ là ngoại tệ, trong khi câu này cần số tiền bằng đồng Việt Nam.",
            "This looks like another currency, and the amount is needed in Vietnamese đồng.",
        ),
        MONEY,
    ),
    (
        make("money"),
        "2.3.4 tỷ",
        (
            "Chưa rõ phần nghìn và phần thập phân của số này.",
            "It is not clear where the thousands and the decimals of this number are.",
        ),
        MONEY,
    ),
    (
        make("money"),
        "9999999 tỷ",
        ("Số quá dài: tối đa là 15 chữ số.", "The number is too long: at most 15 digits are possible."),
        MONEY,
    ),
    (make("money"), "1234,5", ("Câu này chỉ nhận số nguyên.", "Only a whole number is possible here."), MONEY),
    (make("seats"), "0", ("Cần ít nhất 1 chỗ.", "At least one seat is needed."), SEATS),
    (
        make("seats"),
        "4",
        (
            "Mỗi doanh nghiệp được đăng ký tối đa 3 chỗ tại sự kiện này.",
            "One enterprise can take at most 3 seats at this event.",
        ),
        SEATS,
    ),
    (make("seats"), "1,5", ("Câu này chỉ nhận số nguyên.", "Only a whole number is possible here."), SEATS),
    (
        make("seats"),
        "hai",
        ("Nội dung đã nhập không phải là một số viết bằng chữ số.", "This is not a number in digits."),
        SEATS,
    ),
    (
        make("seats"),
        "1 2",
        (
            "Chưa rõ phần nghìn và phần thập phân của số này.",
            "It is not clear where the thousands and the decimals of this number are.",
        ),
        SEATS,
    ),
    (make("choices"), "4", ("Các lựa chọn được đánh số từ 1 đến 3.", "The choices are numbered from 1 to 3."), CHOICES),
    (
        make("choices"),
        "1, 0",
        ("Các lựa chọn được đánh số từ 1 đến 3.", "The choices are numbered from 1 to 3."),
        CHOICES,
    ),
    (make("choices"), "rác", ("“rac” không nằm trong các lựa chọn.", "“rac” is none of the choices."), CHOICES),
    (
        make("choices"),
        "nước thải, rác",
        ("“rac” không nằm trong các lựa chọn.", "“rac” is none of the choices."),
        CHOICES,
    ),
    (make("choices"), ",", ("Anh/Chị chưa chọn nội dung nào.", "Nothing has been chosen yet."), CHOICES),
    (make("choices"), "\u200b", NOTHING, CHOICES),
    (
        make("ward"),
        "quận Cầu Giấy",
        (
            "Từ ngày 01/07/2025 không còn cấp quận, huyện, thị xã nên không còn quận Cầu Giấy.",
            "Districts ended on 1 July 2025, so there is no quận Cầu Giấy any more.",
        ),
        WHICH_WARD,
    ),
    (
        make("ward"),
        "q. cau giay",
        (
            "Từ ngày 01/07/2025 không còn cấp quận, huyện, thị xã nên không còn quận Cầu Giấy.",
            "Districts ended on 1 July 2025, so there is no quận Cầu Giấy any more.",
        ),
        WHICH_WARD,
    ),
    (
        make("ward"),
        "huyen soc son",
        (
            "Từ ngày 01/07/2025 không còn cấp quận, huyện, thị xã nên không còn huyện Sóc Sơn.",
            "Districts ended on 1 July 2025, so there is no huyện Sóc Sơn any more.",
        ),
        WHICH_WARD,
    ),
    (
        make("ward"),
        "Bắc Từ Liêm",
        (
            "Từ ngày 01/07/2025 không còn cấp quận, huyện, thị xã nên không còn quận Bắc Từ Liêm.",
            "Districts ended on 1 July 2025, so there is no quận Bắc Từ Liêm any more.",
        ),
        WHICH_WARD,
    ),
    (
        make("ward"),
        "TX Sơn Tây",
        (
            "Từ ngày 01/07/2025 không còn cấp quận, huyện, thị xã nên không còn thị xã Sơn Tây.",
            "Districts ended on 1 July 2025, so there is no thị xã Sơn Tây any more.",
        ),
        WHICH_WARD,
    ),
    (
        make("ward"),
        "Cầu Giấy",
        (
            "Đây là tên một phường, xã hiện nay, đồng thời là tên quận Cầu Giấy trước đây.",
            "This is the name of a ward or commune of today, and it was also that of the former quận Cầu Giấy.",
        ),
        (
            "Nếu đúng là đơn vị hiện nay, mời Anh/Chị bấm nút bên dưới hoặc gõ “có”; nếu không, mời gõ tên khác.",
            "If you mean the one of today, press the button below or type “yes”; otherwise type another name.",
        ),
    ),
    (make("ward"), "xã Yên Hòa", NEAR_WARD, OPTIONS),
    (make("ward"), "yen soo", NEAR_WARD, OPTIONS),
    (make("ward"), "văn miếu", NEAR_WARD, OPTIONS),
    (make("ward"), "Dịch Vọng", UNKNOWN_WARD, WARD),
    (make("ward"), "Hưng Yên", UNKNOWN_WARD, WARD),
    (make("ward"), "Hà Nội", UNKNOWN_WARD, WARD),
    (make("file"), "đây ạ", NO_FILE, FILE),
    (make("file"), "https://drive.example/x", NO_FILE, FILE),
    (make("file"), "ho-so.pdf", NO_FILE, FILE),
    (make("file"), "1", NO_FILE, FILE),
    (make("file"), "\u200b", NOTHING, FILE),
    (
        make("consent"),
        "để xem đã",
        ("Chưa rõ Anh/Chị có đồng ý hay không.", "It is not clear whether you agree."),
        CONSENT,
    ),
    (make("consent"), "3", ("Chưa rõ Anh/Chị có đồng ý hay không.", "It is not clear whether you agree."), CONSENT),
    (
        make("consent"),
        "có không",
        ("Chưa rõ Anh/Chị có đồng ý hay không.", "It is not clear whether you agree."),
        CONSENT,
    ),
    (make("consent"), "", NOTHING, CONSENT),
    (
        make("consent"),
        "không",
        (
            "Nếu Anh/Chị không đồng ý, hệ thống không thể xử lý đăng ký nên không tiếp tục được.",
            "Without your consent the registration can't be processed, so the form can't go on.",
        ),
        (
            "Nếu Anh/Chị đồng ý, mời bấm “Tôi đồng ý” hoặc gõ “có”; nếu không, mời gõ “hủy”.",
            "If you agree after all, press “I agree” or type “yes”; otherwise type “cancel”.",
        ),
    ),
]


@pytest.mark.parametrize(
    "field, typed, value", UNDERSTOOD, ids=lambda each: each[:20] if isinstance(each, str) else None
)
def test_understood(field: FormField, typed: str, value: Any, known: Content) -> None:
    read = fields.read(field, typed, TODAY, agencies=known.agencies, seats=3)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    "field, typed, wrong, instead", REFUSED, ids=[f"{field.kind}: {typed[:20]}" for field, typed, _, _ in REFUSED]
)
def test_refused(
    field: FormField,
    typed: str,
    wrong: tuple[str, str],
    instead: tuple[str, str],
    translators: Translators,
    known: Content,
) -> None:
    with pytest.raises(Rejected) as refusal:
        fields.read(field, typed, TODAY, agencies=known.agencies, seats=3)
    for place, language in enumerate((Language.VI, Language.EN)):
        said = field_problems.explain(refusal.value, field, translators.for_language(language))
        assert said == f"{wrong[place]} {instead[place]}"


def test_every_kind_has_five_wrong_inputs() -> None:
    kinds = [field.kind for field, *_ in REFUSED]
    assert {kind: kinds.count(kind) >= 5 for kind in fields._READERS} == dict.fromkeys(fields._READERS, True)


def test_a_tax_code_whose_check_digit_is_wrong_can_be_insisted_on() -> None:
    with pytest.raises(Rejected) as refusal:
        fields.read(make("tax_code"), "0100 233 480", TODAY)
    assert refusal.value.doubtful == NOT_MIXED
    assert fields.check_failed(NOT_MIXED)
    assert not fields.check_failed("0100233488")
    assert not fields.check_failed("001085012345")


def test_what_may_have_been_meant_is_offered(known: Content) -> None:
    offered = {
        "quận Cầu Giấy": ("phuong-cau-giay",),
        "nam tu liem": ("phuong-tu-liem",),
        "Cầu Giấy": ("phuong-cau-giay",),
        "xã Yên Hòa": ("phuong-yen-hoa",),
        "yen soo": ("phuong-yen-so",),
        "cau giay, ha noi": ("phuong-cau-giay",),
        "văn miếu": ("phuong-van-mieu-quoc-tu-giam",),
        "dịch vọng": (),
    }
    for typed, options in offered.items():
        with pytest.raises(Rejected) as refusal:
            fields.read(make("ward"), typed, TODAY, agencies=known.agencies)
        assert refusal.value.options == options, typed


def test_every_unit_is_understood_by_its_own_name_without_marks(known: Content) -> None:
    units = [each for each in known.agencies.values() if each.kind in wards.KINDS]
    assert len(units) == 126
    for unit in units:
        kind = "phuong" if unit.kind == "ward" else "xa"
        for typed in (f"{kind} {fold(unit.place)}", unit.name.vi, unit.name.vi.upper(), unit.code):
            assert fields.read(make("ward"), typed, TODAY, agencies=known.agencies) == unit.slug, typed


@given(st.integers(0, 10**15 - 1))
def test_an_amount_that_was_shown_is_read_as_itself(amount: int) -> None:
    for t in (load_translators(ZONE).vi, load_translators(ZONE).en):
        assert fields.read(make("money"), field_texts.money(amount, t), TODAY) == amount


@given(st.text(max_size=60), st.sampled_from(sorted(fields._READERS)))
def test_nothing_typed_breaks_a_reader(typed: str, kind: FieldKind) -> None:
    field = make(kind)
    try:
        value = fields.read(field, typed, TODAY, agencies=CONTENT.agencies, seats=3)
    except Rejected:
        return
    json.dumps(value)
    if kind != "consent":
        assert fields.fits(field, value, agencies=CONTENT.agencies, seats=3)


FITTING: list[tuple[FormField, Any, bool]] = [
    (make("choice"), "air", True),
    (make("choice"), "gone", False),
    (make("choices"), ["water", "gone"], False),
    (make("choices"), "water", False),
    (make("text"), "A", False),
    (make("text"), "Công ty", True),
    (make("text"), None, False),
    (make("text", required=False), None, True),
    (PEOPLE, 25, True),
    (PEOPLE, 6000, False),
    (PEOPLE, 2.5, False),
    (make("money"), 2.5, False),
    (make("seats"), 3, True),
    (make("seats"), 4, False),
    (make("ward"), "phuong-yen-hoa", True),
    (make("ward"), "so-cong-thuong", False),
    (make("tax_code"), NOT_MIXED, True),
    (make("tax_code"), "12345", False),
    (make("phone"), "lan@congty.vn", False),
    (make("date"), "2026-12-07", True),
    (make("date"), "tomorrow", False),
    (make("file"), {"file": 1, "name": "x.pdf", "size": 3}, True),
    (make("file"), "x.pdf", False),
    (make("consent"), {"agreed": True, "version": "1"}, True),
    (make("consent"), {"agreed": True, "version": "0"}, False),
]


@pytest.mark.parametrize("field, value, fitting", FITTING)
def test_whether_an_earlier_answer_still_fits(field: FormField, value: Any, fitting: bool, known: Content) -> None:
    assert fields.fits(field, value, agencies=known.agencies, seats=3) is fitting


def test_values_as_they_are_shown(translators: Translators, known: Content) -> None:
    t = translators.vi
    assert field_texts.shown(PEOPLE, 1200, t, {}) == "1.200 người"
    assert field_texts.shown(make("money"), 3_500_000_000, t, {}) == "3.500.000.000 đồng"
    assert field_texts.shown(make("money"), 1_500_000, translators.en, {}) == "1,500,000 VND"
    assert field_texts.shown(make("seats"), 2, t, {}) == "2 chỗ"
    assert field_texts.shown(make("seats"), 1, translators.en, {}) == "1 seat"
    assert field_texts.shown(make("choices"), ["water", "waste"], t, {}) == "Nước thải; Chất thải rắn"
    assert field_texts.shown(make("ward"), "phuong-yen-hoa", t, known.agencies) == "phường Yên Hòa"
    assert field_texts.shown(make("ward"), "xa-hoa-lac", translators.en, known.agencies) == "Hòa Lạc commune"
    assert field_texts.shown(make("file"), {"file": 1, "name": "x.pdf", "size": 3}, t, {}) == "x.pdf"
    assert field_texts.shown(make("tax_code"), "0314409058002", t, {}) == "0314409058-002"
    assert field_texts.shown(make("tax_code"), "001085012345", t, {}) == "001•••••••45"
    assert field_texts.shown(make("tax_code"), NOT_MIXED, t, {}) == "0100233480 (chưa xác minh)"
    assert field_texts.shown(make("phone"), "+84912345678", t, {}) == "0912 345 678"
    assert field_texts.shown(make("phone"), "+16502530000", t, {}) == "+1 650-253-0000"
    assert field_texts.shown(make("choice"), "air", t, {}) == "Khí thải"
    assert field_texts.shown(make("choice"), "air", translators.en, {}) == "Air"
    assert field_texts.shown(make("choice"), "no longer there", t, {}) == "no longer there"
    assert field_texts.shown(make("number"), 1234.5, t, {}) == "1.234,5"
    assert field_texts.shown(make("date"), "2026-12-07", t, {}) == "thứ Hai 07/12/2026"
    assert field_texts.shown(make("consent"), {"agreed": False}, t, {}) == "không đồng ý"
    assert field_texts.shown(make("text"), None, translators.en, {}) == "(not given)"


def test_what_was_typed_is_quoted_short_and_clean() -> None:
    assert field_texts.quoted(make("text"), "x\u202ey\n\nz " + "a" * 100_000) == "xy z " + "a" * 55 + "…"
    assert field_texts.quoted(make("tax_code"), "101 085 012 345") == "101•••••••45"
    assert field_texts.quoted(make("text"), "<b>") == "<b>"
