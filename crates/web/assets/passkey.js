// Passkeys are given to scripts only. A form with data-passkey asks our server for a question, the
// browser for an answer, and brings it back. Without script, or in an old browser, the button stays away.
"use strict";
(() => {
  const able = window.PublicKeyCredential
    && PublicKeyCredential.parseCreationOptionsFromJSON
    && PublicKeyCredential.parseRequestOptionsFromJSON;
  if (!able) return;
  const send = async (address, body) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(said.refused || said.detail || answer.statusText);
    return said;
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const place = form.querySelector("[data-says]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      place.textContent = "";
      try {
        const address = form.dataset.passkey;
        const fields = document.querySelectorAll("[data-with-passkey]");
        const said = Object.fromEntries([...fields].map((field) => [field.name, field.value]));
        const question = await send(address + "/ask", said);
        const options = question.options.publicKey;
        const credential = form.dataset.make
          ? await navigator.credentials.create({
              publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({
              publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
        const done = await send(address, {
          ceremony: question.ceremony, answer: credential.toJSON(), link: said.link || "",
        });
        window.location.assign(form.dataset.to || done.to);
      } catch (error) {
        place.textContent = error.name === "NotAllowedError"
          ? form.dataset.cancelled : error.message;
        button.disabled = false;
      }
    });
  }
})();
