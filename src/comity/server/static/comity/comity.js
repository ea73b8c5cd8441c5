// SPDX-License-Identifier: Apache-2.0
// What a page gains when scripts run. Every page works without this file.
"use strict";

// "/" focuses the search, unless one is already typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.getElementById("search");
  if (!search) return;
  event.preventDefault();
  search.focus();
});

// A form marked data-autosubmit is sent when one of its fields changes.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form) form.requestSubmit();
});

// A button marked data-copy copies the text of the element it names.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value || source.textContent.trim());
  const said = button.querySelector("[data-copied]");
  if (said) said.hidden = false;
});
for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;

// Drafts: what is typed into a form marked data-draft is kept for its officer, and offered again.
const keyOf = (form) => form.dataset.draft || window.location.pathname.replace(/^\/|\/$/g, "");
const address = document.body.dataset.drafts;

function keep(form) {
  const content = new FormData(form);
  content.set("draft_key", keyOf(form));
  return fetch(address, { method: "POST", body: content, keepalive: true });
}

function refill(form, content) {
  for (const field of form.elements) {
    const values = content[field.name];
    if (!values || field.type === "hidden" || field.type === "file") continue;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = values.includes(field.value);
    } else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else {
      field.value = values[0];
    }
  }
}

async function drafts(form) {
  const answer = await fetch(`${address}?key=${encodeURIComponent(keyOf(form))}`);
  const { content } = answer.ok ? await answer.json() : { content: null };
  if (content && !form.querySelector(".usa-error-message")) {
    refill(form, content);
    const note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = false;
  }
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(form), 800);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

if (address) document.querySelectorAll("form[data-draft]").forEach(drafts);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-draft-discard]");
  if (!button) return;
  const content = new FormData(button.form);
  content.set("draft_key", keyOf(button.form));
  content.set("discard", "yes");
  await fetch(address, { method: "POST", body: content });
  window.location.reload();
});
