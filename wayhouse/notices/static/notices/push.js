// Lets this browser take messages, once somebody says so. Without it the other ways are there.
"use strict";

const part = document.querySelector("[data-push]");
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

// The one script address of this page; app.js has the policy for HTML.
const scripts = window.trustedTypes?.createPolicy("worker", { createScriptURL: () => part.dataset.worker });

async function subscribe(form) {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
  const address = scripts ? scripts.createScriptURL("") : part.dataset.worker;
  await navigator.serviceWorker.register(address);
  const registration = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: toBytes(part.dataset.push) };
  const { endpoint, keys } = (await registration.pushManager.subscribe(wanted)).toJSON();
  form.elements.endpoint.value = endpoint;
  form.elements.p256dh.value = keys.p256dh;
  form.elements.auth.value = keys.auth;
  form.submit();
}

if (part && "serviceWorker" in navigator && "PushManager" in window) {
  part.hidden = false;
  document.querySelector("[data-no-push]").hidden = true;
  part.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const trouble = part.querySelector("[data-push-trouble]");
    trouble.hidden = true;
    subscribe(event.target).catch(() => {
      trouble.hidden = false;
      trouble.focus();
    });
  });
}

// Leaving it to the house is enough; that the browser forgets it, too, is tidier.
document.querySelector("[data-push-stop]")?.addEventListener("submit", async () => {
  const registration = await navigator.serviceWorker?.getRegistration();
  (await registration?.pushManager.getSubscription())?.unsubscribe();
});
