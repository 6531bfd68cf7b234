// Playing an instance: the prompt, a tool that writes the reply, the reply itself, and at the end the verdict.

import { families, post } from "./api.js";
import { choose, el, field, put, say } from "./dom.js";
import { look, read } from "./prompt.js";
import { kept, keep, save } from "./record.js";
import { toolFor } from "./tools/all.js";
import { verdict } from "./verdict.js";

export async function show(place, address) {
  if (!address) return pick(place);
  const { families: all } = await families();
  const family = all.find((each) => each.name === address.split("@")[0]);
  const began = performance.now();
  const replies = [];
  let now = await post("play", { address });
  let leave = () => {};
  let asked = "";

  const stage = el("section", { class: "stage", "aria-label": "The problem" });
  const tool = el("div", { class: "tool" });
  const text = el("textarea", { rows: 3, class: "mono", spellcheck: false, autocomplete: "off" });
  const send = el("button", { type: "submit", class: "primary" });
  const note = el("p", { class: "note bad", role: "alert", hidden: true });
  const end = el("div", { class: "end", tabIndex: -1 });
  const past = el("ol", { class: "turns" });
  const pastBox = el("details", { hidden: true }, el("summary", {}), past);
  const turn = el("span", { class: "tag strong" });
  const form = el("form", { class: "writes", onsubmit: (event) => {
    event.preventDefault();
    submit();
  } }, field("Reply", text, "What a model would write. The tool fills it in; you may also write it yourself."), send);
  const saved = el("button", { type: "button", class: "small", onclick: save });

  const reply = {
    set: (answer) => (text.value = answer === "" ? "" : `<answer>${answer}</answer>`),
    send: (answer) => {
      reply.set(answer);
      submit();
    },
    answer: () => text.value.match(/<answer>([^]*)<\/answer>/)?.[1] ?? "",
  };

  async function submit() {
    if (send.disabled) return;
    send.disabled = true;
    note.hidden = true;
    const tagged = text.value === "" || /<answer>|\\boxed\{/.test(text.value) || !asked.includes("<answer>");
    const said = tagged ? text.value : `<answer>${text.value}</answer>`;
    try {
      now = await post("play", { address, replies: [...replies, said] });
      replies.push(said);
      past.append(el("li", {}, el("code", {}, said)));
      draw();
    } catch (error) {
      note.textContent = error.message;
      note.hidden = false;
    }
    send.disabled = false;
  }

  function draw() {
    leave();
    leave = () => {};
    turn.textContent = now.done ? "over" : now.game ? `turn ${now.turn + 1}` : "one reply";
    pastBox.hidden = !(now.game && replies.length);
    pastBox.firstElementChild.textContent = `${replies.length} ${replies.length === 1 ? "reply" : "replies"} so far`;
    if (now.done) return finish();
    text.value = "";
    send.textContent = now.game ? "Send" : "Submit";
    const prompt = read(now.prompt);
    asked = prompt.text;
    const chosen = toolFor(prompt);
    const made = chosen?.build(prompt, reply, now.game);
    leave = made?.leave ?? leave;
    let taken = false;
    put(stage, now.prompt.map((part) => {
      if (made?.picture && /^Picture \d+:$/.test(part.text)) return null; // the tool says so itself
      if ("text" in part) return el("pre", { class: look(part.text), tabIndex: 0 }, part.text);
      if (made?.picture) {
        if (taken) return null;
        taken = true;
        return made.picture;
      }
      return el("img", { class: "shown", src: part.image, width: part.width, height: part.height, alt: "A picture of the prompt" });
    }));
    if (made?.first) stage.prepend(made.first);
    text.rows = made?.panel ? 3 : 10;
    put(tool, made?.panel ? [el("h2", {}, chosen.title), made.panel] : null);
    if (now.turn) say(`turn ${now.turn + 1}`);
  }

  function finish() {
    keep({ address, replies, seconds: (performance.now() - began) / 1000, verdict: now.verdict });
    stage.classList.add("over");
    for (const each of stage.querySelectorAll("button, input, select")) each.disabled = true;
    const shown = el("div", {});
    put(tool);
    form.hidden = true;
    put(end,
      verdict(now.verdict, now.published),
      el("div", { class: "actions" },
        el("button", { type: "button", class: "primary", onclick: () => (location.hash = `#/play/${after(address)}`) }, "Next problem"),
        el("button", { type: "button", onclick: () => dispatchEvent(new HashChangeEvent("hashchange")) }, "Try again"),
        el("button", { type: "button", onclick: async () => {
          const told = await post("oracle", { address });
          put(shown, el("h3", {}, "The oracle’s answer"), el("ol", { class: "turns" }, told.replies.map((each) => el("li", {}, el("code", {}, each)))));
        } }, "Oracle"),
      ),
      shown,
      saved,
    );
    saved.textContent = `Save ${kept().length} ${kept().length === 1 ? "reply" : "replies"} as JSONL`;
    end.focus({ preventScroll: true });
    end.scrollIntoView({ block: "nearest" });
    say(`score ${now.verdict.value}, ${now.verdict.reason}`);
  }

  place.append(
    el("p", { class: "crumbs" }, el("a", { href: "#/" }, "Gallery"), " / ", el("a", { href: `#/at/${address}` }, address)),
    el("div", { class: "headline" }, el("h1", {}, now.title),
      now.level === null ? el("span", { class: "tag" }, "own knobs") : el("span", { class: "tag" }, `level ${now.level}${family ? ` of ${family.levels.length - 1}` : ""}`), turn),
    el("div", { class: "split playing" }, el("div", { class: "left" }, stage), el("aside", { class: "panel", "aria-label": "Your answer" }, tool, form, note, end, pastBox)),
  );
  draw();
  return () => leave();
}

const after = (address) => address.replace(/\d+$/, (index) => String(BigInt(index) + 1n));

async function pick(place) {
  const { families: all } = await families();
  let family = all[0];
  const levels = el("div");
  let level = family.sample;
  const draw = () => {
    level = Math.min(level, family.levels.length - 1);
    put(levels, field("Level", choose(family.levels.map((_, at) => [at, `${at} of ${family.levels.length - 1}`]), level, (value) => (level = Number(value)))));
  };
  draw();
  place.append(
    el("h1", {}, "Play"),
    el("p", { class: "lead" }, "Answer as a model would, with the tool for it or in writing, and see what the checker says."),
    el("form", { class: "card-like pick", onsubmit: (event) => {
      event.preventDefault();
      const index = crypto.getRandomValues(new Uint32Array(1))[0];
      location.hash = `#/play/${family.name}@${family.version}/L${level}/train/s0/${index}`;
    } },
      field("Task", choose(all.map((each) => [each.name, each.title]), family.name, (name) => {
        family = all.find((each) => each.name === name);
        level = family.sample;
        draw();
      })),
      levels,
      el("button", { type: "submit", class: "primary" }, "Give me a problem"),
    ),
  );
}
