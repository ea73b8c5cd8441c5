// SPDX-License-Identifier: Apache-2.0
// Cards by keyboard: j and k (or the arrows right and left) move, a accepts, r leads to the reason, o opens, and
// Control with Enter rejects once the reason is written. The keys can be switched off and stay so.
// The same links and buttons are there without this file.
"use strict";

const KEPT = "comity-news-keys";
const ARROWS = { ArrowRight: "j", ArrowLeft: "k" };
const keys = document.querySelector("[data-keys]");
let on = localStorage.getItem(KEPT) !== "off";

function show() {
  if (!keys) return;
  keys.hidden = false;
  keys.querySelector("[data-keys-list]").hidden = !on;
  keys.querySelector("[data-keys-on]").hidden = !on;
  keys.querySelector("[data-keys-off]").hidden = on;
}

function pressed(event) {
  if (!on || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const key = ARROWS[event.key] || event.key;
  const wanted = CSS.escape(key);
  const target = document.querySelector(`[data-key="${wanted}"], [data-key-focus="${wanted}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.dataset.keyFocus) target.focus();
  else target.click();
}

// A second press, while the answer is on its way, decides nothing more.
function once(event) {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && event.target.matches("[data-key-focus]")) {
    event.target.form.querySelector("[data-key-send]").click();
  } else if (event.key === "Escape" && event.target.matches("[data-key-focus]")) {
    event.target.blur();
  } else if (keys) {
    pressed(event);
  }
});
if (keys) {
  keys.querySelector("[data-keys-switch]").addEventListener("click", () => {
    on = !on;
    localStorage.setItem(KEPT, on ? "on" : "off");
    show();
  });
}
for (const form of document.querySelectorAll("form.decide")) form.addEventListener("submit", once);
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form.decide")) delete form.dataset.sent;
});
show();
