// The list by keyboard, and ticks that count themselves. Without this file every row is a link, every tick a checkbox and
// every act a button of a form.
(() => {
  "use strict";
  const form = document.getElementById("picked");
  if (!form) return;
  const rows = [...document.querySelectorAll("[data-row]")];
  const boxes = rows.map((row) => row.querySelector('input[name="pick"]'));
  const words = form.querySelector("[data-none]");
  const all = form.querySelector("[data-all]");
  const help = document.querySelector("[data-keys]");
  let current = -1;

  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    const shown = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: document.documentElement.dataset.digits }).format(ticked);
    words.textContent = ticked ? words.dataset.some.replace("{n}", shown) : words.dataset.none;
    form.toggleAttribute("data-waits", !ticked);
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = all.checked));
    count();
  });
  document.addEventListener("change", (event) => boxes.includes(event.target) && count());

  const go = (place) => {
    if (!rows[place]) return;
    if (rows[current]) rows[current].removeAttribute("data-current");
    current = place;
    rows[current].setAttribute("data-current", "");
    rows[current].querySelector("a").focus({ preventScroll: true });
    rows[current].scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => go(Math.min(current + 1, rows.length - 1)),
    k: () => go(Math.max(current - 1, 0)),
    x: () => {
      if (!boxes[current]) return;
      boxes[current].checked = !boxes[current].checked;
      count();
    },
    "/": () => {
      const box = document.querySelector('[role="search"] input[type="search"]');
      if (box) box.focus();
    },
    "?": () => help.querySelector("[data-opens]").click(),
  };
  // One key alone must be possible to switch off (WCAG 2.1.4): who speaks to the machine would set them off.
  const allowed = help.querySelector("[data-keys-on]");
  allowed.checked = localStorage.getItem("wasl-keys") !== "off";
  allowed.addEventListener("change", () => localStorage.setItem("wasl-keys", allowed.checked ? "on" : "off"));
  help.hidden = false;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
    if (!allowed.checked || typing || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  rows.forEach((row, place) => row.addEventListener("focusin", () => (current = place)));
  count();
})();
