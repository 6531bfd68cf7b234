// Actions on a drawn screen: clicks, drags, scrolling and typing where they belong; buttons for the others.

import { choose, el, field } from "../dom.js";
import { units } from "../prompt.js";

const LINE = /^\{(['"])action\1: (['"])(\w+)\2(.*)$/gm;
const POINT = /^the point to click, \[x, y\]/;
const KEYS = ["enter", "escape", "tab", "space", "backspace", "delete", "f5", "ctrl+c", "ctrl+v", "ctrl+x", "ctrl+z", "ctrl+s", "ctrl+f"];
const POINTED = ["click", "double_click", "long_press"];

export const screen = {
  title: "Act on the screen",
  suits: (prompt) => prompt.pictures.length === 1 && (POINT.test(prompt.form) || offered(prompt.text).length > 1),
  build(prompt, reply, game) {
    const bare = POINT.test(prompt.form);
    const actions = bare ? [{ name: "click", rest: "coordinate" }] : offered(prompt.text);
    const named = (kind) => actions.find((each) => each.name === kind || SAME[each.name] === kind);
    const listed = /^a list of one action/.test(prompt.form);
    const [picture] = prompt.pictures;
    const scale = units(prompt, picture);
    let mode = named("click") ? "click" : actions[0].name;
    let cross = [0.5, 0.5];
    let from = null;

    function act(kind, given = {}) {
      const made = { action: named(kind).name, ...given };
      const text = bare ? JSON.stringify(given.coordinate) : JSON.stringify(made);
      const answer = bare ? text.replaceAll(",", ", ") : spaced(text);
      if (game && now.checked) reply.send(listed ? `[${answer}]` : answer);
      else reply.set(listed ? `[${answer}]` : answer);
    }
    const whole = ([x, y]) => [Math.round(x * scale.across), Math.round(y * scale.down)];
    const dot = el("div", { class: "cross", hidden: true });
    const line = el("div", { class: "trail", hidden: true });
    const place = ([x, y]) => {
      cross = [x, y];
      dot.hidden = false;
      Object.assign(dot.style, { left: `${x * 100}%`, top: `${y * 100}%` });
    };
    const canvas = el("div", {
      class: "canvas screen", tabIndex: 0, role: "application", style: { maxWidth: `max(${picture.width}px, min(900px, ${picture.width * 1.4}px, ${(84 * picture.width) / picture.height}vh))` },
      "aria-label": "The screen: arrow keys move the cross, Enter acts there",
    }, el("img", { src: picture.image, width: picture.width, height: picture.height, alt: "", draggable: false }), line, dot);
    const point = (event) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      return [Math.min(0.9999, Math.max(0, (event.clientX - left) / width)), Math.min(0.9999, Math.max(0, (event.clientY - top) / height))];
    };
    canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      from = point(event);
      place(from);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (from && named("drag")) place(point(event));
    });
    canvas.addEventListener("pointerup", (event) => {
      if (!from) return;
      const to = point(event);
      const far = Math.hypot((to[0] - from[0]) * picture.width, (to[1] - from[1]) * picture.height) > 8;
      if (far && named("drag")) act("drag", { coordinate: whole(from), end: whole(to) });
      else {
        place(from);
        pointed();
      }
      from = null;
    });
    const pointed = () => act(POINTED.includes(mode) || bare ? mode : "click", { coordinate: whole(cross) });
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (event.key === "Enter") pointed();
      if (!step) return;
      event.preventDefault();
      const by = event.shiftKey ? 0.1 : 0.01;
      place([Math.min(0.99, Math.max(0, cross[0] + by * step[0])), Math.min(0.99, Math.max(0, cross[1] + by * step[1]))]);
    });
    canvas.addEventListener("wheel", (event) => {
      if (!named("scroll") || game) return;
      event.preventDefault();
      const down = Math.abs(event.deltaY) >= Math.abs(event.deltaX);
      act("scroll", { direction: down ? (event.deltaY > 0 ? "down" : "up") : event.deltaX > 0 ? "right" : "left" });
    }, { passive: false });

    const now = el("input", { type: "checkbox", checked: true, id: "act-now" });
    const modes = POINTED.filter((kind) => named(kind));
    const typed = el("input", { type: "text", autocomplete: "off" });
    const opened = el("input", { type: "text", autocomplete: "off" });
    const apps = prompt.text.match(/^.*\bApps: (.+?)\.$/m)?.[1].split(", ");
    let app = apps?.[0] ?? "";
    let key = "enter";
    const button = (text, work) => el("button", { type: "button", class: "small", onclick: work }, text);
    const title = (kind) => kind.replaceAll("_", " ");
    const panel = el("div", { class: "screening" },
      game ? el("label", { class: "tick" }, now, el("span", {}, "A click on the screen is a turn")) : null,
      modes.length > 1 ? el("div", { class: "segments", role: "group", "aria-label": "What a click means" }, modes.map((kind) =>
        el("button", { type: "button", "aria-pressed": String(kind === mode), onclick: (event) => {
          mode = kind;
          for (const each of event.target.parentElement.children) each.setAttribute("aria-pressed", String(each === event.target));
        } }, title(kind)))) : null,
      named("drag") ? el("p", { class: "hint" }, "Dragging on the screen drags.") : null,
      named("scroll") ? el("div", { class: "field" }, el("span", { class: "label" }, "Scroll to what is"), el("div", { class: "four" }, ["up", "down", "left", "right"].map((direction) => button({ up: "↑ up", down: "↓ down", left: "← left", right: "→ right" }[direction], () => act("scroll", { direction }))))) : null,
      named("type") ? el("div", { class: "line" }, field("Type", typed), button("Type", () => act("type", { text: typed.value }))) : null,
      named("key") ? el("div", { class: "line" }, field("Key", choose(KEYS, key, (value) => (key = value))), button("Press", () => act("key", { key }))) : null,
      named("open") ? el("div", { class: "line" }, field("App", apps ? choose(apps, app, (value) => (app = value)) : opened), button("Open", () => act("open", { [named("open").rest.includes("app_name") ? "app_name" : "app"]: apps ? app : opened.value }))) : null,
      el("div", { class: "four" }, ["back", "home", "wait", "complete"].filter((kind) => named(kind)).map((kind) => button(title(kind), () => act(kind)))),
    );
    return { picture: canvas, panel: bare ? el("p", { class: "hint" }, "Click the point. Arrow keys move a cross, Enter takes it.") : panel };
  },
};

const SAME = { input_text: "type", open_app: "open", navigate_back: "back", navigate_home: "home" };

const offered = (text) => [...text.matchAll(LINE)].map(([, , , name, rest]) => ({ name, rest }));

// JSON as the prompt writes it, with a blank after each colon and comma outside of texts.
function spaced(text) {
  return text.replace(/"(?:[^"\\]|\\.)*"|[:,]/g, (found) => (found === ":" || found === "," ? `${found} ` : found));
}
