// A shuffled picture: its pieces are exchanged, by dragging or by keys, until it is whole.

import { el, say } from "../dom.js";

const FORM = /^(\d+) whole numbers, row by row \((\d+) rows? of (\d+)\)/;

// The pieces of a picture on a board. `arrange(order)` puts the piece shown at place i to place order[i].
export function laid(picture, rows, columns) {
  const element = el("div", {
    class: "board", vars: { "--columns": columns, "--rows": rows, "--wide": `${picture.width}px` },
    style: { aspectRatio: `${picture.width} / ${picture.height}` },
  });
  const pieces = Array.from({ length: rows * columns }, (_, at) => {
    const across = columns > 1 ? ((at % columns) / (columns - 1)) * 100 : 0;
    const down = rows > 1 ? (Math.floor(at / columns) / (rows - 1)) * 100 : 0;
    return el("button", {
      type: "button", class: "piece", "aria-label": `Piece ${at + 1}`,
      style: { backgroundImage: `url(${picture.image})`, backgroundSize: `${columns * 100}% ${rows * 100}%`, backgroundPosition: `${across}% ${down}%` },
    });
  });
  const put = (at, place) => {
    pieces[at].style.left = `${((place % columns) * 100) / columns}%`;
    pieces[at].style.top = `${(Math.floor(place / columns) * 100) / rows}%`;
  };
  const arrange = (order) => {
    const free = new Set(pieces.keys());
    order.forEach((place) => free.delete(place - 1));
    const rest = [...free];
    order.forEach((place, at) => put(at, place ? place - 1 : rest.shift()));
  };
  element.append(...pieces);
  arrange(pieces.map((_, at) => at + 1));
  return { element, pieces, put, arrange };
}

export const pieces = {
  title: "Put the picture together",
  suits: (prompt) => FORM.test(prompt.form) && prompt.pictures.length === 1,
  build(prompt, reply) {
    const [, , rows, columns] = prompt.form.match(FORM).map(Number);
    const strangers = /or 0 where no piece of this picture is/.test(prompt.text);
    const board = laid(prompt.pictures[0], rows, columns);
    const where = board.pieces.map((_, at) => at); // by piece, its place
    const strange = new Set();
    let held = null;
    let ghost = null;

    const at = (place) => where.indexOf(place);
    function tell() {
      const numbers = where.map((place, piece) => (strange.has(piece) ? 0 : place + 1));
      const lines = Array.from({ length: rows }, (_, row) => numbers.slice(row * columns, (row + 1) * columns).join(" "));
      reply.set(lines.join("\n"));
    }
    function exchange(one, two) {
      [where[one], where[two]] = [where[two], where[one]];
      for (const each of [one, two]) board.put(each, where[each]);
      tell();
      say(`piece ${one + 1} is at place ${where[one] + 1}`);
    }
    function hold(piece) {
      if (held !== null) board.pieces[held].classList.remove("held");
      held = piece;
      if (held !== null) board.pieces[held].classList.add("held");
    }
    function mark(piece) {
      if (!strange.delete(piece)) strange.add(piece);
      board.pieces[piece].classList.toggle("strange", strange.has(piece));
      tell();
    }
    function pressed(piece) {
      if (held === null) hold(piece);
      else {
        if (held !== piece) exchange(held, piece);
        hold(null);
      }
    }
    board.pieces.forEach((button, piece) => {
      let from = null;
      button.addEventListener("pointerdown", (event) => {
        from = { x: event.clientX, y: event.clientY };
        button.setPointerCapture(event.pointerId);
      });
      button.addEventListener("pointermove", (event) => {
        if (!from) return;
        const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
        if (!ghost && Math.hypot(dx, dy) > 6) ghost = piece;
        if (ghost === piece) {
          button.classList.add("dragged");
          button.style.transform = `translate(${dx}px, ${dy}px)`;
        }
      });
      const dropped = (event) => {
        from = null;
        button.style.transform = "";
        button.classList.remove("dragged");
        if (ghost !== piece || event.type === "pointercancel") return;
        const frame = board.element.getBoundingClientRect();
        const column = Math.floor(((event.clientX - frame.left) / frame.width) * columns);
        const row = Math.floor(((event.clientY - frame.top) / frame.height) * rows);
        if (column >= 0 && row >= 0 && column < columns && row < rows && at(row * columns + column) !== piece) exchange(piece, at(row * columns + column));
        hold(null);
      };
      button.addEventListener("pointerup", dropped);
      button.addEventListener("pointercancel", dropped);
      button.addEventListener("click", () => {
        if (ghost === piece) ghost = null;
        else pressed(piece);
      });
      button.addEventListener("keydown", (event) => {
        const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
        if (strangers && ["0", "Delete", "Backspace"].includes(event.key)) mark(piece);
        const step = steps[event.key];
        if (!step) return;
        event.preventDefault();
        const next = where[piece] + step;
        if (next < 0 || next >= rows * columns || (Math.abs(step) === 1 && Math.floor(next / columns) !== Math.floor(where[piece] / columns))) return;
        board.pieces[at(next)].focus();
      });
    });
    tell();
    const panel = el("div", {},
      el("p", { class: "hint" }, "Drag a piece onto another to exchange them; or press one and then the other. Arrow keys go from piece to piece, Enter takes up and lays down."),
      strangers ? el("div", { class: "strangers" }, el("p", { class: "hint" }, "A piece that does not belong: take it up, then mark it."), el("button", { type: "button", class: "small", onclick: () => {
        if (held !== null) mark(held);
        hold(null);
      } }, "Not of this picture (0)")) : null,
    );
    return { picture: board.element, panel };
  },
};
