// Recent searches of this tab: kept in the tab alone, under a key of the session, so that the next person sees none.
(() => {
  const box = document.querySelector("[data-recent]");
  if (!box) return;
  const list = box.querySelector("[data-list]");
  const key = "wasl-search";
  const read = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(key) || "{}");
      return kept.key === box.dataset.recent && Array.isArray(kept.texts) ? kept.texts : [];
    } catch {
      return [];
    }
  };
  const write = (texts) => {
    try {
      sessionStorage.setItem(key, JSON.stringify({ key: box.dataset.recent, texts }));
    } catch {
      // a browser that keeps nothing
    }
  };
  const show = () => {
    const texts = read();
    box.hidden = !texts.length;
    list.replaceChildren(
      ...texts.map((text) => {
        const link = document.createElement("a");
        link.className = "chips__chip";
        link.dir = "auto";
        link.href = `${box.dataset.base}?q=${encodeURIComponent(text)}`;
        link.textContent = text;
        return link;
      }),
    );
  };
  const remember = () => {
    const text = document.getElementById("search").value.trim();
    if (text.length < 2 || !document.querySelector(".hit")) return;
    write([text, ...read().filter((other) => other !== text && !text.startsWith(other))].slice(0, 6));
  };
  let waiting;
  document.body.addEventListener("htmx:afterSwap", () => {
    clearTimeout(waiting);
    waiting = setTimeout(remember, 1500);
  });
  addEventListener("pagehide", remember);
  box.querySelector("[data-clear]").addEventListener("click", () => {
    write([]);
    show();
  });
  show();
  remember();
})();
