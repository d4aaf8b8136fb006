// Shows a message that the house sent, and leads to the house. Keeps nothing, asks for nothing, counts nothing.
"use strict";

const BRIEF_MILLISECONDS = 15000;
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function show({ title, body, tag, brief }) {
  // A repetition takes the place of the first, without a second sound.
  await self.registration.showNotification(title, { body, tag, silent: false, data: null });
  if (!brief) return;
  await wait(BRIEF_MILLISECONDS);
  for (const shown of await self.registration.getNotifications({ tag })) shown.close();
}

self.addEventListener("push", (event) => event.waitUntil(show(event.data.json())));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/"));
});
