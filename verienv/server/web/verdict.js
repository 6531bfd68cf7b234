// What the checker says: the score, the reason, the parts, and what published scorers say beside it.

import { el, grade, share } from "./dom.js";

const words = (code) => code.replaceAll("_", " ");

export function verdict(told, published = {}) {
  const rows = (given) => Object.entries(given).map(([name, value]) => el("div", { class: "part" },
    el("span", {}, words(name)),
    el("span", { class: "bar", vars: { "--share": Math.max(0, Math.min(1, value)) } }),
    el("span", { class: "value" }, share(value)),
  ));
  return el("div", { class: `verdict ${grade(told.value)}` },
    el("p", { class: "line" },
      el("span", { class: "score" }, share(told.value)),
      el("span", { class: "reason" }, words(told.reason)),
      told.readable ? null : el("span", { class: "tag" }, "unreadable"),
    ),
    Object.keys(told.parts).length ? el("div", { class: "parts" }, el("h3", {}, "Parts"), rows(told.parts)) : null,
    Object.keys(published).length ? el("div", { class: "parts" }, el("h3", {}, "Published scorers"), rows(published)) : null,
  );
}
