const kept = "tare-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const remember = (theme) => { try { localStorage.setItem(kept, theme); } catch { /* not allowed */ } };
const remembered = () => { try { return localStorage.getItem(kept); } catch { return null; } };
const theme = () => document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light");
if (remembered()) document.documentElement.dataset.theme = remembered();

function offerTheme(button) {
  const other = () => (theme() === "dark" ? "light" : "dark");
  const name = () => { button.textContent = `${other()} page`; };
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = other();
    remember(theme());
    name();
  });
  system.addEventListener("change", name);
  name();
  button.hidden = false;
}

function order(place, down) {
  const key = (row) => row.cells[place].dataset.value;
  const text = (row) => row.cells[place].textContent.trim();
  return (one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a === undefined && b === undefined) {
      const found = text(one).localeCompare(text(other), "en", { numeric: true });
      return down ? -found : found;
    }
    if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
    if (a === b) return 0;
    return down === Number(a) < Number(b) ? 1 : -1;
  };
}

function offerSorting(table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const next = { ascending: "descending", descending: null };
  for (const heading of table.tHead.rows[0].cells) {
    heading.querySelector("button").addEventListener("click", () => {
      const now = heading.getAttribute("aria-sort");
      const way = now ? next[now] : "ascending";
      for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
      if (way) heading.setAttribute("aria-sort", way);
      body.append(...(way ? rows.toSorted(order(heading.cellIndex, way === "descending")) : rows));
    });
  }
}

function offerFilter(label) {
  const table = label.parentNode.querySelector("table");
  const many = label.querySelector("output");
  label.querySelector("input").addEventListener("input", ({ target }) => {
    const wanted = target.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    many.textContent = `${shown} of ${table.tBodies[0].rows.length}`;
  });
  label.hidden = false;
}

function reachByKeyboard() {
  for (const box of document.querySelectorAll(".scroll")) {
    box.toggleAttribute("tabindex", box.scrollWidth > box.clientWidth);
    if (box.hasAttribute("tabindex")) box.tabIndex = 0;
  }
}

addEventListener("DOMContentLoaded", () => {
  offerTheme(document.querySelector(".theme"));
  document.querySelectorAll("table").forEach(offerSorting);
  document.querySelectorAll(".filter").forEach(offerFilter);
  document.querySelectorAll("details").forEach((each) => each.addEventListener("toggle", reachByKeyboard));
  addEventListener("resize", reachByKeyboard);
  reachByKeyboard();
});
addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("details:not([open])")) {
    each.open = true;
    each.dataset.closed = "";
  }
});
addEventListener("afterprint", () => {
  for (const each of document.querySelectorAll("details[data-closed]")) {
    each.open = false;
    delete each.dataset.closed;
  }
});
