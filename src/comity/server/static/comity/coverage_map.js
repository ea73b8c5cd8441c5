// SPDX-License-Identifier: Apache-2.0
// Draws the world coloured by verdict on every element marked data-coverage-map. The cells come
// from the JSON inside it or from data-url: [{code, name, verdict, word, url}]. The table beside
// it says the same to those who do not see the picture or use no pointer.
"use strict";

// Fill per verdict, darker than the tints of the table so that small countries show.
const FILLS = {
  "permitted": "#4d9e5e",
  "permitted-with-notice": "#3f93b8",
  "permitted-under-conditions": "#4aa79b",
  "prior-consent": "#d9b22f",
  "person-must-decide": "#e08a3c",
  "other-channel-only": "#8a68c4",
  "prohibited": "#c4392b",
  "no-known-basis": "#c9cdd2",
  "no-legal-basis": "#565c65",
};
const NOT_ASKED = "#eceef0";
const HOME = "#1b1b1b";

const script = (src) => new Promise((done, failed) => {
  const element = document.createElement("script");
  element.src = src;
  element.onload = done;
  element.onerror = failed;
  document.head.append(element);
});

const fetched = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
};

async function cellsOf(figure) {
  const data = figure.querySelector('script[type="application/json"]');
  return data ? JSON.parse(data.textContent) : fetched(figure.dataset.url);
}

function legend(figure, cells) {
  const list = figure.querySelector(".coverage-map__legend");
  const shown = Object.keys(FILLS).filter((verdict) => cells.some((c) => c.verdict === verdict));
  for (const verdict of shown) {
    const item = document.createElement("li");
    const swatch = document.createElement("span");
    swatch.className = "coverage-map__swatch";
    swatch.style.backgroundColor = FILLS[verdict];
    const count = cells.filter((c) => c.verdict === verdict).length;
    const word = cells.find((c) => c.verdict === verdict).word || verdict;
    item.append(swatch, `${word} (${count})`);
    list.append(item);
  }
  list.hidden = false;
}

// A country leads to its page, or to its row in the table beside the map.
function open(figure, cell) {
  if (cell.url) {
    window.location.assign(cell.url);
    return;
  }
  const row = document.querySelector(`${figure.dataset.table} [data-code="${cell.code}"]`);
  if (!row) return;
  const group = row.closest("details");
  if (group) group.open = true;
  row.tabIndex = -1;
  row.scrollIntoView({ block: "center" });
  row.focus();
}

const fill = (cell) => FILLS[cell.verdict] || (cell.home ? HOME : NOT_ASKED);

function options(byCode, world) {
  const points = Object.entries(world.points).filter(([code]) => byCode.has(code));
  const words = ({ name }) => {
    const cell = byCode.get(name);
    return cell ? `${cell.name}\n${cell.word || ""}` : "";
  };
  return {
    animation: false,
    textStyle: { fontFamily: "Public Sans Web, sans-serif" },
    tooltip: { renderMode: "richText", formatter: words },
    geo: {
      map: "world",
      roam: "move",
      scaleLimit: { min: 1, max: 12 },
      boundingCoords: [[-168, 80], [190, -56]],
      top: 0, bottom: 0, left: 0, right: 0,
      itemStyle: { areaColor: NOT_ASKED, borderColor: "#ffffff", borderWidth: 0.6 },
      emphasis: { label: { show: false }, itemStyle: { areaColor: "#2491ff" } },
      select: { disabled: true },
      tooltip: { show: true },
      regions: [...byCode.values()].map((cell) => ({
        name: cell.code, itemStyle: { areaColor: fill(cell) },
      })),
    },
    series: [
      {
        type: "scatter",
        coordinateSystem: "geo",
        symbolSize: 8,
        itemStyle: { borderColor: "#ffffff", borderWidth: 1 },
        data: points.map(([code, at]) => ({
          name: code, value: at, itemStyle: { color: fill(byCode.get(code)) },
        })),
      },
    ],
  };
}

async function draw(figure) {
  const [cells, world] = await Promise.all([
    cellsOf(figure), fetched(figure.dataset.world), script(figure.dataset.charts),
  ]);
  const picture = figure.querySelector(".coverage-map__picture");
  picture.hidden = false;
  echarts.registerMap("world", world);
  const chart = echarts.init(picture, null, { renderer: "canvas" });
  const byCode = new Map(cells.map((cell) => [cell.code, cell]));
  chart.setOption(options(byCode, world));
  chart.on("click", ({ name }) => byCode.has(name) && open(figure, byCode.get(name)));
  new ResizeObserver(() => chart.resize()).observe(picture);
  legend(figure, cells);
  figure.dataset.drawn = "yes";
}

document.querySelectorAll("[data-coverage-map]").forEach(draw);
