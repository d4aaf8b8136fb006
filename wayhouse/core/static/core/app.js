// The house without a script is complete; this makes leaving faster and waiting calmer.
"use strict";

// htmx turns answers of this site into HTML. That is all that is allowed: no script, no script address.
if (window.trustedTypes) trustedTypes.createPolicy("default", { createHTML: (html) => html });

// -- Leave quickly: the button, or Escape three times within two seconds -----------------------
const exit = document.querySelector("form[data-leave]");
let changed = false;

function blank() {
  document.title = "\u200e";
  document.body.replaceChildren();
}

function leave() {
  const form = new FormData(exit);
  const { action, dataset } = exit;
  changed = false;
  blank();
  // Back may ask for the page before signing out has arrived: this goes along with whatever is asked from now on.
  document.cookie = `left=1; path=/; SameSite=Strict${location.protocol === "https:" ? "; Secure" : ""}`;
  // The page is gone already; signing out happens behind it. The browser keeps sending after we left.
  if (!navigator.sendBeacon?.(action, form)) fetch(action, { method: "POST", body: form, keepalive: true });
  location.replace(dataset.leave);
}

if (exit) {
  let presses = [];
  exit.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    presses = [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (presses.length === 3) leave();
  });
}

// Browsers keep a left page in memory, whatever its headers say: it must hold nothing when somebody goes back.
addEventListener("pagehide", blank);
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// -- Forms ------------------------------------------------------------------------------------
document.getElementById("errors")?.focus();

addEventListener("input", (event) => {
  if (event.target.closest("form[data-guard]")) changed = true;
});
addEventListener("submit", (event) => {
  if (event.target.matches("form[data-guard]")) changed = false;
});
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

// A second press of the same button, while the first is on its way, would do it twice. Another button still counts.
const sent = new WeakMap();
addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  const before = sent.get(event.target);
  if (before && before.button === event.submitter && event.timeStamp - before.at < 5000) event.preventDefault();
  else sent.set(event.target, { button: event.submitter, at: event.timeStamp });
});

// -- The quiet clock of a step ----------------------------------------------------------------
// The difference between the clocks of server and phone does not matter: only the time since the page counts.
function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const { clock: since, now, minutes, left, over } = clock.dataset;
    const passed = (now - since + performance.now() / 1000) / 60;
    const rest = Math.ceil(minutes - passed);
    clock.classList.toggle("over", rest < 0);
    clock.lastElementChild.textContent = (rest < 0 ? over : left).replace("{n}", Math.abs(rest));
  }
}
tick();
setInterval(tick, 5000);
