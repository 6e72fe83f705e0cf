// One parallel branch on the screen: its name, status and figures above an answer of its own.

import { duration, speed } from "./format.js";
import { branchStatus } from "./head.js";
import { AnswerPane } from "./pane.js";
import { answer, element, figure, set, troubles } from "./parts.js";
import { drawTroubles } from "./troubles.js";

const FIGURES = ["ttft", "chunks", "speed"];

export class Column {
  constructor(name) {
    this.name = name;
    this.parts = {};
    this.labels = [troubles(this.parts), answer(this.parts)];
    this.root = element("article", "column");
    this.root.dataset.testid = "run-branch";
    this.root.dataset.branch = name;
    this.root.setAttribute("aria-label", name);
    this.root.append(this.head(), this.parts.frame);
    this.pane = new AnswerPane(this.parts);
  }

  head() {
    const head = element("div", "branch");
    this.parts.status = element("div", "status");
    this.parts.statusText = element("span", "word");
    this.parts.statusText.dataset.testid = "branch-status";
    this.parts.status.append(element("i", "mark"), element("b", "name", this.name), this.parts.statusText);
    const figures = element("dl", "figures");
    figures.append(...FIGURES.map((name) => figure(this.parts, name)));
    head.append(this.parts.status, figures);
    return head;
  }

  label(words) {
    this.pane.words = words;
    for (const give of this.labels) give(words);
    this.parts.box.setAttribute("aria-label", `${this.name}: ${words.answer}`);
    for (const name of FIGURES) {
      set(this.parts[`${name}Label`], words[name]);
      this.parts[`${name}Pair`].title = words[`${name}_help`];
    }
  }

  /** Draws status, figures and troubles; `index` is the item's whose branch it is. */
  draw({ words, run, index }) {
    const { parts } = this;
    const { item, replay } = this.pane;
    const shown = replay ? replay.figures() : item.figures();
    const [state, text] = branchStatus({ words, run, item, replay, shown });
    parts.status.dataset.state = state;
    set(parts.statusText, text);
    set(parts.ttft, duration(shown.ttft));
    set(parts.chunks, String(shown.chunks));
    set(parts.speed, speed(shown));
    drawTroubles({ parts, words, run, item, index, again: false });
  }
}
