// Tells the seller that a person looked: only after a person's own act (touch, key, scroll by hand), never because a
// mail scanner fetched the page. The page works the same without it.
(() => {
  "use strict";
  const place = document.querySelector("[data-opened]");
  if (!place) return;
  const acts = ["pointerdown", "keydown", "wheel", "touchstart"];
  const tell = (event) => {
    if (!event.isTrusted) return;
    acts.forEach((act) => document.removeEventListener(act, tell));
    fetch(place.dataset.opened, { method: "POST", keepalive: true, headers: { "X-Requested-With": "wasl" } }).catch(() => {});
  };
  acts.forEach((act) => document.addEventListener(act, tell, { passive: true }));
})();
