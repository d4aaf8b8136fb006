// Without a script these pages are complete, but for passkeys, which need one.
"use strict";

// -- Showing what is typed: six words are hard to type as dots ---------------------------------
for (const part of document.querySelectorAll("[data-reveal]")) {
  const box = part.querySelector("input");
  const form = part.closest("form");
  const show = (shown) => {
    for (const input of form.querySelectorAll("[data-passphrase]")) input.type = shown ? "text" : "password";
  };
  part.hidden = false;
  box.addEventListener("change", () => show(box.checked));
  // Sent as dots again, so that no browser keeps it among the words it has seen.
  form.addEventListener("submit", () => show(false));
}

// -- Passkeys ---------------------------------------------------------------------------------
const canUsePasskeys = Boolean(window.PublicKeyCredential && navigator.credentials);
for (const part of document.querySelectorAll(canUsePasskeys ? "[data-passkeys]" : "[data-no-passkeys]")) part.hidden = false;

document.addEventListener("allauth.error", (event) => {
  const trouble = document.querySelector("[data-passkey-trouble]");
  if (!trouble) return;
  event.preventDefault();
  trouble.hidden = false;
  trouble.focus();
});
