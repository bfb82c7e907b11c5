// A conversation that lives, on either side: new messages, "... is writing", how far one's own have got, and sending without
// leaving the page. Without this file the same form posts, and the page comes back with what was said.
(() => {
  "use strict";
  const TYPING_MILLISECONDS = 5000, FILE_OCTETS_MAX = 10 * 1024 * 1024;
  const fine = matchMedia("(pointer: fine)");
  const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : URL.createObjectURL(new Blob()).slice(-36));
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  const begin = (root) => {
    const { words } = root.dataset;
    const say = JSON.parse(words);
    const scroll = root.querySelector("[data-chat-log]"), list = root.querySelector(".thread"), note = root.querySelector("[data-chat-typing]");
    const form = root.querySelector("[data-chat-form]"), field = form.querySelector("textarea"), files = form.querySelector("input[type=file]");
    const status = form.querySelector("[data-chat-status]"), chosen = form.querySelector("[data-chat-files]"), sound = root.querySelector("[data-chat-sound]");
    const title = document.title;
    let me = "", busy = false, wanted = "", told = 0, fading, unread = 0;

    const newest = () => [...list.querySelectorAll("[data-entry]")].pop();
    const isAtEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 160;
    const toEnd = () => { scroll.scrollTop = scroll.scrollHeight; };
    const isSeen = () => document.visibilityState === "visible" && root.isConnected && root.offsetParent !== null;

    const take = (html) => {
      const fresh = parsed(html).querySelector("[data-fresh]");
      if (!fresh) return;
      const wasAtEnd = isAtEnd();
      let others = 0;
      fresh.querySelectorAll(":scope > li").forEach((item) => {
        const { entry, day } = item.dataset;
        if (list.querySelector(entry ? `[data-entry="${entry}"]` : `[data-day="${day}"]`)) return;
        item.removeAttribute("id");
        list.insertBefore(item, list.querySelector("[data-waits]"));
        if (entry && !item.classList.contains("thread__entry--mine")) others += 1;
      });
      const { got, seen } = fresh.dataset;
      list.querySelectorAll("[data-mark]").forEach((mark) => {
        const item = mark.closest("[data-at]");
        mark.textContent = item.dataset.at <= seen ? say.seen : item.dataset.at <= got ? say.got : say.sent;
      });
      const state = root.querySelector("[data-chat-state]");
      if (state && fresh.dataset.state) state.textContent = fresh.dataset.state;
      if (others) {
        note.hidden = true;
        if (!isSeen()) {
          unread += others;
          document.title = `(${unread}) ${title}`;
        }
        if (sound && sound.getAttribute("aria-pressed") === "true") beep();
      }
      if (wasAtEnd) toEnd();
    };
    const news = (at = "~") => { // the moment of what is new, where it is known: what this page sent itself is here already
      if (newest() && newest().dataset.at >= at) return;
      if (busy) { wanted = at > wanted ? at : wanted; return; }
      busy = true;
      const asked = new FormData();
      asked.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      asked.set("after", newest() ? newest().dataset.entry : "");
      if (isSeen()) asked.set("visible", "1");
      fetch(root.dataset.chat, { method: "POST", body: asked, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.text() : "")).then(take).catch(() => {}).finally(rest);
    };
    const rest = () => {
      busy = false;
      const at = wanted;
      wanted = "";
      if (at) news(at);
    };

    // -- what comes
    root.addEventListener("live:hello", (event) => { me = event.detail.you; });
    ["message", "missed", "read", "got"].forEach((kind) => root.addEventListener(`live:${kind}`, (event) => {
      const { side, at } = event.detail.data || {};
      if (side !== root.dataset.side) news(at); // my own reading changes nothing here
    }));
    root.addEventListener("live:typing", (event) => {
      const { from, side, name } = event.detail.data;
      if (from === me) return;
      const wasAtEnd = isAtEnd();
      note.textContent = (side === root.dataset.side ? say.beside : name ? say.typing : say.writes).replace("{name}", name || "");
      note.hidden = !note.textContent;
      clearTimeout(fading);
      fading = setTimeout(() => { note.hidden = true; }, TYPING_MILLISECONDS);
      if (wasAtEnd) toEnd();
    });
    document.addEventListener("visibilitychange", () => {
      if (!isSeen()) return;
      if (unread) { unread = 0; document.title = title; }
      news();
    });

    // -- what goes
    const fail = (item, text, retry) => {
      const meta = item.querySelector(".thread__meta");
      meta.textContent = `${text} `;
      const again = document.createElement("button");
      again.type = "button";
      again.className = "chat__again";
      again.textContent = retry ? say.again : say.edit;
      again.addEventListener("click", () => {
        if (retry) return send(item);
        item.remove();
        field.value = field.value ? `${item.data.get("text")}\n${field.value}` : item.data.get("text");
        field.focus();
        return undefined;
      });
      meta.append(again);
      status.textContent = text;
    };
    const send = (item) => {
      if (busy) { setTimeout(() => send(item), 100); return; }
      busy = true;
      item.querySelector(".thread__meta").textContent = say.sending;
      item.data.set("after", newest() ? newest().dataset.entry : "");
      fetch(form.action, { method: "POST", body: item.data, credentials: "same-origin", headers: { "X-Wasl-Chat": "1" } }).then((answer) => {
        if (answer.ok) return answer.text().then((html) => { item.remove(); take(html); toEnd(); status.textContent = say.sent; });
        if (answer.status >= 500) throw new Error(answer.status);
        return answer.json().then((refused) => fail(item, refused.errors.join(" "), answer.status === 429), () => fail(item, say.refused, false));
      }).catch(() => {
        fail(item, say.unsent, true);
        item.tries = (item.tries || 0) + 1;
        if (item.tries < 4 && navigator.onLine) setTimeout(() => item.isConnected && item.querySelector(".chat__again") && send(item), 2000 * 2 ** item.tries);
      }).finally(rest);
    };
    window.addEventListener("online", () => list.querySelectorAll("[data-waits]").forEach((item) => item.querySelector(".chat__again") && send(item)));
    form.addEventListener("submit", (event) => {
      const { submitter } = event;
      if (submitter && submitter.hasAttribute("data-plain")) return; // a note, a closing: the page tells how it went
      event.preventDefault();
      if (!field.value.trim() && !(files && files.files.length)) { field.focus(); return; }
      const item = document.createElement("li");
      item.className = "thread__entry thread__entry--text thread__entry--mine";
      item.dataset.waits = "";
      item.data = new FormData(form, submitter);
      const text = document.createElement("div");
      text.className = "thread__text";
      text.dir = "auto";
      text.textContent = field.value.trim() || [...files.files].map((file) => file.name).join(", ");
      const meta = document.createElement("p");
      meta.className = "thread__meta";
      item.append(text, meta);
      list.append(item);
      form.reset();
      field.value = "";
      form.elements.key.value = uuid();
      if (chosen) chosen.textContent = "";
      form.querySelectorAll("details[open]").forEach((more) => more.removeAttribute("open"));
      toEnd();
      field.focus();
      send(item);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.shiftKey || !(fine.matches || event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-chat-send]"));
    });
    field.addEventListener("input", () => {
      const live = root.closest("[data-live]") || root.querySelector("[data-live]");
      if (!live || Date.now() - told < 2500 || !field.value) return;
      told = Date.now();
      fetch(`${live.dataset.live}/typing`, { method: "POST", credentials: "omit" }).catch(() => {});
    });
    if (files) files.addEventListener("change", () => {
      const large = [...files.files].find((file) => file.size > FILE_OCTETS_MAX);
      if (large) files.value = "";
      chosen.textContent = large ? say.large : [...files.files].map((file) => file.name).join(", ");
    });
    if (sound && window.AudioContext) {
      const show = (isOn) => sound.setAttribute("aria-pressed", String(isOn));
      show(localStorage.getItem("wasl-sound") === "1");
      sound.hidden = false;
      sound.addEventListener("click", () => {
        const isOn = sound.getAttribute("aria-pressed") !== "true";
        localStorage.setItem("wasl-sound", isOn ? "1" : "0");
        show(isOn);
        if (isOn) beep();
      });
    }
    toEnd();
    if (isSeen()) news();
  };

  const beep = () => {
    const audio = new AudioContext(), tone = audio.createOscillator(), volume = audio.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.08, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.25);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.25);
    tone.onended = () => audio.close();
  };

  // -- the invoice's page on a wide screen: the conversation stands beside it, and the invoice can still be read
  const base = document.querySelector("[data-chat-base]");
  const wide = matchMedia("(min-width: 64rem)");
  let drawer = null, opener = null;
  const close = () => {
    if (!drawer) return;
    drawer.querySelectorAll("[data-live]").forEach((element) => element.dispatchEvent(new CustomEvent("live:stop")));
    drawer.remove();
    drawer = null;
    document.body.classList.remove("has-drawer");
    if (opener) opener.focus();
  };
  const fill = (answer) => answer.text().then((html) => {
    const panel = parsed(html).querySelector("[data-panel]");
    if (!panel) { location.assign(answer.url); return; }
    if (!drawer) {
      drawer = document.createElement("aside");
      drawer.className = "drawer";
      drawer.tabIndex = -1;
      document.body.append(drawer);
      document.body.classList.add("has-drawer");
    }
    drawer.setAttribute("aria-label", panel.dataset.panel);
    drawer.querySelectorAll("[data-live]").forEach((element) => element.dispatchEvent(new CustomEvent("live:stop")));
    drawer.replaceChildren(panel);
    drawer.querySelectorAll("[data-chat-close]").forEach((button) => { button.hidden = false; });
    ready(drawer);
    (drawer.querySelector("[aria-invalid=true]") || drawer.querySelector("textarea") || drawer).focus({ preventScroll: true });
  });
  const open = (href) => fetch(href, { headers: { "X-Wasl-Panel": "1" }, credentials: "same-origin" }).then(fill).catch(() => location.assign(href));
  const ready = (within) => {
    within.querySelectorAll("[data-live]").forEach((element) => element.dispatchEvent(new CustomEvent("live:start", { bubbles: true })));
    within.querySelectorAll("[data-chat]").forEach(begin);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (event.target.closest("[data-chat-close]") && drawer) { event.preventDefault(); close(); return; }
    if (!base || !link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || link.hasAttribute("download")) return;
    const path = link.pathname.startsWith(base.dataset.chatBase) && link.pathname.slice(base.dataset.chatBase.length);
    if (!path || !/^\/(ask|questions\/[0-9a-f-]{36})$/.test(path)) return;
    event.preventDefault();
    if (!drawer || !drawer.contains(link)) opener = link;
    open(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!drawer || !drawer.contains(form) || form.matches("[data-chat-form]") || event.defaultPrevented) return;
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), headers: { "X-Wasl-Panel": "1" }, credentials: "same-origin" })
      .then(fill).catch(() => { const told = form.querySelector("[data-chat-status]"); if (told) told.textContent = told.dataset.unsent; });
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && drawer && drawer.contains(document.activeElement)) close(); });

  // -- the badge beside "Ask": how many answers nobody has read
  const badge = document.querySelector("[data-chat-unread]");
  if (badge) {
    const count = () => fetch(badge.dataset.chatUnread, { credentials: "same-origin" }).then((answer) => answer.json()).then((answer) => {
      badge.textContent = answer.text;
      badge.hidden = !answer.text;
    }).catch(() => {});
    ["live:thread", "live:missed"].forEach((kind) => document.addEventListener(kind, count));
  }

  document.querySelectorAll("[data-chat]").forEach(begin);
})();
