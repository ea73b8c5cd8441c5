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
