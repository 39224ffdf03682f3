for (const heading of document.querySelectorAll("th")) {
  heading.querySelector("button").addEventListener("click", () => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    const body = heading.closest("table").tBodies[0];
    const place = heading.cellIndex;
    const key = (row) => row.cells[place].dataset.value;
    const order = (one, other) => {
      const [a, b] = [key(one), key(other)];
      if (a !== undefined && b !== undefined) return a - b;
      if (a !== undefined || b !== undefined) return a === undefined ? 1 : -1;
      return one.cells[place].textContent.localeCompare(other.cells[place].textContent);
    };
    const rows = [...body.rows].sort((one, other) => (down ? order(other, one) : order(one, other)));
    for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...rows);
  });
}
