// What the invoice page can do beside its forms and links where the browser allows it: copy, share, print, and never show a
// state from before a payment. Without this file the link can be selected by hand and the browser's own menu prints.
(() => {
  "use strict";
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // back from the bank: what was kept in memory may be unpaid still
  });

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  if (navigator.share) {
    document.querySelectorAll("[data-share]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        const { title, text, url } = button.dataset;
        navigator.share({ title, text, url }).catch(() => {}); // closing the system's sheet is no fault
      });
    });
  }

  document.querySelectorAll("[data-copy]").forEach((button) => {
    const field = document.getElementById(button.dataset.copy);
    const word = button.querySelector("span");
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        if (!document.execCommand("copy")) return; // selected: the keyboard does the rest
      }
      word.textContent = button.dataset.done;
    });
  });
})();
