// News for an open page. <div data-live="/events/TICKET" data-live-renew="ADDRESS" data-live-every="20"> hears each notice as a DOM
// event of its own, `live:KIND` with {topic, data}; `live:missed` means: ask your own address anew. Where the stream does not
// come, `live:missed` comes every so many seconds instead: that is the fallback, and the page needs to know nothing of it.
// ADDRESS answers {"stream": "/events/TICKET"} once a ticket is over, with the reader's rights at that time.
(() => {
  "use strict";
  const HIDDEN_MILLISECONDS = 60000; // browsers allow six connections to a host without HTTP/2: a forgotten tab gives its own back
  const start = (element) => {
    const every = 1000 * (Number(element.dataset.liveEvery) || 20);
    let source, asking, hiding, waiting, failures = 0, isOver = false;
    const say = (kind, detail = {}) => element.dispatchEvent(new CustomEvent(`live:${kind}`, { bubbles: true, detail }));
    const close = () => { if (source) source.close(); source = null; };
    const ask = (isOn) => {
      clearInterval(asking);
      asking = isOn && setInterval(() => document.hidden || say("missed"), every);
    };
    const connect = () => {
      close();
      if (isOver) return undefined;
      clearTimeout(waiting);
      if (!window.EventSource) return ask(true);
      const mine = source = new EventSource(element.dataset.live);
      mine.addEventListener("hello", (event) => {
        failures = 0;
        ask(false);
        say("hello", JSON.parse(event.data));
      });
      mine.addEventListener("note", (event) => {
        const { kind, ...detail } = JSON.parse(event.data);
        say(kind, detail);
      });
      mine.addEventListener("missed", () => setTimeout(() => say("missed"), 1500 * Math.random())); // not all pages at once
      mine.addEventListener("over", renew);
      mine.onerror = () => {
        if (mine !== source) return;
        if (!asking) ask(true);
        say("away");
        if (mine.readyState === EventSource.CLOSED) renew(); // refused: the browser tries no more, a new ticket may
      };
    };
    const renew = () => {
      close();
      ask(true);
      clearTimeout(waiting);
      if (!element.dataset.liveRenew) return;
      waiting = setTimeout(() => {
        fetch(element.dataset.liveRenew, { headers: { Accept: "application/json" }, credentials: "same-origin" })
          .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
          .then((answer) => {
            element.dataset.live = answer.stream;
            connect();
            say("missed");
          })
          .catch((status) => { if (![403, 404, 410].includes(status)) renew(); }); // these rights are gone: the page goes on by asking
      }, Math.min(60000, 1000 * 2 ** Math.min(failures++, 6)) * (0.5 + Math.random()));
    };
    document.addEventListener("visibilitychange", () => {
      clearTimeout(hiding);
      if (document.hidden) {
        if (!("liveKeep" in element.dataset)) hiding = setTimeout(close, HIDDEN_MILLISECONDS);
      } else if (!source && !isOver) {
        connect();
        say("missed");
      }
    });
    element.addEventListener("live:stop", () => {
      isOver = true;
      close();
      clearTimeout(waiting);
      clearInterval(asking);
    });
    window.addEventListener("pagehide", close);
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      connect();
      say("missed");
    });
    connect();
  };
  document.addEventListener("live:start", (event) => start(event.target)); // what came into the page later
  document.querySelectorAll("[data-live]").forEach(start);
})();
