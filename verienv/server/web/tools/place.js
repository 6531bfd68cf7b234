// One of a few numbers: laid out as the prompt lays them out, or a field for it.

import { el, field } from "../dom.js";

const FORM = /^one whole number from (\d+) to (\d+)/;

export const place = {
  title: "Choose a number",
  suits: (prompt) => FORM.test(prompt.form),
  build(prompt, reply) {
    const [, low, high] = prompt.form.match(FORM).map(Number);
    const drawn = prompt.text.match(/```\n([\d \n]+)\n```/)?.[1];
    if (high - low > 63) {
      const input = el("input", { type: "number", min: low, max: high, oninput: () => reply.set(input.value) });
      return { panel: field("Number", input) };
    }
    const columns = drawn ? drawn.split("\n")[0].split(" ").length : Math.min(6, high - low + 1);
    const buttons = Array.from({ length: high - low + 1 }, (_, at) => el("button", {
      type: "button", "aria-pressed": "false", onclick: () => {
        for (const each of buttons) each.setAttribute("aria-pressed", String(each === buttons[at]));
        reply.set(String(low + at));
      },
    }, String(low + at)));
    return { panel: el("div", { class: "places", vars: { "--columns": columns }, role: "group", "aria-label": "Numbers" }, buttons) };
  },
};
