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

// -- A page that waited too long puts itself away, with what was typed, until the same person is back ---
const { idle, who } = document.body.dataset;
let quietAt = Infinity, askedAt = Date.now(), clock = 0, put = null;

function waits(seconds) {
  quietAt = Date.now() + seconds * 1000;
  clearTimeout(clock);
  clock = setTimeout(putAway, seconds * 1000);
}

async function askWhoIsHere() {
  // Without a connection nobody is known to be here: the page stays put away, and says so.
  try {
    const answer = await fetch("/account/here/");
    return answer.status === 200 ? await answer.json() : null;
  } catch {
    return null;
  }
}

function putAway() {
  if (put || Date.now() < quietAt) return;
  put = { title: document.title, page: document.createDocumentFragment() };
  const waiting = document.getElementById("waiting").content.cloneNode(true);
  // The way out stays where it is.
  put.page.append(...document.body.querySelectorAll(":scope > :not(header.top, .skip)"));
  document.body.append(waiting);
  document.title = [document.querySelector("h1"), document.querySelector(".brand")].map((e) => e.textContent.trim()).join(" – ");
  document.querySelector("[data-back]").addEventListener("click", comeBack);
  document.getElementById("main").focus();
}

async function comeBack() {
  const found = await askWhoIsHere();
  if (!put) return;
  if (!found) {
    const said = document.querySelector("[data-said]");
    said.textContent = said.dataset.said;
  } else if (found.who !== who) {
    changed = false;
    location.replace("/");
  } else {
    document.title = put.title;
    document.getElementById("main").replaceWith(put.page);
    put = null;
    // Signing in gave out another token; forms of before would be refused.
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = found.token;
    waits(found.idle);
  }
}

async function stillHere() {
  if (put || Date.now() - askedAt < 300000) return;
  const before = askedAt;
  askedAt = Date.now();
  const found = await askWhoIsHere();
  if (found?.who === who) waits(found.idle);
  else askedAt = before + 30000;
}

if (idle) {
  waits(Number(idle));
  for (const sign of ["input", "pointerdown", "keydown"]) addEventListener(sign, stillHere);
  // Timers sleep with the phone: look at the clock as soon as it wakes up.
  document.addEventListener("visibilitychange", putAway);
  addEventListener("focus", () => put && comeBack());
}

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
