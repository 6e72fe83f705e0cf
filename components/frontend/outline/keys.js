// The tree without a mouse. The keys are those of a tree grid; with Alt the arrows move the section itself.

import { rename } from "./rename.js";

export function listenForKeys(view) {
  view.tree.addEventListener("keydown", (event) => {
    const row = event.target.closest?.(".row");
    if (!row || event.target !== row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const press = event.altKey ? MOVES[event.key] : PLAIN[event.key];
    if (!press) return;
    press(view, row);
    event.preventDefault();
    event.stopPropagation();
  });
}

const MOVES = {
  ArrowUp: (view, row) => view.step(row, -1),
  ArrowDown: (view, row) => view.step(row, 1),
};

const PLAIN = {
  ArrowUp: (view, row) => go(view, row, -1),
  ArrowDown: (view, row) => go(view, row, 1),
  Home: (view) => view.rows()[0].focus(),
  End: (view) => view.rows().at(-1).focus(),
  ArrowRight: (view, row) => view.fold(row, false),
  ArrowLeft: (view, row) => (row.getAttribute("aria-expanded") === "true" ? view.fold(row, true) : up(view, row)),
  " ": (view, row) => view.toggle(row),
  Enter: rename,
  F2: rename,
};

function go(view, row, by) {
  const rows = view.rows();
  rows[rows.indexOf(row) + by]?.focus();
}

/** To the section that this one is part of. */
function up(view, row) {
  const { message, part } = row.place;
  const rows = view.rows();
  const above = rows.slice(0, rows.indexOf(row)).reverse();
  above.find(({ place }) => place.message === message && place.part.level && place.part.level < part.level)?.focus();
}
