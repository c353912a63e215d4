/* What was typed and not saved (components/unsaved.py): forms that count their changes, and the
   question before they would be lost. Found by data-attributes, like everything in portal.js. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* -- forms that say how many of their fields were changed -- */
  const ticked = (field) => field.type === "checkbox" || field.type === "radio";
  const drawn = (field) => {
    if (ticked(field)) return field.defaultChecked;
    if (field.tagName !== "SELECT") return field.defaultValue;
    return (all("option", field).find((each) => each.defaultSelected) || field.options[0])?.value ?? "";
  };
  /* What a field of a form that is watched whole held when it was first seen: React gives some
     their values as properties only. */
  const first = new WeakMap();
  const was = (field) => {
    if ("was" in field.dataset) return ticked(field) ? field.dataset.was === "true" : field.dataset.was;
    return first.has(field) ? first.get(field) : drawn(field);
  };
  const is = (field) => (ticked(field) ? field.checked : field.value);
  const fields = (form) =>
    form.dataset.watch === "every"
      ? [...form.elements].filter((field) => field.name && !["hidden", "submit", "button", "file"].includes(field.type))
      : all("[data-was]", form);
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
  document.addEventListener("focusin", (event) => {
    const field = event.target;
    if (field.form?.dataset.watch !== "every" || first.has(field)) return;
    for (const each of fields(field.form)) if (!first.has(each)) first.set(each, is(each));
  });
  new MutationObserver((changes) => { // saved: the fields hold something else now
    for (const form of new Set(changes.map((each) => each.target.form)))
      if (form?.matches("[data-watch][data-changes]")) count(form);
    // A hidden field is the page's own doing (a list put in order): no event tells of it.
    for (const { target } of changes)
      if (target.type === "hidden" && "was" in target.dataset && target.form?.matches("[data-watch]")) count(target.form);
  }).observe(document.documentElement, { subtree: true, attributes: true, attributeFilter: ["data-was", "value"] });
  for (const kind of ["input", "change"])
    document.addEventListener(kind, (event) => {
      const form = event.target.form || event.target.closest?.("form");
      if (form?.matches("[data-watch]")) count(form);
    });
  document.addEventListener("reset", (event) => {
    const form = event.target.closest?.("form[data-watch]");
    if (form) requestAnimationFrame(() => {
      for (const field of fields(form))
        if (ticked(field)) field.checked = was(field); else field.value = was(field);
      count(form);
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
      event.target.closest?.("form[data-watch]")?.requestSubmit();
  });

  /* -- leaving with edits: asked first -- */
  const LEAVES = "a[href]:not([download]):not([target]), [data-leaves], [data-sign-out], [data-post]:not(form)";
  let go = null;
  window.addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });
  const ask = (how) => {
    const dialog = document.querySelector("dialog[data-leave]");
    if (!dialog || dialog.open) return false;
    go = how;
    dialog.showModal();
    dialog.querySelector("[data-stay]").focus();
    return true;
  };
  const answer = (dialog, leaves) => {
    const how = go;
    go = null;
    dialog.close();
    const form = dirty();
    if (!leaves || !how) return;
    if (form) { form.dataset.changes = "0"; forget(form); }
    how();
  };
  document.addEventListener("cancel", (event) => {
    const dialog = event.target.closest?.("dialog[data-leave]");
    if (!dialog) return;
    event.preventDefault();
    answer(dialog, false);
  }, true);
  document.addEventListener("click", (event) => {
    const stay = event.target.closest("[data-stay]"), goes = event.target.closest("[data-go]");
    if (stay || goes) return answer(event.target.closest("dialog"), Boolean(goes));
    const leaves = event.target.closest(LEAVES);
    if (!leaves || !dirty() || (leaves.getAttribute("href") || "").startsWith("#")) return;
    /* A menu closes when the question opens, and its entry goes: what it does is kept, not it. */
    const { post } = leaves.dataset;
    const how = leaves.matches("[role=menuitem]") && (post || "signOut" in leaves.dataset)
      ? () => document.dispatchEvent(new CustomEvent("portal-post", { detail: post || "/session/out" }))
      : () => leaves.click();
    if (!ask(how)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  /* -- a server that went away has forgotten this tab, and draws its forms anew: what was typed is
     put back, into the same field of the same panel of the same page -- */
  const MEND = 10000; // ms after the page is back, while it settles
  const typed = new Map(); // where -> { field, value, lost }
  let mending = 0; // until when
  const ready = () => document.querySelector("[data-page]")?.dataset.ready !== "false";
  const offline = () => Boolean(document.querySelector("[data-offline]"));
  const where = (field) => {
    const name = field.id || field.name;
    if (!name || ["password", "file", "hidden"].includes(field.type)) return "";
    const panel = field.closest("[data-panel]")?.dataset.panel ?? "";
    return [location.pathname, panel, field.form?.id ?? "", name, field.type === "radio" ? field.value : ""].join(" ");
  };
  const note = (event) => {
    const field = event.target;
    const key = field.matches?.("input, textarea, select") ? where(field) : "";
    if (!key) return;
    if (is(field) === was(field)) typed.delete(key);
    else typed.set(key, { field, value: is(field), lost: false });
  };
  for (const kind of ["input", "change"]) document.addEventListener(kind, note, true);
  const forget = (form) => {
    for (const [key, kept] of typed) if (kept.field.form === form) typed.delete(key);
  };
  document.addEventListener("submit", (event) => { if (!offline()) forget(event.target); });
  document.addEventListener("reset", (event) => forget(event.target));
  const fill = (field, value) => {
    if (ticked(field)) { if (field.checked !== value) field.click(); return; }
    const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");
    own.set.call(field, value);
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  };
  const mend = () => {
    if (!ready()) {
      mending = performance.now() + MEND;
      for (const kept of typed.values()) if (!kept.field.isConnected) kept.lost = true;
      return;
    }
    const settling = performance.now() < mending;
    for (const [key, kept] of typed) {
      if (kept.field.isConnected) continue;
      if (!key.startsWith(`${location.pathname} `) || !(settling || kept.lost)) { typed.delete(key); continue; }
      kept.lost = true; // a panel that was open waits until it is opened again
      const field = all("input, textarea, select").find((each) => where(each) === key);
      if (field) { kept.field = field; fill(field, kept.value); }
    }
  };
  let due = 0;
  new MutationObserver(() => {
    if (!due && typed.size) due = requestAnimationFrame(() => { due = 0; mend(); });
    if (typed.size && !ready()) mend();
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"],
  });

  /* -- going back in the history of this tab: the router would change the page at once. It numbers its
     pages; we go back to the number that was there, ask, and then do what was wanted. -- */
  let at = null, returning = false;
  const settle = () => { at = history.state?.idx ?? null; };
  window.addEventListener("popstate", (event) => {
    if (returning) { returning = false; event.stopImmediatePropagation(); return; }
    const to = event.state?.idx ?? null;
    if (at === null || to === null || to === at || !dirty()) { at = to; return; }
    const by = to - at;
    if (!ask(() => history.go(by))) return;
    event.stopImmediatePropagation();
    returning = true;
    history.go(-by);
  }, true);
  for (const name of ["pushState", "replaceState"]) {
    const own = history[name].bind(history);
    history[name] = (...told) => { own(...told); settle(); };
  }
})();
