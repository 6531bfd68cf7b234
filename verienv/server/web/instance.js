// One family: a problem of it, its levels and knobs, where it lives, and on request what answers it.

import { families, get, newest, pictureUrl, post } from "./api.js";
import { badge, choose, el, field, put, say, share } from "./dom.js";
import { glance } from "./gallery.js";
import { look } from "./prompt.js";
import { verdict } from "./verdict.js";

export async function showTask(place, name) {
  const family = (await families()).families.find((each) => each.name === name);
  if (!family) throw new Error(`there is no family ${name}`);
  location.replace(`#/at/${family.name}@${family.version}/L${family.sample}/train/s0/0`);
}

export async function showAddress(place, address) {
  const name = address.split("@")[0];
  const family = (await families()).families.find((each) => each.name === name);
  if (!family) throw new Error(`there is no family ${name.slice(0, 60)}`);
  let now = await get("instance", { address });
  const newer = newest();
  const stage = el("section", { class: "stage", "aria-label": "The problem" });
  const note = el("p", { class: "note bad", role: "alert", hidden: true });
  const levels = el("ol", { class: "levels" });
  const knobs = el("div", { class: "knobs" });
  const facts = el("div", { class: "facts" });
  const answers = el("div", { class: "answers" });

  async function turn(wanted) {
    stage.classList.add("busy");
    try {
      const told = await newer((signal) => get("instance", wanted, signal));
      if (!told) return;
      now = told;
      note.hidden = true;
      history.replaceState(null, "", `#/at/${now.address}`);
      draw();
      say(`drawn: ${now.address}`);
    } catch (error) {
      note.textContent = error.message;
      note.hidden = false;
    }
    stage.classList.remove("busy");
  }

  const spelt = () => family.knobs.map((knob) => `${knob.name}=${write(knob, now.knobs[knob.name])}`).join(",");
  const same = () => ({ task: family.name, knobs: spelt(), seed: now.seed, split: now.split });

  function draw() {
    put(stage, now.prompt.map(part));
    put(answers);
    for (const item of levels.children) {
      const button = item.firstElementChild;
      button.setAttribute("aria-pressed", String(Number(button.dataset.level) === now.level));
    }
    sync();
    link.value = now.address;
    put(facts, measures(now.measures));
  }

  const link = el("input", { readOnly: true, class: "address", spellcheck: false });
  const copy = el("button", { type: "button", class: "small", onclick: async () => {
    await navigator.clipboard.writeText(location.href).catch(() => link.select());
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy link"), 1500);
  } }, "Copy link");
  const where = el("div", { class: "where" }, field("Address", link), copy);

  for (const at of family.levels.keys()) {
    const view = el("span", { class: "glance mini", "aria-hidden": "true" });
    const button = el("button", {
      type: "button", data: { level: at }, "aria-label": `Level ${at}`,
      onclick: () => turn({ task: family.name, level: at, seed: now.seed, split: now.split }),
    }, view, el("span", {}, String(at)));
    levels.append(el("li", {}, button));
  }
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      seen.unobserve(entry.target);
      glance(entry.target.firstElementChild, { task: family.name, level: entry.target.dataset.level }, 160);
    }
  }, { rootMargin: "100px" });
  for (const item of levels.children) seen.observe(item.firstElementChild);

  const controls = family.knobs.map((knob) => control(knob, () => now.knobs[knob.name], (value) => {
    now.knobs[knob.name] = value;
    turn({ ...same(), index: now.index });
  }));
  const sync = () => controls.forEach((each) => each.sync());
  put(knobs, controls.map((each) => each.made));

  const index = el("input", { type: "number", min: 0, max: 10 ** 15, value: now.index, onchange: () => jump(Number(index.value)) });
  const jump = (to) => {
    index.value = Math.max(0, to);
    turn({ ...same(), index: index.value });
  };
  const stepper = el("div", { class: "stepper" },
    el("button", { type: "button", "aria-label": "The problem before", onclick: () => jump(now.index - 1) }, "‹"),
    field("Problem", index),
    el("button", { type: "button", "aria-label": "The next problem", onclick: () => jump(now.index + 1) }, "›"),
    field("Split", choose(["train", "validation", "test"], now.split, (split) => {
      now.split = split;
      jump(now.index);
    })),
  );
  place.append(
    el("p", { class: "crumbs" }, el("a", { href: "#/" }, "Gallery"), " / ", family.name),
    el("h1", {}, family.title),
    el("p", { class: "lead" }, family.summary),
    el("p", { class: "tags" }, family.tags.map((tag) => el("span", { class: "tag" }, tag))),
    el("h2", { class: "unseen" }, "Levels"),
    levels,
    el("div", { class: "split" },
      el("div", { class: "left" }, note, stage, answers),
      el("aside", { class: "panel", "aria-label": "What is drawn" },
        el("div", { class: "actions" },
          el("button", { type: "button", class: "primary", onclick: () => (location.hash = `#/play/${now.address}`) }, "Play"),
          el("button", { type: "button", onclick: (event) => ask(event.target, oracle) }, "Oracle"),
          el("button", { type: "button", onclick: (event) => ask(event.target, blind) }, "Blind floor"),
        ),
        stepper,
        where,
        el("h2", {}, "Knobs"),
        knobs,
        el("h2", {}, "Measures"),
        facts,
      ),
    ),
  );

  async function ask(button, work) {
    button.disabled = true;
    try {
      put(answers, await work(now.address));
    } catch (error) {
      put(answers, el("p", { class: "note bad", role: "alert" }, error.message));
    }
    button.disabled = false;
    answers.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
  draw();
  return () => seen.disconnect();

  function part(each) {
    if ("text" in each) return el("pre", { class: look(each.text), tabIndex: 0 }, each.text);
    return el("img", {
      class: "shown", src: pictureUrl({ address: now.address, n: each.picture }),
      width: each.width, height: each.height, alt: `Picture ${each.picture + 1} of the prompt`,
    });
  }
}

function measures(given) {
  const rows = Object.entries(given).filter(([, value]) => value !== null && value !== "");
  if (!rows.length) return null;
  const shown = (value) => (typeof value === "number" && !Number.isInteger(value) ? value.toFixed(3) : String(value));
  return el("dl", { class: "measures" }, rows.map(([name, value]) => [el("dt", {}, name.replaceAll("_", " ")), el("dd", {}, shown(value))]));
}

function write(knob, value) {
  if (knob.type === "float") return Number.isInteger(value) ? `${value}.0` : String(value);
  return knob.type === "str" ? encodeURIComponent(value) : String(value);
}

// A slider for a number, a box to tick, a list of choices, or a line for any other text.
function control(knob, get, set) {
  let input, sync;
  const name = knob.name.replaceAll("_", " ");
  const out = el("output", { class: "value" });
  if (knob.type === "bool") {
    input = el("input", { type: "checkbox", role: "switch", onchange: () => set(input.checked) });
    sync = () => (input.checked = get());
  } else if (knob.choices.length) {
    input = choose(knob.choices, get(), set);
    sync = () => (input.value = get());
  } else if (knob.type === "str") {
    input = el("input", { type: "text", onchange: () => set(input.value) });
    sync = () => (input.value = get());
  } else {
    const whole = knob.type === "int";
    const scale = scaled(knob, whole);
    let timer;
    input = el("input", {
      type: "range", min: 0, max: scale.steps, step: 1,
      oninput: () => {
        out.textContent = scale.value(Number(input.value));
        input.setAttribute("aria-valuetext", out.textContent);
        clearTimeout(timer);
        timer = setTimeout(() => set(scale.value(Number(input.value))), 60);
      },
    });
    sync = () => {
      input.value = scale.place(get());
      out.textContent = get();
      input.setAttribute("aria-valuetext", String(get()));
    };
  }
  sync();
  const made = field(name, input, knob.doc);
  made.classList.add("knob", knob.type);
  made.prepend(el("div", { class: "head" }, made.firstElementChild, out));
  return { made, sync };
}

// Where the greatest value is far above the least, steps grow with the value, so that small ones can be met.
function scaled(knob, whole) {
  const { low, high } = knob;
  if (!whole) {
    const steps = 100;
    return { steps, value: (at) => Number((low + ((high - low) * at) / steps).toFixed(3)), place: (value) => Math.round(((value - low) / (high - low)) * steps) };
  }
  if (high - low <= 120) return { steps: high - low, value: (at) => low + at, place: (value) => value - low };
  const steps = 120;
  const bend = Math.log(high - low + 1);
  return {
    steps,
    value: (at) => low + Math.round(Math.exp((bend * at) / steps) - 1),
    place: (value) => Math.round((Math.log(value - low + 1) / bend) * steps),
  };
}

async function oracle(address) {
  const told = await post("oracle", { address });
  return el("section", { class: "card-like" },
    el("h2", {}, "The oracle’s answer"),
    told.replies.length > 1 ? el("ol", { class: "turns" }, told.replies.map((reply) => el("li", {}, el("code", {}, reply)))) : el("pre", { class: "reply" }, told.replies[0]),
    verdict(told.verdict),
  );
}

async function blind(address) {
  const told = await post("blind", { address });
  const best = told.players[0];
  return el("section", { class: "card-like" },
    el("h2", {}, "What guessing earns"),
    el("p", {}, best.mean > 0 ? ["The floor is ", el("b", {}, share(best.mean)), `: the best blind player here is “${best.name}”.`] : "No blind player earns anything.",
      ` Means over ${told.problems} problems of this setting.`),
    el("div", { class: "wide", tabIndex: 0, role: "region", "aria-label": "Blind players" }, el("table", {},
      el("thead", {}, el("tr", {}, ["player", "mean", "here", "its reply here"].map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, told.players.map((each) => el("tr", {},
        el("th", { scope: "row" }, each.name),
        el("td", {}, el("span", { class: "bar", vars: { "--share": each.mean } }), share(each.mean)),
        el("td", {}, badge(each.here)),
        el("td", { class: "mono" }, each.reply || "(nothing)"),
      ))),
    )),
    told.note ? el("p", { class: "hint" }, told.note) : null,
  );
}
