// What the invoice page can do beside its forms and links where the browser allows it: the system's share sheet, print, and
// never a state from before a payment. Without this file the browser's own menu prints and the other ways to share are there.
(() => {
  "use strict";
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // back from the bank: what was kept in memory may be unpaid still
  });

  // Paid, refunded or credited meanwhile: the page is what it says, so it is asked for anew; not under somebody who is writing
  document.addEventListener("live:money", () => { if (!document.querySelector(".drawer, dialog[open]")) location.reload(); });

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
})();
