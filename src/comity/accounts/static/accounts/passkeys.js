// SPDX-License-Identifier: Apache-2.0
// Passkeys: a form marked data-passkey asks the device, then sends what it answered.
// Sections marked data-passkey-section stay hidden where the browser knows no passkeys.
"use strict";

(() => {
  if (!window.PublicKeyCredential || !window.webauthnJSON) return;
  for (const section of document.querySelectorAll("[data-passkey-section]")) section.hidden = false;

  const onPage = () => JSON.parse(document.getElementById("passkey-options").textContent);

  const ask = {
    // A new passkey: with "sign in alone" it must live on the device and verify its owner.
    add: async (form) => {
      const options = onPage().creation_options;
      const alone = form.elements.passwordless && form.elements.passwordless.checked;
      const wanted = options.publicKey.authenticatorSelection;
      wanted.residentKey = alone ? "required" : "discouraged";
      wanted.requireResidentKey = Boolean(alone);
      if (alone) wanted.userVerification = "required";
      return window.webauthnJSON.create(options);
    },
    authenticate: async () => window.webauthnJSON.get(onPage().request_options),
    login: async (form) => {
      const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`the node answered ${answer.status}`);
      return window.webauthnJSON.get((await answer.json()).request_options);
    },
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form || form.elements.credential.value) return;
    event.preventDefault();
    const failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await ask[form.dataset.passkey](form));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
})();
