/* A page asked for while the portal is away is answered with one that says so and tries again.
   Nothing else is kept: what people see always comes from the portal itself. */
const SHELF = "away-1";
const KEPT = ["/away.html", "/away.js", "/icon.svg"];
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(KEPT)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELF).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const kept = KEPT.includes(new URL(request.url).pathname);
  if (request.method !== "GET" || (request.mode !== "navigate" && !kept)) return;
  event.respondWith(
    fetch(request).catch(async () =>
      (await caches.match(kept ? request : "/away.html", { ignoreSearch: true })) || Response.error()),
  );
});
