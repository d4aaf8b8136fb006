// Keeps the board fresh while somebody looks at it. It stops by itself after ten quiet minutes: a left phone must
// still lock, and asking for pages would keep it open.
"use strict";

const QUIET = 10 * 60 * 1000;
let touched = Date.now();
for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, () => (touched = Date.now()), { passive: true });

setInterval(async () => {
  const board = document.getElementById("board");
  if (!board || document.hidden || Date.now() - touched > QUIET || board.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href);
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
    if (fresh) board.replaceWith(fresh);
  } catch {
    // Without a network the board stays as it was; the next time tries again.
  }
}, 15000);
