// Passkeys that sign in alone. Where the device can (WebAuthn extension "prf"), they open one's words too: what it gives
// is put beside the form while that is sent, never into the page, so that no page and no browser keeps it.
"use strict";

// The same for every passkey of this house and public: who signs in has not said yet who they are.
const PURPOSE = "unlock-v1";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => (list ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));

const asked = async () => ({ eval: { first: await crypto.subtle.digest("SHA-256", new TextEncoder().encode(PURPOSE)) } });
const given = (made) => made.getClientExtensionResults().prf?.results?.first;

// Some devices open only with a second touch.
async function touchAgain(made, rpId) {
  const challenge = crypto.getRandomValues(new Uint8Array(32));
  const allowCredentials = [{ type: "public-key", id: made.rawId }];
  const extensions = { prf: await asked() };
  const publicKey = { challenge, rpId, allowCredentials, userVerification: "required", extensions };
  return navigator.credentials.get({ publicKey }).then(given, () => undefined);
}

async function add(form) {
  const options = JSON.parse(document.getElementById("js_data").textContent).creation_options.publicKey;
  const alone = form.elements.passwordless.checked;
  const publicKey = { ...options, challenge: toBytes(options.challenge) };
  publicKey.user = { ...options.user, id: toBytes(options.user.id) };
  publicKey.excludeCredentials = known(options.excludeCredentials);
  const resident = { residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  const verified = alone ? { userVerification: "required" } : {};
  publicKey.authenticatorSelection = { ...options.authenticatorSelection, ...resident, ...verified };
  if (alone) publicKey.extensions = { ...options.extensions, prf: await asked() };
  const made = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = made.response;
  const response = { clientDataJSON: toText(clientDataJSON), attestationObject: toText(attestationObject) };
  const { prf, credProps = {} } = made.getClientExtensionResults();
  const opens = given(made) ?? (prf?.enabled ? await touchAgain(made, options.rp.id) : undefined);
  send(form, made, { ...response, transports: made.response.getTransports?.() ?? [] }, { credProps }, opens);
}

async function signIn(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no challenge");
  const options = (await answer.json()).request_options.publicKey;
  const publicKey = { ...options, challenge: toBytes(options.challenge) };
  publicKey.allowCredentials = known(options.allowCredentials);
  publicKey.extensions = { ...options.extensions, prf: await asked() };
  const used = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  const response = { clientDataJSON: toText(clientDataJSON), authenticatorData: toText(authenticatorData) };
  const rest = { signature: toText(signature), userHandle: userHandle && toText(userHandle) };
  send(form, used, { ...response, ...rest }, {}, given(used));
}

function send(form, passkey, response, clientExtensionResults, opens) {
  const { type, id, authenticatorAttachment } = passkey;
  const rawId = toText(passkey.rawId);
  const credential = { type, id, rawId, authenticatorAttachment, response, clientExtensionResults };
  const fill = ({ formData }) => {
    formData.set("credential", JSON.stringify(credential));
    if (opens) formData.set("prf", toText(opens));
  };
  form.addEventListener("formdata", fill, { once: true });
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelector("button[id]").addEventListener("click", (event) => {
    event.preventDefault();
    const step = form.dataset.passkey === "add" ? add : signIn;
    step(form).catch(() => document.dispatchEvent(new CustomEvent("allauth.error", { cancelable: true })));
  });
}
