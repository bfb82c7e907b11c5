// The team's queue and one conversation: keys, ticks that count themselves, canned answers put in place, news as they come.
// Without this file every row is a link, every tick a checkbox, every canned answer a button of the form.
(() => {
  "use strict";
  const queue = document.querySelector("[data-queue]");
  const field = document.getElementById("text");
  const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

  // -- the queue ------------------------------------------------------------------------------------------------------
  const rows = () => [...queue.querySelectorAll("[data-row]")];
  const boxes = () => [...queue.querySelectorAll('input[name="pick"]')];
  const bar = document.getElementById("many");
  let current = -1;

  const count = () => {
    const words = bar.querySelector("[data-none]");
    const all = bar.querySelector("[data-all]");
    const ticked = boxes().filter((box) => box.checked).length;
    const shown = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: document.documentElement.dataset.digits }).format(ticked);
    words.textContent = ticked ? words.dataset.some.replace("{n}", shown) : words.dataset.none;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && ticked < boxes().length;
  };
  const go = (place) => {
    const list = rows();
    if (!list[place]) return;
    if (list[current]) list[current].removeAttribute("data-current");
    current = place;
    list[current].setAttribute("data-current", "");
    list[current].querySelector("a").focus({ preventScroll: true });
    list[current].scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => go(Math.min(current + 1, rows().length - 1)),
    k: () => go(Math.max(current - 1, 0)),
    x: () => {
      const box = rows()[current] && rows()[current].querySelector('input[name="pick"]');
      if (box) box.checked = !box.checked;
      count();
    },
    "/": () => document.querySelector("[data-search]").focus(),
  };
  const isHeld = () => boxes().some((box) => box.checked) || document.querySelector("details[open].desk-many__more");
  const refresh = async () => {
    if (isHeld()) return; // nobody's ticks move under the hand
    const answer = await fetch(queue.dataset.queue, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const fresh = await answer.text();
    if (isHeld()) return; // ticked while we asked
    const idOf = (row) => row.querySelector('input[name="pick"]').value;
    const held = rows()[current] && idOf(rows()[current]);
    const isInside = queue.contains(document.activeElement);
    queue.innerHTML = fresh;
    current = -1;
    const place = rows().findIndex((row) => idOf(row) === held); // the keys go on from the conversation where they were
    if (place < 0) return;
    if (isInside) return go(place);
    current = place;
    rows()[place].setAttribute("data-current", "");
  };
  if (queue) {
    const all = bar.querySelector("[data-all]");
    all.closest("label").hidden = false;
    all.addEventListener("change", () => {
      boxes().forEach((box) => (box.checked = all.checked));
      count();
    });
    document.querySelector("[data-keys]").hidden = false;
    document.addEventListener("change", (event) => event.target.name === "pick" && count());
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    let waiting;
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => refresh().catch(() => {}), 400);
    };
    ["live:thread", "live:desk", "live:call", "live:missed"].forEach((name) => document.addEventListener(name, soon));
  }

  // -- one conversation -----------------------------------------------------------------------------------------------
  document.querySelectorAll("[data-canned]").forEach((button) =>
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      const answer = await fetch(button.dataset.canned, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
      if (!answer || !answer.ok) return button.form.requestSubmit(button);
      const { text } = await answer.json();
      const before = field.value.trimEnd();
      field.value = before ? `${before}\n\n${text}` : text;
      button.closest("details").open = false;
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }),
  );
  const thread = document.querySelector("[data-thread]");
  if (thread) {
    let waiting;
    const load = async () => {
      const answer = await fetch(thread.dataset.thread, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const isBelow = window.innerHeight + window.scrollY >= document.body.scrollHeight - 40;
      thread.innerHTML = await answer.text();
      if (isBelow) window.scrollTo({ top: document.body.scrollHeight });
    };
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => load().catch(() => {}), 200);
    };
    ["live:message", "live:read", "live:got", "live:note", "live:missed"].forEach((name) => document.addEventListener(name, soon));
  }
  const typing = document.querySelector("[data-typing]");
  const live = document.querySelector("[data-live]");
  if (typing && live && field) {
    let mine = "";
    let hiding;
    let last = 0;
    document.addEventListener("live:hello", (event) => (mine = event.detail.you || mine));
    document.addEventListener("live:typing", (event) => {
      const { from, side, name } = event.detail.data || {};
      if (from && from === mine) return;
      typing.textContent = side === "seller" ? typing.dataset.colleague.replace("{name}", name) : typing.dataset.customer;
      typing.hidden = false;
      clearTimeout(hiding);
      hiding = setTimeout(() => (typing.hidden = true), 6000);
    });
    field.addEventListener("input", () => {
      if (Date.now() - last < 3000) return;
      last = Date.now();
      fetch(`${live.dataset.live}/typing`, { method: "POST", credentials: "same-origin" }).catch(() => {});
    });
  }
  if (field && !queue) {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === field) field.form.querySelector('[value="answer"]').click();
      if (event.key === "r" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
        event.preventDefault();
        field.focus();
      }
    });
  }
})();
