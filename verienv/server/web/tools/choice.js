// One of several choices that the prompt letters. An angle turns the picture, an arrangement lays its pieces out.

import { el, unique } from "../dom.js";
import { laid } from "./pieces.js";

const LINE = /^\(([A-Z])\) (.+)$/gm;

export const choice = {
  title: "Choose",
  suits: (prompt) => /^the letter of one choice/.test(prompt.form),
  build(prompt, reply) {
    const choices = [...prompt.text.matchAll(LINE)].map(([, letter, said]) => ({ letter, said }));
    const name = unique("choice");
    const looks = preview(prompt, choices);
    const panel = el("div", { class: "choices", role: "radiogroup", "aria-label": "Choices" }, choices.map(({ letter, said }) =>
      el("label", {}, el("input", { type: "radio", name, value: letter, onchange: () => {
        reply.set(letter);
        looks?.show(said);
      } }), el("b", {}, letter), el("span", {}, said)),
    ));
    return { panel, picture: looks?.element };
  },
};

function preview(prompt, choices) {
  if (prompt.pictures.length !== 1) return null;
  const [picture] = prompt.pictures;
  const angle = (said) => (said === "not at all" ? 0 : Number(said.match(/^(\d+) degrees clockwise$/)?.[1] ?? NaN));
  if (choices.every(({ said }) => !Number.isNaN(angle(said)))) {
    const image = el("img", { class: `shown turned ${/^This round picture/.test(prompt.text) ? "round" : ""}`, src: picture.image, width: picture.width, height: picture.height, alt: "The picture, turned back by what is chosen" });
    return { element: el("div", { class: "turning" }, image), show: (said) => (image.style.transform = `rotate(${-angle(said)}deg)`) };
  }
  const grid = (said) => said.split(" / ").map((row) => row.split(" ").map(Number));
  if (choices.every(({ said }) => / \/ /.test(said) && grid(said).flat().every(Number.isInteger))) {
    const rows = grid(choices[0].said).length;
    const columns = grid(choices[0].said)[0].length;
    const board = laid(picture, rows, columns);
    return { element: board.element, show: (said) => board.arrange(grid(said).flat()) };
  }
  return null;
}
