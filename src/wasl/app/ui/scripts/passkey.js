// Passkeys. Entering: the browser offers them in the address field by itself (conditional UI), and a button asks for one.
// Adding: a button makes one. Without script or without passkeys in the browser nothing of this shows; the code always works.
(() => {
  "use strict";
  const form = document.querySelector("[data-passkey]");
  if (!form || !window.PublicKeyCredential || !navigator.credentials) return;
  const isAdding = form.dataset.passkey === "add";
  const problem = form.querySelector("[data-problem]");
  let waiting = null;

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const begin = async () => {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const response = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token }) });
    if (response.redirected) {
      location.assign(response.url);
      return new Promise(() => {});
    }
    if (!response.ok) throw new Error("refused");
    const options = (await response.json()).publicKey;
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user.id = toBytes(options.user.id);
    for (const list of [options.allowCredentials, options.excludeCredentials]) for (const one of list || []) one.id = toBytes(one.id);
    return options;
  };

  const send = (credential) => {
    const given = { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: {}, clientExtensionResults: credential.getClientExtensionResults() };
    if (credential.authenticatorAttachment) given.authenticatorAttachment = credential.authenticatorAttachment;
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) given.response[part] = toText(credential.response[part]);
    }
    form.elements.answer.value = JSON.stringify(given);
    form.submit();
  };

  const failed = (error) => {
    if (error.name === "AbortError") return;
    problem.hidden = false;
    problem.focus();
  };

  const ask = async (mediation) => {
    const publicKey = await begin();
    waiting = new AbortController();
    const credential = await navigator.credentials.get({ publicKey, mediation, signal: waiting.signal });
    if (credential) send(credential);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    problem.hidden = true;
    if (waiting) waiting.abort();
    if (isAdding) begin().then((publicKey) => navigator.credentials.create({ publicKey })).then(send).catch(failed);
    else ask("optional").catch(failed);
  });

  form.hidden = false;
  if (!isAdding && PublicKeyCredential.isConditionalMediationAvailable) {
    PublicKeyCredential.isConditionalMediationAvailable().then((can) => can && ask("conditional")).catch(() => {});
  }
})();
