// Dates, times, numbers, weekdays, relations and orders: a field for each that the example of the form holds.

import { choose, el, field } from "../dom.js";
import { ordering } from "./ordering.js";

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const RELATIONS = ["before", "meets", "overlaps", "starts", "during", "finishes", "equals", "after", "met-by", "overlapped-by", "started-by", "contains", "finished-by"];
const VALUE = new RegExp(
  ["\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}", "\\d{4}-\\d{2}-\\d{2}", "\\d{4}-\\d{2}", "\\d(?:-\\d){1,8}", "\\d+", ...WEEKDAYS, ...MONTHS].map((each) => `(?<=^|: )${each}(?=$|[.,;])`).join("|"),
  "g",
);

export const slots = {
  title: "Fill in",
  suits: (prompt) => /^one of the thirteen names/.test(prompt.form) || (prompt.example.length < 200 && parts(prompt.example).some((part) => part.kind) && known(prompt.form)),
  build(prompt, reply) {
    const made = /^one of the thirteen names/.test(prompt.form) ? [{ kind: "relation", label: "Relation" }] : parts(prompt.example);
    const values = made.map((part) => part.text ?? "");
    const tell = () => {
      const filled = made.every((part, at) => !part.kind || values[at] !== "");
      reply.set(filled ? values.join("") : "");
    };
    const set = (at) => (value) => {
      values[at] = value;
      tell();
    };
    const inputs = made.map((part, at) => part.kind && widget(part, prompt, set(at)));
    tell();
    return { panel: el("div", { class: "slots" }, inputs.filter(Boolean)) };
  },
};

// Forms that are a date, a time, a number, a name or several of them, not just anything with a digit in its example.
const known = (form) => /^(a year and a month|a date|a whole number in digits|the English name of a weekday|the numbers of the events|two months and|three months and|a month and)/.test(form);

function parts(example) {
  const found = [];
  let end = 0;
  for (const match of example.matchAll(VALUE)) {
    if (match.index > end) found.push({ text: example.slice(end, match.index) });
    const before = example.slice(end, match.index).replace(/^[.,; ]+/, "").replace(/: ?$/, "");
    found.push({ kind: kindOf(match[0]), label: before });
    end = match.index + match[0].length;
  }
  if (end < example.length) found.push({ text: example.slice(end) });
  return found;
}

function kindOf(value) {
  if (/:/.test(value)) return "moment";
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return "day";
  if (/^\d{4}-\d{2}$/.test(value)) return "month";
  if (/-/.test(value)) return "order";
  if (WEEKDAYS.includes(value)) return "weekday";
  return MONTHS.includes(value) ? "name" : "number";
}

function widget(part, prompt, set) {
  const label = part.label || { moment: "Date and time", day: "Date", month: "Month", order: "Order", weekday: "Weekday", number: "Number", name: "Month" }[part.kind];
  if (part.kind === "order") return ordering(label, events(prompt.text), set);
  const lists = { weekday: WEEKDAYS, name: MONTHS, relation: RELATIONS };
  if (lists[part.kind]) return field(label, choose([["", "choose …"], ...lists[part.kind]], "", set));
  const types = { moment: "datetime-local", day: "date", month: "month", number: "number" };
  const input = el("input", { type: types[part.kind], min: part.kind === "number" ? undefined : "0001-01", oninput: () => set(input.value.replace("T", " ")) });
  return field(label, input);
}

// The events that the prompt numbers, in words.
function events(text) {
  const named = [...text.matchAll(/\bevent (\d) is (.+?)(?=; event \d is|\. [A-Z])/gi)].map(([, number, words]) => ({ number, words }));
  return named;
}
