// An assignment, a switch for each variable; or, where there may be none, the clauses that prove it.

import { el, put } from "../dom.js";

export const bits = {
  title: "Switch the variables",
  suits: (prompt) => /^\d+ binary digits/.test(prompt.form),
  build(prompt, reply) {
    const count = Number(prompt.form.match(/^\d+/)[0]);
    const names = named(prompt.text, count);
    const clauses = read(prompt.text, names);
    const values = Array(count).fill(false);
    const chosen = new Set();
    const refutable = /UNSAT followed by/.test(prompt.text);
    let proving = false;

    const switches = names.map((name, at) => el("button", {
      type: "button", "aria-pressed": "false", onclick: () => {
        values[at] = !values[at];
        proving = false;
        draw();
      },
    }, el("span", { class: "name" }, name), el("span", { class: "bit" }, "0")));
    const chips = clauses.map((clause, at) => {
      const literals = clause.map((literal) => el("span", {}, `${literal.positive ? "" : "¬"}${names[literal.at]}`));
      const inner = [el("span", { class: "number" }, String(at + 1)), literals];
      return refutable
        ? el("button", { type: "button", class: "clause", "aria-pressed": "false", onclick: () => {
            if (!chosen.delete(at)) chosen.add(at);
            proving = chosen.size > 0;
            draw();
          } }, inner)
        : el("span", { class: "clause" }, inner);
    });
    const told = el("p", { class: "tally", role: "status" });

    function draw() {
      switches.forEach((button, at) => {
        button.setAttribute("aria-pressed", String(values[at]));
        button.lastElementChild.textContent = values[at] ? "1" : "0";
      });
      let met = 0;
      clauses.forEach((clause, at) => {
        const true_ = clause.map((literal) => values[literal.at] === literal.positive);
        met += true_.some(Boolean);
        chips[at].classList.toggle("met", true_.some(Boolean));
        chips[at].querySelectorAll("span:not(.number)").forEach((span, place) => span.classList.toggle("true", true_[place]));
        if (refutable) chips[at].setAttribute("aria-pressed", String(chosen.has(at)));
      });
      told.textContent = proving ? `No assignment: ${chosen.size} clauses chosen as proof` : clauses.length ? `${met} of ${clauses.length} clauses are true` : "";
      const proof = [...chosen].sort((a, b) => a - b).map((at) => at + 1);
      reply.set(proving ? `UNSAT ${proof.join(" ")}` : values.map(Number).join(""));
    }
    const panel = el("div", { class: "bits" },
      el("div", { class: "switches", role: "group", "aria-label": "Variables" }, switches),
      told,
      refutable ? el("p", { class: "hint" }, "There may be no assignment: then press the clauses that contradict each other.") : null,
      el("div", { class: "clauses" }, chips),
    );
    draw();
    return { panel };
  },
};

function named(text, count) {
  const found = text.match(/^The variables are (.+?)\. A clause/m) ?? text.match(/You may invite, in this order: (.+?)\. Each/);
  const names = found ? found[1].split(", ") : [];
  return names.length === count ? names : Array.from({ length: count }, (_, at) => String(at + 1));
}

// The clauses as they are told: letters, lines of DIMACS, or wishes.
function read(text, names) {
  const place = new Map(names.map((name, at) => [name, at]));
  const all = [];
  const body = text.split("\n\n")[1] ?? "";
  if (/^p cnf /m.test(text)) {
    for (const line of text.match(/^-?\d[-\d ]* 0$/gm) ?? []) {
      all.push(line.split(" ").slice(0, -1).map((each) => ({ at: Math.abs(Number(each)) - 1, positive: Number(each) > 0 })));
    }
  } else if (/ comes| stays away/.test(body)) {
    for (const line of body.split("\n")) {
      all.push([...line.matchAll(/([A-Z][a-z]+) (comes|stays away)/g)].map(([, name, does]) => ({ at: place.get(name), positive: does === "comes" })));
    }
  } else {
    for (const clause of body.split(/\n| & /)) {
      all.push([...clause.replace(/^\d+\. /, "").matchAll(/(!?)([A-Z]\d*)/g)].map(([, not, name]) => ({ at: place.get(name), positive: !not })));
    }
  }
  return all.every((clause) => clause.length && clause.every((each) => each.at !== undefined)) ? all : [];
}
