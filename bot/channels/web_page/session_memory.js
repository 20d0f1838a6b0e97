/* What must survive a reload of this tab: the draft and the messages not sent yet.
   A browser may forbid storage (private windows, blocked third-party frames); the chat then works without it. */

const PREFIX = "nhipcau.";

export function remember(key, value) {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Forbidden or full: the value still lives in the page until it is closed.
  }
}

export function recall(key, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
