/* The ring-plan editor (components/ring_plan.py): columns as wide as their seconds, handles that are
   dragged or moved by keys, cells that arrows walk through. A drag stays in the browser; the number
   box of the handle tells the State once, when it is let go. */
(() => {
  "use strict";
  const LEAST = 1, MOST = 60, NARROW = 60; // seconds, seconds, pixels of the narrowest column
  const SLOWEST = 4; // pixels a second, so that a short plan can be made long in one pull
  const REST = 350; // ms after the last key, before the State is told
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const within = (seconds) => Math.min(MOST, Math.max(LEAST, Math.round(seconds)));
  const lengths = (plan) => (plan.dataset.plan || "").split(" ").filter(Boolean).map(Number);
  const spread = (plan, seconds) =>
    plan.style.setProperty("--cols", seconds.map((each) => `minmax(${NARROW}px, ${each}fr)`).join(" "));
  const boxOf = (knob) => knob.parentElement.querySelector("[data-box]");
  const shown = (knob) => Number(knob.getAttribute("aria-valuenow"));

  const show = (knob, seconds) => {
    knob.setAttribute("aria-valuenow", String(seconds));
    knob.setAttribute("aria-valuetext", `${seconds} ${knob.dataset.unit}`);
    const words = knob.querySelector("span");
    if (words) words.textContent = `${seconds} s`;
  };
  const tell = (knob) => {
    const box = boxOf(knob), plan = knob.closest("[data-plan]");
    const seconds = lengths(plan), at = Number(knob.dataset.knob), was = seconds[at];
    seconds[at] = shown(knob);
    spread(plan, seconds);
    if (was === seconds[at]) return;
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(box, String(shown(knob)));
    box.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  };

  /* -- dragging -- */
  let drag = null;
  document.addEventListener("pointerdown", (event) => {
    const knob = event.target.closest?.("[data-knob]");
    if (!knob || event.button !== 0 || knob.closest("[data-inert=true]")) return;
    event.preventDefault();
    knob.focus({ preventScroll: true });
    const plan = knob.closest("[data-plan]");
    const widths = all("[data-knob]", plan).map((each) => each.closest(".hd").getBoundingClientRect().width);
    const seconds = lengths(plan);
    const sum = (list) => list.reduce((a, b) => a + b, 0);
    drag = {
      knob, plan, widths, at: Number(knob.dataset.knob), from: shown(knob), x: event.clientX,
      scale: Math.max(SLOWEST, sum(widths) / Math.max(1, sum(seconds))), pointer: event.pointerId,
    };
    knob.setPointerCapture(event.pointerId);
    plan.dataset.dragging = "";
    knob.parentElement.classList.add("drag");
  });
  const pull = (event) => {
    const by = (event.clientX - drag.x) / drag.scale;
    const seconds = Math.min(MOST, Math.max(LEAST, drag.from + by));
    const widths = [...drag.widths];
    widths[drag.at] = Math.max(28, widths[drag.at] + (seconds - drag.from) * drag.scale);
    drag.plan.style.setProperty("--cols", widths.map((each) => `${each}px`).join(" "));
    show(drag.knob, within(seconds));
  };
  const drop = (keep) => {
    const { knob, plan, from } = drag;
    drag = null;
    delete plan.dataset.dragging;
    knob.parentElement.classList.remove("drag");
    if (!keep) show(knob, from);
    if (plan.isConnected) tell(knob);
  };
  document.addEventListener("pointermove", (event) => { if (drag?.pointer === event.pointerId) pull(event); });
  document.addEventListener("pointerup", (event) => { if (drag?.pointer === event.pointerId) drop(true); });
  document.addEventListener("pointercancel", (event) => { if (drag?.pointer === event.pointerId) drop(false); });

  /* -- keys -- */
  let due = 0, moved = null;
  const flush = () => {
    clearTimeout(due);
    if (moved?.isConnected) tell(moved);
    moved = null;
  };
  const keys = (event, knob) => {
    if (event.key === "Escape" && drag) { event.preventDefault(); drop(false); return; }
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      flush();
      const box = boxOf(knob);
      box.focus();
      box.select();
      return;
    }
    const now = shown(knob);
    const to = {
      ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1,
      PageDown: now - 5, PageUp: now + 5, Home: LEAST, End: MOST,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (moved && moved !== knob) flush();
    moved = knob;
    show(knob, within(to));
    clearTimeout(due);
    due = setTimeout(flush, REST);
  };
  const typing = (event, box) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    if (event.ctrlKey || event.metaKey) { box.blur(); return; }
    event.preventDefault(); // Enter would send the whole form
    const knob = box.parentElement.querySelector("[data-knob]");
    if (event.key === "Escape") box.value = knob ? String(shown(knob)) : box.defaultValue;
    if (knob) knob.focus(); else box.blur();
  };
  const walk = (event, cell) => {
    const row = cell.closest(".plan-row"), cells = all("[data-cell]", row), at = cells.indexOf(cell);
    const rows = all(".plan-row", cell.closest("[data-plan]")), line = rows.indexOf(row);
    const other = (index) => rows[index] && all("[data-cell]", rows[index])[at];
    const to = {
      ArrowLeft: cells[at - 1], ArrowRight: cells[at + 1], ArrowUp: other(line - 1),
      ArrowDown: other(line + 1), Home: cells[0], End: cells[cells.length - 1],
    };
    if (!(event.key in to)) return;
    event.preventDefault();
    to[event.key]?.focus();
  };
  document.addEventListener("keydown", (event) => {
    const knob = event.target.closest?.("[data-knob]"), box = event.target.closest?.("[data-box]");
    const cell = event.target.closest?.("[data-cell]");
    if (knob) keys(event, knob);
    else if (box) typing(event, box);
    else if (cell) walk(event, cell);
  });
  document.addEventListener("focusout", (event) => { if (event.target === moved) flush(); });
  document.addEventListener("focusin", (event) => { // the box says what its handle says
    const box = event.target.closest?.("[data-box]"), knob = box?.parentElement.querySelector("[data-knob]");
    if (knob) box.value = String(shown(knob));
  });
  // Ctrl+Enter on a handle confirms (unsaved.js): what was just moved belongs to it.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) flush();
  }, true);

  /* -- columns as the server says them; and the focus, when the bar that had it is gone -- */
  let panel = null;
  document.addEventListener("focusin", (event) => {
    panel = event.target.closest?.("[data-settled]") || panel;
  });
  const settled = () => {
    if (document.activeElement !== document.body || !panel?.isConnected) return;
    const title = panel.querySelector("h2");
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  };
  const draw = () => {
    for (const plan of all("[data-plan]")) {
      if ("dragging" in plan.dataset || plan.dataset.drawn === plan.dataset.plan) continue;
      plan.dataset.drawn = plan.dataset.plan;
      spread(plan, lengths(plan));
    }
  };
  let frame = 0;
  new MutationObserver((changes) => {
    if (changes.some((each) => each.attributeName === "data-settled")) setTimeout(settled);
    if (!frame) frame = requestAnimationFrame(() => { frame = 0; draw(); });
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-plan", "data-settled"],
  });
})();
