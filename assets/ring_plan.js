/* The ring-plan editor (components/ring_plan.py): columns as wide as their seconds, handles that are
   dragged or moved by keys, cells that arrows walk through. A drag stays in the browser; the number
   box of the handle tells the State once, when it is let go. What the hand did last is what shows and
   counts until the State has answered it: an answer to something earlier may come in at any moment. */
(() => {
  "use strict";
  const LEAST = 1, MOST = 60, NARROW = 60; // seconds, seconds, pixels of the narrowest column
  const SLOWEST = 4; // pixels a second, so that a short plan can be made long in one pull
  const REST = 350; // ms after the last key, before the State is told
  const PATIENCE = 20000; // ms after which the State counts though it did not answer
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const within = (seconds) => Math.min(MOST, Math.max(LEAST, Math.round(seconds)));
  const lengths = (plan) => (plan.dataset.plan || "").split(" ").filter(Boolean).map(Number);
  const spread = (plan, seconds) =>
    plan.style.setProperty("--cols", seconds.map((each) => `minmax(${NARROW}px, ${each}fr)`).join(" "));
  const boxOf = (knob) => knob.parentElement.querySelector("[data-box]");
  const knobOf = (box) => box.parentElement.querySelector("[data-knob]");
  const said = (knob) => { // by the State
    const plan = knob.closest("[data-plan]");
    return plan ? lengths(plan)[Number(knob.dataset.knob)] : Number(knob.getAttribute("aria-valuenow"));
  };

  /* -- what the hand did and the State has not answered: handle -> wish -- */
  let drag = null, due = 0, moved = null; // the handle in hand, and the one that keys move
  const wishes = new WeakMap(); // { wanted, told: what was told and not answered, seen, timer }
  const shown = (knob) => wishes.get(knob)?.wanted ?? said(knob);
  const current = (plan) => {
    const seconds = lengths(plan);
    for (const knob of all("[data-knob]", plan)) seconds[Number(knob.dataset.knob)] = shown(knob);
    return seconds;
  };
  const busy = (knob) => moved === knob || drag?.knob === knob;
  const show = (knob) => {
    const seconds = shown(knob), words = knob.querySelector("span")?.firstChild;
    if (knob.getAttribute("aria-valuenow") === String(seconds)) return;
    knob.setAttribute("aria-valuenow", String(seconds));
    knob.setAttribute("aria-valuetext", `${seconds} ${knob.dataset.unit}`);
    if (words) words.nodeValue = String(seconds); // the node is React's: it is not taken away
  };
  const wish = (knob, seconds) => {
    if (!wishes.has(knob)) wishes.set(knob, { told: [], seen: said(knob), timer: 0 });
    wishes.get(knob).wanted = seconds;
    show(knob);
  };
  const forget = (knob) => {
    clearTimeout(wishes.get(knob)?.timer);
    wishes.delete(knob);
    if (knob.isConnected) show(knob);
  };
  const telling = (knob, seconds) => {
    wish(knob, seconds);
    const mine = wishes.get(knob);
    mine.told.push(seconds);
    clearTimeout(mine.timer);
    mine.timer = setTimeout(() => {
      mine.told = [];
      if (!busy(knob)) { forget(knob); draw(); }
    }, PATIENCE);
  };
  const tell = (knob) => {
    const plan = knob.closest("[data-plan]"), mine = wishes.get(knob);
    if (mine && (mine.told.at(-1) ?? said(knob)) !== mine.wanted) {
      const box = boxOf(knob);
      telling(knob, mine.wanted);
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(box, String(mine.wanted));
      box.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
    } else if (mine && !mine.told.length) forget(knob);
    spread(plan, current(plan));
  };
  const answered = (knob) => {
    const mine = wishes.get(knob), now = said(knob);
    if (!mine) return;
    if (mine.seen !== now) {
      mine.seen = now;
      const which = mine.told.indexOf(now);
      mine.told = which < 0 ? [] : mine.told.slice(which + 1); // else it is another one's deed
      if (!mine.told.length && !busy(knob)) { forget(knob); return; }
    }
    show(knob);
  };

  /* -- dragging -- */
  document.addEventListener("pointerdown", (event) => {
    const knob = event.target.closest?.("[data-knob]");
    if (!knob || event.button !== 0 || knob.closest("[data-inert=true]")) return;
    event.preventDefault();
    knob.focus({ preventScroll: true });
    const plan = knob.closest("[data-plan]");
    const widths = all("[data-knob]", plan).map((each) => each.closest(".hd").getBoundingClientRect().width);
    const seconds = current(plan);
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
    wish(drag.knob, within(seconds));
  };
  const drop = (keep) => {
    const { knob, plan, from } = drag;
    drag = null;
    delete plan.dataset.dragging;
    knob.parentElement.classList.remove("drag");
    if (!keep) wish(knob, from);
    if (plan.isConnected) tell(knob);
  };
  document.addEventListener("pointermove", (event) => { if (drag?.pointer === event.pointerId) pull(event); });
  document.addEventListener("pointerup", (event) => { if (drag?.pointer === event.pointerId) drop(true); });
  document.addEventListener("pointercancel", (event) => { if (drag?.pointer === event.pointerId) drop(false); });

  /* -- keys -- */
  const flush = () => {
    clearTimeout(due);
    const knob = moved;
    moved = null;
    if (knob?.isConnected) tell(knob);
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
    wish(knob, within(to));
    clearTimeout(due);
    due = setTimeout(flush, REST);
  };
  const typing = (event, box) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    if (event.ctrlKey || event.metaKey) { box.blur(); return; }
    event.preventDefault(); // Enter would send the whole form
    const knob = knobOf(box);
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
  document.addEventListener("focusout", (event) => {
    if (event.target === moved) flush();
    const box = event.target.closest?.("[data-box]"), knob = box && knobOf(box), typed = Number(box?.value);
    if (knob && /^[0-9]+$/.test(box.value) && typed === within(typed) && typed !== shown(knob)) telling(knob, typed);
  }, true);
  document.addEventListener("focusin", (event) => { // the box says what its handle says
    const box = event.target.closest?.("[data-box]"), knob = box && knobOf(box);
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
      const seconds = current(plan), drawn = seconds.join(" ");
      if ("dragging" in plan.dataset || plan.dataset.drawn === drawn) continue;
      plan.dataset.drawn = drawn;
      spread(plan, seconds);
    }
  };
  let frame = 0;
  new MutationObserver((changes) => {
    if (changes.some((each) => each.attributeName === "data-settled")) setTimeout(settled);
    if (changes.some((each) => each.attributeName === "data-plan" || each.attributeName === "aria-valuenow"))
      all("[data-plan] [data-knob]").forEach(answered);
    if (!frame) frame = requestAnimationFrame(() => { frame = 0; draw(); });
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-plan", "data-settled", "aria-valuenow"],
  });
})();
