// Moves up, down, left and right, by keys or buttons; a board that the prompt draws in letters moves along.

import { el, put } from "../dom.js";

const STEPS = { Up: [0, -1], Down: [0, 1], Left: [-1, 0], Right: [1, 0] };
const SIGNS = { Up: "↑", Down: "↓", Left: "←", Right: "→" };
const LOOKS = { "#": "wall", " ": "floor", ".": "goal", $: "box", "*": "box goal", "@": "you", "+": "you goal" };

export const moves = {
  title: "Move",
  suits: (prompt) => /^(your moves in order|one move)/.test(prompt.form) && /^Up\b/.test(prompt.example),
  build(prompt, reply, game) {
    const single = /^one move/.test(prompt.form);
    const most = single ? 1 : Number(prompt.text.match(/at most (\d+) moves? each/)?.[1] ?? prompt.text.match(/at most (\d+) moves/)?.[1] ?? 1000);
    const start = prompt.text.match(/^#[# .$@*+]*#(\n#[# .$@*+]*#)+$/m)?.[0].split("\n");
    const made = [];
    const told = el("p", { class: "tally", role: "status" });
    const list = el("p", { class: "moves mono" });
    const board = start ? el("div", { class: "sokoban", role: "img", vars: { "--columns": Math.max(...start.map((row) => row.length)) } }) : null;

    function draw() {
      const limit = single ? "" : ` of at most ${most} moves`;
      if (board) {
        const { rows, placed, boxes } = played(start, made);
        put(board, rows.flatMap((row) => [...row].map((sign) => el("span", { class: LOOKS[sign] ?? "floor" }))));
        board.setAttribute("aria-label", `The board after ${made.length} moves: ${placed} of ${boxes} boxes on goals`);
        told.textContent = `${single ? "" : `${made.length}${limit}; `}${placed} of ${boxes} boxes on goals`;
      } else told.textContent = single ? "" : `${made.length}${limit}`;
      list.textContent = made.map((move) => SIGNS[move]).join(" ");
      reply.set(made.join(", "));
    }
    const go = (move) => {
      if (single && game) return reply.send(move);
      if (single) made.length = 0;
      if (made.length < most) made.push(move);
      draw();
    };
    const back = () => {
      made.pop();
      draw();
    };
    const keys = (event) => {
      if (event.target.closest?.("input, textarea, select") || event.altKey || event.ctrlKey || event.metaKey) return;
      const move = Object.keys(STEPS).find((each) => event.key === `Arrow${each}`);
      if (!move && event.key !== "Backspace") return;
      event.preventDefault();
      if (move) go(move);
      else back();
    };
    addEventListener("keydown", keys);
    const button = (move) => el("button", { type: "button", class: `to-${move.toLowerCase()}`, "aria-label": move, onclick: () => go(move) }, SIGNS[move]);
    const panel = el("div", {},
      el("div", { class: "pad" }, Object.keys(STEPS).map(button), single ? null : el("button", { type: "button", class: "back", "aria-label": "Take the last move back", onclick: back }, "⌫")),
      told,
      list,
      el("p", { class: "hint" }, single && game ? "Arrow keys and buttons move; each is a turn." : `Arrow keys move, Backspace takes back.${game ? " Send ends the turn." : ""}`),
    );
    draw();
    return { panel, first: board, leave: () => removeEventListener("keydown", keys) };
  },
};

// The board after moves, by the rules that the prompt tells.
function played(start, made) {
  const width = Math.max(...start.map((row) => row.length));
  const cells = start.map((row) => [...row.padEnd(width)]);
  const goal = (x, y) => ".*+".includes(start[y]?.[x] ?? " ");
  const at = (x, y) => cells[y]?.[x] ?? "#";
  let [px, py] = [0, 0];
  cells.forEach((row, y) => row.forEach((sign, x) => {
    if (sign === "@" || sign === "+") [px, py] = [x, y];
  }));
  const leave = (x, y) => (cells[y][x] = goal(x, y) ? "." : " ");
  for (const move of made) {
    const [dx, dy] = STEPS[move];
    const [x, y] = [px + dx, py + dy];
    if (at(x, y) === "#") continue;
    if ("$*".includes(at(x, y))) {
      if (!" .".includes(at(x + dx, y + dy))) continue;
      cells[y + dy][x + dx] = goal(x + dx, y + dy) ? "*" : "$";
    }
    leave(px, py);
    cells[y][x] = goal(x, y) ? "+" : "@";
    [px, py] = [x, y];
  }
  const flat = cells.flat();
  const placed = flat.filter((sign) => sign === "*").length;
  return { rows: cells.map((row) => row.join("")), placed, boxes: placed + flat.filter((sign) => sign === "$").length };
}
