/* What can be said about a code or a guest without asking anybody. Pure. */

const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const WITH_A_SEAT = new Set(["confirmed", "attended", "no_show"]);
const OVER = new Set(["withdrawn", "rejected"]);

/* NC-7K3M-Q9 from however it was typed, read aloud or scanned; "" when it can't be a code. */
export function codeOf(typed) {
  const scanned = typed.trim().toUpperCase().match(/^NC1\.([^.]+)\.[^.]+$/);
  const plain = (scanned ? scanned[1] : typed).toUpperCase().replace(/[^0-9A-Z]/g, "");
  const drawn = plain.length === 8 && plain.startsWith("NC") ? plain.slice(2) : plain;
  if (drawn.length !== 6 || [...drawn].some((it) => !ALPHABET.includes(it))) return "";
  const total = [...drawn.slice(0, 5)].reduce((sum, it, place) => sum + (place + 2) * ALPHABET.indexOf(it), 0);
  return ALPHABET[total % ALPHABET.length] === drawn[5] ? `NC-${drawn.slice(0, 4)}-${drawn.slice(4)}` : "";
}

/* Whether somebody meant a code: then a wrong one is told as such, and not looked for as a name. */
export function looksLikeCode(typed) {
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, "");
  return /^NC[0-9A-Z]{4,8}$/.test(plain) && (/\d/.test(plain) || typed.includes("-"));
}

/* Lower case without marks: "Đăng  Ký" is "dang ky". */
export function fold(words) {
  return words.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().replace(/đ/g, "d").replace(/\s+/g, " ").trim();
}

export function finds(guest, wanted) {
  const code = fold(guest.code ?? "").replace(/[^0-9a-z]/g, "");
  const plain = wanted.replace(/[^0-9a-z]/g, "");
  return fold(`${guest.business} ${guest.person ?? ""}`).includes(wanted) || (plain.length > 2 && code.includes(plain));
}

export function hasSeat(guest) {
  return WITH_A_SEAT.has(guest.status);
}

/* What a phone without a network says: by its list, and by what it has itself let in. */
export function judge(guest, event, now) {
  if (event?.cancelled) return "cancelled";
  if (event?.opens_at && now < new Date(event.opens_at)) return "early";
  if (!guest) return "unlisted";
  if (guest.entry) return "twice";
  if (OVER.has(guest.status)) return "withdrawn";
  return hasSeat(guest) ? "accepted" : "unconfirmed";
}

/* A tax code of 10 or 13 figures with its check figure, or 12 figures of a person. */
export function isTaxCode(typed) {
  const code = typed.replace(/[\s.-]/g, "");
  if (/^\d{12}$/.test(code)) return true;
  if (!/^\d{10}(\d{3})?$/.test(code)) return false;
  const total = [31, 29, 23, 19, 17, 13, 7, 5, 3].reduce((sum, weight, place) => sum + weight * Number(code[place]), 0);
  return String(10 - (total % 11)) === code[9];
}
