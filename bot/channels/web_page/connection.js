/* The page's only way to the server: plain requests, and the stream of messages that arrive unasked. */

import { Nap, growingPauses } from "./pauses.js";
import { language, text } from "./texts.js";

const ANSWER_PATIENCE = 30_000;
const UPLOAD_PATIENCE = 180_000;
const STREAM_PATIENCE = 20_000;
// A gateway answers these while the service behind it restarts; the message itself was not judged.
const SERVICE_AWAY = new Set([502, 503, 504]);

/* Nobody answered; the same request may safely be made again. */
export class Unreachable extends Error {}

/* The person gave the upload up. */
export class Cancelled extends Error {}

/* The server answered no; the message is a sentence for the person. */
export class Refused extends Error {}

export function fetchHistory() {
  return request("/chat/history");
}

export function sendMessage({ id, text: words, press }) {
  return request("/chat/messages", json({ id, text: words, press }));
}

/* `onProgress` gets the part that has left, from 0 to 1. `signal` gives the upload up: then it fails as Cancelled. */
export async function sendFile({ id, file }, { onProgress, signal }) {
  const form = new FormData();
  form.append("id", id);
  form.append("file", file, file.name);
  return answerIn(await upload("/chat/messages", form, onProgress, signal));
}

function json(body) {
  return { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

async function request(path, options = {}) {
  const signal = AbortSignal.timeout(ANSWER_PATIENCE);
  const headers = { ...options.headers, ...ourHeaders() };
  return answerIn(await reach(path, { ...options, headers, cache: "no-store", signal }));
}

/* The server greets and refuses in the language of this header, so that the page and the bot speak the same one. */
function ourHeaders() {
  return { Accept: "application/json", "Accept-Language": language() };
}

async function answerIn(response) {
  if (SERVICE_AWAY.has(response.status)) throw new Unreachable();
  if (!response.ok) throw new Refused(await sentenceOf(response));
  try {
    return await response.json();
  } catch {
    // Cut off half-way, or a login page of some public Wi-Fi.
    throw new Unreachable();
  }
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Unreachable();
  }
}

/* The old way of asking: fetch() can't tell how far an upload has come. */
function upload(path, form, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const asking = new XMLHttpRequest();
    asking.open("POST", path);
    for (const [name, value] of Object.entries(ourHeaders())) asking.setRequestHeader(name, value);
    asking.timeout = UPLOAD_PATIENCE;
    asking.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    asking.onload = () => resolve(new Response(asking.responseText, { status: asking.status }));
    asking.onerror = asking.ontimeout = () => reject(new Unreachable());
    asking.onabort = () => reject(new Cancelled());
    signal.addEventListener("abort", () => asking.abort());
    asking.send(form);
  });
}

async function sentenceOf(response) {
  const answer = await response.json().catch(() => null);
  if (response.status < 500 && typeof answer?.error === "string") return answer.error;
  if (response.status === 413) return text("tooBigForServer");
  if (response.status === 429) return text("tooManyMessages");
  return text("serverFailed");
}

/* Hands over every bot message after `cursor`, by server-sent events or, where these fail, by asking again and
   again. The same message may be handed over twice, none is left out: answers to a POST do not move the cursor,
   because an older message may still be on its way. */
export class LiveMessages {
  #cursor;
  #source = null;
  #patience = null;
  #nap = new Nap();
  #pauses = freshPauses();

  constructor(cursor, { onMessages, onConnected, onDisconnected }) {
    this.#cursor = cursor;
    this.onMessages = onMessages;
    this.onConnected = onConnected;
    this.onDisconnected = onDisconnected;
  }

  open() {
    const source = new EventSource(`/chat/events?after=${this.#cursor}`);
    this.#source = source;
    this.#waitForStream();
    source.onopen = () => {
      clearTimeout(this.#patience);
      this.#pauses = freshPauses();
      this.onConnected();
    };
    source.onmessage = (event) => this.#take([JSON.parse(event.data)], Number(event.lastEventId));
    source.onerror = () => {
      this.onDisconnected();
      // Unless it gave up, the browser is already reconnecting by itself.
      if (source.readyState === EventSource.CLOSED) this.#poll();
      else this.#waitForStream();
    };
  }

  /* The network or the person is back: look at once instead of waiting for the next attempt. */
  async lookNow() {
    if (!this.#nap.wake()) await this.#askOnce();
  }

  /* Some proxies hold a stream back for ever without refusing it. */
  #waitForStream() {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#poll(), STREAM_PATIENCE);
  }

  async #poll() {
    clearTimeout(this.#patience);
    this.#source.close();
    do {
      await this.#nap.sleep(this.#pauses.next().value);
    } while (!(await this.#askOnce()));
    this.open();
  }

  async #askOnce() {
    const answer = await request(`/chat/messages?after=${this.#cursor}`).catch(() => null);
    if (!answer) {
      this.onDisconnected();
      return false;
    }
    this.#take(answer.messages, answer.cursor);
    this.onConnected();
    return true;
  }

  #take(messages, cursor) {
    this.#cursor = Math.max(this.#cursor, cursor || 0);
    this.onMessages(messages);
  }
}

function freshPauses() {
  return growingPauses(2_000, 30_000);
}
