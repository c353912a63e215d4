/* From "Prova una chiamata" to the setting that decided: what stands behind the dialog is shown. */
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const from = event.target.closest?.("[data-shows]");
    if (!from) return;
    const setting = document.querySelector(`[data-setting~="${CSS.escape(from.dataset.shows)}"]`);
    from.closest("dialog")?.querySelector("[data-dismiss]")?.click();
    if (!setting) return;
    setTimeout(() => { // the dialog gives the focus back to what opened it: after that
      setting.scrollIntoView({ block: "center" });
      const control = setting.matches("button, input, select, a") ? setting : setting.querySelector("button, input, select, a");
      control?.focus();
      setting.classList.add("shown-now");
      setTimeout(() => setting.classList.remove("shown-now"), 2400);
    }, 350);
  });
})();
