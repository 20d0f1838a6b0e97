/* The web chat page: ties the conversation on the screen to the server. Started by index.html. */

import { Composer } from "./composer.js";
import { LiveMessages, fetchHistory } from "./connection.js";
import { takeDroppedFiles } from "./dropping.js";
import { MessageList } from "./message_list.js";
import { growingPauses, Nap } from "./pauses.js";
import { SendQueue } from "./send_queue.js";
import { language, speak, text } from "./texts.js";

// A reconnection that succeeds within this time is nobody's business.
const QUIET_RECONNECTION = 2_500;

const address = new URLSearchParams(location.search);
const isEmbedded = address.get("embed") === "1";
const byId = (id) => document.getElementById(id);

const nap = new Nap();
let historyIsShown = false;
let live = null;
let disconnectedTimer = null;

const list = new MessageList(
  { scroller: byId("scroller"), messages: byId("messages"), typing: byId("typing"), toNewest: byId("to-newest") },
  {
    press: ({ press, label }) => say({ press, label }),
    sendAgain,
    sendNow: () => queue.retryNow(),
    giveUp,
    edit: (entry) => {
      discard(entry);
      composer.putBack(entry.text);
    },
    discard,
  },
);

const queue = new SendQueue({
  onState: showProgress,
  onProgress: showUpload,
  onAnswer: showAnswer,
});

const composer = new Composer(
  {
    form: byId("composer"),
    message: byId("message"),
    fileInput: byId("file"),
    attach: byId("attach"),
    chosenFile: byId("chosen-file"),
    chosenFileName: byId("chosen-file-name"),
    removeFile: byId("remove-file"),
    problem: byId("problem"),
    counter: byId("counter"),
  },
  { onText: (words) => say({ text: words }), onFile: (file) => say({ file }) },
);

start();

async function start() {
  document.documentElement.classList.toggle("embedded", isEmbedded);
  useLanguage(firstLanguage());
  listenToThePage();
  if (!isOnTouchScreen()) composer.focus();

  const leftoversAreSent = queue.sendLeftovers();
  const cameByDeepLink = openDeepLink();
  await leftoversAreSent;
  const past = await historyAtLast();
  showPast(past);
  if (isNew(past) && !cameByDeepLink) sendUnseen("/start");
  queue.start();
  followConversation(past.cursor);
}

function firstLanguage() {
  const wanted = address.get("lang") ?? navigator.language ?? "vi";
  return wanted.toLowerCase().startsWith("en") ? "en" : "vi";
}

/* Queues the code of a link such as /?start=CODE and takes it out of the address, so that a reload or a bookmark
   does not repeat it. */
function openDeepLink() {
  const code = address.get("start")?.trim();
  if (!code) return false;
  sendUnseen(`/start ${code}`);
  address.delete("start");
  const rest = address.toString();
  history.replaceState(null, "", location.pathname + (rest && `?${rest}`));
  return true;
}

async function historyAtLast() {
  for (const pause of growingPauses(1_000, 30_000)) {
    const found = await fetchHistory().catch(() => null);
    if (found) {
      showConnected();
      return found;
    }
    showDisconnected();
    await nap.sleep(pause);
  }
}

function showPast(past) {
  if (!isNew(past)) followLanguage(past.language);
  list.showHistory(past.messages);
  historyIsShown = true;
  for (const entry of queue.entries) {
    if (entry.state === "failed") showRefused(entry);
  }
}

function showRefused(entry) {
  if (entry.hidden) list.showState(entry);
  else list.showEntry(entry);
}

function isNew(past) {
  return past.messages.length === 0 && !past.greeted;
}

function followConversation(cursor) {
  live = new LiveMessages(cursor, {
    onMessages: showFromBot,
    onConnected: showConnected,
    onDisconnected: showDisconnected,
  });
  live.open();
}

function say(content) {
  const entry = queue.add(content);
  list.showEntry(entry);
  return entry;
}

function sendUnseen(words) {
  queue.add({ text: words, hidden: true });
}

function sendAgain(entry) {
  list.removeEntry(entry);
  if (!entry.hidden) list.showEntry(entry);
  queue.sendAgain(entry);
  composer.focus();
}

function discard(entry) {
  queue.remove(entry);
  list.removeEntry(entry);
  composer.focus();
}

function giveUp(entry) {
  queue.giveUp(entry);
  list.removeEntry(entry);
  showTyping(false);
  composer.focus();
}

function showProgress(entry) {
  list.showState(entry);
  showTyping(entry.state === "sending" && !entry.file);
}

function showUpload(entry) {
  list.showUpload(entry);
  showTyping(entry.progress >= 1);
}

function showAnswer(entry, answer) {
  showTyping(false);
  list.showSent(entry);
  // Before the history is shown, the answer is waiting in it.
  if (historyIsShown) showFromBot(answer.messages);
  if (entry.text === "/start") warnIfForgotten();
}

function showFromBot(messages) {
  const news = list.showBot(messages);
  if (news.length === 0) return;
  followLanguage(news.at(-1).language);
  if (document.hidden) document.title = text("newMessageTitle");
  tellHost("message");
}

function showTyping(isTyping) {
  list.showTyping(isTyping);
  byId("activity").textContent = isTyping ? text("botIsAnswering") : "";
}

/* A browser that keeps no cookie in this frame makes every message the first one of a stranger. */
async function warnIfForgotten() {
  const past = await fetchHistory().catch(() => null);
  byId("cookies").hidden = !past || !isNew(past);
}

function showConnected() {
  clearTimeout(disconnectedTimer);
  disconnectedTimer = null;
  byId("connection").textContent = "";
}

function showDisconnected() {
  disconnectedTimer ??= setTimeout(() => {
    byId("connection").textContent = text("disconnected");
  }, QUIET_RECONNECTION);
}

function useLanguage(wanted) {
  speak(wanted);
  composer.relabel();
}

function followLanguage(wanted) {
  if (wanted && wanted !== language()) useLanguage(wanted);
}

function askForLanguage(wanted) {
  if (wanted === language()) return;
  useLanguage(wanted);
  say({ text: `/ngonngu ${wanted}` });
}

function listenToThePage() {
  byId("menu").addEventListener("click", () => say({ text: "/menu" }));
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => askForLanguage(button.dataset.language));
  }
  takeDroppedFiles(byId("drop-veil"), (files) => composer.takeFiles(files));
  document.addEventListener("visibilitychange", cameBack);
  window.addEventListener("online", lookNow);
  window.addEventListener("offline", showDisconnected);
  if (isEmbedded) listenAsGuest();
}

function cameBack() {
  if (document.hidden) return;
  document.title = text("name");
  lookNow();
}

function lookNow() {
  nap.wake();
  queue.retryNow();
  live?.lookNow();
}

/* Inside widget.js's frame: its keys and its news are the host page's business too. */
function listenAsGuest() {
  window.addEventListener("focus", () => {
    if (document.activeElement === document.body && !isOnTouchScreen()) composer.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) tellHost("close");
  });
}

function tellHost(event) {
  if (isEmbedded) window.parent.postMessage({ nhipcau: event }, "*");
}

function isOnTouchScreen() {
  return matchMedia("(pointer: coarse)").matches;
}
