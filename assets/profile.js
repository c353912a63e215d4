/* Il mio profilo: forms whose fields are secrets (sent to a route, never to the page's state),
   what is shown once, and the making of passkeys (the door shows them: door.js). Found by
   data-attributes, like everything in portal.js. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* -- passkeys: the options come as JSON with base64url, the browser wants bytes -- */
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));
  const passkeys = {
    able: () => Boolean(window.PublicKeyCredential && navigator.credentials),
    async make(options) {
      const made = await navigator.credentials.create({
        publicKey: {
          ...options,
          challenge: bytes(options.challenge),
          user: { ...options.user, id: bytes(options.user.id) },
          excludeCredentials: named(options.excludeCredentials),
        },
      });
      return {
        id: made.id, rawId: text(made.rawId), type: made.type,
        response: {
          clientDataJSON: text(made.response.clientDataJSON),
          attestationObject: text(made.response.attestationObject),
        },
      };
    },
  };

  /* -- forms of secrets -- */
  const post = async (address, told) => {
    try {
      const response = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(told),
        credentials: "include",
      });
      return await response.json();
    } catch { return { error: "away" }; }
  };
  const whole = (form, words) => {
    const note = form.querySelector("[data-whole]");
    note.querySelector("[data-said]").textContent = words;
    note.hidden = !words;
  };
  const tell = (form, faults, error) => {
    const said = form.querySelector("[data-said]").dataset;
    whole(form, (faults[""] || []).join(". ") || (error ? said[error] || said.away : ""));
    let first = null;
    for (const fault of all("[data-fault-of]", form)) {
      const found = faults[fault.dataset.faultOf] || [];
      const field = form.elements[fault.dataset.faultOf];
      fault.querySelector("[data-words]").textContent = found.length ? `${found.join(". ")}.` : "";
      fault.hidden = !found.length;
      field.setAttribute("aria-invalid", String(found.length > 0));
      (field.closest(".in") || field).classList.toggle("bad", found.length > 0);
      if (found.length && !first) first = field;
    }
    first?.focus();
    first?.select?.();
  };
  const shut = (form, is) => {
    const button = form.querySelector("[type=submit]");
    if (is) button.setAttribute("aria-busy", "true"); else button.removeAttribute("aria-busy");
  };
  /* the browser's own question for a passkey, between two posts */
  const passkey = async (form, address, told) => {
    if (!passkeys.able()) return { error: "unable" };
    const asked = await post(address, told);
    if (!asked.options) return asked;
    try {
      const answer = await passkeys.make(asked.options);
      return await post(`${address}/made`, { answer, name: told.name });
    } catch (why) {
      return { error: why.name === "InvalidStateError" ? "twice" : "stopped" };
    }
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-post]");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    if (form.querySelector("[type=submit]").getAttribute("aria-busy") === "true") return;
    shut(form, true);
    const told = Object.fromEntries(new FormData(form));
    const address = form.getAttribute("action");
    const answer = await ("makesPasskey" in form.dataset ? passkey(form, address, told) : post(address, told));
    shut(form, false);
    if (answer.next) { location.assign(answer.next); return; }
    if (answer.secret) { second(form, answer); return; }
    tell(form, answer.faults || {}, answer.error);
    if (!answer.done) return;
    form.reset();
    if (answer.codes?.length) once(answer.codes);
    form.querySelector("[data-done]").click();
  }, true);
  /* a field that is being mended is not scolded any longer */
  document.addEventListener("input", (event) => {
    const field = event.target.closest?.("form[data-post] [aria-invalid=true]");
    if (!field) return;
    field.setAttribute("aria-invalid", "false");
    (field.closest(".in") || field).classList.remove("bad");
    const fault = all("[data-fault-of]", field.form).find((each) => each.dataset.faultOf === field.name);
    if (fault) fault.hidden = true;
  });

  /* -- the second stage of switching codes on: picture and seed, then a first code -- */
  const second = (form, answer) => {
    const here = form.closest("[data-stage]"), next = here.parentElement.querySelector("[data-stage=second]");
    next.querySelector("[data-picture]").src = `data:image/svg+xml;base64,${btoa(answer.picture)}`;
    next.querySelector("[data-seed]").textContent = answer.secret;
    form.reset();
    here.hidden = true;
    next.hidden = false;
    next.querySelector("input").focus();
  };

  /* -- what is shown once -- */
  let back = null;
  const box = () => document.querySelector("dialog[data-once]");
  const codes = () => all("[data-codes] li", box()).map((each) => each.textContent);
  const once = (list) => {
    box().querySelector("[data-codes]").replaceChildren(...list.map((code) => {
      const item = document.createElement("li");
      item.textContent = code;
      return item;
    }));
    back = document.activeElement;
    box().showModal();
    box().querySelector("[data-codes-close]").focus();
  };
  const paper = () => `${box().dataset.heading}\n\n${codes().join("\n")}\n`;
  const copy = async (words) => {
    try { await navigator.clipboard.writeText(words); return true; } catch { /* not without https */ }
    const field = document.createElement("textarea");
    field.value = words;
    box().append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([paper()], { type: "text/plain" }));
    link.download = box().dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-codes-close]")) {
      box().close();
      box().querySelector("[data-codes]").replaceChildren();
      box().querySelector("[data-codes-said]").textContent = "";
      if (back?.isConnected) back.focus();
      return;
    }
    const does = event.target.closest("[data-codes-do]")?.dataset.codesDo;
    if (does === "print") window.print();
    if (does === "save") save();
    if (does === "copy") {
      const said = box().querySelector("[data-codes-said]");
      said.textContent = (await copy(paper())) ? said.dataset.copied : said.dataset.refused;
    }
  });
  /* codes seen once are not lost to a stray Escape */
  document.addEventListener("cancel", (event) => {
    if (event.target.closest("dialog[data-once]")) event.preventDefault();
  }, true);

  /* -- a form that opens takes the focus, one that closes gives it back; #sicurezza is scrolled to -- */
  let open = null, reached = "";
  const follow = () => {
    const form = document.querySelector(".card-form [data-post]");
    const name = document.querySelector("[data-opens][aria-expanded=true]")?.dataset.opens || "";
    if (name !== open && open !== null) {
      if (name) form?.closest("li")?.querySelector(".card-form input:not([type=hidden])")?.focus();
      else if (!document.querySelector("dialog[open]") && document.activeElement === document.body)
        all("[data-opens]").find((each) => each.dataset.opens === open)?.focus();
    }
    open = document.querySelector("[data-opens]") ? name : null;
    const place = location.hash.slice(1);
    if (place && place !== reached) {
      const part = document.querySelector(`.pg #${CSS.escape(place)}`);
      if (part) { reached = place; part.scrollIntoView({ block: "start" }); }
    } else if (!place) reached = "";
  };
  let due = 0;
  new MutationObserver(() => {
    if (!due) due = requestAnimationFrame(() => { due = 0; follow(); });
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["aria-expanded"],
  });
  window.addEventListener("hashchange", () => { reached = ""; follow(); });
})();
