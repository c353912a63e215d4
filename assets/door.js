/* The door: forms that open or end a session, passkeys, links that set a password, and the half
   hour after which a session ends by itself. Found by data-attributes, like everything in portal.js.
   Passwords and codes go from the form to the server and nowhere else. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const behind = () => document.querySelector("[data-behind]")?.dataset.behind || "";
  const leave = (address) => window.officesmartLeave(address);
  const language = () => document.documentElement.lang;
  const ask = async (path, told, method = "POST") => {
    try {
      const response = await fetch(behind() + path, {
        method,
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: method === "POST" ? JSON.stringify({ ...told, lang: language() }) : undefined,
        credentials: "include",
        cache: "no-store",
      });
      return await response.json();
    } catch { return { error: "away" }; }
  };

  /* -- forms -- */
  const quiet = (form) => {
    for (const fault of all("[data-fault]", form)) {
      fault.hidden = true;
      fault.textContent = "";
      form.elements[fault.dataset.fault]?.removeAttribute("aria-invalid");
    }
    const error = form.querySelector("[data-error]");
    if (error) error.hidden = true;
  };
  const complain = (form, answer) => {
    const said = form.querySelector("[data-said]");
    if (!said) return;
    const words = (key) => said.dataset[key] || "";
    const minutes = Math.ceil((answer.seconds || 0) / 60);
    said.textContent = answer.says
      || words(answer.error).replace("{minutes}", String(minutes)) || words("away");
    said.closest("[data-error]").hidden = false;
  };
  const show = (name) => { // one section of the page in place of the others
    for (const part of all("[data-part-of-door]")) part.hidden = part.dataset.partOfDoor !== name;
    const heading = document.querySelector(`[data-part-of-door="${name}"] h1`);
    if (heading) { heading.tabIndex = -1; heading.focus(); }
  };
  const settle = (form, answer) => {
    if (answer.next) return leave(answer.next);
    if (answer.done) return show(answer.done);
    if (answer.error === "gone") return show("gone");
    if (answer.faults) {
      let first = null;
      for (const [field, words] of Object.entries(answer.faults)) {
        const place = form.querySelector(`[data-fault="${field}"]`);
        if (!place) continue;
        place.textContent = words;
        place.hidden = false;
        form.elements[field].setAttribute("aria-invalid", "true");
        first = first || form.elements[field];
      }
      return first?.focus();
    }
    complain(form, answer);
    const secret = form.querySelector("[type=password], [data-password], [data-code]");
    if (secret && answer.error !== "away") { secret.value = ""; secret.focus(); }
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-session]");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    const button = form.querySelector("[type=submit]");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    quiet(form);
    const told = Object.fromEntries(new FormData(form));
    if (form.dataset.session === "reset") told.code = code;
    const answer = await ask(new URL(form.action, location.href).pathname, told);
    button.removeAttribute("aria-busy");
    settle(form, answer);
  }, true);

  /* -- a link that sets a password: its code stands after the #, which no server is told -- */
  let code = "";
  const link = async () => {
    const page = document.querySelector("[data-link]");
    if (!page || page.dataset.link === "asked") return;
    page.dataset.link = "asked";
    if (location.hash.length > 1) {
      code = decodeURIComponent(location.hash.slice(1));
      history.replaceState(history.state, "", location.pathname);
    }
    const answer = code ? await ask("/session/link", { code }) : { error: "gone" };
    show(answer.done ? "choose" : answer.error === "gone" ? "gone" : "away");
    if (answer.done) document.getElementById("password")?.focus();
  };

  /* -- passkeys -- */
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const passkey = async (button) => {
    const form = button.closest("form");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    quiet(form);
    const told = Object.fromEntries(new FormData(form));
    delete told.password;
    const first = button.dataset.passkey === "first" ? "1" : "";
    const forRole = button.dataset.passkey === "role"; // instead of the password, once signed in
    const [asksAt, showsAt] = forRole
      ? ["/session/role/passkey", "/session/role"] : ["/session/passkey", "/session/passkey/show"];
    let answer = await ask(asksAt, { first });
    if (answer.asks) {
      try {
        const asks = answer.asks;
        const shown = await navigator.credentials.get({ publicKey: {
          ...asks,
          challenge: bytes(asks.challenge),
          allowCredentials: (asks.allowCredentials || []).map((each) => ({ ...each, id: bytes(each.id) })),
        } });
        const given = shown.response;
        answer = await ask(showsAt, {
          first, next: told.next, remember: told.remember,
          answer: {
            id: shown.id, rawId: words(shown.rawId), type: shown.type,
            response: {
              clientDataJSON: words(given.clientDataJSON),
              authenticatorData: words(given.authenticatorData),
              signature: words(given.signature),
              userHandle: given.userHandle ? words(given.userHandle) : null,
            },
            clientExtensionResults: shown.getClientExtensionResults(),
          },
        });
        if (answer.error === "wrong") answer = { error: "badkey" };
      } catch { answer = { error: "nokey" }; } // refused, or none here
    }
    button.removeAttribute("aria-busy");
    if (answer.next) return leave(answer.next);
    complain(form, answer);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-passkey]");
    if (button) passkey(button);
  });

  /* -- the half hour: what is typed or clicked here counts, also when the server isn't told of it -- */
  const EVERY = 60000;
  let told = performance.now();
  const isIn = () => document.querySelector("[data-ready=true]");
  const stay = () => {
    if (!isIn() || performance.now() - told < (due ? 1000 : EVERY)) return;
    told = performance.now();
    ask("/session/stay", {}).then((answer) => {
      if (answer.error === "ended") leave("/accesso?fine=1");
      else if (answer.seconds) settleLeft(answer.seconds);
    });
  };
  for (const deed of ["keydown", "pointerdown"]) document.addEventListener(deed, stay, { passive: true });

  /* -- the warning's countdown: data-ends is how many ms were left when the server said so -- */
  const SAID = [60, 30, 10]; // seconds at which a screen reader is told
  let due = 0, shownFor = "", spoken = 0, asking = false;
  const settleLeft = (seconds) => {
    const banner = document.querySelector("[data-ends]");
    if (!banner) return;
    due = Date.now() + seconds * 1000;
    if (seconds > 130) { banner.hidden = true; due = 0; }
  };
  const count = async () => {
    const banner = document.querySelector("[data-ends]");
    if (!banner) { due = 0; shownFor = ""; return; }
    if (banner.dataset.ends !== shownFor) {
      shownFor = banner.dataset.ends;
      const until = Date.now() + Number(shownFor);
      if (until > due + 5000) spoken = Infinity;
      due = until;
      banner.hidden = false;
    }
    if (!due) return;
    const left = Math.max(0, Math.ceil((due - Date.now()) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    const place = banner.querySelector("[data-left]");
    if (place.textContent !== clock) place.textContent = clock;
    const mark = SAID.find((each) => left <= each && each < spoken && left > each - 5);
    if (mark) {
      spoken = mark;
      const say = banner.querySelector("[data-say]");
      say.textContent = say.dataset.say.replace("{seconds}", String(mark));
    }
    if (left === 0 && !asking) {
      asking = true; // another tab may have kept the session
      const answer = await ask("/session/left", {}, "GET");
      asking = false;
      if (answer.seconds) settleLeft(answer.seconds);
      else if (due && Date.now() >= due) leave("/accesso?fine=1");
    }
  };
  setInterval(count, 500);

  const watch = () => {
    link();
    if (!window.PublicKeyCredential || !window.isSecureContext)
      for (const button of all("[data-passkey]")) button.hidden = true;
    count();
  };
  let planned = 0;
  const soon = () => { if (!planned) planned = requestAnimationFrame(() => { planned = 0; watch(); }); };
  new MutationObserver(soon).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-ends", "data-link"],
  });
  document.addEventListener("DOMContentLoaded", watch);
})();
