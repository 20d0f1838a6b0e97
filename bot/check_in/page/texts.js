/* Every word of the page, in Vietnamese and English, and the language it currently speaks. */

const HANOI = "Asia/Ho_Chi_Minh";

const TEXTS = {
  vi: {
    name: "Đón khách",
    online: "Trực tuyến",
    offline: "Mất mạng",
    connecting: "Đang kết nối…",
    unsent: (count) => `${count} lượt chưa gửi`,
    progress: "Tỷ lệ chỗ đã đến",
    expected: (count) => `/${number(count)} chỗ đã đến`,
    walkIns: (count) => `Khách ngoài danh sách: ${number(count)}`,
    overCapacity: (count) => `vượt sức chứa ${number(count)} chỗ`,
    gateLabel: "Cửa đón khách của máy này",
    gatePlaceholder: "Ví dụ: Cửa chính",
    gateHint: "Tên cửa được ghi kèm từng lượt vào để đối chiếu khi cần.",
    gateIs: (gate) => `Cửa: ${gate}`,
    save: "Lưu",
    change: "Đổi",
    startCamera: "Bật máy ảnh để quét",
    stopCamera: "Tắt máy ảnh",
    torch: "Đèn pin",
    cameraRefused: "Trình duyệt chưa được phép dùng máy ảnh. Anh/Chị cho phép trong phần cài đặt, hoặc nhập mã ở dưới.",
    cameraMissing: "Máy này không mở được máy ảnh. Anh/Chị nhập mã hoặc tên ở dưới.",
    typedLabel: "Mã hồ sơ, tên doanh nghiệp hoặc tên người",
    typedPlaceholder: "NC-7K3M-Q9 hoặc tên",
    check: "Kiểm tra",
    typedNothing: "Anh/Chị nhập mã hoặc tên trước khi kiểm tra.",
    typedWrong: "Mã này có ký tự sai hoặc thiếu. Mã gồm NC và 6 ký tự, không có 0, O, 1, I, L.",
    typedUnknown: "Không tìm thấy ai có tên này trong danh sách.",
    chooseBelow: "Có nhiều kết quả, mời Anh/Chị chọn ở dưới.",
    lastIn: "Vừa vào",
    undo: "Hoàn tác",
    walkIn: "Khách chưa đăng ký",
    searchLabel: "Tìm theo tên hoặc mã (không cần dấu)",
    parts: "Lọc danh sách",
    partAll: (count) => `Tất cả (${number(count)})`,
    partIn: (count) => `Đã vào (${number(count)})`,
    partOut: (count) => `Chưa vào (${number(count)})`,
    noPeople: "Chưa có doanh nghiệp nào đăng ký sự kiện này.",
    noneIn: "Chưa có ai vào. Lượt đầu tiên sẽ hiện ở đây.",
    noneOut: "Mọi người có chỗ đều đã vào.",
    noneFound: "Không tìm thấy. Anh/Chị thử gõ ít chữ hơn.",
    moreRows: (count) => `Còn ${number(count)} dòng nữa, mời Anh/Chị gõ để tìm.`,
    queueTitle: "Đồng bộ",
    queueEmpty: (time) => (time ? `Mọi lượt đã được gửi. Cập nhật lúc ${time}.` : "Chưa có dữ liệu từ máy chủ."),
    queueWaiting: (count) =>
      `${count} lượt chưa gửi, được giữ an toàn trên máy này và tự gửi khi có mạng. Xin không xóa dữ liệu trình duyệt.`,
    conflictsTitle: "Lượt cần xem lại",
    conflictsHint: "Những lượt đã cho vào khi mất mạng nhưng không khớp khi đối chiếu.",
    noConflicts: "Không có lượt nào cần xem lại.",
    tabs: "Các phần của trang",
    tabScan: "Quét mã",
    tabList: "Danh sách",
    tabReport: "Đối chiếu",
    next: "Tiếp tục",
    close: "Đóng",
    cancel: "Hủy",
    letIn: "Cho vào",
    letInUnlisted: "Cho vào, đối chiếu sau",
    keepOut: "Không cho vào",
    seats: (count) => `${count} chỗ`,
    code: "Mã hồ sơ",
    person: "Người liên hệ",
    seatsLabel: "Số chỗ",
    state: "Tình trạng",
    walkInHint: "Khách được tính riêng, kể cả khi vượt sức chứa.",
    walkInName: "Tên doanh nghiệp hoặc họ tên",
    walkInTax: "Mã số thuế (không bắt buộc)",
    walkInSeats: "Số người",
    walkInNoName: "Anh/Chị nhập tên doanh nghiệp hoặc họ tên khách.",
    walkInBadTax: "Mã số thuế không đúng. Anh/Chị sửa lại hoặc để trống.",
    fewer: "Bớt một người",
    more: "Thêm một người",
    undoTitle: "Hoàn tác lượt vào này?",
    undoWords: (name, time) => `${name}, vào lúc ${time}, sẽ trở lại là chưa vào.`,
    undoYes: "Hoàn tác",
    byWhom: (time, gate, by) => `lúc ${time}${gate ? `, ${gate}` : ""}${by ? `, ${by} cho vào` : ""}`,
    here: "chưa gửi",
    walkedIn: "khách ngoài danh sách",
    statuses: {
      submitted: "chờ duyệt", under_review: "đang xem xét", more_information: "chờ bổ sung", approved: "đã duyệt",
      rejected: "không được duyệt", withdrawn: "đã rút đăng ký", waitlisted: "trong danh sách chờ",
      offered: "được mời nhận chỗ, chưa trả lời", confirmed: "chưa vào", attended: "đã vào", no_show: "chưa vào",
    },
    verdicts: {
      accepted: "Mời vào", twice: "Đã vào rồi", withdrawn: "Không còn đăng ký", cancelled: "Sự kiện đã hủy",
      unconfirmed: "Chưa có chỗ", elsewhere: "Mã của sự kiện khác", forged: "Mã không hợp lệ",
      unknown: "Không tìm thấy", early: "Chưa đến giờ", unlisted: "Chưa có trong danh sách",
    },
    why: {
      accepted: () => "", walkedIn: () => "Đã ghi nhận khách ngoài danh sách.",
      twice: (it) => `Mã này đã được dùng ${it}.`,
      withdrawn: () => "Hồ sơ đã rút hoặc không được duyệt, nên không còn chỗ.",
      cancelled: () => "Sự kiện này đã hủy, không đón khách.",
      unconfirmed: (it) => `Hồ sơ ở tình trạng: ${it}. Nếu còn chỗ, có thể ghi là khách chưa đăng ký.`,
      elsewhere: (it) => (it ? `Mã thuộc sự kiện «${it}».` : "Mã thuộc một sự kiện khác."),
      forged: () => "Mã QR này không do hệ thống cấp. Xin kiểm tra lại với khách.",
      unknown: () => "Mã không có trong hệ thống. Anh/Chị thử tìm theo tên.",
      early: (it) => `Đón khách bắt đầu từ ${it}.`,
      unlisted: () => "Máy đang mất mạng và chưa biết mã này. Nếu cho vào, lượt này sẽ được đối chiếu khi có mạng.",
    },
    keptHere: "Đã ghi trên máy này, sẽ gửi khi có mạng.",
    conflicts: {
      twice: (it) => `Đã cho vào hai lần. Lượt được tính: ${it}.`,
      withdrawn: () => "Hồ sơ đã rút hoặc không được duyệt.", cancelled: () => "Sự kiện đã hủy.",
      unconfirmed: () => "Hồ sơ chưa được xác nhận chỗ.", elsewhere: () => "Mã của sự kiện khác.",
      forged: () => "Mã QR không do hệ thống cấp.", unknown: () => "Mã không có trong hệ thống.",
      early: () => "Chưa đến giờ đón khách.",
    },
    letInAt: (it) => `Đã cho vào ${it}.`,
    noLink: "Mời Anh/Chị mở trang này từ đường liên kết trong cuộc trò chuyện với trợ lý (Quản lý sự kiện, Đón khách).",
    failed: "Hệ thống đang gặp trục trặc. Trang vẫn ghi nhận trên máy và sẽ tự gửi lại.",
    undoFailed: "Lượt này đã được hoàn tác từ trước.",
    noStorage: "Trình duyệt không cho lưu dữ liệu (có thể do chế độ ẩn danh). Mời Anh/Chị mở trang ở chế độ thường.",
  },
  en: {
    name: "Check-in",
    online: "Online",
    offline: "Offline",
    connecting: "Connecting…",
    unsent: (count) => `${count} not sent yet`,
    progress: "Share of seats that have arrived",
    expected: (count) => ` of ${number(count)} seats arrived`,
    walkIns: (count) => `Walk-ins: ${number(count)}`,
    overCapacity: (count) => `${number(count)} over capacity`,
    gateLabel: "Which door is this phone at?",
    gatePlaceholder: "For example: Main door",
    gateHint: "The name goes with every entry, so that it can be traced.",
    gateIs: (gate) => `Door: ${gate}`,
    save: "Save",
    change: "Change",
    startCamera: "Turn on the camera to scan",
    stopCamera: "Camera off",
    torch: "Torch",
    cameraRefused: "The browser may not use the camera yet. Allow it in the settings, or type the code below.",
    cameraMissing: "The camera can't be opened here. Please type the code or name below.",
    typedLabel: "Code, business or person",
    typedPlaceholder: "NC-7K3M-Q9 or a name",
    check: "Check",
    typedNothing: "Please type a code or a name first.",
    typedWrong: "This code has a wrong or missing character. It is NC and 6 characters, without 0, O, 1, I, L.",
    typedUnknown: "Nobody of this name is on the list.",
    chooseBelow: "Several fit, please choose below.",
    lastIn: "Just came in",
    undo: "Undo",
    walkIn: "Guest without registration",
    searchLabel: "Find by name or code (no accents needed)",
    parts: "Part of the list",
    partAll: (count) => `All (${number(count)})`,
    partIn: (count) => `In (${number(count)})`,
    partOut: (count) => `Not yet (${number(count)})`,
    noPeople: "No business has signed up for this event yet.",
    noneIn: "Nobody is in yet. The first entry will show here.",
    noneOut: "Everybody with a seat is in.",
    noneFound: "Nothing found. Try fewer letters.",
    moreRows: (count) => `${number(count)} more, please type to find them.`,
    queueTitle: "Synchronisation",
    queueEmpty: (time) => (time ? `Everything was sent. Updated at ${time}.` : "No data from the server yet."),
    queueWaiting: (count) =>
      `${count} not sent yet. They are safe on this phone and go out when the network is back. Please don't clear the browser's data.`,
    conflictsTitle: "To be looked at",
    conflictsHint: "Let in while the network was down, but refused when it was checked.",
    noConflicts: "Nothing to look at.",
    tabs: "Parts of the page",
    tabScan: "Scan",
    tabList: "List",
    tabReport: "Report",
    next: "Continue",
    close: "Close",
    cancel: "Cancel",
    letIn: "Let in",
    letInUnlisted: "Let in, check later",
    keepOut: "Don't let in",
    seats: (count) => (count === 1 ? "1 seat" : `${count} seats`),
    code: "Code",
    person: "Contact person",
    seatsLabel: "Seats",
    state: "Status",
    walkInHint: "Counted apart, even above the capacity.",
    walkInName: "Business or person",
    walkInTax: "Tax code (optional)",
    walkInSeats: "People",
    walkInNoName: "Please type the name of the business or person.",
    walkInBadTax: "This tax code is not right. Please correct it or leave it empty.",
    fewer: "One fewer",
    more: "One more",
    undoTitle: "Take this entry back?",
    undoWords: (name, time) => `${name}, who came in at ${time}, will count as not there.`,
    undoYes: "Take back",
    byWhom: (time, gate, by) => `at ${time}${gate ? `, ${gate}` : ""}${by ? `, by ${by}` : ""}`,
    here: "not sent yet",
    walkedIn: "walk-in",
    statuses: {
      submitted: "waiting for a decision", under_review: "being looked at", more_information: "more information asked",
      approved: "accepted", rejected: "not accepted", withdrawn: "withdrawn", waitlisted: "on the waiting list",
      offered: "seat offered, no answer yet", confirmed: "not in yet", attended: "in", no_show: "not in yet",
    },
    verdicts: {
      accepted: "Welcome", twice: "Already in", withdrawn: "No longer registered", cancelled: "Event cancelled",
      unconfirmed: "No seat", elsewhere: "Other event", forged: "Not a valid pass",
      unknown: "Not found", early: "Too early", unlisted: "Not on the list",
    },
    why: {
      accepted: () => "", walkedIn: () => "The walk-in is recorded.",
      twice: (it) => `This code was used ${it}.`,
      withdrawn: () => "The registration was withdrawn or not accepted, so it has no seat.",
      cancelled: () => "This event is cancelled; nobody is let in.",
      unconfirmed: (it) => `Status: ${it}. If there is room, record a guest without registration.`,
      elsewhere: (it) => (it ? `The code is for “${it}”.` : "The code is for another event."),
      forged: () => "This QR code was not issued by us. Please ask the guest.",
      unknown: () => "No registration has this code. Try to find the name.",
      early: (it) => `Doors open at ${it}.`,
      unlisted: () => "This phone is offline and does not know the code. Whoever is let in now is checked when the network is back.",
    },
    keptHere: "Kept on this phone, sent when the network is back.",
    conflicts: {
      twice: (it) => `Let in twice. The entry that counts: ${it}.`,
      withdrawn: () => "The registration was withdrawn or not accepted.", cancelled: () => "The event is cancelled.",
      unconfirmed: () => "The registration has no confirmed seat.", elsewhere: () => "The code is for another event.",
      forged: () => "The QR code was not issued by us.", unknown: () => "No registration has this code.",
      early: () => "The doors were not open yet.",
    },
    letInAt: (it) => `Let in ${it}.`,
    noLink: "Please open this page by the link in the chat with the assistant (Manage offerings, Check-in).",
    failed: "The service has a problem. Entries are kept on this phone and sent again by themselves.",
    undoFailed: "This entry had been taken back already.",
    noStorage: "The browser keeps no data here, perhaps in a private window. Please open the page in a normal one.",
  },
};

let current = "vi";

export function text(key, ...values) {
  const found = TEXTS[current][key];
  return typeof found === "function" ? found(...values) : found;
}

/* A sentence of one of the tables `why` and `conflicts`, a word of `verdicts` and `statuses`. */
export function sentence(table, key, ...values) {
  const found = TEXTS[current][table][key];
  return typeof found === "function" ? found(...values) : (found ?? "");
}

export function speak(language) {
  if (!Object.hasOwn(TEXTS, language)) return;
  current = language;
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of document.querySelectorAll("[data-text-label]")) {
    node.setAttribute("aria-label", text(node.dataset.textLabel));
  }
  for (const node of document.querySelectorAll("[data-text-placeholder]")) {
    node.placeholder = text(node.dataset.textPlaceholder);
  }
}

/* 08:30, or 08:30 24/11 on another day than today: in Hanoi, wherever the phone thinks it is. */
export function timeOf(moment, now = new Date()) {
  const time = shown(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = { day: "2-digit", month: "2-digit" };
  return shown(moment, day) === shown(now, day) ? time : `${time} ${shown(moment, day)}`;
}

function shown(moment, parts) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: HANOI, ...parts }).format(new Date(moment));
}

export function number(value) {
  return value.toLocaleString(current === "vi" ? "vi-VN" : "en-GB");
}
