/* The doors of one event as this phone knows them: the list from the server, what was done here and not sent yet, and
   the exchange between the two. What was done here is laid over the list and never written into it, so that whatever
   the server says can be taken as it is. */

import { Memory, currentEvent, remember } from "./memory.js";
import { codeOf, judge } from "./reading.js";
import { Refused, Unreachable, fetchState, sendScans } from "./server.js";

const BATCH = 50;
const PACE = 4_000;
const HIDDEN_PACE = 30_000;
const LONGEST_PAUSE = 30_000;
// Whoever stands at the door does not wait longer for the server: then the phone answers by itself.
const PATIENCE = 3_000;

export class Door {
  memory = null;
  event = null;
  officer = "";
  guests = new Map();
  walkIns = new Map();
  conflicts = new Map();
  queue = [];
  counts = { expected: 0, arrived: 0, walk_ins: 0, conflicts: 0 };
  connection = "connecting";
  updatedAt = null;
  problem = null;
  gate = "";
  #cursor = "";
  #skew = 0;
  #failures = 0;
  #wake = null;
  #asking = new Set();
  #changed;

  constructor(onChange) {
    this.#changed = onChange;
  }

  /* Show what is known, then keep asking for more. */
  async open() {
    const known = currentEvent();
    if (known) await this.#load(known);
    addEventListener("online", () => this.syncNow());
    addEventListener("offline", () => this.#set("offline"));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.syncNow());
    void this.#keepInStep();
  }

  now() {
    return new Date(Date.now() + this.#skew);
  }

  /* A guest with what was done here laid over. */
  guest(code) {
    const known = this.guests.get(code);
    return known && this.#overlaid(known);
  }

  everybody() {
    return [...this.guests.values()].map((it) => this.#overlaid(it));
  }

  walkInsNow() {
    const undone = new Set(this.queue.filter((it) => it.method === "undo").map((it) => it.of));
    const here = this.queue.filter((it) => it.method === "walk-in" && !this.walkIns.has(it.id))
      .map((it) => ({ scan_id: it.id, name: it.name, seats: it.seats, at: it.at, gate: it.gate, by: "", unsent: true }));
    return [...this.walkIns.values(), ...here].filter((it) => !it.undone && !undone.has(it.scan_id));
  }

  /* The server's figures with what was done here added. */
  figures() {
    let { arrived, walk_ins: walkIns } = this.counts;
    for (const [code, guest] of this.guests) {
      const now = this.guest(code);
      arrived += (now.entry ? guest.seats : 0) - (guest.entry ? guest.seats : 0);
    }
    for (const it of this.queue) if (it.method === "walk-in") walkIns += it.seats;
    for (const it of this.queue) {
      if (it.method === "undo") walkIns -= this.walkIns.get(it.of)?.seats ?? 0;
    }
    return { ...this.counts, arrived, walk_ins: walkIns };
  }

  unsent() {
    return this.queue.filter((it) => it.let_in || it.method === "undo" || it.method === "walk-in");
  }

  /* Says what became of a code or a guest: by the server, or by this phone where there is none. */
  async scan(text, method) {
    const scan = this.#made({ method, text, code: codeOf(text), let_in: false });
    const answer = await this.#ask(scan);
    if (answer) return answer;
    const guest = scan.code ? this.guest(scan.code) : null;
    const outcome = scan.code ? judge(guest, this.event, this.now()) : "unknown";
    if (outcome === "accepted") await this.letIn(scan);
    else await this.#drop(scan);
    return { id: scan.id, outcome, guest: guest && (this.guest(scan.code) ?? guest), local: true, scan };
  }

  /* Somebody was told yes without the server having been asked. */
  async letIn(scan) {
    await this.#keep({ ...scan, let_in: true });
    this.#changed();
  }

  async walkIn(name, seats, taxCode) {
    const walkIn = this.#made({ method: "walk-in", name, seats, tax_code: taxCode });
    await this.#keep(walkIn);
    const answer = await this.#ask(walkIn);
    this.#changed();
    const early = judge({ status: "confirmed" }, this.event, this.now());
    if (!answer && early !== "accepted") {
      await this.#drop(walkIn);
      return { id: walkIn.id, outcome: early, local: true };
    }
    return { ...(answer ?? { id: walkIn.id, outcome: "accepted", local: true }), name, seats, walkIn: true };
  }

  /* False when the entry had been taken back before. */
  async undo(scanId) {
    const here = this.queue.find((it) => it.id === scanId);
    if (here && !this.#asking.has(scanId)) {
      await this.#drop(here);
      return true;
    }
    const undo = this.#made({ method: "undo", of: scanId });
    await this.#keep(undo);
    const answer = await this.#ask(undo);
    this.#changed();
    return answer?.outcome !== "nothing";
  }

  /* The network or the person is back: look at once instead of waiting for the next time. */
  syncNow() {
    this.#failures = 0;
    this.#wake?.();
  }

  #made(parts) {
    const id = [...crypto.getRandomValues(new Uint8Array(16))].map((it) => it.toString(16).padStart(2, "0")).join("");
    return { id, order: Date.now() + Math.random(), at: this.now().toISOString(), gate: this.gate, ...parts };
  }

  #overlaid(known) {
    let guest = known;
    for (const it of this.queue) {
      if (it.method === "undo") guest = guest.entry?.scan === it.of ? { ...guest, entry: null } : guest;
      else if (it.let_in && it.code === guest.code && !guest.entry) {
        guest = { ...guest, entry: { scan: it.id, at: it.at, gate: it.gate, by: this.officer }, unsent: true };
      }
    }
    return guest.entry || guest.status !== "attended" ? guest : { ...guest, status: "confirmed" };
  }

  async #keep(scan) {
    this.queue = [...this.queue.filter((it) => it.id !== scan.id), scan];
    await this.memory?.put("queue", scan);
  }

  async #drop(...scans) {
    const gone = new Set(scans.map((it) => it.id));
    this.queue = this.queue.filter((it) => !gone.has(it.id));
    await this.memory?.remove("queue", ...gone);
    this.#changed();
  }

  /* The server's answer to one thing done here; null when it could not be asked. */
  async #ask(scan) {
    if (!this.event || this.connection === "offline" || !navigator.onLine) return null;
    this.#asking.add(scan.id);
    try {
      const answer = await sendScans(this.event.id, [scan], PATIENCE);
      await this.#settle([scan], answer);
      this.#set("online");
      return answer.answers[0];
    } catch (error) {
      this.#failed(error);
      return null;
    } finally {
      this.#asking.delete(scan.id);
    }
  }

  async #keepInStep() {
    for (;;) {
      await this.#exchange();
      const pause = this.#failures ? Math.min(1_000 * 2 ** this.#failures, LONGEST_PAUSE) : PACE;
      await this.#pause(document.visibilityState === "visible" ? pause * (0.9 + 0.2 * Math.random()) : HIDDEN_PACE);
    }
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #exchange() {
    try {
      await this.#sendQueue();
      await this.#take(await fetchState(this.event?.id, this.#cursor));
      this.#failures = 0;
      this.problem = null;
      this.#set("online");
    } catch (error) {
      this.#failed(error);
    }
  }

  async #sendQueue() {
    for (;;) {
      const scans = this.queue.filter((it) => !this.#asking.has(it.id)).sort((a, b) => a.order - b.order).slice(0, BATCH);
      if (!this.event || !scans.length) return;
      await this.#settle(scans, await this.#sendOrSplit(scans));
    }
  }

  /* One that the server can't read must not keep the others from being sent. */
  async #sendOrSplit(scans) {
    try {
      return await sendScans(this.event.id, scans);
    } catch (error) {
      if (!(error instanceof Refused) || error.reason !== "unreadable") throw error;
      if (scans.length === 1) return { answers: [{ id: scans[0].id, outcome: "unreadable" }], counts: this.counts };
      const first = await this.#sendOrSplit(scans.slice(0, 1));
      return { answers: first.answers, counts: first.counts };
    }
  }

  async #settle(scans, { answers, counts }) {
    const guests = answers.map((it) => it.guest).filter((it) => it && it.status !== undefined);
    for (const guest of guests) this.guests.set(guest.code, guest);
    await this.memory?.put("guests", ...guests);
    const answered = new Map(answers.map((it) => [it.id, it]));
    const walkIns = scans.filter((it) => it.method === "walk-in" && answered.get(it.id)?.outcome === "accepted"
      && !answered.get(it.id).guest);
    const entered = walkIns.map((it) => (
      { scan_id: it.id, name: it.name, seats: it.seats, at: it.at, gate: it.gate, by: this.officer, undone: false }));
    for (const undo of scans.filter((it) => it.method === "undo")) {
      const taken = this.walkIns.get(undo.of);
      if (taken) entered.push({ ...taken, undone: true });
      for (const guest of this.guests.values()) {
        if (guest.entry?.scan === undo.of) this.guests.set(guest.code, { ...guest, entry: null, status: "confirmed" });
      }
    }
    for (const it of entered) this.walkIns.set(it.scan_id, it);
    await this.memory?.put("walkIns", ...entered);
    this.counts = counts;
    await this.#drop(...scans.filter((it) => answered.has(it.id)));
  }

  async #take(state) {
    if (state.event.id !== this.event?.id || !this.memory) {
      remember(state.event.id, state.until);
      await this.#load(state.event.id);
      await this.#drop(...this.queue.filter((it) => it.method !== "undo" && it.method !== "walk-in" && !it.let_in));
      if (!state.whole) return;
    }
    remember(state.event.id, state.until);
    this.#skew = new Date(state.now) - Date.now();
    this.#cursor = state.cursor;
    if (state.whole) for (const known of [this.guests, this.walkIns, this.conflicts]) known.clear();
    for (const it of state.guests) this.guests.set(it.code, it);
    for (const it of state.walk_ins) this.walkIns.set(it.scan_id, it);
    for (const it of state.conflicts) this.conflicts.set(it.id, it);
    this.event = state.event;
    this.officer = state.officer;
    this.counts = state.counts;
    this.language = state.language;
    this.updatedAt = state.now;
    await this.memory.take({
      guests: state.guests,
      walkIns: state.walk_ins,
      conflicts: state.conflicts,
      whole: state.whole,
      about: {
        event: state.event, officer: state.officer, counts: state.counts, language: state.language,
        cursor: state.cursor, updatedAt: state.now,
      },
    });
  }

  async #load(event) {
    this.memory?.close();
    this.memory = await Memory.of(event);
    const keyed = async (store, key) => new Map((await this.memory.all(store)).map((it) => [it[key], it]));
    this.guests = await keyed("guests", "code");
    this.walkIns = await keyed("walkIns", "scan_id");
    this.conflicts = await keyed("conflicts", "id");
    this.queue = await this.memory.queue();
    this.event = (await this.memory.about("event")) ?? null;
    this.officer = (await this.memory.about("officer")) ?? "";
    this.counts = (await this.memory.about("counts")) ?? this.counts;
    this.language = await this.memory.about("language");
    this.updatedAt = (await this.memory.about("updatedAt")) ?? null;
    this.#cursor = (await this.memory.about("cursor")) ?? "";
    this.#changed();
  }

  #failed(error) {
    this.#failures += 1;
    if (error instanceof Unreachable) {
      this.#set("offline");
      return;
    }
    if (!(error instanceof Refused)) throw error;
    this.problem = error.message;
    if (error.status === 403 && error.reason === "not-theirs") void this.#forget();
    this.#set("refused");
  }

  async #forget() {
    for (const known of [this.guests, this.walkIns, this.conflicts]) known.clear();
    this.#cursor = "";
    await this.memory?.forgetPeople();
    await this.memory?.put("about", { name: "cursor", value: "" });
    this.#changed();
  }

  #set(connection) {
    this.connection = connection;
    this.#changed();
  }
}
