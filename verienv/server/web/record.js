// What was played, in the form that replies of models have: `verienv score -r` reads it.

import { el } from "./dom.js";

const MOST = 1000;
let rows = [];
try {
  rows = JSON.parse(sessionStorage.getItem("played") ?? "[]");
} catch {
  /* storage may be forbidden: then it lasts as long as the page */
}

export const kept = () => rows;

export function keep({ address, replies, seconds, verdict }) {
  rows.push({
    address,
    sample: rows.filter((row) => row.address === address).length,
    response: replies.length === 1 ? replies[0] : [...replies],
    truncated: false,
    seconds: Math.round(seconds * 10) / 10,
    player: "human",
    ...verdict,
  });
  rows = rows.slice(-MOST);
  try {
    sessionStorage.setItem("played", JSON.stringify(rows));
  } catch {
    /* as above */
  }
}

export function save() {
  const body = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const url = URL.createObjectURL(new Blob([body], { type: "application/jsonl" }));
  el("a", { href: url, download: "replies.jsonl" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
