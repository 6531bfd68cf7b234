// Elements, made without markup: every text goes in as text.

export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  fill(made, given);
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function svg(tag, given = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  made.append(...children.flat(Infinity).filter(Boolean));
  return made;
}

function fill(made, given) {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") made.className = value;
    else if (name === "style") Object.assign(made.style, value);
    else if (name === "vars") for (const [key, each] of Object.entries(value)) made.style.setProperty(key, each);
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name in made && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
}

export const put = (place, ...children) => place.replaceChildren(...children.flat(Infinity).filter(Boolean));

let count = 0;
export const unique = (stem) => `${stem}-${++count}`;

export function field(label, input, hint) {
  const id = input.id || unique("field");
  input.id = id;
  const told = hint ? el("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  if (told) input.setAttribute("aria-describedby", told.id);
  return el("div", { class: "field" }, el("label", { htmlFor: id }, label), input, told);
}

export function choose(options, value, onchange, given = {}) {
  const made = el("select", { ...given, onchange: () => onchange(made.value) });
  for (const each of options) {
    const [key, label] = Array.isArray(each) ? each : [each, each];
    made.append(el("option", { value: key, selected: String(key) === String(value) }, label));
  }
  return made;
}

export function segments(label, options, value, onchange) {
  const buttons = options.map(([key, text]) =>
    el("button", { type: "button", "aria-pressed": String(key === value), onclick: () => pick(key) }, text),
  );
  function pick(key) {
    options.forEach(([each], at) => buttons[at].setAttribute("aria-pressed", String(each === key)));
    onchange(key);
  }
  return el("div", { class: "segments", role: "group", "aria-label": label }, buttons);
}

// A score between 0 and 1 as people write it.
export const share = (value) => (value === 1 ? "1" : value === 0 ? "0" : value.toFixed(3).replace(/0+$/, ""));

export const grade = (value) => (value === 1 ? "good" : value > 0 ? "fair" : "bad");

export function badge(value) {
  return el("span", { class: `badge ${grade(value)}` }, share(value));
}

let live;
export function say(text) {
  live ??= document.body.appendChild(el("p", { class: "unseen", role: "status" }));
  live.textContent = text;
}

// A long text, shown in pieces: the first, and another for each press of a button.
export function long(text, total, more, given = {}) {
  const shown = el("pre", { class: "reply", tabIndex: 0, ...given });
  shown.append(document.createTextNode(text));
  let seen = text.length;
  const button = el("button", { type: "button", class: "small" });
  const told = () => {
    button.textContent = `Show more (${(total - seen).toLocaleString("en")} characters are left)`;
    button.hidden = seen >= total;
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    const next = await more(seen);
    shown.append(document.createTextNode(next));
    seen = next.length ? seen + next.length : total;
    button.disabled = false;
    told();
  });
  told();
  return el("div", { class: "long" }, shown, button);
}
