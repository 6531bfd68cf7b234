// A box on a picture: drawn by dragging or by two clicks, moved and stretched by keys, or written as four numbers.

import { el, field } from "../dom.js";
import { units } from "../prompt.js";

const EDGES = ["left", "top", "right", "bottom"];

export const box = {
  title: "Draw the box",
  suits: (prompt) => prompt.pictures.length > 0 && /(^| )a box \[x1, y1, x2, y2\]|^four whole numbers x1, y1, x2, y2/.test(prompt.form),
  build(prompt, reply) {
    const several = /"picture"/.test(prompt.example);
    const bare = !/\[/.test(prompt.example);
    let on = prompt.pictures.length - 1;
    let now = null; // in units: x1, y1, x2, y2
    let corner = null;

    const inputs = EDGES.map((edge, at) => el("input", { type: "number", min: 0, oninput: () => {
      const given = inputs.map((each) => Number(each.value));
      if (inputs.every((each) => each.value !== "")) {
        now = given;
        draw(at);
      }
    } }));
    const which = prompt.pictures.map((_, at) => el("button", { type: "button", "aria-pressed": "false", onclick: () => {
      on = at;
      draw();
    } }, `Picture ${at + 1}`));
    const frames = prompt.pictures.map((picture, at) => frame(picture, at));

    function frame(picture, at) {
      const scale = units(prompt, picture);
      const mark = el("div", { class: "mark", hidden: true });
      const element = el("div", {
        class: "canvas", tabIndex: 0, role: "application", style: { maxWidth: `${picture.width}px` },
        "aria-label": `Picture ${at + 1}: arrow keys move the box, with Shift they stretch it`,
      }, el("img", { src: picture.image, width: picture.width, height: picture.height, alt: "", draggable: false }), mark);
      const point = (event) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const inside = (value) => Math.min(1, Math.max(0, value));
        return [Math.round(inside((event.clientX - left) / width) * scale.across), Math.round(inside((event.clientY - top) / height) * scale.down)];
      };
      let from = null;
      element.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        element.focus({ preventScroll: true });
        element.setPointerCapture(event.pointerId);
        on = at;
        from = point(event);
      });
      element.addEventListener("pointermove", (event) => {
        if (from) span(from, point(event));
        else if (corner && on === at) span(corner, point(event));
      });
      element.addEventListener("pointerup", (event) => {
        if (!from) return;
        const to = point(event);
        const still = Math.abs(to[0] - from[0]) < 3 && Math.abs(to[1] - from[1]) < 3;
        if (!still) {
          span(from, to);
          corner = null;
        } else if (corner) {
          span(corner, to);
          corner = null;
        } else corner = to;
        from = null;
      });
      element.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        if (!step) return;
        event.preventDefault();
        on = at;
        const by = event.altKey ? 10 : 2;
        now ??= [0.4 * scale.across, 0.4 * scale.down, 0.6 * scale.across, 0.6 * scale.down].map(Math.round);
        now = now.map((value, edge) => (event.shiftKey && edge < 2 ? value : value + by * step[edge % 2]));
        now = now.map((value, edge) => Math.min(edge % 2 ? scale.down : scale.across, Math.max(0, value)));
        draw();
      });
      const show = () => {
        element.classList.toggle("on", several && on === at);
        mark.hidden = !now || on !== at;
        if (mark.hidden) return;
        const [x1, y1, x2, y2] = now;
        Object.assign(mark.style, {
          left: `${(x1 / scale.across) * 100}%`, top: `${(y1 / scale.down) * 100}%`,
          width: `${((x2 - x1) / scale.across) * 100}%`, height: `${((y2 - y1) / scale.down) * 100}%`,
        });
      };
      return { element, show };
    }
    function span(one, two) {
      now = [Math.min(one[0], two[0]), Math.min(one[1], two[1]), Math.max(one[0], two[0]), Math.max(one[1], two[1])];
      draw();
    }
    function draw(typed) {
      for (const each of frames) each.show();
      which.forEach((button, at) => button.setAttribute("aria-pressed", String(at === on)));
      if (!now) return;
      inputs.forEach((input, at) => {
        if (typed === undefined) input.value = now[at];
      });
      const numbers = now.join(", ");
      reply.set(several ? `{"picture": ${on + 1}, "box": [${numbers}]}` : bare ? numbers : `[${numbers}]`);
    }
    draw();
    const panel = el("div", {},
      el("p", { class: "hint" }, "Drag over the picture, or click two opposite corners. Arrow keys move the box by 2, with Alt by 10, with Shift they stretch it."),
      several ? el("div", { class: "actions" }, which) : null,
      el("div", { class: "edges" }, inputs.map((input, at) => field(EDGES[at], input))),
    );
    return { picture: el("div", { class: `canvases ${frames.length > 1 ? "two" : ""}` }, frames.map((each, at) => el("div", {}, several ? el("p", { class: "caption" }, `Picture ${at + 1}`) : null, each.element))), panel };
  },
};
