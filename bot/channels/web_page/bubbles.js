/* Builds what one message looks like. Knows nothing of order, scrolling or the network: message_list.js does. */

import { safeFragment, safeLink } from "./safe_html.js";
import { percent, sizeOf, text, timeOf, translate, wordsOf } from "./texts.js";

const IMAGE = /^image\/(png|jpeg)$/;
const FILE_ICON = "M14 3H6.5a1.5 1.5 0 0 0-1.5 1.5v15a1.5 1.5 0 0 0 1.5 1.5h11a1.5 1.5 0 0 0 1.5-1.5V8zM14 3v5h5";
// Broken at their hyphen, figures such as 70-80% and numbers such as 50/KH-UBND are hard to read.
const UNBREAKABLE = /(\d[\d.,]*-\d[\d.,]*%?|\d+\/[\p{Lu}\d]+-[\p{Lu}\d-]+)/u;
const SVG = "http://www.w3.org/2000/svg";

let made = 0;

export function botMessage(message, at, onPress) {
  const bubble = element("div", { class: "bubble", lang: message.language });
  bubble.append(wordsOfBot(message), ...cardOf(message.attachment));
  const article = messageFrame("bot", at, bubble);
  if (message.buttons?.length) article.append(buttonSet(message, onPress));
  return article;
}

export function personMessage({ words, attachment }, at) {
  const bubble = element("div", { class: "bubble" }, ...cardOf(attachment));
  if (words) bubble.append(element("p", { "data-command": words }, wordsOf(words)));
  return messageFrame("person", at, bubble);
}

/* Stands for a message the page sent by itself and that failed: there are no words of the person to show. */
export function notice() {
  return element("article", { class: "message notice" });
}

/* The line under a message on its way: what is happening, and what the person can do about it. */
export function stateLine(entry, actions) {
  const line = element("div", { class: `state ${entry.state}` });
  const words = entry.problem ? { class: "state-words" } : { class: "state-words", "data-text": entry.state };
  line.append(element("span", words, entry.problem ?? text(entry.state)));
  if (entry.file && entry.state === "sending") line.append(...progressOf(entry));
  if (actions.length) line.append(element("span", { class: "state-actions" }, ...actions.map(stateAction)));
  return line;
}

/* Only the bar and the figure move: a line made anew would take the keyboard's focus from its button, and be read
   aloud at every step. */
export function moveProgress(line, entry) {
  const [bar, figure] = [line.querySelector("progress"), line.querySelector(".percent")];
  if (!bar) return;
  bar.value = entry.progress;
  figure.textContent = percent(entry.progress);
  line.classList.toggle("uploaded", entry.progress >= 1);
}

function progressOf(entry) {
  const bar = element("progress", { max: 1, value: entry.progress, "aria-label": text("uploading"),
    "data-text-label": "uploading" });
  return [bar, element("span", { class: "percent", "aria-hidden": "true" }, percent(entry.progress))];
}

export function dayHeading(day) {
  const heading = element("h2", { class: "day" }, element("span", { "data-day": day }));
  translate(heading);
  return heading;
}

function stateAction([key, act]) {
  const button = element("button", { type: "button", "data-text": key }, text(key));
  button.addEventListener("click", act);
  return button;
}

function messageFrame(from, at, bubble) {
  const id = `message-${(made += 1)}`;
  const who = element("span", { class: "who", "data-text": from }, text(from));
  const time = element("time", { datetime: at.toISOString() }, timeOf(at));
  const meta = element("p", { class: "meta", id }, who, " ", time);
  return element("article", { class: `message ${from}`, "aria-labelledby": id }, meta, bubble);
}

function wordsOfBot(message) {
  if (!message.html) return element("p", { class: "plain" }, message.text ?? "");
  const words = safeFragment(message.html);
  markSource(words);
  keepFiguresWhole(words);
  return words;
}

function keepFiguresWhole(words) {
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) {
    const parts = node.data.split(UNBREAKABLE);
    // split() puts what the expression caught at the odd places.
    if (parts.length > 1) node.replaceWith(...parts.map((part, i) => (i % 2 ? whole(part) : part)));
  }
}

function whole(part) {
  return element("span", { class: "whole" }, part);
}

/* An answer ends with where it comes from, in italics; it is set apart so that the eye finds it. */
function markSource(words) {
  const last = words.lastElementChild;
  const italics = last?.localName === "p" && last.childNodes.length === 1 && last.firstElementChild;
  if (italics && italics.localName === "i" && words.childElementCount > 1) last.classList.add("source");
}

function cardOf(attachment) {
  if (!attachment) return [];
  const card = (attachment.url && safeLink(attachment.url)) || document.createElement("span");
  card.className = "attachment";
  card.append(attachment.url && IMAGE.test(attachment.type) ? preview(attachment.url) : icon(FILE_ICON));
  card.append(element("span", { class: "attachment-name" }, attachment.name));
  if (attachment.size) card.append(element("span", { class: "attachment-size" }, sizeOf(attachment.size)));
  if (card.target) card.append(newTabHint());
  return [card];
}

function preview(url) {
  const image = element("img", { src: url, alt: "" });
  image.addEventListener("error", () => image.replaceWith(icon(FILE_ICON)));
  return image;
}

/* `rows` says how many of the buttons stand side by side, row after row. */
function buttonSet({ buttons, rows, language }, onPress) {
  const label = { "aria-label": text("choices"), "data-text-label": "choices" };
  const set = element("div", { class: "buttons", role: "group", ...label });
  const left = [...buttons];
  for (const count of rows ?? [left.length]) {
    const row = element("div", { class: "row" });
    for (const button of left.splice(0, count)) {
      const choice = button.url ? linkButton(button) : pressButton(button, set, onPress);
      choice.lang = language ?? "";
      row.append(choice);
    }
    set.append(row);
  }
  return set;
}

function linkButton({ label, url }) {
  const link = safeLink(url);
  if (!link) return element("span", { class: "choice" }, label);
  link.className = "choice link";
  link.append(label);
  if (link.target) link.append(newTabHint());
  return link;
}

function pressButton({ label, press }, set, onPress) {
  const button = element("button", { type: "button", class: "choice" }, label);
  button.addEventListener("mousedown", keepFocusWhereItIs);
  button.addEventListener("click", () => {
    if (isWaiting(set)) return;
    markPressed(set, button);
    onPress({ press, label }, set);
  });
  return button;
}

/* Someone who types and clicks by turns keeps the cursor in the input; the keyboard still moves focus as usual. */
function keepFocusWhereItIs(event) {
  event.preventDefault();
}

function markPressed(set, pressed) {
  for (const button of set.querySelectorAll("button")) {
    if (button === pressed) button.setAttribute("aria-pressed", "true");
    else button.removeAttribute("aria-pressed");
  }
}

/* aria-disabled instead of disabled: a disabled button would drop the keyboard focus onto the page. */
export function setWaiting(set, waiting) {
  for (const button of set.querySelectorAll("button")) button.setAttribute("aria-disabled", String(waiting));
}

function isWaiting(set) {
  return set.querySelector("[aria-disabled=true]") !== null;
}

function newTabHint() {
  return element("span", { class: "visually-hidden", "data-text": "opensNewTab" }, text("opensNewTab"));
}

function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}
