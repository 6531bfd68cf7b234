// The chosen theme, set before the first paint; without a choice the system's is taken.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    /* storage may be forbidden */
  }
})();
