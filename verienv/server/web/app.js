// Which page is shown, by what stands behind the # of the address.

import { el, put } from "./dom.js";

const PAGES = [
  [/^$/, "gallery", () => import("./gallery.js"), "show"],
  [/^task\/([a-z0-9_]+)$/, "gallery", () => import("./instance.js"), "showTask"],
  [/^at\/(.+)$/, "gallery", () => import("./instance.js"), "showAddress"],
  [/^play(?:\/(.+))?$/, "play", () => import("./play.js"), "show"],
  [/^replies(?:\/(.*))?$/, "replies", () => import("./replies.js"), "show"],
  [/^runs(?:\/(.*))?$/, "runs", () => import("./runs.js"), "show"],
];

const main = document.getElementById("main");
let leave = () => {};
let shown = 0;

async function route() {
  const where = location.hash.replace(/^#\/?/, "");
  if (where === "main") return;
  const found = PAGES.map((page) => [page, where.match(page[0])]).find(([, match]) => match);
  const mine = ++shown;
  leave();
  leave = () => {};
  const [, page, load, name] = found?.[0] ?? [];
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.page === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!found) {
    put(main, el("h1", {}, "There is no such page"), el("p", {}, el("a", { href: "#/" }, "To the gallery")));
    return;
  }
  try {
    const module = await load();
    if (mine !== shown) return;
    const place = el("div", { class: `page ${page}` });
    const left = await module[name](place, ...found[1].slice(1));
    if (mine !== shown) return left?.();
    leave = left ?? (() => {});
    put(main, place);
    scrollTo(0, 0);
    const head = place.querySelector("h1");
    document.title = head ? `${head.textContent} · verienv` : "verienv";
  } catch (error) {
    if (mine !== shown) return;
    put(main, el("h1", {}, "That did not work"), el("p", { class: "note bad", role: "alert" }, error.message));
  }
}

const button = document.getElementById("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
const paint = () => {
  button.textContent = isDark() ? "☀" : "☾";
  button.title = isDark() ? "Light" : "Dark";
};
button.addEventListener("click", () => {
  const chosen = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = chosen;
  try {
    localStorage.setItem("theme", chosen);
  } catch {
    /* it lasts as long as the page, then */
  }
  paint();
});
dark.addEventListener("change", paint);
paint();
addEventListener("hashchange", route);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
route();
