/* The dialler: the list under its field, its own small window, and telephone links. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* -- suggestions under a field: arrows choose, Enter takes (the ARIA combobox pattern) -- */
  const SENT = 200; // ms; what is typed is on its way by then
  let typed = -SENT;
  document.addEventListener("input", (event) => { if (event.target.matches?.("[data-suggests]")) typed = performance.now(); }, true);
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("[data-suggests]");
    if (!field) return;
    const list = document.getElementById(field.getAttribute("aria-controls"));
    const around = field.closest(".field");
    const options = list && !list.hidden ? all("[role=option]", list) : [];
    const at = options.findIndex((each) => each.id === field.getAttribute("aria-activedescendant"));
    const choose = (index) => {
      options.forEach((each, place) => each.setAttribute("aria-selected", String(place === index)));
      if (index < 0) field.removeAttribute("aria-activedescendant");
      else { field.setAttribute("aria-activedescendant", options[index].id); options[index].scrollIntoView({ block: "nearest" }); }
    };
    if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(-1); options[at].click(); return; }
    if (event.key === "Escape" && options.length) { // the list first, the dialog with the next one
      event.preventDefault(); event.stopPropagation(); choose(-1); around?.querySelector("[data-none]")?.click(); return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) { if (at >= 0) choose(-1); return; } // Home, End and letters belong to the text
    event.preventDefault();
    if (!options.length) {
      if (step > 0) setTimeout(() => around?.querySelector("[data-all]")?.click(), Math.max(0, SENT - (performance.now() - typed)));
      return;
    }
    choose((at < 0 ? (step > 0 ? 0 : options.length - 1) : at + step + options.length) % options.length);
  }, true);

  /* -- a window of its own: opened by the click itself, or a browser takes it for an advertisement -- */
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-window]");
    if (!button) return;
    const dialog = button.closest("dialog"), said = dialog?.querySelector(".blocked");
    const typed = dialog?.querySelector("[data-suggests]")?.value.trim() || "";
    const address = button.dataset.window + (typed ? `?numero=${encodeURIComponent(typed)}` : "");
    const opened = window.open(address, "compositore", "popup,width=380,height=640");
    if (said) said.hidden = Boolean(opened);
    if (opened) { opened.focus(); dialog?.querySelector("[data-dismiss]")?.click(); }
  });

  /* -- the portal was started anew while a call was shown here: it knows nothing of this page, and is
        asked what became of the call. Nobody is called by that. -- */
  let shown = null, lost = null;
  const IMPATIENT = 1000; // ms after the end of a call
  let stood = "", over = 0, hung = false;
  const follow = () => {
    const call = document.querySelector("[data-call-stage]"), page = call?.closest("[data-page]");
    if (!page || page.dataset.away) return;
    const { callStage: stage, number, name } = call.dataset, ready = page.dataset.ready === "true";
    if (stage !== stood) {
      stood = stage;
      if (stage === "ended") over = performance.now(); else hung = false;
    }
    const dialog = call.closest("dialog"), open = !dialog || dialog.dataset.open === "true";
    if (shown && (!ready || !stage)) { lost = shown; shown = null; }
    if (!ready) return;
    if (lost) {
      for (const field of call.elements) field.value = lost[field.name];
      lost = null;
      call.requestSubmit();
      return;
    }
    shown = open && !["", "asked", "ended"].includes(stage) ? { number, name } : null;
  };
  new MutationObserver(follow).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-call-stage", "data-open", "data-ready"],
  });

  /* -- Riprova comes where Chiudi was: an impatient click more on that one calls nobody -- */
  document.addEventListener("click", (event) => {
    if (!event.detail) return; // a key was pressed
    if (event.target.closest?.("[data-hangs]")) hung = true;
    else if (hung && event.target.closest?.("[data-again]") && performance.now() - over < IMPATIENT) event.stopPropagation();
  }, true);

  /* -- telephone links of other pages: the browser asks whether they may open here -- */
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-links]");
    if (!button) return;
    const said = (name) => { for (const each of all("[data-links-said]")) each.hidden = each.dataset.linksSaid !== name; };
    try {
      navigator.registerProtocolHandler("tel", `${location.origin}${button.dataset.links}?numero=%s`);
      said("asked");
    } catch { said("cannot"); }
  });
})();
