// A chart of lines, drawn as SVG: an axis, a line for each series, and the values under the pointer.

import { el, svg, unique } from "./dom.js";

export const COLOURS = ["var(--c0)", "var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)", "var(--c6)", "var(--c7)"];

const [WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM] = [420, 220, 46, 12, 10, 26];
const MOST = 600;

export function chart(title, series, { across, labels, low, high }) {
  const points = series.flatMap((each) => each.points);
  const [x0, x1] = labels ? [0, Math.max(1, labels.length - 1)] : span(points.map(([x]) => x));
  const [y0, y1] = low === undefined ? rounded(points.map(([, y]) => y)) : [low, high];
  const x = (value) => LEFT + ((value - x0) / (x1 - x0 || 1)) * (WIDE - LEFT - RIGHT);
  const y = (value) => HIGH - BOTTOM - ((value - y0) / (y1 - y0 || 1)) * (HIGH - TOP - BOTTOM);
  const id = unique("chart");
  const drawn = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-labelledby": id });
  for (let at = 0; at <= 4; at++) {
    const value = y0 + ((y1 - y0) * at) / 4;
    drawn.append(svg("line", { x1: LEFT, x2: WIDE - RIGHT, y1: y(value), y2: y(value), class: "grid" }));
    drawn.append(svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, short(value)));
  }
  const ticks = labels ? labels.map((_, at) => at).filter((at) => at % Math.ceil(labels.length / 12) === 0) : [0, 1, 2, 3, 4].map((at) => x0 + ((x1 - x0) * at) / 4);
  for (const value of ticks) {
    const text = labels ? labels[value].slice(0, 10) : short(Math.round(value));
    drawn.append(svg("text", { x: x(value), y: HIGH - 8, "text-anchor": "middle" }, text));
  }
  for (const each of series) {
    const held = thinned(each.points);
    const line = svg("polyline", { points: held.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" "), class: `line${each.dash ? " dash" : ""}` });
    line.style.stroke = each.colour;
    drawn.append(line);
    if (each.dots || held.length === 1) {
      for (const [a, b] of held) {
        const dot = svg("circle", { cx: x(a), cy: y(b), r: 3.2 });
        dot.style.fill = each.colour;
        drawn.append(dot);
      }
    }
  }
  const rule = svg("line", { y1: TOP, y2: HIGH - BOTTOM, class: "rule", visibility: "hidden" });
  drawn.append(rule);
  const told = el("p", { class: "values" });
  const latest = () => told.replaceChildren(...series.map((each) => value(each, each.points.at(-1)?.[1])));
  drawn.addEventListener("pointermove", (event) => {
    const frame = drawn.getBoundingClientRect();
    const want = x0 + ((((event.clientX - frame.left) / frame.width) * WIDE - LEFT) / (WIDE - LEFT - RIGHT)) * (x1 - x0);
    const near = (each) => each.points.reduce((best, point) => (Math.abs(point[0] - want) < Math.abs(best[0] - want) ? point : best), each.points[0]);
    const at = near(series[0])[0];
    rule.setAttribute("x1", x(at));
    rule.setAttribute("x2", x(at));
    rule.setAttribute("visibility", "visible");
    told.replaceChildren(el("span", { class: "muted" }, labels ? labels[at] : `${across} ${at}`), ...series.map((each) => value(each, near(each)[1])));
  });
  drawn.addEventListener("pointerleave", () => {
    rule.setAttribute("visibility", "hidden");
    latest();
  });
  latest();
  return el("figure", { class: "chart" }, el("h2", { id }, title), drawn, told);
}

function value(each, number) {
  return el("span", { class: "key" }, el("span", { class: `swatch${each.dash ? " dash" : ""}`, style: { background: each.colour } }), `${each.name} `, el("b", {}, number === undefined ? "–" : short(number)));
}

function short(number) {
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= 10_000 || size < 0.001) return number.toExponential(1);
  return String(Number(number.toPrecision(3)));
}

const span = (values) => [Math.min(...bounded(values)), Math.max(...bounded(values))];

// Large arrays cannot be spread into arguments: their extremes are found piece by piece.
function bounded(values) {
  if (!values.length) return [0, 1];
  let [least, most] = [Infinity, -Infinity];
  for (const each of values) [least, most] = [Math.min(least, each), Math.max(most, each)];
  return [least, most];
}

// Bounds on round numbers; 0 to 1 where all values lie there.
function rounded(values) {
  const [least, most] = span(values);
  if (least >= 0 && most <= 1 && most > 0.2) return [0, 1];
  const step = 10 ** Math.floor(Math.log10(most - least || Math.abs(most) || 1));
  return [Math.floor(least / step) * step, Math.ceil(most / step) * step || 1];
}

function thinned(points) {
  const every = Math.ceil(points.length / MOST);
  return every > 1 ? points.filter((_, at) => at % every === 0 || at === points.length - 1) : points;
}
