/* The page's only way to the server. */

const PATIENCE = 10_000;
const AWAY = new Set([429, 500, 502, 503, 504]);

/* Nobody answered; the same request may safely be made again. */
export class Unreachable extends Error {}

/* The server answered no: `reason` is a word, the message a sentence for the officer. */
export class Refused extends Error {
  constructor(status, reason, message) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

export function fetchState(event, after) {
  const query = new URLSearchParams({ event: event ?? "", after: after ?? "" });
  return request(`/check-in/api/state?${query}`, {}, PATIENCE);
}

export function sendScans(event, scans, patience = PATIENCE) {
  const body = JSON.stringify({ event, scans });
  const headers = { "Content-Type": "application/json" };
  return request("/check-in/api/scans", { method: "POST", body, headers }, patience);
}

async function request(path, options, patience) {
  let response;
  try {
    response = await fetch(path, { ...options, cache: "no-store", signal: AbortSignal.timeout(patience) });
  } catch {
    throw new Unreachable();
  }
  if (AWAY.has(response.status)) throw new Unreachable();
  let answer;
  try {
    answer = await response.json();
  } catch {
    // Cut off half-way, or the login page of some public Wi-Fi.
    throw new Unreachable();
  }
  if (!response.ok) throw new Refused(response.status, answer.reason, answer.error);
  return answer;
}
