// A page that waited too long puts itself away, with what was typed, until the same person is back.
// Comes after app.js, on the pages of whoever is signed in.
"use strict";

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
