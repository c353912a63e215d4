/* Lists that arrow keys go through (Contatti): Down from the search field enters the list, Home and
   End go to its ends, and past its last row the next page comes. Enter opens a row, as a button
   does anyway. Found by data-attributes, like everything in portal.js. */
(() => {
  "use strict";
  const rows = (list) => [...list.querySelectorAll(":scope > li .cth")];
  let enters = ""; // which end of a page that is on its way gets the focus
  const turn = (way) => {
    const button = document.querySelector(`[data-list-turn="${way}"]`);
    if (!button || button.disabled) return false;
    enters = way;
    button.click();
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const list = document.querySelector("[data-list]");
    if (!list) return;
    const all = rows(list);
    let to = -1;
    if (event.target.id === "contact-search") {
      if (event.key !== "ArrowDown") return;
      to = 0;
    } else {
      const at = all.indexOf(event.target.closest?.(".cth"));
      if (at < 0) return;
      if (event.key === "ArrowDown") {
        if (at === all.length - 1) { if (turn("on")) event.preventDefault(); return; }
        to = at + 1;
      } else if (event.key === "ArrowUp") {
        if (!at) {
          if (!turn("back")) document.getElementById("contact-search")?.focus();
          event.preventDefault();
          return;
        }
        to = at - 1;
      } else if (event.key === "Home") to = 0;
      else if (event.key === "End") to = all.length - 1;
      else return;
    }
    if (!all[to]) return;
    event.preventDefault();
    all[to].focus();
  });
  new MutationObserver(() => {
    const list = enters && document.querySelector("[data-list]");
    if (!list) return;
    const all = rows(list);
    if (!all.length || all.some((each) => each === document.activeElement)) return;
    const row = enters === "on" ? all[0] : all[all.length - 1];
    enters = "";
    row.focus();
  }).observe(document.documentElement, { subtree: true, childList: true });
})();
