// Shows a notice that came by web push, and opens its page when it is touched. It holds nothing and fetches nothing.
"use strict";
self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : {};
  if (!said.title) return;
  const shown = { body: said.body, lang: said.lang, dir: said.dir, tag: said.tag, data: { url: said.url } };
  event.waitUntil(self.registration.showNotification(said.title, shown));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = event.notification.data && event.notification.data.url;
  if (url && new URL(url).origin === self.location.origin) event.waitUntil(self.clients.openWindow(url));
});
