// A list to be put in order: dragged, or moved by the buttons of each line.

import { el, put, say } from "../dom.js";

export function ordering(label, items, set) {
  const list = el("ol", { class: "ordering", "aria-label": label });
  let order = [...items];

  function draw(focus) {
    put(list, order.map((item, at) => {
      const up = el("button", { type: "button", class: "small", disabled: at === 0, "aria-label": `Event ${item.number} earlier`, onclick: () => move(at, at - 1, "up") }, "↑");
      const down = el("button", { type: "button", class: "small", disabled: at === order.length - 1, "aria-label": `Event ${item.number} later`, onclick: () => move(at, at + 1, "down") }, "↓");
      const line = el("li", {}, el("span", { class: "grip", "aria-hidden": "true" }, "⠿"), el("b", {}, item.number), el("span", { class: "words" }, item.words), up, down);
      dragged(line, at);
      if (focus?.item === item) queueMicrotask(() => (focus.way === "up" && !up.disabled ? up : down.disabled ? up : down).focus());
      return line;
    }));
    set(order.map((item) => item.number).join("-"));
  }
  function move(from, to, way) {
    const item = order[from];
    order.splice(to, 0, ...order.splice(from, 1));
    draw(way ? { item, way } : undefined);
    say(`event ${item.number} is number ${to + 1}`);
  }
  function dragged(line, at) {
    line.addEventListener("pointerdown", (event) => {
      if (event.target.closest("button")) return;
      event.preventDefault();
      line.setPointerCapture(event.pointerId);
      line.classList.add("dragged");
      const from = event.clientY;
      const over = (y) => {
        const places = [...list.children].map((each) => each.getBoundingClientRect());
        const found = places.findIndex((each) => y < each.bottom);
        return found < 0 ? places.length - 1 : found;
      };
      const follow = (next) => (line.style.transform = `translateY(${next.clientY - from}px)`);
      line.addEventListener("pointermove", follow);
      line.addEventListener("pointerup", (last) => {
        line.style.transform = "";
        line.classList.remove("dragged");
        line.removeEventListener("pointermove", follow);
        const to = over(last.clientY);
        if (to !== at) move(at, to);
      }, { once: true });
    });
  }
  draw();
  return el("div", { class: "field" }, el("span", { class: "label" }, label), list);
}
