/* The conversation on the screen: order, days, scrolling, and which bubble belongs to which message on its way. */

import { botMessage, dayHeading, moveProgress, notice, personMessage, setWaiting, stateLine } from "./bubbles.js";
import { dayOf } from "./texts.js";

const NEAR_THE_END = 80;
// Replies that arrive this close to each other are one answer, and are read from its beginning.
const ONE_ANSWER = 1_500;
const BREATHING_SPACE = 12;

export class MessageList {
  #shown = new Set();
  #bubbles = new Map();
  #buttonSets = new Map();
  #answerStart = null;
  #lastArrival = 0;
  #wasAtTheEnd = true;

  /* `actions`: press({press, label}) returns the entry it made; sendAgain, sendNow, giveUp, edit, discard take one. */
  constructor(parts, actions) {
    this.scroller = parts.scroller;
    this.messages = parts.messages;
    this.typing = parts.typing;
    this.toNewest = parts.toNewest;
    this.actions = actions;
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.toNewest.addEventListener("click", () => this.#scrollToEnd());
    new ResizeObserver(() => this.#stayAtTheEnd()).observe(this.scroller);
  }

  /* Shows the past in one go. Only what comes later is read aloud. */
  showHistory(messages) {
    for (const message of messages) {
      if (message.from === "bot") this.#insertBot(message);
      else this.#insertPerson(message);
    }
    this.#scrollToEnd();
    requestAnimationFrame(() => this.scroller.setAttribute("aria-live", "polite"));
  }

  /* Returns the messages that were not on the screen before. */
  showBot(messages) {
    const news = messages.filter((message) => !this.#shown.has(message.id));
    const wasAtTheEnd = this.#isAtTheEnd();
    for (const message of news) this.#arrived(this.#insertBot(message));
    if (news.length && wasAtTheEnd) this.#scrollToAnswer();
    if (news.length) this.toNewest.hidden = wasAtTheEnd || this.#isAtTheEnd();
    return news;
  }

  showEntry(entry) {
    const attachment = entry.file ? { name: entry.file.name, type: entry.file.type, size: entry.file.size } : null;
    const bubble = personMessage({ words: entry.label ?? entry.text, attachment }, new Date(entry.at));
    this.#bubbles.set(entry.id, bubble);
    this.#place(bubble, new Date(entry.at), null);
    this.showState(entry);
    this.#answerStart = null;
    this.#scrollToEnd();
  }

  showState(entry) {
    const wasAtTheEnd = this.#isAtTheEnd();
    const bubble = this.#bubbles.get(entry.id) ?? this.#noticeFor(entry);
    if (!bubble) return;
    bubble.querySelector(".state")?.remove();
    bubble.dataset.state = entry.state;
    bubble.append(stateLine(entry, this.#actionsFor(entry)));
    if (entry.state === "failed") this.#release(entry);
    if (wasAtTheEnd) this.#scrollToEnd();
  }

  showUpload(entry) {
    const line = this.#bubbles.get(entry.id)?.querySelector(".state");
    if (line) moveProgress(line, entry);
  }

  /* The message arrived: its bubble stays, as part of the past. */
  showSent(entry) {
    const bubble = this.#bubbles.get(entry.id);
    this.#bubbles.delete(entry.id);
    this.#release(entry);
    if (entry.hidden) return this.#takeAway(bubble);
    bubble?.querySelector(".state")?.remove();
    if (bubble) delete bubble.dataset.state;
  }

  removeEntry(entry) {
    this.#takeAway(this.#bubbles.get(entry.id));
    this.#bubbles.delete(entry.id);
  }

  showTyping(isTyping) {
    const wasAtTheEnd = this.#isAtTheEnd();
    this.typing.hidden = !isTyping;
    if (isTyping && wasAtTheEnd) this.#scrollToEnd();
  }

  #insertBot(message) {
    this.#shown.add(message.id);
    const at = momentOf(message);
    const bubble = botMessage(message, at, (choice, set) => this.#press(choice, set));
    bubble.dataset.id = message.id;
    this.#place(bubble, at, this.#laterBotMessage(message.id) ?? this.#firstWaiting());
    return bubble;
  }

  #insertPerson(message) {
    const words = message.attachment ? null : message.text;
    const at = momentOf(message);
    this.#place(personMessage({ words, attachment: message.attachment }, at), at, this.#firstWaiting());
  }

  #press(choice, set) {
    setWaiting(set, true);
    this.#buttonSets.set(this.actions.press(choice).id, set);
  }

  #release(entry) {
    const set = this.#buttonSets.get(entry.id);
    this.#buttonSets.delete(entry.id);
    if (set) setWaiting(set, false);
  }

  #actionsFor(entry) {
    const { sendAgain, sendNow, giveUp, edit, discard } = this.actions;
    const cancel = entry.file ? [["giveUp", () => giveUp(entry)]] : [];
    if (entry.state === "retrying") return [["sendNow", () => sendNow(entry)], ...cancel];
    if (entry.state === "sending" || entry.state === "waiting") return cancel;
    if (entry.state !== "failed") return [];
    const again = ["sendAgain", () => sendAgain(entry)];
    if (entry.hidden) return [again];
    const isTyped = entry.text && !entry.label;
    return [again, isTyped ? ["edit", () => edit(entry)] : ["discard", () => discard(entry)]];
  }

  #noticeFor(entry) {
    if (entry.state !== "failed") return null;
    const line = notice();
    this.#bubbles.set(entry.id, line);
    this.#place(line, new Date(entry.at), null);
    return line;
  }

  #place(article, at, successor) {
    article.dataset.date = dayOf(at);
    this.messages.insertBefore(article, successor);
    this.#headDay(article);
    const next = nextMessage(article);
    if (next) this.#headDay(next);
  }

  /* Bot messages stand in the order of their numbers, whichever way and in whatever order they arrived. */
  #laterBotMessage(id) {
    let later = null;
    for (let other = this.messages.lastElementChild; other; other = other.previousElementSibling) {
      if (Number(other.dataset.id) < id) break;
      if (other.dataset.id) later = other;
    }
    return later;
  }

  /* An answer comes before those messages of the person that have not had their turn yet. */
  #firstWaiting() {
    return this.messages.querySelector(":scope > [data-state=waiting]");
  }

  /* A heading where a new day begins; and who and when only once for what was said in one breath. */
  #headDay(article) {
    const day = article.dataset.date;
    const previous = previousMessage(article);
    const heading = article.previousElementSibling?.matches(".day") ? article.previousElementSibling : null;
    const begins = previous?.dataset.date !== day;
    if (begins && !heading) article.before(dayHeading(day));
    if (!begins && heading) heading.remove();
    article.classList.toggle("continued", !begins && isOneBreath(previous, article));
  }

  #takeAway(article) {
    if (!article) return;
    const next = nextMessage(article);
    const heading = article.previousElementSibling;
    article.remove();
    if (next) this.#headDay(next);
    else if (heading?.matches(".day")) heading.remove();
  }

  #arrived(bubble) {
    const now = Date.now();
    if (!this.#answerStart || now - this.#lastArrival > ONE_ANSWER) this.#answerStart = bubble;
    this.#lastArrival = now;
  }

  /* A long answer is shown from its first line, not from its last. */
  #scrollToAnswer() {
    const top = this.#answerStart.offsetTop - BREATHING_SPACE;
    this.scroller.scrollTop = top;
    this.#wasAtTheEnd = this.#isAtTheEnd();
  }

  #scrollToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.toNewest.hidden = true;
  }

  #isAtTheEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - clientHeight - scrollTop < NEAR_THE_END;
  }

  #scrolled() {
    this.#wasAtTheEnd = this.#isAtTheEnd();
    if (this.#wasAtTheEnd) this.toNewest.hidden = true;
  }

  /* An on-screen keyboard or a growing input takes room from the list; the newest message stays in sight. */
  #stayAtTheEnd() {
    if (this.#wasAtTheEnd) this.#scrollToEnd();
  }
}

function momentOf(message) {
  return message.at ? new Date(message.at) : new Date();
}

function nextMessage(article) {
  let next = article.nextElementSibling;
  while (next && !next.matches(".message")) next = next.nextElementSibling;
  return next;
}

function previousMessage(article) {
  let previous = article.previousElementSibling;
  while (previous && !previous.matches(".message")) previous = previous.previousElementSibling;
  return previous;
}

/* Buttons end what was said: whatever follows them is something new, such as a reminder. */
function isOneBreath(previous, article) {
  return metaOf(previous) === metaOf(article) && !previous.querySelector(".buttons");
}

function metaOf(article) {
  return article.querySelector(".meta")?.textContent;
}
