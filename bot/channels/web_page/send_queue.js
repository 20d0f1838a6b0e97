/* Messages of the person on their way to the server: one at a time, in order, each under an id that makes sending
   it again harmless. Whatever is not sent yet survives a reload (files cannot: browsers do not let pages keep them).

   An entry is {id, at, text | press + label | file, hidden, state, problem, progress}; state is waiting, sending,
   retrying or failed; progress, of a file, goes from 0 to 1. An entry that was answered leaves the queue. */

import { Cancelled, Refused, sendFile, sendMessage } from "./connection.js";
import { Nap, growingPauses } from "./pauses.js";
import { recall, remember } from "./session_memory.js";

const KEY = "unsent";

export class SendQueue {
  #entries = recall(KEY, []);
  #nap = new Nap();
  #uploads = new Map();
  #started = false;
  #working = false;

  constructor({ onState, onProgress, onAnswer }) {
    this.onState = onState;
    this.onProgress = onProgress;
    this.onAnswer = onAnswer;
  }

  /* Sends what an earlier page of this tab left behind, before the history is read, so that the history has it. */
  async sendLeftovers() {
    for (const entry of this.entries.filter(isToBeSent)) await this.#send(entry);
  }

  start() {
    this.#started = true;
    this.#work();
  }

  add(content) {
    const entry = { id: newId(), at: new Date().toISOString(), state: "waiting", ...content };
    // What the page says by itself, such as the greeting, comes before what was typed while it loaded.
    if (entry.hidden) this.#entries.unshift(entry);
    else this.#entries.push(entry);
    this.#keep();
    this.#work();
    return entry;
  }

  sendAgain(entry) {
    this.remove(entry);
    this.#entries.push(entry);
    this.#enter(entry, "waiting");
    this.#work();
  }

  remove(entry) {
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#keep();
  }

  /* A file that is not wholly on its way yet is not sent after all. */
  giveUp(entry) {
    this.remove(entry);
    this.#uploads.get(entry.id)?.abort();
    this.#nap.wake();
  }

  retryNow() {
    this.#nap.wake();
  }

  get entries() {
    return [...this.#entries];
  }

  async #work() {
    if (!this.#started || this.#working) return;
    this.#working = true;
    for (let next = this.#next(); next; next = this.#next()) await this.#send(next);
    this.#working = false;
  }

  #next() {
    return this.#entries.find((entry) => entry.state === "waiting");
  }

  async #send(entry) {
    for (const pause of growingPauses(1_000, 30_000)) {
      this.#enter(entry, "sending");
      try {
        const answer = await this.#deliver(entry);
        this.remove(entry);
        this.onAnswer(entry, answer);
        return;
      } catch (error) {
        if (error instanceof Cancelled) return;
        if (error instanceof Refused) {
          this.#enter(entry, "failed", error.message);
          return;
        }
      }
      this.#enter(entry, "retrying");
      await this.#nap.sleep(pause);
      if (!this.#entries.includes(entry)) return;
    }
  }

  async #deliver(entry) {
    if (!entry.file) return sendMessage(entry);
    const giving = new AbortController();
    this.#uploads.set(entry.id, giving);
    const onProgress = (part) => {
      entry.progress = part;
      this.onProgress(entry);
    };
    try {
      return await sendFile(entry, { onProgress, signal: giving.signal });
    } finally {
      this.#uploads.delete(entry.id);
    }
  }

  #enter(entry, state, problem = null) {
    entry.state = state;
    entry.progress = 0;
    entry.problem = problem;
    this.#keep();
    this.onState(entry);
  }

  #keep() {
    remember(KEY, this.#entries.filter((entry) => !entry.file));
  }
}

/* A refused message waits for its author, except one the page wrote itself. */
function isToBeSent(entry) {
  return entry.state !== "failed" || entry.hidden;
}

/* crypto.randomUUID is missing where the page is served without https, as on an office network. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
