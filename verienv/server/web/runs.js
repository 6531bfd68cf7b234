// Runs over each other: training by step, evaluations by level; what is under way is read on every few seconds.

import { get } from "./api.js";
import { chart, COLOURS } from "./chart.js";
import { el, field, put } from "./dom.js";

const EVERY = 3000;
const PANELS = [
  ["Reward", ["reward", "eval/reward"]],
  ["Accuracy", ["accuracy", "eval/accuracy"]],
  ["Reply length", ["completions/mean_length"]],
  ["Entropy", ["entropy"]],
  ["Groups without spread", ["frac_reward_zero_std"]],
  ["Spread of reward", ["reward_std"]],
  ["Readable", ["readable", "eval/readable"]],
  ["Loss", ["loss"]],
  ["Gradient norm", ["grad_norm"]],
  ["KL", ["kl"]],
  ["Stage", ["stage"]],
];
const chosen = new Set();

export async function show(place) {
  const state = new Map(); // run → { rows, next, groups }
  let runs = [];
  let gone = false;
  let timer;
  const picker = el("div", { class: "runs-list" });
  const panels = el("div", { class: "panels" });
  const other = el("select", { onchange: () => {
    if (other.value) extra.add(other.value);
    draw();
  } });
  const extra = new Set();
  const smooth = el("input", { type: "range", min: 0, max: 0.95, step: 0.05, value: 0, oninput: () => draw() });

  const colour = (key) => COLOURS[Math.max(0, runs.findIndex((each) => each.key === key)) % COLOURS.length];

  async function look() {
    clearTimeout(timer);
    try {
      const found = (await get("runs")).runs.map((each) => ({ ...each, key: `${each.kind} ${each.run}` }));
      if (gone) return;
      if (JSON.stringify(found.map((each) => each.key)) !== JSON.stringify(runs.map((each) => each.key))) {
        runs = found;
        if (!chosen.size || !runs.some((each) => chosen.has(each.key))) runs.slice(0, 3).forEach((each) => chosen.add(each.key));
        drawPicker();
      }
      runs = found;
      await Promise.all(runs.filter((each) => chosen.has(each.key)).map(read));
      if (!gone) draw();
    } catch (error) {
      put(panels, el("p", { class: "note bad", role: "alert" }, error.message));
    }
    if (!gone) timer = setTimeout(look, EVERY);
  }
  async function read(run) {
    const held = state.get(run.key) ?? { rows: [], next: 0, groups: [], written: 0 };
    state.set(run.key, held);
    if (run.kind === "evaluation") {
      if (held.written !== run.written) held.groups = (await get("run", { run: run.run, kind: run.kind })).groups;
      held.written = run.written;
      return;
    }
    let more = true;
    while (more && !gone) {
      const told = await get("run", { run: run.run, after: held.next });
      if (told.anew) held.rows = [];
      held.rows.push(...told.rows);
      held.next = told.next;
      more = told.more;
    }
  }

  function drawPicker() {
    if (!runs.length) {
      put(picker, el("p", { class: "note" }, "No run was found. Name folders that hold some: verienv view runs/"));
      return;
    }
    put(picker, runs.map((run) => {
      const box = el("input", { type: "checkbox", checked: chosen.has(run.key), onchange: () => {
        if (box.checked) chosen.add(run.key);
        else chosen.delete(run.key);
        look();
      } });
      return el("label", { class: "run" }, box, el("span", { class: "swatch", style: { background: colour(run.key) } }), el("span", {}, run.run), el("span", { class: "muted" }, [run.kind, run.recipe].filter(Boolean).join(" · ")));
    }));
  }

  let last = "";
  function draw() {
    const shown = runs.filter((each) => chosen.has(each.key));
    const now = JSON.stringify([shown.map((each) => [each.key, state.get(each.key)?.next, state.get(each.key)?.written]), [...extra], smooth.value]);
    if (now === last) return;
    last = now;
    const training = shown.filter((each) => each.kind === "training");
    const names = new Set(training.flatMap((each) => state.get(each.key).rows.slice(-200).flatMap(Object.keys)));
    const series = (name, dash) => training.map((run) => ({
      name: name.startsWith("eval/") ? `${run.run}, held out` : run.run,
      colour: colour(run.key),
      dash: dash || name.startsWith("eval/"),
      points: smoothed(state.get(run.key).rows.filter((row) => name in row).map((row) => [row.step, row[name]])),
    })).filter((each) => each.points.length);
    const made = [];
    for (const [title, metrics] of PANELS) {
      const lines = metrics.flatMap((name) => series(name));
      if (lines.some((line) => line.points.some(([, value]) => value !== lines[0].points[0][1])) || (lines.length && title === "Reward")) made.push(chart(title, lines, { across: "step" }));
    }
    const terms = [...names].filter((name) => /^rewards\/.+\/mean$/.test(name)).sort();
    if (terms.length > 1) for (const name of terms) made.push(chart(`Term ${name.slice(8, -5)}`, series(name), { across: "step" }));
    const levels = [...names].filter((name) => /^accuracy\//.test(name)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    if (levels.length > 1) for (const name of levels.slice(0, 24)) made.push(chart(`Accuracy, ${name.slice(9)}`, [...series(name), ...series(`eval/${name}`)], { across: "step", low: 0, high: 1 }));
    for (const name of extra) made.push(chart(name, series(name), { across: "step" }));
    made.push(...evaluations(shown.filter((each) => each.kind === "evaluation")));
    const rest = [...names].filter((name) => name !== "step" && !extra.has(name)).sort();
    put(other, el("option", { value: "" }, "choose …"), rest.map((name) => el("option", { value: name }, name)));
    controls.hidden = !training.length;
    put(panels, made);
  }
  function evaluations(shown) {
    const tasks = [...new Set(shown.flatMap((each) => state.get(each.key).groups.map((group) => group.task)))];
    return tasks.map((task) => {
      const groups = shown.flatMap((each) => state.get(each.key).groups.filter((group) => group.task === task));
      const settings = [...new Set(groups.map((group) => group.setting))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
      const line = (run, of) => state.get(run.key).groups.filter((group) => group.task === task && of(group) !== null).map((group) => [settings.indexOf(group.setting), of(group)]).sort((a, b) => a[0] - b[0]);
      const lines = shown.map((run) => ({ name: run.run, colour: colour(run.key), dots: true, points: line(run, (group) => group.value) }));
      if (shown.length) lines.push({ name: "best blind player", colour: "var(--edge)", dash: true, points: line(shown[0], (group) => group.floor) });
      return chart(`${task}: score by level`, lines.filter((each) => each.points.length), { across: "level", labels: settings, low: 0, high: 1 });
    });
  }
  function smoothed(points) {
    const keep = Number(smooth.value);
    if (!keep) return points;
    let held = points[0]?.[1];
    return points.map(([step, value]) => [step, (held = keep * held + (1 - keep) * value)]);
  }

  const controls = el("div", { class: "filters", hidden: true }, field("Smooth", smooth), field("Another metric", other));
  place.append(
    el("h1", {}, "Runs"),
    el("p", { class: "lead" }, "Training and evaluation, over each other. What is still being written is followed."),
    picker,
    controls,
    panels,
  );
  await look();
  return () => {
    gone = true;
    clearTimeout(timer);
  };
}
