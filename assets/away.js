/* The page that the service worker shows while the portal is away: it tries by itself. */
(() => {
  "use strict";
  const language = /(^|; )language=en/.test(document.cookie) ? "en" : "it";
  document.documentElement.lang = language;
  for (const words of document.querySelectorAll("[data-it]")) words.textContent = words.dataset[language];
  const look = async () => {
    try { if ((await fetch("/ping", { cache: "no-store" })).ok) location.reload(); } catch { /* still away */ }
  };
  document.querySelector("button").addEventListener("click", () => location.reload());
  setInterval(look, 3000);
  window.addEventListener("online", look);
})();
