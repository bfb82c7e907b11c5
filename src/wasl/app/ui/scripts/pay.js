// The status page while the bank's answer is awaited: the part that changes is fetched again when the stream of events says that
// money moved (live.js), and by itself after one second, two, three and so on, in case the word of the bank got lost on its way.
// Without this file the browser loads the page again.
(() => {
  "use strict";
  const FIRST = 1000, MORE = 1000, MOST = 10000;
  let wait = FIRST, timer = 0, looking = false, again = false;
  const box = () => document.querySelector("[data-status]");

  const look = async () => {
    const before = box();
    clearTimeout(timer);
    if (!before || before.hasAttribute("data-final")) return;
    if (looking) {
      again = true; // what was asked for may be older than the news
      return;
    }
    looking = true;
    try {
      const answer = await fetch(before.dataset.status, { credentials: "same-origin", cache: "no-store" });
      if (answer.redirected) return location.reload();
      const found = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-status]");
      if (found && found.textContent !== before.textContent) {
        before.replaceWith(document.adoptNode(found)); // its words are announced: it holds a live region
        document.title = document.title.replace(/^[^·]*/, `${found.querySelector("h1").textContent} `);
      }
    } catch {
      // no network just now: the next look is on its way
    }
    looking = false;
    if (again) {
      again = false;
      return look();
    }
    if (!document.hidden) timer = setTimeout(look, wait);
    wait = Math.min(wait + MORE, MOST);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    wait = FIRST;
    look();
  });
  document.addEventListener("live:money", look);
  document.addEventListener("live:missed", look);
  timer = setTimeout(look, FIRST);
})();
