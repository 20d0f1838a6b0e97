/* Turns the server's HTML into nodes that cannot do anything but be read. The server already sends safe HTML; this
   is the second lock: everything is rebuilt from an allow-list, nothing is copied. */

const TAGS = new Set(["p", "br", "b", "i", "a", "ul", "ol", "li"]);
const LINK_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

export function safeFragment(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  appendSafely(fragment, parsed.body);
  return fragment;
}

function appendSafely(target, source) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(node.data);
    if (node.nodeType === Node.ELEMENT_NODE) appendElement(target, node);
  }
}

function appendElement(target, element) {
  const rebuilt = rebuild(element);
  appendSafely(rebuilt ?? target, element);
  if (rebuilt) target.append(rebuilt);
}

/* The harmless twin of an element, without children; null when only its words may stay. */
function rebuild(element) {
  const tag = element.localName;
  if (!TAGS.has(tag)) return null;
  return tag === "a" ? safeLink(element.getAttribute("href")) : document.createElement(tag);
}

/* A link that leaves the conversation open behind it; null when the address may not be followed. */
export function safeLink(href) {
  const address = safeAddress(href);
  if (!address) return null;
  const link = document.createElement("a");
  link.href = address.href;
  link.rel = "noopener noreferrer";
  // A mail or phone link with a target would leave an empty tab behind.
  if (address.protocol.startsWith("http")) link.target = "_blank";
  return link;
}

function safeAddress(href) {
  try {
    const address = new URL(href, document.baseURI);
    return href && LINK_SCHEMES.has(address.protocol) ? address : null;
  } catch {
    return null;
  }
}
