/* What the phone keeps of one event: the list, what was not sent yet, what others reported. In IndexedDB. */

const STORES = { guests: "code", walkIns: "scan_id", conflicts: "id", about: "name" };
const CURRENT = "check-in-event";
const KEPT = "check-in-kept";

export class Memory {
  #database;

  constructor(database) {
    this.#database = database;
  }

  static async of(event) {
    const request = indexedDB.open(`check-in-${event}`, 1);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) request.result.createObjectStore(name, { keyPath });
      request.result.createObjectStore("queue", { keyPath: "id" }).createIndex("order", "order");
    };
    return new Memory(await done(request));
  }

  async all(store) {
    return done(this.#database.transaction(store).objectStore(store).getAll());
  }

  /* In the order in which they were made. */
  async queue() {
    return done(this.#database.transaction("queue").objectStore("queue").index("order").getAll());
  }

  async about(name) {
    return (await done(this.#database.transaction("about").objectStore("about").get(name)))?.value;
  }

  async put(store, ...values) {
    await this.#write([store], (transaction) => values.forEach((it) => transaction.objectStore(store).put(it)));
  }

  async remove(store, ...keys) {
    await this.#write([store], (transaction) => keys.forEach((it) => transaction.objectStore(store).delete(it)));
  }

  /* A whole answer at once; `whole` takes the place of everything known so far, but never of what was not sent. */
  async take({ guests, walkIns, conflicts, about, whole }) {
    await this.#write(Object.keys(STORES), (transaction) => {
      if (whole) for (const name of ["guests", "walkIns", "conflicts"]) transaction.objectStore(name).clear();
      const put = (name, values) => values.forEach((it) => transaction.objectStore(name).put(it));
      put("guests", guests);
      put("walkIns", walkIns);
      put("conflicts", conflicts);
      put("about", Object.entries(about).map(([name, value]) => ({ name, value })));
    });
  }

  /* Whoever may not be at the doors any more has no business with the list; what they did must still be sent. */
  async forgetPeople() {
    await this.#write(["guests", "walkIns", "conflicts"], (transaction) => {
      for (const name of transaction.objectStoreNames) transaction.objectStore(name).clear();
    });
  }

  close() {
    this.#database.close();
  }

  #write(stores, work) {
    const transaction = this.#database.transaction(stores, "readwrite");
    work(transaction);
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
}

export function currentEvent() {
  return Number(localStorage.getItem(CURRENT)) || null;
}

export function remember(event, until) {
  localStorage.setItem(CURRENT, String(event));
  localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [event]: until }));
}

/* Lists of events whose doors have closed leave the phone, unless something of them was never sent. */
export async function forgetEnded(now) {
  const left = kept();
  for (const [event, until] of Object.entries(left)) {
    if (new Date(until) > now || Number(event) === currentEvent()) continue;
    const memory = await Memory.of(event);
    const unsent = (await memory.queue()).length;
    memory.close();
    if (unsent) continue;
    indexedDB.deleteDatabase(`check-in-${event}`);
    delete left[event];
  }
  localStorage.setItem(KEPT, JSON.stringify(left));
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
