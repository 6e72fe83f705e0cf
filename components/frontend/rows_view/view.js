// A batch on the screen: its progress, and a row an input that fills as the answer comes. Only what is in view is drawn.

import { close, open } from "../live/runs.js";
import { inputsOf } from "./inputs.js";
import { List } from "./list.js";
import { Progress } from "./progress.js";
import { set } from "../run_view/parts.js";
import { drawRow, newRow, statusOf } from "./row.js";

const DRAW_MS = 120;

const views = new WeakMap();

/** Shows the batch `component.data.run` in the component's root, or brings what is shown there up to date. */
export function show(component) {
  const root = component.parentElement;
  if (!views.has(root)) views.set(root, new RowsView(root));
  views.get(root).update(component);
}

export function leave(root) {
  views.get(root)?.leave();
  views.delete(root);
}

class RowsView {
  constructor(root) {
    this.root = document.createElement("section");
    this.root.className = "rows-view";
    this.root.dataset.testid = "rows-view";
    this.run = null;
    this.inputs = [];
    this.wanted = "all";
    this.timer = 0;
    this.drawnAt = 0;
    this.progress = new Progress((which) => this.filter(which));
    this.list = new List({
      make: newRow,
      draw: (row, position, open) => this.drawRow(row, position, open),
      chosen: (position) => this.choose(position),
    });
    this.nothing = document.createElement("p");
    this.nothing.className = "nothing";
    this.root.append(this.progress.root, this.list.root, this.nothing);
    root.append(this.root);
    this.news = () => this.soon();
  }

  update({ data, setStateValue }) {
    this.data = data;
    this.words = data.words;
    this.report = setStateValue;
    this.root.style.setProperty("--frame-height", `${data.height}px`);
    this.progress.label(this.words);
    this.list.label(this.words.rows);
    set(this.nothing, this.words.nothing);
    if (this.run?.id !== data.run) this.follow(data.run);
    else this.draw();
  }

  follow(id) {
    this.forget();
    this.run = open(id, this.data.items);
    this.run.listeners.add(this.news);
    this.wanted = "all";
    this.list.open = null;
    this.inputs = [];
    inputsOf(id).then((inputs) => {
      if (this.run?.id !== id) return;
      this.inputs = inputs;
      this.draw();
    });
    this.draw();
  }

  forget() {
    if (!this.run) return;
    this.run.listeners.delete(this.news);
    close(this.run);
    this.run = null;
  }

  leave() {
    this.forget();
    clearTimeout(this.timer);
    this.list.leave();
  }

  /** News come faster than anybody reads a table: it is drawn some times a second. */
  soon() {
    if (this.timer) return;
    const wait = this.run?.ended ? 0 : Math.max(0, DRAW_MS - (performance.now() - this.drawnAt));
    this.timer = setTimeout(() => this.draw(), wait);
  }

  draw() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.run) return;
    this.drawnAt = performance.now();
    this.progress.draw(this.run, this.words, this.wanted);
    this.shown = this.rowsShown();
    this.nothing.hidden = this.shown === null || this.shown.length > 0;
    this.list.draw(this.shown?.length ?? this.run.count);
    // Until the end the time goes on also where nothing comes.
    if (!this.run.ended && this.run.started) this.timer = setTimeout(() => this.draw(), 1000);
  }

  /** The numbers of the rows that the filter lets through; null for all of them. */
  rowsShown() {
    if (this.wanted === "all") return null;
    const shown = [];
    for (let index = 0; index < this.run.count; index++) {
      if (kindOf(statusOf(this.run, index)) === this.wanted) shown.push(index);
    }
    return shown;
  }

  drawRow(row, position, isOpen) {
    const index = this.shown ? this.shown[position] : position;
    drawRow(row, { run: this.run, index, input: this.inputs[index], words: this.words, isOpen });
  }

  filter(which) {
    this.wanted = which;
    this.list.open = null;
    this.draw();
  }

  choose(position) {
    if (position === null) return;
    const index = this.shown ? this.shown[position] : position;
    this.report("item", { run: this.run.id, item: index });
  }
}

function kindOf(status) {
  return status === "done" || status === "failed" ? status : "open";
}
