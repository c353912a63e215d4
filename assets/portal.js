/* What must not wait for the server: timers, the player, signing out, the theme before the
   first paint. Everything is found by data-attributes, so pages stay ordinary Reflex pages. */
(() => {
  "use strict";
  /* English pages are built in Italian and turn when the server answers: hide the turning. */
  const root = document.documentElement;
  if (/(^|; )language=en/.test(document.cookie)) {
    root.lang = "en";
    root.classList.add("turning");
    setTimeout(() => root.classList.remove("turning"), 1500);
  }
  /* The strip of a role keeps its place from the first paint: this page's server says it later. */
  const ROLE = "role";
  try { const role = localStorage.getItem(ROLE); if (role) root.dataset.role = role; } catch { /* private window */ }
  const wears = (role) => {
    if ((root.dataset.role || "") === role) return;
    if (role) root.dataset.role = role; else delete root.dataset.role;
    try { if (role) localStorage.setItem(ROLE, role); else localStorage.removeItem(ROLE); } catch { /* private window */ }
  };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const two = (n) => String(n).padStart(2, "0");
  const clock = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    const h = Math.floor(s / 3600), m = Math.floor((s % 3600) / 60);
    return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  };

  /* -- timers: data-age is how old a thing was, in ms, when the server said so -- */
  const births = new WeakMap();
  const tick = () => {
    for (const el of all("[data-age]")) {
      const age = el.dataset.age;
      let known = births.get(el);
      if (!known || known.age !== age) {
        known = { age, at: performance.now() - Number(age) };
        births.set(el, known);
      }
      const text = clock((performance.now() - known.at) / 1000);
      if (el.textContent !== text) el.textContent = text;
    }
  };
  setInterval(tick, 250);

  /* -- the page's own watch: language, leaving, opening dialogs, the server away -- */
  const watch = () => {
    const page = document.querySelector("[data-page]");
    if (page) {
      const lang = page.dataset.lang || "it";
      if (!root.classList.contains("turning") || lang === "en") {
        root.classList.remove("turning");
        if (root.lang !== lang) root.lang = lang;
        if (page.dataset.spoken === "true" && !document.cookie.includes(`language=${lang}`))
          document.cookie = `language=${lang}; path=/; max-age=31536000; samesite=lax`;
      }
      if (page.dataset.title && document.title !== page.dataset.title) document.title = page.dataset.title;
      if (page.dataset.ready === "true" && !leaving) wears(page.dataset.role || "");
      if (page.dataset.away) leave(page.dataset.away);
    }
    for (const dialog of all("dialog[data-open]")) {
      const open = dialog.dataset.open === "true";
      if (!open) passed.delete(dialog);
      if (open && !dialog.open) {
        if (passes(dialog)) continue;
        openers.set(dialog, document.activeElement);
        dialog.showModal();
        (dialog.querySelector("input:checked") || // what is chosen, before what could be
          dialog.querySelector("input, textarea, footer [data-dismiss]"))?.focus(); // not the closing cross
      }
      else if (!open && dialog.open) {
        dialog.close();
        answered(dialog.dataset.asked);
        if (document.activeElement === document.body) back(openers.get(dialog));
      }
    }
    if (page?.dataset.entered === "true") { // see Page.entered
      settled = page;
      window.officesmartEntered = page.dataset.page;
    }
    const list = document.querySelector("[data-tab]");
    if (list && list.dataset.tab !== shown) {
      shown = list.dataset.tab;
      const tab = list.querySelector("[role=tab][aria-selected=true]");
      tab?.scrollIntoView({ inline: "center", block: "nearest" });
      history.replaceState(history.state, "", `?scheda=${shown}`); // a reload stays on this tab
    } else if (!list) shown = "";
    const here = document.querySelector(".tabs > .tab[aria-current=page]"); // tabs that are links
    if (here && here !== stood) {
      const row = here.parentElement, [box, whole] = [here, row].map((each) => each.getBoundingClientRect());
      row.scrollLeft += box.left - whole.left - (whole.width - box.width) / 2;
    }
    stood = here;
    for (const toast of all("[data-toast]")) if (!born.has(toast)) { born.add(toast); age(toast); }
    players();
    tick();
  };
  /* What the server still holds open when a page comes (F5, another page and back) lies over it and
     nobody asked for it: it is put away, when it says that it may be (data-passing) and the address
     does not ask for it (data-asked names the parameter). */
  const passed = new WeakSet(), SLOW = 3000; // ms that the server may take to close it
  let settled = null, touched = false;
  for (const kind of ["click", "keydown"])
    document.addEventListener(kind, (event) => { if (event.isTrusted) touched = true; }, true);
  const asks = (name) => Boolean(name) && new URLSearchParams(location.search).has(name);
  const passes = (dialog) => {
    if (passed.has(dialog)) return true;
    const comes = !touched || settled !== document.querySelector("[data-page]");
    const way = dialog.dataset.passing === "true" && comes && !asks(dialog.dataset.asked) &&
      dialog.querySelector("[data-dismiss]");
    if (!way) return false;
    passed.add(dialog);
    setTimeout(() => { if (passed.delete(dialog)) soon(); }, SLOW);
    way.click();
    return true;
  };
  const answered = (name) => { // a reload does not open it again
    if (!asks(name)) return;
    const left = new URLSearchParams(location.search);
    for (const each of [name, "nome"]) left.delete(each);
    history.replaceState(history.state, "", location.pathname + (left.size ? `?${left}` : "") + location.hash);
  };
  /* the focus goes back to what opened a dialog; to the page's content when that is gone */
  const openers = new WeakMap();
  const back = (opener) => {
    const there = opener?.isConnected && opener !== document.body;
    (there ? opener : document.querySelector("main"))?.focus({ preventScroll: true });
  };
  /* a remark goes by itself, unless it is bad news, pointed at or focused */
  const born = new WeakSet();
  const age = (toast) => {
    if (toast.dataset.toast === "danger") return;
    const go = () => {
      if (!toast.isConnected) return;
      if (toast.matches(":hover, :focus-within")) setTimeout(go, 2000);
      else toast.querySelector("[data-drop]").click();
    };
    setTimeout(go, 6000);
  };
  /* what is posted says which role the next page is in */
  const ROLES = { "/session/role/end": "", "/session/view": "viewing", "/session/view/end": "admin" };
  let becomes = null;
  const told = (path) => { becomes = ROLES[path] ?? null; };
  document.addEventListener("submit", (event) => {
    told(new URL(event.target.getAttribute?.("action") || "", location.href).pathname);
  }, true);
  let leaving = false, shown = "", stood = null;
  const leave = window.officesmartLeave = (address) => {
    if (leaving) return;
    leaving = true;
    if (address.startsWith("/accesso")) wears("");
    else if (becomes !== null) wears(becomes);
    try { sessionStorage.clear(); } catch { /* private windows may refuse */ }
    location.assign(address);
  };
  let due = 0;
  const soon = () => { if (!due) due = requestAnimationFrame(() => { due = 0; watch(); }); };
  new MutationObserver(soon).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true,
    attributeFilter: ["data-away", "data-lang", "data-spoken", "data-title", "data-open", "data-age", "data-tab", "data-ready", "data-entered", "data-role"],
  });
  document.addEventListener("DOMContentLoaded", watch);
  const paint = () => { // the frame of an installed window has the colour of the page (--bg)
    const frame = document.querySelector("meta[name=theme-color]");
    if (frame) frame.content = root.classList.contains("dark") ? "#121210" : "#f5f4f0";
  };
  new MutationObserver(paint).observe(root, { attributes: true, attributeFilter: ["class"] });
  document.addEventListener("DOMContentLoaded", paint);
  /* Only over https and on this machine do browsers allow it; elsewhere their own page says "away". */
  if ("serviceWorker" in navigator && window.isSecureContext)
    window.addEventListener("load", () => {
      navigator.serviceWorker.register("/service-worker.js").catch(() => { /* a private window may refuse */ });
    });

  /* -- what ends or changes the session without a form: an entry of the menu -- */
  const post = async (path) => {
    told(path);
    const behind = document.querySelector("[data-behind]")?.dataset.behind || "";
    try {
      const response = await fetch(behind + path, {
        method: "POST", credentials: "include",
        headers: { "Content-Type": "application/json" }, body: "{}",
      });
      const answer = await response.json();
      if (answer.next) leave(answer.next);
    } catch { if (path === "/session/out") leave("/accesso"); /* else the banner says that it is away */ }
  };
  document.addEventListener("portal-post", (event) => { post(event.detail); });

  document.addEventListener("click", (event) => {
    const eye = event.target.closest("[data-reveal]");
    if (eye) {
      const field = document.getElementById(eye.dataset.reveal);
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      eye.setAttribute("aria-pressed", String(!shown));
      return;
    }
    const skip = event.target.closest("[data-skip]");
    if (skip) {
      event.preventDefault();
      event.stopPropagation();
      document.getElementById(skip.dataset.skip).focus();
      return;
    }
    if (event.target.closest("[data-sign-out]")) return post("/session/out");
    const posts = event.target.closest("[data-post]:not(form)"); // profile.js sends forms
    if (posts) return post(posts.dataset.post);
    const words = event.target.closest("[data-language]");
    if (words)
      document.cookie = `language=${words.dataset.language}; path=/; max-age=31536000; samesite=lax`;
  }, true);

  /* -- dialogs: the browser's own, opened by data-open; Escape and the scrim tell the server -- */
  document.addEventListener("cancel", (event) => {
    const dialog = event.target.closest("dialog[data-open]");
    if (!dialog) return;
    event.preventDefault();
    dialog.querySelector("[data-dismiss]")?.click();
  }, true);
  document.addEventListener("mousedown", (event) => {
    if (event.target.matches?.("dialog[data-open]")) event.target.querySelector("[data-dismiss]")?.click();
  });

  /* -- a row that goes takes its bin with it: the focus goes to the next row's, or to the field -- */
  document.addEventListener("click", (event) => {
    const bin = event.target.closest("[data-bin]");
    const list = bin?.closest("dialog");
    if (!list) return;
    const at = all("[data-bin]", list).indexOf(bin);
    const watch = new MutationObserver(() => {
      if (bin.isConnected) return;
      watch.disconnect();
      const left = all("[data-bin]", list);
      if (document.activeElement === document.body)
        (left[Math.min(at, left.length - 1)] || list.querySelector("input, textarea"))?.focus();
    });
    watch.observe(list, { subtree: true, childList: true });
    setTimeout(() => watch.disconnect(), 5000); // it was only asked about, or refused
  });

  /* -- tabs: arrows move between them, as the ARIA pattern asks -- */
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[role=tab]");
    if (!tab) return;
    const tabs = all("[role=tab]", tab.closest("[role=tablist]"));
    const at = tabs.indexOf(tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    next.focus();
    next.click();
    next.scrollIntoView({ inline: "center", block: "nearest" });
  });

  /* -- the player of voice messages -- */
  const HEARD = 5; // seconds of listening that make a message heard
  const volume = { level: 0.8, muted: false };
  try { Object.assign(volume, JSON.parse(localStorage.getItem("volume") || "{}")); } catch { /* first time */ }
  const alive = new WeakSet();
  const players = () => {
    for (const root of all("[data-player]")) if (!alive.has(root)) { alive.add(root); start(root); }
    for (const row of all("[data-plays]")) {
      const root = document.querySelector(`[data-player="${row.dataset.plays}"]`);
      if (!root && row.dataset.state) delete row.dataset.state;
    }
  };
  const start = (root) => {
    const sound = root.querySelector("audio");
    const length = () => (Number.isFinite(sound.duration) && sound.duration) || Number(root.dataset.seconds);
    const part = (name) => root.querySelector(`[data-part=${name}]`);
    const wave = part("wave");
    const show = () => {
      const at = sound.currentTime, whole = length();
      root.style.setProperty("--played", `${whole ? Math.min(100, (at / whole) * 100) : 0}%`);
      part("at").textContent = clock(at);
      wave.setAttribute("aria-valuenow", String(Math.floor(at)));
      wave.setAttribute("aria-valuemax", String(Math.round(whole)));
      wave.setAttribute("aria-valuetext",
        wave.dataset.words.replace("{at}", String(Math.floor(at))).replace("{of}", String(Math.round(whole))));
    };
    const state = (now) => {
      root.dataset.state = now;
      const row = document.querySelector(`[data-plays="${root.dataset.player}"]`);
      if (row) row.dataset.state = now;
    };
    const loud = () => {
      sound.volume = volume.level;
      sound.muted = volume.muted;
      root.dataset.muted = String(volume.muted || volume.level === 0);
      part("volume").value = String(Math.round(volume.level * 100));
      part("volume").style.setProperty("--level", `${volume.muted ? 0 : volume.level * 100}%`);
      part("mute").setAttribute("aria-pressed", String(volume.muted));
      try { localStorage.setItem("volume", JSON.stringify(volume)); } catch { /* private window */ }
    };
    const seek = (seconds) => { sound.currentTime = Math.min(Math.max(0, seconds), length()); show(); };
    const toggle = () => { if (sound.paused) sound.play().catch(() => state("failed")); else sound.pause(); };
    let listened = 0, last = null, told = false;
    const heard = () => {
      if (told) return;
      told = true;
      root.querySelector("[data-part=heard]")?.click();
    };
    sound.addEventListener("play", () => {
      state("playing");
      for (const other of all("[data-player] audio")) if (other !== sound) other.pause();
      last = sound.currentTime;
    });
    sound.addEventListener("pause", () => { state("paused"); last = null; });
    sound.addEventListener("seeking", () => { last = null; });
    sound.addEventListener("timeupdate", () => {
      if (!sound.paused && last !== null && sound.currentTime > last) listened += sound.currentTime - last;
      last = sound.paused ? null : sound.currentTime;
      if (listened >= HEARD) heard();
      show();
    });
    sound.addEventListener("ended", () => { heard(); state("paused"); });
    sound.addEventListener("loadedmetadata", show);
    sound.addEventListener("error", () => state("failed"));
    root.addEventListener("click", (event) => {
      const control = event.target.closest("[data-do]");
      if (!control) return;
      const does = control.dataset.do;
      if (does === "toggle") toggle();
      if (does === "back") seek(sound.currentTime - 5);
      if (does === "on") seek(sound.currentTime + 5);
      if (does === "again") { sound.load(); sound.play().catch(() => state("failed")); }
      if (does === "mute") { volume.muted = !volume.muted; loud(); }
      if (does === "speed") {
        const speeds = [1, 1.25, 1.5, 2, 0.75];
        sound.playbackRate = speeds[(speeds.indexOf(sound.playbackRate) + 1) % speeds.length];
        sound.preservesPitch = true;
        control.querySelector("span").textContent =
          `${String(sound.playbackRate).replace(".", document.documentElement.lang === "it" ? "," : ".")}×`;
      }
    });
    part("volume").addEventListener("input", (event) => {
      volume.level = Number(event.target.value) / 100;
      volume.muted = false;
      loud();
    });
    const along = (event) => {
      const box = wave.getBoundingClientRect();
      seek(((event.clientX - box.left) / box.width) * length());
    };
    wave.addEventListener("pointerdown", (event) => { wave.setPointerCapture(event.pointerId); along(event); });
    wave.addEventListener("pointermove", (event) => { if (wave.hasPointerCapture(event.pointerId)) along(event); });
    wave.addEventListener("keydown", (event) => {
      const to = {
        ArrowLeft: sound.currentTime - 5, ArrowDown: sound.currentTime - 5,
        ArrowRight: sound.currentTime + 5, ArrowUp: sound.currentTime + 5,
        PageDown: sound.currentTime - 15, PageUp: sound.currentTime + 15,
        Home: 0, End: length(),
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      seek(to);
    });
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") root.querySelector("[data-part=close]")?.click();
      if (event.key === " " && !event.target.closest("button, input, a")) { event.preventDefault(); toggle(); }
    });
    loud();
    show();
    state("paused");
    sound.play().catch(() => { /* a browser may want a click on the play button first */ });
  };
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-plays]");
    if (!row) return;
    const root = document.querySelector(`[data-player="${row.dataset.plays}"]`);
    if (!root) return; // the server opens it, and it starts by itself
    event.preventDefault();
    event.stopPropagation();
    root.querySelector("[data-do=toggle]").click();
  }, true);
})();
