/* Keeps the page on the phone, so that it opens without a network. Data is none of its business. */

const CACHE = "check-in-{version}";
const PAGE = "/check-in/";
const KEPT = new Set([PAGE, "{kept}"]);

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE)
      .then((cache) => cache.addAll([...KEPT].map((path) => new Request(path, { cache: "no-cache" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => names.filter((it) => it.startsWith("check-in-") && it !== CACHE))
      .then((old) => Promise.all(old.map((it) => caches.delete(it))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || pathname.startsWith("/check-in/api/")) return;
  if (KEPT.has(pathname)) event.respondWith(keptOrFetched(event.request, pathname));
  // The link of the chat, opened once more where there is no network: the page is here all the same.
  else if (event.request.mode === "navigate") event.respondWith(fetchedOrPage(event.request));
});

async function keptOrFetched(request, pathname) {
  const cache = await caches.open(CACHE);
  return (await cache.match(pathname)) ?? fetch(request);
}

async function fetchedOrPage(request) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(PAGE)) ?? Response.error();
  }
}
