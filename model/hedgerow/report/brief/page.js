"use strict";
const told = document.getElementById("told");
function compare(a, b) {
  const x = Number(a), y = Number(b);
  if (a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a.localeCompare(b, "en");
}
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, place) => head.firstChild.addEventListener("click", () => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = Array.from(table.tBodies[0].rows);
    rows.sort((a, b) => (up ? 1 : -1) * compare(a.cells[place].dataset.sort, b.cells[place].dataset.sort));
    table.tBodies[0].append(...rows);
    told.textContent = `Sorted by ${head.textContent}, ${up ? "ascending" : "descending"}`;
  }));
}
for (const link of document.querySelectorAll("a.svg")) {
  const figure = link.closest("figure");
  const image = figure.querySelector("img");
  link.href = image ? image.src
    : "data:image/svg+xml;charset=utf-8," + encodeURIComponent(figure.querySelector("svg").outerHTML);
  link.hidden = false;
}
