/* Where the person writes: the text field, the file, their limits and the draft. Hands over what is to be sent. */

import { sizeOf, text } from "./texts.js";
import { recall, remember } from "./session_memory.js";

const LONGEST = 4_000;
const COUNT_FROM = 3_600;
const LARGEST_FILE = 10 * 1024 * 1024;
// What is hopeless is said before it is sent. The server judges the rest by its content: a photo of an iPhone needs an
// explanation, and lists and definitions are for staff.
const FILE_KINDS = /\.(pdf|docx|xlsx|jpe?g|png|heic|heif|csv|ya?ml)$/i;
const DRAFT = "draft";

export class Composer {
  #file = null;

  constructor(parts, { onText, onFile }) {
    Object.assign(this, parts);
    this.onText = onText;
    this.onFile = onFile;
    this.message.value = recall(DRAFT, "");
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.message.addEventListener("keydown", (event) => this.#sendOnEnter(event));
    this.message.addEventListener("input", () => this.#changed());
    this.attach.addEventListener("click", () => this.fileInput.click());
    this.fileInput.addEventListener("change", () => this.#chooseFile());
    this.removeFile.addEventListener("click", () => this.#forgetFile());
    this.#changed();
  }

  focus() {
    this.message.focus({ preventScroll: true });
  }

  /* A message to be corrected comes back in front of whatever has been typed meanwhile. */
  putBack(words) {
    this.#write([words, this.message.value].filter(Boolean).join("\n"));
    this.focus();
  }

  /* Files that came by another way than the button. */
  takeFiles(files) {
    if (files.length > 1) this.#complain(text("oneFileOnly"));
    else if (files.length) this.#consider(files[0]);
  }

  relabel() {
    this.#complain("");
    this.#count();
  }

  #submit(event) {
    event.preventDefault();
    const words = this.message.value.trim();
    const excess = lengthOf(words) - LONGEST;
    if (excess > 0) {
      this.#complain(text("tooLong", excess, LONGEST));
    } else {
      this.#handOver(words);
    }
    this.focus();
  }

  #handOver(words) {
    const file = this.#file;
    if (file) {
      this.#forgetFile();
      this.onFile(file);
    }
    if (words) {
      this.onText(words);
      this.#write("");
    }
  }

  /* Enter that ends a Vietnamese or other composition belongs to the input method; Safari reports it as key 229. */
  #sendOnEnter(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #write(words) {
    this.message.value = words;
    this.#changed();
  }

  #changed() {
    remember(DRAFT, this.message.value);
    this.#complain("");
    this.#count();
    this.#grow();
  }

  #count() {
    const length = lengthOf(this.message.value.trim());
    this.counter.textContent = length >= COUNT_FROM ? text("counter", length, LONGEST) : "";
    this.counter.classList.toggle("over", length > LONGEST);
  }

  #grow() {
    this.message.style.height = "auto";
    this.message.style.height = `${this.message.scrollHeight}px`;
  }

  #chooseFile() {
    const [file] = this.fileInput.files;
    // The same file may be chosen again after a change: without this the browser would stay silent.
    this.fileInput.value = "";
    if (file) this.#consider(file);
  }

  #consider(file) {
    const problem = problemWith(file);
    if (problem) {
      this.#complain(problem);
    } else {
      this.#complain("");
      this.#keepFile(file);
    }
    this.focus();
  }

  #keepFile(file) {
    this.#file = file;
    this.chosenFileName.textContent = `${file.name} · ${sizeOf(file.size)}`;
    this.chosenFile.hidden = false;
  }

  #forgetFile() {
    this.#file = null;
    this.chosenFile.hidden = true;
    this.focus();
  }

  #complain(sentence) {
    this.problem.textContent = sentence;
  }
}

function problemWith(file) {
  if (!FILE_KINDS.test(file.name)) return text("fileOfOtherKind", file.name);
  if (file.size > LARGEST_FILE) return text("fileTooBig", file.name, sizeOf(file.size));
  if (file.size === 0) return text("fileEmpty", file.name);
  return null;
}

/* Counted as the server counts: characters, not the code units some of them are stored in. */
function lengthOf(words) {
  return [...words].length;
}
