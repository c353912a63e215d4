/* A call that rings: the keys that lead to it, and its place while a dialog is open. A modal dialog
   makes the rest of the page inert, so the calls go into it: at its top, in the flow, so that they
   cover no button of it and are covered by none. */
(() => {
  "use strict";
  const homes = new WeakMap(); // where each of them was put by the page
  let before = null; // what had the focus before the keys were pressed
  const here = () => {
    const home = document.querySelector("[data-incoming-home]");
    if (!home) return null;
    const calls = home.querySelector("[data-incoming]") || homes.get(home);
    if (calls) homes.set(home, calls);
    return calls ? { home, calls } : null;
  };
  const move = (calls, into) => {
    const focused = calls.contains(document.activeElement) ? document.activeElement : null;
    into.prepend(calls);
    focused?.focus({ preventScroll: true });
  };
  const place = () => {
    const found = here();
    if (!found) return;
    const { home, calls } = found;
    const dialog = [...document.querySelectorAll("dialog[open]")].filter((each) => each.matches(":modal")).at(-1);
    const shown = !calls.hidden;
    if (!dialog || !shown) {
      if (calls.parentElement !== home) move(calls, home);
    } else if (calls.parentElement !== dialog) move(calls, dialog);
    if (!shown && before) { // the focus goes back to where the person was
      if (document.activeElement === document.body && before.isConnected) before.focus({ preventScroll: true });
      before = null;
    }
  };
  const open = (node) => node.matches?.("[data-forward]") ? node : node.querySelector?.("[data-forward]");
  new MutationObserver((changes) => {
    place();
    for (const change of changes)
      for (const node of change.addedNodes) if (node.nodeType === 1 && node.isConnected) {
        const field = open(node);
        if (field && document.activeElement?.closest?.("[data-incoming]")) field.focus();
      }
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["open", "hidden"],
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.altKey && event.code === "KeyR") {
      const found = here();
      if (!found || found.calls.hidden) return;
      event.preventDefault();
      if (!found.calls.contains(document.activeElement)) before = document.activeElement;
      found.calls.focus();
      return;
    }
    if (event.key === "Escape" && event.target.closest?.("[data-incoming]")) {
      event.preventDefault(); // not the dialog around it
      event.stopPropagation();
      const close = document.querySelector("[data-forward-close]");
      if (close) close.click();
      else if (before?.isConnected) { before.focus({ preventScroll: true }); before = null; }
    }
  }, true);
})();
