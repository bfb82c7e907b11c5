// "Notices on this device": asks the browser and sends what it gives as an ordinary form. Where a browser cannot, the card says so.
(() => {
  "use strict";
  const card = document.querySelector("[data-push]");
  if (!card || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const form = card.querySelector("[data-push-form]");
  const refused = card.querySelector("[data-push-refused]");
  const button = form.querySelector("button");
  form.hidden = false;
  card.querySelector("[data-push-none]").hidden = true;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      if (await Notification.requestPermission() !== "granted") throw new Error("refused");
      const worker = await navigator.serviceWorker.register(card.dataset.worker);
      await navigator.serviceWorker.ready;
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(card.dataset.push) });
      const { endpoint, keys } = made.toJSON();
      form.elements.endpoint.value = endpoint;
      form.elements.p256dh.value = keys.p256dh;
      form.elements.auth.value = keys.auth;
      form.submit();
    } catch {
      refused.hidden = false;
      button.disabled = false;
    }
  });
})();
