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

// A fold of check boxes says how many of them are chosen, and opens where a draft chose some.
function countChosen(fold) {
  const chosen = fold.querySelectorAll("input:checked").length;
  const says = fold.querySelector("[data-fold-says]");
  says.textContent = says.dataset.foldSays.replace("#", chosen);
  says.classList.toggle("fold__count--some", chosen > 0);
  return chosen;
}
document.addEventListener("change", (event) => {
  const fold = event.target.closest("[data-fold]");
  if (fold) countChosen(fold);
});
function countAll() {
  for (const fold of document.querySelectorAll("[data-fold]")) if (countChosen(fold)) fold.open = true;
}
window.addEventListener("pageshow", countAll); // a browser going back keeps what was chosen

// Where a part of the page could not be fetched, what stands in data-failed beside it is said.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    const place = event.target.closest("[data-part]");
    const words = place && place.querySelector("[data-failed]");
    if (words) words.hidden = false;
  });
}
document.addEventListener("htmx:beforeRequest", (event) => {
  const place = event.target.closest("[data-part]");
  const words = place && place.querySelector("[data-failed]");
  if (words) words.hidden = true;
});

// On paper nothing is folded away.
const folded = () => document.querySelectorAll("details[data-print-open]:not([open])");
window.addEventListener("beforeprint", () => {
  for (const group of folded()) { group.dataset.printed = ""; group.open = true; }
});
window.addEventListener("afterprint", () => {
  for (const group of document.querySelectorAll("details[data-printed]")) {
    delete group.dataset.printed;
    group.open = false;
  }
});

// Drafts: what is typed into a form marked data-draft is kept for its officer, and offered again.
// The key of a form is the path of its page, so that the desk can lead back to it.
const addressOf = (form) => document.body.dataset.drafts.replace("KEY", form.dataset.draft);

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

async function offerDraft(form) {
  if ("draftBound" in form.dataset) return; // the page has what was sent a moment ago
  const answer = await fetch(addressOf(form));
  if (answer.status !== 200 || form.querySelector(".usa-error-message")) return;
  refill(form, (await answer.json()).content);
  countAll();
  const note = form.querySelector("[data-draft-note]");
  if (note) note.hidden = false;
}

// What was typed, without the files; a browser lets little outlive its page, the rest does not.
const SMALL = 60000;
function typedInto(form) {
  const typed = new FormData(form);
  for (const field of form.querySelectorAll("input[type=file]")) typed.delete(field.name);
  return typed;
}
const lengthOf = (typed) => [...typed].reduce((sum, [, value]) => sum + 4 * value.length, 0);

function keepDraft(form) {
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const body = typedInto(form);
      fetch(addressOf(form), { method: "POST", body, keepalive: lengthOf(body) < SMALL });
    }, 800);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

async function discardDraft(form) {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  await fetch(addressOf(form), { method: "DELETE", headers });
  window.location.reload();
}

if (document.body.dataset.drafts) {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    offerDraft(form);
    keepDraft(form);
    const discard = form.querySelector("[data-draft-discard]");
    if (discard) discard.addEventListener("click", () => discardDraft(form));
  }
}
