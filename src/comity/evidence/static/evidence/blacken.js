// SPDX-License-Identifier: Apache-2.0
// Areas are drawn on the picture of a page, by pointer or by keys. The rows of numbers beside it
// are what is sent: without this file they are filled in by hand.
"use strict";

(() => {
  const form = document.querySelector("[data-blacken]");
  const svg = form && form.querySelector("[data-blacken-areas]");
  if (!svg) return;
  const place = form.querySelector("[data-blacken-rows]");
  const blank = form.querySelector("[data-blacken-row]");
  const total = form.querySelector("[name=area-TOTAL_FORMS]");
  const most = Number(form.querySelector("[name=area-MAX_NUM_FORMS]").value);
  const PLACES = ["left", "top", "width", "height"];
  const LEAST = 0.5, STEP = 0.5, DEFAULT = { left: 40, width: 20, height: 4 };
  const SVG = "http://www.w3.org/2000/svg";
  const shapes = new Map(); // row → its group in the picture

  const rows = () => [...place.querySelectorAll("[data-area-row]")];
  const control = (row, name) => row.querySelector(`[data-name=${name}] input, [data-name=${name}] select`);
  const round = (value) => Math.round(value * 10) / 10;
  const within = (value, least, greatest) => Math.min(Math.max(value, least), greatest);

  function areaOf(row) {
    const area = {};
    for (const name of PLACES) {
      const text = control(row, name).value;
      if (text === "" || Number.isNaN(Number(text))) return null;
      area[name] = Number(text);
    }
    return area;
  }

  function setArea(row, area) {
    const width = within(area.width, LEAST, 100), height = within(area.height, LEAST, 100);
    const placed = {
      width, height, left: within(area.left, 0, 100 - width), top: within(area.top, 0, 100 - height),
    };
    for (const name of PLACES) control(row, name).value = round(placed[name]);
    draw(row);
  }

  function draw(row) {
    const area = areaOf(row);
    let group = shapes.get(row);
    if (!area) {
      if (group) group.remove();
      shapes.delete(row);
      return;
    }
    if (!group) {
      group = document.createElementNS(SVG, "g");
      group.setAttribute("tabindex", "0");
      group.setAttribute("role", "button");
      group.append(document.createElementNS(SVG, "rect"), document.createElementNS(SVG, "rect"));
      group.lastChild.setAttribute("class", "blacken__corner");
      shapes.set(row, group);
      svg.append(group);
    }
    const [whole, corner] = group.children;
    for (const [attribute, value] of [["x", area.left], ["y", area.top],
                                      ["width", area.width], ["height", area.height]]) {
      whole.setAttribute(attribute, value);
    }
    const box = svg.getBoundingClientRect();
    const across = 1400 / (box.width || 700), down = 1400 / (box.height || 900);
    corner.setAttribute("x", area.left + area.width - across / 2);
    corner.setAttribute("y", area.top + area.height - down / 2);
    corner.setAttribute("width", across);
    corner.setAttribute("height", down);
    group.setAttribute("aria-label", svg.dataset.area.replace("#", rows().indexOf(row) + 1));
  }

  function freeRow() {
    const free = rows().find((row) => PLACES.every((name) => control(row, name).value === ""));
    if (free) return free;
    const count = Number(total.value);
    if (count >= most) return null;
    const made = blank.content.firstElementChild.cloneNode(true);
    made.innerHTML = made.innerHTML.replaceAll("__prefix__", count).replace("#", count + 1);
    blank.before(made);
    total.value = count + 1;
    return made;
  }

  function begin(area) {
    const row = freeRow();
    if (!row) return null;
    const reason = control(row, "reason");
    const before = rows().map((each) => control(each, "reason").value).filter(Boolean).pop();
    if (!reason.value && before) reason.value = before;
    setArea(row, area);
    return row;
  }

  function clear(row) {
    for (const name of [...PLACES, "reason"]) control(row, name).value = "";
    draw(row);
    control(row, "left").focus();
  }

  function at(event) {
    const box = svg.getBoundingClientRect();
    return {
      x: within(((event.clientX - box.left) / box.width) * 100, 0, 100),
      y: within(((event.clientY - box.top) / box.height) * 100, 0, 100),
    };
  }

  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const group = event.target.closest("g"), from = at(event);
    let row = group && [...shapes].find((pair) => pair[1] === group)[0];
    const sizing = !row || event.target.classList.contains("blacken__corner");
    const before = row && areaOf(row);
    svg.setPointerCapture(event.pointerId);
    const moved = (move) => {
      const to = at(move);
      if (!row) {
        if (Math.abs(to.x - from.x) < LEAST && Math.abs(to.y - from.y) < LEAST) return;
        row = begin({ left: from.x, top: from.y, width: LEAST, height: LEAST });
        if (!row) return;
      }
      if (before && !sizing) {
        setArea(row, { ...before, left: before.left + to.x - from.x, top: before.top + to.y - from.y });
      } else if (before) {
        setArea(row, { ...before, width: to.x - before.left, height: to.y - before.top });
      } else {
        setArea(row, {
          left: Math.min(from.x, to.x), top: Math.min(from.y, to.y),
          width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y),
        });
      }
    };
    const ended = () => {
      svg.removeEventListener("pointermove", moved);
      for (const name of ["pointerup", "pointercancel"]) svg.removeEventListener(name, ended);
      if (row && shapes.get(row)) shapes.get(row).focus();
    };
    svg.addEventListener("pointermove", moved);
    for (const name of ["pointerup", "pointercancel"]) svg.addEventListener(name, ended);
  });

  const KEYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  svg.addEventListener("keydown", (event) => {
    const group = event.target.closest("g");
    if (!group || event.ctrlKey || event.altKey || event.metaKey) return;
    const row = [...shapes].find((pair) => pair[1] === group)[0], area = areaOf(row);
    if (KEYS[event.key]) {
      const [across, down] = KEYS[event.key];
      setArea(row, event.shiftKey
        ? { ...area, width: area.width + across, height: area.height + down }
        : { ...area, left: area.left + across, top: area.top + down });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      clear(row);
    } else if (event.key === "Enter" || event.key === " ") {
      control(row, "reason").focus();
    } else {
      return;
    }
    event.preventDefault();
  });

  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-area-row]");
    if (row) draw(row);
  });
  const add = form.querySelector("[data-blacken-add]");
  add.addEventListener("click", () => {
    const row = begin({ ...DEFAULT, top: 10 + ((shapes.size * 6) % 80) });
    if (row) shapes.get(row).focus();
  });

  svg.replaceChildren();
  svg.removeAttribute("aria-hidden");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", svg.dataset.label);
  svg.classList.add("blacken__areas--drawn");
  add.hidden = false;
  form.querySelector("[data-blacken-hint]").hidden = false;
  window.addEventListener("pageshow", () => rows().forEach(draw));
  window.addEventListener("resize", () => rows().forEach(draw));
  rows().forEach(draw);
})();
