"""A report from the first answer to its acceptance, as transcripts: two people, two days, one correction."""

from __future__ import annotations

from tests.chat import Town
from tests.handing_in import last_year, newest_obligation, versions_of
from tests.reporting import appoint, employ, plan
from tests.sample_files import PDF


async def test_the_full_life_in_vietnamese(town: Town) -> None:
    town.clock.set("2026-12-10T09:00+07:00")
    await plan(town)
    await last_year(town, {"enterprises_total": 30, "participants": 100, "budget": 40_000_000})
    number = await newest_obligation(town)
    lan = await appoint(town, "Lan", language="vi")
    thu = await employ(town, "Thu", agency="so-cong-thuong", language="vi")

    # Lan begins, and goes home.
    await lan.sends_press(f"hand:begin:{number}")
    lan.reads(
        "Câu 1/27: Kế hoạch của đơn vị trong năm",
        "Báo cáo có 27 câu. Mỗi câu trả lời được lưu ngay",
        "Ủy ban nhân dân phường Ba Đình",
        buttons=["Đã ban hành", "Đang xây dựng", "Chưa xây dựng", "Xem toàn bộ", "Lưu, làm tiếp sau"],
    )
    await lan.says("da ban hanh")
    lan.reads("Đã lưu: Đã ban hành", "Câu 2/27: Văn bản chỉ đạo", "Mời Anh/Chị nhập số liệu (đơn vị tính: văn bản).")
    await lan.says("ba văn bản")
    lan.reads("không phải là một số viết bằng chữ số", "Câu 2/27")
    await lan.says("3")
    lan.reads("Câu 3/27", "Kỳ trước: 30 doanh nghiệp")
    await lan.says("1.234,5")
    lan.reads("số nguyên", "Câu 3/27")
    await lan.says("32")
    lan.reads("Đã lưu: 32 doanh nghiệp", "Câu 4/27")
    await lan.says("2")
    lan.reads("Câu 5/27: Dự án công nghiệp môi trường đang thực hiện", "Dòng 1: mời Anh/Chị ghi Tên dự án")
    await lan.says("Trạm xử lý nước thải; đang xây dựng; 3 tỷ 500 triệu")
    lan.reads("Đã lưu.", "(1) Trạm xử lý nước thải; đang xây dựng; 3.500.000.000 đồng", "Dòng 2")
    await lan.says("Lò đốt rác")
    lan.reads("Dòng 2: Lò đốt rác", "Tiếp theo: Tình trạng", buttons=[
        "Để trống ô này", "Xong dòng này", "Quay lại", "Xem toàn bộ", "Lưu, làm tiếp sau"])  # fmt: skip
    await lan.presses("Xong dòng này")
    lan.reads("(2) Lò đốt rác; -; -", "Dòng 3")
    await lan.presses("Bỏ một dòng")
    lan.reads("muốn bỏ dòng nào", buttons=[
        "1. Trạm xử lý nước thải; đang xây dựng; 3.500.000.000 đồng", "2. Lò đốt rác; -; -", "Quay lại"])  # fmt: skip
    await lan.says("2")
    lan.reads("Đã bỏ dòng.", "(1) Trạm xử lý nước thải", "Dòng 2")
    await lan.presses("Xong bảng này")
    lan.reads("Câu 6/27")
    await lan.says("/huy")
    lan.reads("Đã lưu 5/27 câu.", "đầu mối khác của cơ quan có thể làm tiếp", buttons=[
        "Làm tiếp báo cáo", "Tất cả báo cáo", "Menu"])  # fmt: skip

    # Minh goes on the next day.
    town.clock.set("2026-12-11T08:30+07:00")
    minh = await appoint(town, "Minh", focal_role="deputy", language="vi")
    await minh.sends_press(f"hand:begin:{number}")
    minh.reads(
        "Câu 6/27", "Bản nháp của cơ quan: đã trả lời 5/27 câu.", "- Lan: 5 câu, gần nhất lúc 09:00 thứ Năm 10/12/2026"
    )
    for answer, following in (("1", "Câu 7/27"), ("0", "Câu 8/27"), ("2", "Câu 9/27")):
        await minh.says(answer)
        minh.reads(following)
    await minh.says("15")
    minh.reads(
        "Giảm 85% so với kỳ trước (kỳ trước 100 lượt người, kỳ này 15 lượt người), đúng không?",
        buttons=["Đúng", "Nhập lại"],
    )
    await minh.presses("Nhập lại")
    minh.reads("Câu 9/27", "Kỳ trước: 100 lượt người")
    await minh.says("15")
    minh.reads("đúng không?")
    await minh.says("đúng")
    minh.reads("Đã lưu: 15 lượt người", "Câu 10/27")
    for answer, following in (("4", "Câu 11/27"), ("12", "Câu 12/27"), ("50 triệu", "Câu 13/27"), ("0", "Câu 14/27")):
        await minh.says(answer)
        minh.reads(following)
    await minh.says("Phường đã ban hành kế hoạch.")
    minh.reads("Câu 14/27", "Đã lưu. Anh/Chị có thể viết tiếp")
    await minh.says("Đã giao các tổ dân phố thực hiện.")
    minh.reads("Phường đã ban hành kế hoạch.\n\nĐã giao các tổ dân phố thực hiện.")
    await minh.presses("Xong phần này")
    minh.reads("Câu 15/27")
    for place in range(15, 20):
        await minh.says("Không có.")
        minh.reads(f"Câu {place}/27", "Không có.")
        await minh.presses("Xong phần này")
        minh.reads(f"Câu {place + 1}/27")
    for place in range(20, 24):
        await minh.presses("Bỏ qua")
        minh.reads(f"Câu {place + 1}/27")
    await minh.sends_file("bao-cao.pdf", PDF, "application/pdf")
    minh.reads("Đã lưu: «bao-cao.pdf»", "Câu 25/27: Tài liệu kèm theo khác")
    await minh.presses("Bỏ qua")
    minh.reads("Câu 26/27: Số, ký hiệu văn bản")
    await minh.says("số 45/bc-ubnd")
    minh.reads("Đã lưu: 45/BC-UBND", "Câu 27/27")
    await minh.presses("Hôm nay, 11/12/2026")
    minh.reads(
        "trên địa bàn: 32 doanh nghiệp (kỳ trước: 30 doanh nghiệp, ▲ 6,7%) [Lan]",
        "9) Lượt người tham dự: 15 lượt người (kỳ trước: 100 lượt người, ▼ 85%)",
        "24) Báo cáo đã ký (bản ký số hoặc bản quét): «bao-cao.pdf»",
        "đã đủ nội dung bắt buộc",
        buttons=["Nộp báo cáo này", "Sửa câu trả lời", "Lưu, làm tiếp sau", "Biểu mẫu Word, Excel", "Xóa bản nháp"],
    )
    await minh.presses("Nộp báo cáo này")
    minh.reads(
        "Văn bản: số 45/BC-UBND ngày 11/12/2026",
        "Kỳ số liệu đến thứ Hai 14/12/2026 mới kết thúc",
        "Nộp báo cáo này?",
        buttons=["Xác nhận", "Quay lại", "Lưu, làm tiếp sau"],
    )
    await minh.presses("Xác nhận")
    receipt = minh.reads(
        "Biên nhận",
        "Ghi nhận lúc: 08:30 thứ Sáu 11/12/2026",
        "Nộp đúng hạn.",
        "Cơ quan nhận đã được thông báo.",
        buttons=["Xem bản đã nộp", "Tất cả báo cáo", "Menu"],
    )
    (first,) = await versions_of(town, number)
    assert f"Mã: {first.code} (bản 1)" in receipt.plain
    await town.deliver()

    # Thu returns it.
    thu.reads(
        "Có báo cáo mới nộp",
        "Ủy ban nhân dân phường Ba Đình",
        "Người nộp: Minh",
        buttons=["Xem báo cáo", "Báo cáo chờ tiếp nhận"],
    )
    await thu.presses("Xem báo cáo")
    thu.reads("- Lượt người tham dự: 15 lượt người (kỳ trước: 100 lượt người, ▼ 85%)", "Tài liệu kèm theo:", buttons=[
        "Tiếp nhận", "Trả lại để chỉnh sửa", "Đọc toàn văn thuyết minh",
        "Báo cáo đã ký (bản ký số hoặc bản quét): bao-cao.pdf",
        "Lịch sử", "Báo cáo chờ tiếp nhận", "Menu"])  # fmt: skip
    await thu.presses("Báo cáo đã ký (bản ký số hoặc bản quét): bao-cao.pdf")
    assert thu.reads("bao-cao.pdf").attachment is not None
    await thu.presses("Trả lại để chỉnh sửa")
    thu.reads("Báo cáo cần chỉnh sửa những gì?")
    await thu.says("Sai số")
    thu.reads("từ 10 đến 2.000 ký tự")
    await thu.says("Số lượt người tham dự chưa khớp với danh sách lớp.")
    thu.reads("Hạn chỉnh sửa đến ngày nào?", buttons=[
        "thứ Ba 15/12/2026", "thứ Sáu 18/12/2026", "thứ Sáu 25/12/2026", "Quay lại", "Hủy"])  # fmt: skip
    await thu.says("13/12/2026")
    thu.reads("Không thể chọn Chủ nhật 13/12/2026 vì là ngày nghỉ")
    await thu.presses("thứ Ba 15/12/2026")
    thu.reads(
        "chưa khớp với danh sách lớp", "Hạn chỉnh sửa: thứ Ba 15/12/2026.", buttons=["Xác nhận", "Quay lại", "Hủy"]
    )
    await thu.presses("Xác nhận")
    thu.reads("Đã trả lại.", buttons=["Báo cáo tiếp theo", "Xem báo cáo"])
    await town.deliver()

    # Lan corrects it.
    for person in (lan, minh):
        person.reads(
            "Báo cáo được trả lại để chỉnh sửa",
            "chậm nhất thứ Ba 15/12/2026",
            "Ý kiến: Số lượt người tham dự chưa khớp",
            buttons=["Chỉnh sửa báo cáo", "Xem bản đã nộp"],
        )
    town.clock.set("2026-12-14T09:00+07:00")
    await lan.presses("Chỉnh sửa báo cáo")
    lan.reads("Ý kiến: Số lượt người tham dự chưa khớp", "9) Lượt người tham dự: 15 lượt người")
    await lan.presses("Sửa câu trả lời")
    lan.reads("gõ số thứ tự của câu, từ 1 đến 27")
    await lan.says("9")
    lan.reads("Câu 9/27", "Đã ghi: 15 lượt người")
    await lan.says("115")
    lan.reads("Đã lưu: 115 lượt người", "9) Lượt người tham dự: 115 lượt người (kỳ trước: 100 lượt người, ▲ 15%)")
    await lan.presses("Nộp báo cáo này")
    lan.reads("Nộp báo cáo này?")
    await lan.presses("Xác nhận")
    lan.reads("Biên nhận", "Nộp đúng hạn. Đã chỉnh sửa: đây là bản 2.")
    await town.deliver()

    # Thu sees what has changed, and accepts.
    thu.reads("Có báo cáo nộp lại sau chỉnh sửa", "Bản 2", "Đã chỉnh sửa: đây là bản 2.")
    await thu.presses("Xem báo cáo")
    thu.reads("● Lượt người tham dự: 115", "● có thay đổi so với bản 1.", "Bản 1: Anh/Chị trả lại lúc")
    await thu.presses("So với bản trước")
    thu.reads("- Lượt người tham dự: 115 lượt người (trước đó: 15 lượt người)")
    await thu.presses("Tiếp nhận")
    thu.reads("Tiếp nhận báo cáo này?", buttons=["Xác nhận", "Quay lại"])
    await thu.presses("Xác nhận")
    thu.reads("Đã tiếp nhận. Cơ quan nộp đã được thông báo.")
    await town.deliver()
    for person in (lan, minh):
        person.reads("Báo cáo đã được tiếp nhận", "Bản 2", "không còn việc gì phải làm thêm")
    assert [each.status for each in await versions_of(town, number)] == ["returned", "accepted"]
    await lan.says("/baocao")
    lan.skips()


async def test_the_main_path_in_english(town: Town) -> None:
    town.clock.set("2027-01-25T09:00+07:00")
    await plan(town)
    officer = await employ(town, "Thu", agency="so-cong-thuong")
    lan = await appoint(town, "Lan")
    number = await newest_obligation(town, duty="yearly-implementation-plan")
    await lan.sends_press(f"report:open:{number}")
    lan.reads("Yearly plan for implementing plan 50/KH-UBND")
    await lan.presses("Hand in the report")
    lan.reads("Question 1/6", "There are 6 questions.", "for example “3 tỷ 500 triệu”")
    await lan.says("1.5 billion")
    lan.reads("Saved: 1,500,000,000 VND", "Question 2/6")
    await lan.presses("Skip")
    lan.reads("Question 3/6: The plan as issued", "Please send the file.")
    await lan.says("tomorrow")
    lan.reads("A file is asked for here", "Question 3/6")
    await lan.sends_file("plan.pdf", PDF, "application/pdf")
    lan.reads("Saved: «plan.pdf»", "Question 4/6: Further attachments")
    await lan.presses("Skip")
    lan.reads("What is the number of the report?")
    await lan.says("3/KH-UBND")
    lan.reads("What is the date of document 3/KH-UBND?")
    await lan.says("today")
    lan.reads("Everything that is needed is there.", "3) The plan as issued (digitally signed or scanned): «plan.pdf»")
    await lan.says("1")
    lan.reads("Hand in this report?", "Document: 3/KH-UBND of 25 Jan 2027")
    await lan.says("1")
    lan.reads("Receipt: report handed in", "Handed in on time.", "The receiving agency has been told.")
    await town.deliver()
    officer.reads("A report has come in", "3/KH-UBND", "Handed in by Lan")
    await officer.presses("Look at the report")
    officer.reads("1,500,000,000 VND", "Version 1")
    await officer.presses("Accept")
    officer.reads("Accept this report?")
    await officer.presses("Confirm")
    officer.reads("Accepted. The agency has been told.")
    await town.deliver()
    lan.reads("Your report has been accepted")
    await lan.presses("See what was handed in")
    lan.reads("accepted", "1,500,000,000 VND", "Version 1: accepted by Department of Industry and Trade")
