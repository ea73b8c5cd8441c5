// Natural Earth 1:50m countries -> simplified GeoJSON keyed by ISO 3166 alpha-2.
// Run by tools/vendor_assets.py in a folder where the npm packages are installed.
const fs = require("fs");
const { feature } = require("topojson-client");
const { presimplify, simplify, quantile } = require("topojson-simplify");
const codes = require("i18n-iso-countries");

const DETAIL = 0.16; // the share of the vertices that is kept
const SMALL = 1.2; // square degrees of its box below which a country also gets a point

// Natural Earth gives these no ISO number. XK is user-assigned, as the Union uses it.
const WITHOUT_NUMBER = { Kosovo: "XK", Somaliland: "SO", "N. Cyprus": "CY" };
// Countries that have no polygon at 1:50m: a point [longitude, latitude].
const POINTS = {
  BQ: [-68.3, 12.2], GF: [-53.1, 3.9], GP: [-61.55, 16.25], MQ: [-61.0, 14.65],
  RE: [55.53, -21.12], YT: [45.15, -12.83], TV: [179.2, -8.52], GI: [-5.35, 36.14],
  SJ: [16.0, 78.5], TK: [-171.8, -9.2], CC: [96.83, -12.17], CX: [105.63, -10.49],
};

const topology = JSON.parse(
  fs.readFileSync(require.resolve("world-atlas/countries-50m.json"), "utf8"),
);
const weighted = presimplify(topology);
const simple = simplify(weighted, quantile(weighted, DETAIL));
const collection = feature(simple, simple.objects.countries);

const codeOf = (f) =>
  f.id ? codes.numericToAlpha2(f.id) : WITHOUT_NUMBER[f.properties.name];
const round = (n) => Math.round(n * 20) / 20;
const area = (ring) => {
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    sum += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
  }
  return Math.abs(sum / 2);
};
// The source cuts nothing at the 180th meridian: a ring that crosses it is continued beyond.
const unwrapped = (ring) => {
  let turn = 0;
  const points = ring.map(([x, y], i) => {
    if (i > 0) turn -= 360 * Math.round((x - ring[i - 1][0]) / 360);
    return [x + turn, y];
  });
  const west = Math.min(...points.map((p) => p[0]));
  return west < -180 ? points.map(([x, y]) => [x + 360, y]) : points;
};
// Chukotka's islands and Fiji's stand with the rest of their country, east of 180.
const eastward = (code, ring) =>
  (code === "RU" || code === "FJ") && ring.every(([x]) => x < 0)
    ? ring.map(([x, y]) => [x + 360, y])
    : ring;
const tidy = (code) => (ring) => {
  const points = eastward(code, unwrapped(ring)).map(([x, y]) => [round(x), round(y)]);
  return points.filter((p, i) => i === 0 || p[0] !== points[i - 1][0] || p[1] !== points[i - 1][1]);
};

const shapes = new Map(); // alpha-2 -> list of polygons
for (const item of collection.features) {
  const code = codeOf(item);
  if (!code || code === "AQ") continue;
  const { type, coordinates } = item.geometry;
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  shapes.set(code, (shapes.get(code) || []).concat(polygons));
}

const features = [];
const points = { ...POINTS };
for (const [code, polygons] of [...shapes].sort()) {
  const kept = polygons
    .map((rings) => rings.map(tidy(code)).filter((ring) => ring.length >= 4))
    .filter((rings) => rings.length);
  kept.sort((a, b) => area(b[0]) - area(a[0]));
  const largest = kept.length ? area(kept[0][0]) : 0;
  // Islets below a hundredth of the largest part only cost bytes.
  const worthDrawing = kept.filter((rings, i) => i === 0 || area(rings[0]) > Math.min(0.3, largest / 20));
  const original = polygons.slice().sort((a, b) => area(b[0]) - area(a[0]))[0][0];
  if (largest < SMALL && !points[code]) {
    const xs = original.map((p) => p[0]);
    const ys = original.map((p) => p[1]);
    const middle = (list) => round((Math.min(...list) + Math.max(...list)) / 2);
    points[code] = [middle(xs), middle(ys)];
  }
  if (worthDrawing.length) {
    features.push({
      type: "Feature",
      properties: { name: code, iso_a2: code },
      geometry: { type: "MultiPolygon", coordinates: worthDrawing },
    });
  }
}

const sorted = Object.fromEntries(Object.entries(points).sort());
fs.writeFileSync(
  process.argv[2],
  `${JSON.stringify({ type: "FeatureCollection", points: sorted, features })}\n`,
);
