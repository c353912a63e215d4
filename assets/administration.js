/* The administration's own script: the panel, copying, files. Found by data-attributes,
   like everything in portal.js; nothing here decides anything. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* -- a correction that is offered goes into its field as if it had been typed -- */
  const put = (field, value) => {
    const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");
    own.set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-fill]");
    const field = offer && document.getElementById(`f-${offer.dataset.fill}`);
    if (!field) return;
    put(field, offer.dataset.value);
    field.focus();
  });

  /* -- a week: each day's hours drawn below its field, and copied to the days like it -- */
  const HOURS = /(\d{1,2})(?:[:.h](\d{2}))?\s*(?:-|–|—|a|to)\s*(\d{1,2})(?:[:.h](\d{2}))?/g;
  const draw = (field) => {
    const strip = field.closest(".field").querySelector(".strip");
    if (!strip || strip.dataset.drawn === field.value) return;
    strip.dataset.drawn = field.value;
    strip.replaceChildren(...[...field.value.matchAll(HOURS)].map(([, a, b, c, d]) => {
      const from = Math.min(24, +a + (+b || 0) / 60), to = Math.min(24, +c + (+d || 0) / 60);
      const piece = document.createElement("i");
      piece.style.left = `${(100 * from) / 24}%`;
      piece.style.width = `${(100 * Math.max(0, to - from)) / 24}%`;
      return piece;
    }));
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-day]")) draw(event.target);
  });
  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy-day]");
    if (!copy) return;
    const from = copy.closest(".field").querySelector("[data-day]");
    for (const field of all("[data-day]", copy.closest(".week")))
      if (field !== from && (+field.dataset.day < 5) === (+from.dataset.day < 5)) put(field, from.value);
  });
  document.addEventListener("reset", (event) => requestAnimationFrame(() => {
    for (const field of all("[data-day]", event.target)) draw(field);
  }));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], [role=menu]")) return;
    const close = document.querySelector("[data-panel] [data-close]");
    if (!close) return;
    event.preventDefault(); // or the same key would close the question about leaving as soon as it opens
    close.click();
  });

  /* -- the panel: focus goes in when it opens, and back to its row when it closes -- */
  let shown = "", from = null, stood = null;
  const follow = () => {
    const panel = document.querySelector("[data-panel]");
    const now = panel ? panel.dataset.panel : "";
    if (now !== shown) {
      const at = document.activeElement;
      if (now) {
        if (at && at !== document.body && !at.closest("[data-panel]")) from = at; // another row opens it anew
        panel.querySelector("[data-title]")?.focus({ preventScroll: true });
      } else if (at === document.body || at?.closest("dialog")) {
        (from?.isConnected ? from : document.querySelector("main"))?.focus({ preventScroll: true });
      }
      shown = now;
    }
    const room = document.querySelector(".adm-nav [aria-current=page]");
    if (room && room !== stood) { stood = room; room.scrollIntoView({ inline: "center", block: "nearest" }); }
    for (const field of all("[data-day]")) draw(field);
    for (const box of all("[data-some]")) box.indeterminate = box.dataset.some === "true";
    if (moved && document.activeElement === document.body) document.getElementById(moved)?.focus();
    const form = document.querySelector("form[data-fault]");
    if (form && form.dataset.fault !== form.dataset.faulted) {
      form.dataset.faulted = form.dataset.fault;
      form.querySelector("[aria-invalid=true]")?.focus();
    }
  };
  /* -- a row that moves takes the focus of its button along -- */
  let moved = "";
  document.addEventListener("click", (event) => { moved = event.target.closest("[data-moves]")?.id || ""; }, true);
  let due = 0;
  new MutationObserver(() => {
    if (!due) due = requestAnimationFrame(() => { due = 0; follow(); });
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true,
    attributeFilter: ["data-panel", "data-some", "data-fault"],
  });

  /* -- the page on paper -- */
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });

  /* -- copying: also without https, where browsers keep the clipboard from scripts -- */
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* not here */ }
    const box = document.createElement("textarea");
    box.value = text;
    (document.querySelector("dialog[open]") || document.body).append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const done = await copy(button.dataset.copy);
    button.dataset.copied = String(done);
    const said = document.querySelector("[data-copy-said]");
    if (said && done) said.textContent = button.dataset.said || "";
    setTimeout(() => delete button.dataset.copied, 2000);
    button.focus();
  });

  /* -- files go up by themselves once chosen; the page is told when they are there -- */
  document.addEventListener("change", async (event) => {
    const input = event.target.closest?.("input[type=file][data-upload]");
    if (!input || !input.files.length) return;
    const box = input.closest("[data-uploading]");
    const said = box.querySelector("[data-upload-said]");
    const file = input.files[0];
    const say = (key) => {
      said.textContent = said.dataset[key] || said.dataset.away;
      said.hidden = !key;
    };
    say("");
    if (file.size > Number(input.dataset.most)) { say("large"); input.value = ""; return; }
    box.dataset.uploading = "true";
    try {
      const answer = await fetch(input.dataset.upload, {
        method: "POST", body: file, credentials: "same-origin",
        headers: { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) },
      });
      const told = await answer.json();
      if (answer.ok) box.querySelector("[data-uploaded]").click();
      else say(told.error);
    } catch { say("away"); }
    box.dataset.uploading = "false";
    input.value = "";
  });
})();
