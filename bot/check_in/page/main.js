/* The page: hands what the officer does to the door, and shows what the door knows. */

import { Camera } from "./camera.js";
import { Door } from "./door.js";
import { allowSound } from "./feedback.js";
import { asPerson, made, showConflicts, showPeople, stateOf } from "./lists.js";
import { forgetEnded } from "./memory.js";
import { codeOf, finds, fold, hasSeat, isTaxCode, looksLikeCode } from "./reading.js";
import { number, speak, text, timeOf } from "./texts.js";
import { Verdict } from "./verdict.js";

const GATE = "check-in-gate";
const SUGGESTIONS = 6;
const MOST_SEATS = 50;

const byId = (id) => document.getElementById(id);
const door = new Door(() => requestAnimationFrame(show));
const verdict = new Verdict(byId("verdict"), () => {
  camera.paused = false;
});
const camera = new Camera(byId("video"), (code) => void scan(code, "camera"));
let tab = "scan";
let part = "all";
let last = null;
let walkInSeats = 1;
let lastLanguage = "";

async function scan(code, method) {
  camera.paused = true;
  const answer = await door.scan(code, method);
  const letIn = async () => {
    await door.letIn(answer.scan);
    entered({ ...answer, outcome: "accepted", name: answer.scan.code });
  };
  if (answer.outcome === "accepted") entered(answer);
  else verdict.show(answer, door.event, door.now(), answer.outcome === "unlisted" ? [text("letInUnlisted"), letIn] : null);
}

function entered(answer) {
  const scanId = answer.guest?.entry?.scan ?? answer.id;
  const name = answer.guest?.business ?? answer.name;
  last = { scanId, name, at: answer.guest?.entry?.at ?? door.now().toISOString() };
  verdict.show(answer, door.event, door.now(), [text("undo"), () => askUndo(last)]);
  show();
}

function askUndo(entry) {
  byId("undo-words").textContent = text("undoWords", entry.name, timeOf(entry.at));
  byId("undo-yes").onclick = async () => {
    byId("undo-sheet").close();
    const undone = await door.undo(entry.scanId);
    if (last?.scanId === entry.scanId) last = null;
    byId("banner").textContent = undone ? "" : text("undoFailed");
    byId("banner").hidden = undone;
    show();
  };
  byId("undo-sheet").showModal();
}

function showPerson(person) {
  byId("person-name").textContent = person.business;
  const facts = [["code", person.code], ["person", person.person], ["seatsLabel", number(person.seats)], ["state", stateOf(person)]];
  byId("person-facts").replaceChildren(
    ...facts.filter(([, value]) => value).flatMap(([key, value]) => [made("dt", "", text(key)), made("dd", "", value)]),
  );
  const act = byId("person-act");
  act.hidden = !person.entry && !hasSeat(person);
  act.textContent = text(person.entry ? "undo" : "letIn");
  act.className = `${person.entry ? "danger" : "primary"} wide`;
  act.onclick = () => {
    byId("person").close();
    if (person.entry) askUndo({ scanId: person.entry.scan, name: person.business, at: person.entry.at });
    else void scan(person.code, "name");
  };
  byId("person").showModal();
}

async function typed(event) {
  event.preventDefault();
  allowSound();
  const words = byId("typed").value.trim();
  const found = matching(words);
  const code = codeOf(words);
  byId("typed-problem").textContent = "";
  if (code) {
    byId("typed").value = "";
    showSuggestions();
    await scan(words, "code");
  } else if (found.length === 1) showPerson(found[0]);
  else byId("typed-problem").textContent = text(problemOf(words, found));
}

function problemOf(words, found) {
  if (!words) return "typedNothing";
  if (found.length) return "chooseBelow";
  return looksLikeCode(words) ? "typedWrong" : "typedUnknown";
}

function matching(words) {
  const wanted = fold(words);
  return wanted.length < 2 ? [] : door.everybody().filter((it) => finds(it, wanted));
}

function showSuggestions() {
  showPeople(byId("suggestions"), matching(byId("typed").value).slice(0, SUGGESTIONS), showPerson);
}

async function walkIn(event) {
  event.preventDefault();
  allowSound();
  const name = byId("walk-in-name").value.trim();
  const tax = byId("walk-in-tax").value.trim();
  byId("walk-in-problem").textContent = name ? "" : text("walkInNoName");
  byId("walk-in-tax-problem").textContent = !tax || isTaxCode(tax) ? "" : text("walkInBadTax");
  if (!name) return byId("walk-in-name").focus();
  if (tax && !isTaxCode(tax)) return byId("walk-in-tax").focus();
  byId("walk-in-sheet").close();
  byId("walk-in-form").reset();
  const answer = await door.walkIn(name, walkInSeats, tax);
  setSeats(1);
  if (answer.outcome === "accepted") entered(answer);
  else verdict.show(answer, door.event, door.now());
  return undefined;
}

function setSeats(count) {
  walkInSeats = Math.min(MOST_SEATS, Math.max(1, count));
  byId("walk-in-seats").textContent = number(walkInSeats);
}

async function startCamera() {
  allowSound();
  byId("camera-problem").textContent = "";
  try {
    await camera.start();
  } catch (error) {
    camera.stop();
    byId("camera-problem").textContent = text(error.name === "NotAllowedError" ? "cameraRefused" : "cameraMissing");
  }
  byId("torch").hidden = !camera.hasTorch;
  showCamera();
}

function showCamera() {
  byId("video").hidden = !camera.running;
  byId("camera-buttons").hidden = !camera.running;
  byId("camera-off").hidden = camera.running;
  byId("viewfinder").classList.toggle("running", camera.running);
}

async function toggleTorch() {
  const on = byId("torch").getAttribute("aria-pressed") !== "true";
  await camera.setTorch(on);
  byId("torch").setAttribute("aria-pressed", String(on));
}

function showTab(wanted) {
  tab = wanted;
  for (const name of ["scan", "list", "report"]) {
    byId(`tab-${name}`).hidden = name !== tab;
    byId(`to-${name}`).setAttribute("aria-pressed", String(name === tab));
  }
  if (tab !== "scan" && camera.running) {
    camera.stop();
    showCamera();
  }
  scrollTo(0, 0);
  show();
}

function show() {
  if (door.language && door.language !== lastLanguage) speak((lastLanguage = door.language));
  showTop();
  showGate();
  byId("last").hidden = last === null;
  byId("last-name").textContent = last?.name ?? "";
  const unsent = door.unsent().length;
  byId("badge").hidden = !door.conflicts.size;
  byId("badge").textContent = number(door.conflicts.size);
  if (tab === "list") showList();
  if (tab !== "report") return;
  const updated = door.updatedAt && timeOf(door.updatedAt);
  byId("queue-words").textContent = unsent ? text("queueWaiting", unsent) : text("queueEmpty", updated);
  showConflicts(byId("conflicts"), [...door.conflicts.values()].sort((a, b) => b.id - a.id));
  byId("conflicts-empty").hidden = door.conflicts.size > 0;
}

function showTop() {
  const { event, connection } = door;
  const unsent = door.unsent().length;
  byId("title").textContent = event?.title ?? text("name");
  byId("when").textContent = [event?.when, event?.place].filter(Boolean).join(" · ");
  const state = byId("connection");
  const word = { online: "online", connecting: "connecting", offline: "offline", refused: "offline" }[connection];
  state.dataset.state = connection;
  state.textContent = unsent ? `${text(word)} · ${text("unsent", unsent)}` : text(word);
  const figures = door.figures();
  const over = event?.capacity ? figures.arrived + figures.walk_ins - event.capacity : 0;
  byId("arrived").textContent = event ? number(figures.arrived) : "–";
  byId("expected").textContent = event ? text("expected", figures.expected) : "";
  byId("walk-ins").textContent = event && figures.walk_ins
    ? [text("walkIns", figures.walk_ins), over > 0 ? text("overCapacity", over) : ""].filter(Boolean).join(", ") : "";
  const share = figures.expected ? Math.min(100, Math.round((100 * figures.arrived) / figures.expected)) : 0;
  byId("progress").setAttribute("aria-valuenow", String(share));
  byId("progress").querySelector("i").style.width = `${share}%`;
  if (door.problem) byId("banner").textContent = door.event ? door.problem : `${door.problem} ${text("noLink")}`;
  if (door.problem || connection === "online") byId("banner").hidden = !door.problem;
}

function showGate() {
  const asked = !door.gate;
  byId("gate-form").hidden = !asked;
  byId("gate-shown").hidden = asked;
  byId("gate-name").textContent = text("gateIs", door.gate);
}

function showList() {
  const wanted = fold(byId("search").value);
  const people = [...door.everybody(), ...door.walkInsNow().map(asPerson)];
  const parts = {
    all: people,
    in: people.filter((it) => it.entry).sort((a, b) => (a.entry.at < b.entry.at ? 1 : -1)),
    out: people.filter((it) => !it.entry && hasSeat(it)),
  };
  const labels = { all: "partAll", in: "partIn", out: "partOut" };
  for (const button of document.querySelectorAll("[data-part]")) {
    button.textContent = text(labels[button.dataset.part], parts[button.dataset.part].length);
    button.setAttribute("aria-pressed", String(button.dataset.part === part));
  }
  const shown = wanted ? parts[part].filter((it) => finds(it, wanted)) : parts[part];
  showPeople(byId("people"), shown, showPerson);
  byId("people-empty").hidden = shown.length > 0;
  byId("people-empty").textContent = text(wanted ? "noneFound" : { all: "noPeople", in: "noneIn", out: "noneOut" }[part]);
}

function listen() {
  for (const button of document.querySelectorAll("[data-tab]")) {
    button.addEventListener("click", () => showTab(button.dataset.tab));
  }
  for (const button of document.querySelectorAll("[data-part]")) {
    button.addEventListener("click", () => {
      part = button.dataset.part;
      show();
    });
  }
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
  byId("gate-form").addEventListener("submit", (event) => {
    event.preventDefault();
    door.gate = byId("gate").value.trim();
    localStorage.setItem(GATE, door.gate);
    showGate();
  });
  byId("change-gate").addEventListener("click", () => {
    byId("gate").value = door.gate;
    door.gate = "";
    showGate();
    byId("gate").focus();
  });
  byId("start-camera").addEventListener("click", startCamera);
  byId("stop-camera").addEventListener("click", () => {
    camera.stop();
    showCamera();
  });
  byId("torch").addEventListener("click", toggleTorch);
  byId("typed-form").addEventListener("submit", typed);
  byId("typed").addEventListener("input", () => {
    byId("typed-problem").textContent = "";
    showSuggestions();
  });
  byId("search").addEventListener("input", show);
  byId("undo-last").addEventListener("click", () => last && askUndo(last));
  byId("walk-in").addEventListener("click", () => byId("walk-in-sheet").showModal());
  byId("walk-in-form").addEventListener("submit", walkIn);
  byId("fewer").addEventListener("click", () => setSeats(walkInSeats - 1));
  byId("more").addEventListener("click", () => setSeats(walkInSeats + 1));
}

async function start() {
  // A link that was opened without a network shows the page under the link's own address.
  if (location.pathname !== "/check-in/") history.replaceState(null, "", "/check-in/");
  speak(document.documentElement.lang);
  door.gate = localStorage.getItem(GATE) ?? "";
  listen();
  show();
  try {
    await door.open();
    await forgetEnded(door.now());
  } catch {
    byId("banner").textContent = text("noStorage");
    byId("banner").hidden = false;
  }
  await navigator.serviceWorker?.register("/check-in/worker.js", { scope: "/check-in/" });
  await navigator.storage?.persist?.();
}

await start();
