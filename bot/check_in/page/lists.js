/* Rows of people and conflicts. Everything is put in as text, never as markup. */

import { hasSeat } from "./reading.js";
import { sentence, text, timeOf } from "./texts.js";

const MOST_ROWS = 200;

export function showPeople(list, people, onChoose) {
  const rows = people.slice(0, MOST_ROWS).map((it) => personRow(it, onChoose));
  const left = people.length - rows.length;
  if (left > 0) rows.push(made("li", "hint", text("moreRows", left)));
  list.replaceChildren(...rows);
}

export function showConflicts(list, conflicts) {
  list.replaceChildren(...conflicts.map(conflictRow));
}

/* One shape for guests of the list and for walk-ins. */
export function asPerson(walkIn) {
  return {
    business: walkIn.name, person: "", seats: walkIn.seats, status: "attended", walkIn: true, unsent: walkIn.unsent,
    entry: { scan: walkIn.scan_id, at: walkIn.at, gate: walkIn.gate, by: walkIn.by },
  };
}

export function stateOf(person) {
  if (!person.entry) return sentence("statuses", person.status);
  return `${sentence("statuses", "attended")} ${entryWords(person.entry)}`;
}

export function entryWords({ at, gate, by }) {
  return text("byWhom", timeOf(at), gate, by);
}

function personRow(person, onChoose) {
  const row = document.createElement("li");
  const button = made("button", `row ${person.entry ? "is-in" : hasSeat(person) ? "" : "no-seat"}`);
  button.type = "button";
  const words = made("span", "row-words");
  words.append(made("strong", "", person.business));
  const details = [person.person, person.code, text("seats", person.seats), person.walkIn ? text("walkedIn") : ""];
  words.append(made("span", "row-details", details.filter(Boolean).join(" · ")));
  const side = made("span", "row-side");
  side.append(made("b", "", person.entry ? `✓ ${timeOf(person.entry.at)}` : sentence("statuses", person.status)));
  if (person.unsent) side.append(made("span", "row-details", text("here")));
  button.append(words, side);
  button.addEventListener("click", () => onChoose(person));
  row.append(button);
  return row;
}

function conflictRow(conflict) {
  const row = made("li", "conflict card");
  row.append(made("strong", "", [conflict.business, conflict.code].filter(Boolean).join(" · ") || sentence("verdicts", "unknown")));
  const first = conflict.first_at
    ? entryWords({ at: conflict.first_at, gate: conflict.first_gate, by: conflict.first_by })
    : "";
  row.append(made("span", "", sentence("conflicts", conflict.reason, first)));
  row.append(made("span", "row-details", text("letInAt", entryWords(conflict))));
  return row;
}

export function made(name, className = "", words = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (words) node.textContent = words;
  return node;
}
