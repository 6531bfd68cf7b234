// Every family as a card with a problem of it; filters that hold for all of them.

import { families, get, pictureUrl } from "./api.js";
import { choose, el, field, put, segments } from "./dom.js";

const kept = { text: "", modality: "all", tag: "", difficulty: "sample" };

export async function show(place) {
  const { families: all, broken } = await families();
  const grid = el("ul", { class: "cards" });
  const told = el("p", { class: "muted count", role: "status" });
  const tags = [...new Set(all.flatMap((each) => each.tags))].sort();
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((each) => each.isIntersecting)) {
        seen.unobserve(entry.target);
        glance(entry.target);
      }
    },
    { rootMargin: "300px" },
  );

  const draw = () => {
    const wanted = all.filter(matches);
    seen.disconnect();
    put(grid, wanted.map((family) => card(family, seen)));
    const levels = wanted.reduce((sum, each) => sum + each.levels.length, 0);
    told.textContent = `${wanted.length} ${wanted.length === 1 ? "family" : "families"}, ${levels} levels`;
  };
  const search = el("input", {
    type: "search",
    value: kept.text,
    placeholder: "title, tag, word …",
    oninput: () => {
      kept.text = search.value;
      draw();
    },
  });
  const set = (name) => (value) => {
    kept[name] = value;
    draw();
  };
  const kinds = [["all", "All"], ["pictures", "Pictures"], ["text", "Text"], ["game", "Several turns"]];
  const hard = [["sample", "Typical"], ["easy", "Easy"], ["middle", "Middling"], ["hard", "Hard"]];
  place.append(
    el("h1", {}, "Tasks"),
    el("p", { class: "lead" }, "Each picture is a real problem, drawn when you look at it. Open a family to turn its knobs, or to play."),
    el(
      "div",
      { class: "filters" },
      field("Search", search),
      field("Tag", choose([["", "any"], ...tags.map((tag) => [tag, tag])], kept.tag, set("tag"))),
      el("div", { class: "field" }, el("span", { class: "label" }, "Kind"), segments("Kind", kinds, kept.modality, set("modality"))),
      el("div", { class: "field" }, el("span", { class: "label" }, "Difficulty"), segments("Difficulty", hard, kept.difficulty, set("difficulty"))),
    ),
    told,
    grid,
  );
  for (const [name, why] of Object.entries(broken)) place.append(el("p", { class: "note bad" }, `${name}: ${why}`));
  draw();
  return () => seen.disconnect();
}

function matches(family) {
  const words = `${family.name} ${family.title} ${family.summary} ${family.tags.join(" ")}`.toLowerCase();
  if (!kept.text.toLowerCase().split(/\s+/).every((word) => words.includes(word))) return false;
  if (kept.tag && !family.tags.includes(kept.tag)) return false;
  return kept.modality === "all" || (kept.modality === "game" ? family.game : family.modality === kept.modality);
}

export function levelFor(family, difficulty) {
  const last = family.levels.length - 1;
  const parts = { easy: 0.15, middle: 0.5, hard: 0.85 };
  return difficulty in parts ? Math.round(parts[difficulty] * last) : family.sample;
}

function card(family, seen) {
  const level = levelFor(family, kept.difficulty);
  const view = el("div", { class: "glance", data: { task: family.name, level } });
  seen.observe(view);
  return el(
    "li",
    {},
    el(
      "a",
      { class: "card", href: `#/at/${family.name}@${family.version}/L${level}/train/s0/0` },
      view,
      el(
        "div",
        { class: "told" },
        el("h2", {}, family.title),
        el("p", {}, family.summary),
        el(
          "p",
          { class: "tags" },
          el("span", { class: "tag strong" }, `level ${level} of ${family.levels.length - 1}`),
          family.tags.map((tag) => el("span", { class: "tag" }, tag)),
        ),
      ),
    ),
  );
}

// The first picture of a problem, or where it has none the beginning of what it says.
export async function glance(view, wanted = { task: view.dataset.task, level: view.dataset.level }, width = 640) {
  try {
    const told = await get("instance", wanted);
    const pictures = told.prompt.filter((part) => "picture" in part);
    if (pictures.length) {
      put(view, pictures.slice(0, 2).map((part) => el("img", {
        alt: "", loading: "lazy", width: part.width, height: part.height,
        src: pictureUrl({ address: told.address, n: part.picture, width }),
      })));
      view.classList.add(pictures.length > 1 ? "two" : "one");
      if (pictures[0].height > pictures[0].width) view.classList.add("tall");
    } else {
      put(view, el("div", { class: "words" }, heart(told.prompt.map((part) => part.text).join("\n\n"))));
    }
  } catch (error) {
    put(view, el("p", { class: "muted" }, error.message));
  }
  view.classList.add("ready");
}

// A prompt without the paragraph that explains the rules, where there is enough besides.
function heart(text) {
  const blocks = text.split(/\n\n+/);
  const rest = blocks.slice(1).join("\n\n");
  return rest.length > 120 ? rest : text;
}
