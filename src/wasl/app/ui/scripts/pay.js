// The status page while the bank's answer is awaited: the part that changes is fetched again, at first every second, then less
// and less often; at once when the stream of events says that money moved. Without this file the browser loads the page again.
(() => {
  "use strict";
  const FIRST = 1000, MOST = 10000, GROWTH = 1.25;
  let wait = FIRST, timer = 0, looking = false;
  const box = () => document.querySelector("[data-status]");

  const look = async () => {
    const before = box();
    if (!before || before.hasAttribute("data-final") || looking) return;
    looking = true;
    clearTimeout(timer);
    try {
      const answer = await fetch(before.dataset.status, { credentials: "same-origin", cache: "no-store" });
      const found = answer.ok && !answer.redirected && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-status]");
      if (answer.redirected) location.reload();
      if (found && found.textContent !== before.textContent) {
        before.replaceWith(document.adoptNode(found)); // its words are announced: it holds a live region
        document.title = document.title.replace(/^[^·]*/, found.querySelector("h1").textContent + " ");
      }
    } catch {
      // no network just now: the next look is on its way
    }
    looking = false;
    wait = Math.min(wait * GROWTH, MOST);
    if (!document.hidden) timer = setTimeout(look, wait);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    wait = FIRST;
    look();
  });
  document.addEventListener("wasl:money", look);
  timer = setTimeout(look, FIRST);
})();
