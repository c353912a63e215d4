/* The administration's own script: edits not saved yet, copying, files. Found by data-attributes,
   like everything in portal.js; nothing here decides anything. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* -- forms that say how many of their fields were changed -- */
  const was = (field) => (field.type === "checkbox" ? field.dataset.was === "true" : field.dataset.was ?? "");
  const is = (field) => (field.type === "checkbox" ? field.checked : field.value);
  const fields = (form) => all("[data-was]", form);
  const count = (form) => {
    let changes = 0;
    for (const field of fields(form)) {
      const moved = is(field) !== was(field);
      changes += moved;
      field.closest(".field, .switch")?.classList.toggle("chg", moved);
    }
    form.dataset.changes = String(changes);
    const words = form.querySelector("[data-count]") ||
      (form.id ? document.querySelector(`[data-count="${form.id}"]`) : null);
    if (words) {
      const said = changes === 1 ? words.dataset.one : words.dataset.many.replace("{n}", String(changes));
      if (words.textContent !== said) words.textContent = said;
    }
  };
  const dirty = () => document.querySelector("form[data-watch]:not([data-changes='0'])[data-changes]");
  for (const kind of ["input", "change"])
    document.addEventListener(kind, (event) => {
      const form = event.target.closest?.("form[data-watch]");
      if (form) count(form);
    });
  document.addEventListener("reset", (event) => {
    const form = event.target.closest?.("form[data-watch]");
    if (form) requestAnimationFrame(() => {
      for (const field of fields(form))
        if (field.type === "checkbox") field.checked = was(field); else field.value = was(field);
      count(form);
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
      event.target.closest?.("form[data-watch]")?.requestSubmit();
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], [role=menu]"))
      document.querySelector("[data-panel] [data-close]")?.click();
  });

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

  /* -- leaving with edits: asked first -- */
  let target = null;
  window.addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    const stay = event.target.closest("[data-stay]"), go = event.target.closest("[data-go]");
    if (stay || go) {
      event.target.closest("dialog").close();
      const form = dirty();
      if (go && form) { form.dataset.changes = "0"; target?.click(); }
      target = null;
      return;
    }
    const leaves = event.target.closest("a[href]:not([download]):not([target]), [data-leaves], [data-sign-out]");
    const ask = document.querySelector("dialog[data-leave]");
    if (!leaves || !ask || !dirty() || (leaves.getAttribute("href") || "").startsWith("#")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    target = leaves;
    ask.showModal();
    ask.querySelector("[data-stay]").focus();
  }, true);

  /* -- the panel: focus goes in when it opens, and back to its row when it closes -- */
  let shown = "", from = null, stood = null;
  const follow = () => {
    const panel = document.querySelector("[data-panel]");
    const now = panel ? panel.dataset.panel : "";
    if (now !== shown) {
      if (now) {
        if (!shown) from = document.activeElement;
        panel.querySelector("[data-title]")?.focus({ preventScroll: true });
      } else if (from?.isConnected) from.focus();
      shown = now;
    }
    const room = document.querySelector(".adm-nav [aria-current=page]");
    if (room && room !== stood) { stood = room; room.scrollIntoView({ inline: "center", block: "nearest" }); }
    for (const box of all("[data-some]")) box.indeterminate = box.dataset.some === "true";
    const form = document.querySelector("form[data-fault]");
    if (form && form.dataset.fault !== form.dataset.faulted) {
      form.dataset.faulted = form.dataset.fault;
      form.querySelector("[aria-invalid=true]")?.focus();
    }
  };
  let due = 0;
  new MutationObserver(() => {
    if (!due) due = requestAnimationFrame(() => { due = 0; follow(); });
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true,
    attributeFilter: ["data-panel", "data-some", "data-fault"],
  });

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
