/* Every word the page itself says, in Vietnamese and English, and the language it currently speaks.
   What the bot says comes from the server and is never written here. */

const HANOI = "Asia/Ho_Chi_Minh";
const MEGABYTE = 1024 * 1024;

const TEXTS = {
  vi: {
    name: "Nhịp Cầu",
    subtitle: "Trợ lý ảo về Kế hoạch 50/KH-UBND · Thành phố Hà Nội",
    skipToInput: "Đến ô nhập tin nhắn",
    languages: "Ngôn ngữ",
    menu: "Menu",
    conversation: "Nội dung trao đổi",
    disclosure: "Đây là trợ lý tự động; khi cần sẽ chuyển câu hỏi tới cán bộ.",
    person: "Anh/Chị",
    bot: "Trợ lý ảo",
    botIsAnswering: "Trợ lý ảo đang trả lời…",
    choices: "Lựa chọn",
    newMessages: "Tin mới",
    newMessageTitle: "Tin mới · Nhịp Cầu",
    messageLabel: "Nội dung tin nhắn",
    placeholder: "Nhập tin nhắn…",
    send: "Gửi",
    attach: "Đính kèm tệp",
    attachHint: "Đính kèm tệp PDF, DOCX, XLSX, JPG hoặc PNG, tối đa 10 MB",
    removeFile: "Bỏ tệp đã chọn",
    counter: (length, limit) => `${number(length)}/${number(limit)} ký tự`,
    tooLong: (excess, limit) =>
      `Tin nhắn dài quá ${number(limit)} ký tự. Xin Anh/Chị bớt ${number(excess)} ký tự rồi gửi.`,
    fileTooBig: (name, size) => `Tệp «${name}» nặng ${size}, quá giới hạn 10 MB. Xin Anh/Chị chọn tệp nhỏ hơn.`,
    fileOfOtherKind: (name) =>
      `Hệ thống không nhận loại tệp của «${name}». Xin Anh/Chị chọn tệp PDF, DOCX, XLSX, JPG hoặc PNG.`,
    oneFileOnly: "Mỗi lần chỉ gửi được một tệp. Xin Anh/Chị gửi lần lượt từng tệp.",
    dropHere: "Thả tệp vào đây để đính kèm",
    uploading: "Tiến độ gửi tệp",
    giveUp: "Hủy gửi",
    fileEmpty: (name) => `Tệp «${name}» không có nội dung. Xin Anh/Chị chọn tệp khác.`,
    waiting: "Chờ gửi",
    sending: "Đang gửi…",
    retrying: "Chưa gửi được, đang thử lại…",
    failed: "Chưa gửi được.",
    sendAgain: "Gửi lại",
    sendNow: "Gửi lại ngay",
    edit: "Sửa tin",
    discard: "Bỏ",
    serverFailed: "Hệ thống đang gặp trục trặc nên chưa xử lý được tin này. Xin Anh/Chị gửi lại sau ít phút.",
    tooBigForServer: "Tin hoặc tệp quá lớn, hệ thống không nhận được. Tệp gửi kèm tối đa 10 MB.",
    tooManyMessages: "Anh/Chị gửi nhiều tin trong thời gian ngắn. Xin đợi một phút rồi gửi lại.",
    disconnected: "Mất kết nối, đang nối lại…",
    opensNewTab: "(mở trong thẻ mới)",
    cookiesBlocked: "Trình duyệt không cho lưu cookie ở đây nên cuộc trao đổi sẽ không được giữ lại.",
    openInNewTab: "Mở trong thẻ mới",
  },
  en: {
    name: "Nhịp Cầu",
    subtitle: "Virtual assistant for Plan 50/KH-UBND · City of Hanoi",
    skipToInput: "Skip to the message box",
    languages: "Language",
    menu: "Menu",
    conversation: "Conversation",
    disclosure: "This is an automated assistant; when needed, it passes questions to an officer.",
    person: "You",
    bot: "Virtual assistant",
    botIsAnswering: "The assistant is answering…",
    choices: "Choices",
    newMessages: "New messages",
    newMessageTitle: "New message · Nhịp Cầu",
    messageLabel: "Your message",
    placeholder: "Type a message…",
    send: "Send",
    attach: "Attach a file",
    attachHint: "Attach a PDF, DOCX, XLSX, JPG or PNG file, up to 10 MB",
    removeFile: "Remove the chosen file",
    counter: (length, limit) => `${number(length)}/${number(limit)} characters`,
    tooLong: (excess, limit) =>
      `The message is longer than ${number(limit)} characters. Please shorten it by ${number(excess)} and send.`,
    fileTooBig: (name, size) => `“${name}” is ${size}, over the limit of 10 MB. Please choose a smaller file.`,
    fileOfOtherKind: (name) =>
      `Files like “${name}” cannot be received. Please choose a PDF, DOCX, XLSX, JPG or PNG file.`,
    oneFileOnly: "Only one file can be sent at a time. Please send them one after the other.",
    dropHere: "Drop the file here to attach it",
    uploading: "Progress of the upload",
    giveUp: "Cancel sending",
    fileEmpty: (name) => `“${name}” is empty. Please choose another file.`,
    waiting: "Waiting to be sent",
    sending: "Sending…",
    retrying: "Not sent yet, trying again…",
    failed: "Not sent.",
    sendAgain: "Send again",
    sendNow: "Send now",
    edit: "Edit",
    discard: "Discard",
    serverFailed: "The service has a problem and could not process this message. Please send it again in a few minutes.",
    tooBigForServer: "The message or file is too large to be received. Attached files may be up to 10 MB.",
    tooManyMessages: "Many messages were sent in a short time. Please wait a minute and send again.",
    disconnected: "Connection lost, reconnecting…",
    opensNewTab: "(opens in a new tab)",
    cookiesBlocked: "The browser does not keep cookies here, so this conversation will not be remembered.",
    openInNewTab: "Open in a new tab",
  },
};

const WEEKDAYS = {
  vi: ["Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"],
  en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
};

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

/* What the page's own buttons send, as a person reads it in the conversation. */
const COMMANDS = {
  "/menu": () => text("menu"),
  "/ngonngu vi": () => "Tiếng Việt",
  "/ngonngu en": () => "English",
};

let current = "vi";

export function language() {
  return current;
}

export function text(key, ...values) {
  const found = TEXTS[current][key];
  return typeof found === "function" ? found(...values) : found;
}

export function wordsOf(command) {
  return Object.hasOwn(COMMANDS, command) ? COMMANDS[command]() : command;
}

/* Makes the whole page speak `wanted`, including bubbles already shown. */
export function speak(wanted) {
  if (!Object.hasOwn(TEXTS, wanted)) return;
  current = wanted;
  document.documentElement.lang = wanted;
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === wanted));
  }
  translate(document);
}

export function translate(root) {
  for (const node of root.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of root.querySelectorAll("[data-text-label]")) {
    node.setAttribute("aria-label", text(node.dataset.textLabel));
  }
  for (const node of root.querySelectorAll("[data-text-title]")) node.title = text(node.dataset.textTitle);
  for (const node of root.querySelectorAll("[data-text-placeholder]")) {
    node.placeholder = text(node.dataset.textPlaceholder);
  }
  for (const node of root.querySelectorAll("[data-command]")) node.textContent = wordsOf(node.dataset.command);
  for (const node of root.querySelectorAll("[data-day]")) node.textContent = dayInWords(node.dataset.day);
}

/* The calendar day in Hanoi, as 2026-11-23: deadlines are Hanoi's, wherever the reader is. */
export function dayOf(moment) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: HANOI, year: "numeric", month: "2-digit", day: "2-digit" })
    .format(moment);
}

export function dayInWords(day) {
  const [year, month, date] = day.split("-");
  const weekday = WEEKDAYS[current][new Date(`${day}T00:00:00Z`).getUTCDay()];
  if (current === "en") return `${weekday} ${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
  return `${weekday} ${date}/${month}/${year}`;
}

export function timeOf(moment) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: HANOI, hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    .format(moment);
}

export function number(value, decimals = 0) {
  const format = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return value.toLocaleString(current === "vi" ? "vi-VN" : "en-GB", format);
}

export function sizeOf(bytes) {
  if (bytes < MEGABYTE) return `${number(Math.max(1, Math.round(bytes / 1024)))} KB`;
  return `${number(bytes / MEGABYTE, 1)} MB`;
}

export function percent(part) {
  return `${Math.floor(part * 100)}%`;
}
