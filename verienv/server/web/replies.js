// Files of replies: a list that can be filtered, and beside it a reply with its prompt and its verdict.

import { get, pictureUrl, upload } from "./api.js";
import { badge, choose, el, field, long, put, say, segments, share } from "./dom.js";
import { look as dressed } from "./prompt.js";
import { verdict } from "./verdict.js";

const PAGE = 50;

export async function show(place, file = "") {
  const wanted = { file: decodeURIComponent(file), start: 0, score: "", reason: "", setting: "", disagree: "" };
  let { files } = await get("replies");
  let timer;
  let gone = false;
  const list = el("ul", { class: "rows", "aria-label": "Replies" });
  const told = el("p", { class: "muted count", role: "status" });
  const detail = el("section", { class: "detail", "aria-label": "The reply", tabIndex: -1 });
  const filters = el("div", { class: "filters" });
  const pages = el("div", { class: "actions pages" });
  const open = el("input", { type: "file", accept: ".jsonl,.json,.txt", onchange: () => open.files[0] && hand(open.files[0]) });
  const picker = el("div", { class: "picker" });
  const body = el("div", { class: "split replies-split", hidden: true }, el("div", { class: "left" }, told, list, pages), detail);

  async function hand(given) {
    try {
      const { file: key } = await upload("replies", given);
      ({ files } = await get("replies"));
      choosing(key);
    } catch (error) {
      put(detail, el("p", { class: "note bad", role: "alert" }, error.message));
    }
  }
  function choosing(key) {
    wanted.file = key;
    Object.assign(wanted, { start: 0, score: "", reason: "", setting: "", disagree: "" });
    history.replaceState(null, "", `#/replies/${encodeURIComponent(key)}`);
    put(detail);
    delete detail.dataset.row;
    drawPicker();
    filters.replaceChildren();
    refresh();
  }
  function drawPicker() {
    const names = files.map((each) => [each.file, `${each.name} · ${size(each.bytes)}`]);
    put(picker,
      names.length ? field("File", choose([["", "choose …"], ...names], wanted.file, choosing)) : null,
      field("Open a file", open, names.length ? "" : "Or name files and folders: verienv view runs/ replies.jsonl"),
    );
  }

  async function refresh() {
    clearTimeout(timer);
    body.hidden = !wanted.file;
    if (!wanted.file) return;
    try {
      const page = await get("rows", Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== "")));
      if (gone) return;
      draw(page);
      if (!page.done) timer = setTimeout(refresh, 50);
    } catch (error) {
      put(list, el("li", {}, el("p", { class: "note bad", role: "alert" }, error.message)));
    }
  }

  const set = (name) => (value) => {
    wanted[name] = value;
    wanted.start = 0;
    refresh();
  };
  let known = "";
  function draw(page) {
    const state = JSON.stringify([Object.keys(page.settings), Object.keys(page.reasons), page.terms]);
    if (!filters.children.length || state !== known) {
      known = state;
      const counted = (given) => [["", "any"], ...Object.entries(given).map(([name, count]) => [name, `${name.replaceAll("_", " ")} (${count.toLocaleString("en")})`])];
      const scores = [["", "All"], ["right", "Right"], ["part", "In part"], ["wrong", "Wrong"], ["unreadable", "Unreadable"]];
      const apart = el("button", { type: "button", "aria-pressed": String(Boolean(wanted.disagree)), onclick: () => {
        set("disagree")(wanted.disagree ? "" : "first");
        apart.setAttribute("aria-pressed", String(Boolean(wanted.disagree)));
        known = "";
      } }, "Disagreements");
      put(filters,
        el("div", { class: "field" }, el("span", { class: "label" }, "Score"), segments("Score", scores, wanted.score, set("score"))),
        field("Reason", choose(counted(page.reasons), wanted.reason, set("reason"))),
        field("Level", choose(counted(page.settings), wanted.setting, set("setting"))),
        page.terms.length ? el("div", { class: "field" }, el("span", { class: "label" }, "Strict against published"), apart) : null,
        wanted.disagree ? field("Published scorer", choose([["first", "the family’s first"], ...page.terms], wanted.disagree, set("disagree"))) : null,
      );
    }
    const count = page.count.toLocaleString("en");
    told.textContent = `${count} of ${page.read.toLocaleString("en")} replies${page.mean === null ? "" : `, mean score ${page.mean.toFixed(3)}`}${page.done ? "" : " … reading on"}${page.bad ? `; ${page.bad} lines cannot be scored` : ""}`;
    told.title = page.told.join("\n");
    put(list, page.rows.map((row) => el("li", {}, el("button", { type: "button", data: { row: row.row }, "aria-pressed": String(row.row === shown), onclick: () => look(row.row) },
      badge(row.value),
      el("span", { class: "what" },
        el("span", { class: "head" }, el("b", {}, `${row.task} ${row.setting}`), el("span", {}, row.reason.replaceAll("_", " "))),
        el("span", { class: "mono" }, row.preview || "(empty)"),
        "published" in row && row.published !== null ? el("span", { class: "apart" }, `published ${share(row.published)}, strict ${share(row.value)}`) : null,
      ),
    ))));
    const turn = (by) => el("button", { type: "button", class: "small", disabled: by < 0 ? page.start === 0 : page.start + PAGE >= page.count, onclick: () => {
      wanted.start = Math.max(0, page.start + by);
      refresh();
    } }, by < 0 ? "‹ Before" : "After ›");
    put(pages, page.count > PAGE ? [turn(-PAGE), el("span", { class: "muted" }, `${page.start + 1}–${Math.min(page.count, page.start + PAGE)}`), turn(PAGE)] : []);
  }

  let shown = null;
  async function look(row) {
    shown = row;
    for (const button of list.querySelectorAll("button")) button.setAttribute("aria-pressed", String(Number(button.dataset.row) === row));
    try {
      const whole = await get("row", { file: wanted.file, row });
      if (shown !== row) return;
      detail.dataset.row = row;
      put(detail,
        el("div", { class: "stage" },
          el("p", { class: "crumbs" }, el("a", { href: `#/at/${whole.address}` }, whole.address)),
          whole.prompt.map((part) => ("text" in part ? el("pre", { class: dressed(part.text), tabIndex: 0 }, part.text) : el("img", { class: "shown", src: pictureUrl({ address: whole.address, n: part.picture }), width: part.width, height: part.height, alt: "A picture of the prompt" }))),
        ),
        el("div", { class: "card-like" },
          el("h2", {}, whole.replies.length > 1 ? `${whole.replies.length} replies` : "Reply"),
          whole.replies.length ? whole.replies.map((reply, at) => long(reply.text, reply.chars, async (start) => (await get("row", { file: wanted.file, row, reply: at, start })).text, { "aria-label": `Reply ${at + 1}` })) : el("p", { class: "muted" }, "This file holds verdicts alone."),
          verdict(whole.verdict, whole.published),
          el("dl", { class: "measures" }, Object.entries(whole.written).map(([name, value]) => [el("dt", {}, name), el("dd", {}, written(value))])),
        ),
      );
      say(`${whole.address}: score ${whole.verdict.value}`);
      if (matchMedia("(max-width: 900px)").matches) detail.scrollIntoView({ block: "start" });
    } catch (error) {
      put(detail, el("p", { class: "note bad", role: "alert" }, error.message));
    }
  }

  place.append(
    el("h1", {}, "Replies"),
    el("p", { class: "lead" }, "What models answered, beside what they were asked and what the checker says."),
    picker,
    filters,
    body,
  );
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) hand(event.dataTransfer.files[0]);
  });
  drawPicker();
  refresh();
  return () => {
    gone = true;
    clearTimeout(timer);
  };
}

function written(value) {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toPrecision(4);
  return (typeof value === "object" ? JSON.stringify(value) : String(value)).slice(0, 200);
}

function size(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let at = 0;
  while (bytes >= 1000 && at < 3) [bytes, at] = [bytes / 1000, at + 1];
  return `${at ? bytes.toFixed(1) : bytes} ${units[at]}`;
}
