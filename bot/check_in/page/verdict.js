/* The answer to a scan, as large as the screen: colour, mark, name, seats, and what to do. */

import { signal } from "./feedback.js";
import { entryWords } from "./lists.js";
import { sentence, text, timeOf } from "./texts.js";

const YES = "M4 12.5l5.5 5.5L20 6.5";
const NO = "M6 6l12 12M18 6L6 18";
const UNSURE = "M12 4v10M12 19h.01";
// A yes goes by itself, since the next guest is waiting; a no stays until somebody has seen it.
const YES_STAYS = 3_500;

export class Verdict {
  #dialog;
  #other;
  #timer = null;
  #onOther = null;

  constructor(dialog, onClosed) {
    this.#dialog = dialog;
    this.#other = dialog.querySelector("#verdict-other");
    dialog.querySelector("#verdict-next").addEventListener("click", () => dialog.close());
    this.#other.addEventListener("click", () => {
      dialog.close();
      void this.#onOther?.();
    });
    dialog.addEventListener("close", () => {
      clearTimeout(this.#timer);
      onClosed();
    });
  }

  /* `other` is a second thing to do: [its label, what it does]. */
  show(answer, event, now, other = null) {
    const { outcome, guest } = answer;
    const yes = outcome === "accepted";
    const kind = yes ? "yes" : outcome === "unlisted" || outcome === "early" ? "unsure" : "no";
    this.#dialog.dataset.kind = kind;
    this.#part("mark").setAttribute("d", { yes: YES, no: NO, unsure: UNSURE }[kind]);
    this.#part("title").textContent = sentence("verdicts", outcome);
    this.#part("name").textContent = guest?.business ?? answer.name ?? "";
    const seats = guest?.seats ?? answer.seats;
    this.#part("seats").textContent = yes && seats ? text("seats", seats) : "";
    this.#part("words").textContent = [why(answer, event, now), yes && answer.local ? text("keptHere") : ""]
      .filter(Boolean).join("\n");
    this.#dialog.querySelector("#verdict-next").textContent = text(outcome === "unlisted" ? "keepOut" : "next");
    this.#other.hidden = other === null;
    this.#other.textContent = other?.[0] ?? "";
    this.#onOther = other?.[1] ?? null;
    clearTimeout(this.#timer);
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#dialog.querySelector("#verdict-next").focus();
    if (yes) this.#timer = setTimeout(() => this.#dialog.close(), YES_STAYS);
    signal(yes);
  }

  #part(name) {
    return this.#dialog.querySelector(`#verdict-${name}`);
  }
}

function why({ outcome, guest, walkIn, event: elsewhere }, event, now) {
  if (outcome === "accepted") return walkIn && !guest ? sentence("why", "walkedIn") : (guest?.person ?? "");
  if (outcome === "twice") return sentence("why", "twice", guest?.entry ? entryWords(guest.entry) : "");
  if (outcome === "unconfirmed") return sentence("why", "unconfirmed", sentence("statuses", guest?.status));
  if (outcome === "elsewhere") return sentence("why", "elsewhere", elsewhere?.[document.documentElement.lang]);
  if (outcome === "early") return sentence("why", "early", event?.opens_at ? timeOf(event.opens_at, now) : "");
  return sentence("why", outcome);
}
