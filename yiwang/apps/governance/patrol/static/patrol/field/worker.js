// The service worker: keeps the shell so that the page opens without a net, and sends the queue when a net comes back
// while the page is closed. It answers for its own shell only; everything else goes to the net as if it were not there.
importScripts(...EDITION.files.filter((file) => /(store|replay)\.js$/.test(file)));
const CACHE = `yiwang-patrol-${EDITION.version}`;
const KEPT = new Set(EDITION.files);

self.addEventListener("install", (event) => {
  const fresh = EDITION.files.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("yiwang-patrol-") && name !== CACHE;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

async function shell(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.mode === "navigate" ? EDITION.shell : request, { ignoreSearch: true });
  return kept ?? fetch(request);
}

// The page itself is fetched anew behind the kept one, so that a changed text or language shows the next time.
async function renewed() {
  const answer = await fetch(EDITION.shell, { cache: "no-store" }).catch(() => null);
  if (answer?.ok && !answer.redirected) await (await caches.open(CACHE)).put(EDITION.shell, answer);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin || !KEPT.has(address.pathname)) return;
  event.respondWith(shell(request));
  if (request.mode === "navigate") event.waitUntil(renewed());
});

self.addEventListener("sync", (event) => {
  if (event.tag === "reports") event.waitUntil(self.patrolReplay());
});
