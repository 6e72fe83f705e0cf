import { Backdrop } from "./backdrop.js";
import { offer } from "./completion.js";
import { difference } from "./difference.js";
import { blocks } from "./lines.js";
import { Popup } from "./popup.js";
import { tip } from "./tip.js";
import { pieces } from "./tokens.js";
import { Undo } from "./undo.js";
import { held, verdict } from "./verdict.js";

const PAUSE_MS = 300;
let fields = 0;

/**
 * One field. What is typed goes to Python when the keys have rested for PAUSE_MS, when the focus leaves, and when something
 * is pressed. Python's text comes in when its revision is new here, so that what is typed meanwhile stays.
 */
export class Field {
  constructor(root) {
    fields += 1;
    const page = root.ownerDocument;
    const id = `template-editor-${fields}`;
    this.page = page;
    this.window = page.defaultView;
    root.replaceChildren();
    const [frame, colours, area, problems] = ["div", "div", "textarea", "ul"].map((tag) => page.createElement(tag));
    frame.className = "frame";
    colours.className = "colours";
    colours.setAttribute("aria-hidden", "true");
    Object.assign(area, { rows: 1, spellcheck: false, autocapitalize: "off", autocomplete: "off" });
    Object.assign(problems, { id: `${id}-problems`, className: "said" });
    frame.append(colours, area);
    root.append(frame, problems);
    Object.assign(this, { frame, area, problems, revision: null, given: null, sent: "", waits: 0, late: null });
    this.backdrop = new Backdrop(colours);
    this.popup = new Popup(area, `${id}-names`, (name, taken) => this.complete(name, taken));
    this.undo = new Undo(area, () => this.typed(false));
    this.leaving = new AbortController();
    this.hideTip = tip(area, (x, y) => this.wrongAt(x, y));
    this.listen();
  }

  /** Takes what Python gives: a text if its revision is new, the verdict on a text, and words. */
  take(data, tell) {
    const isOther = this.data?.format !== data.format;
    this.data = data;
    this.tell = tell;
    this.area.setAttribute("aria-label", data.label);
    this.area.placeholder = data.placeholder;
    this.popup.list.setAttribute("aria-label", data.words.names);
    this.say(data.problems);
    if (this.isComposing && data.revision !== this.revision) this.late = data;
    else this.meet(data);
    if (isOther && this.page.activeElement === this.area) this.offer();
  }

  /**
   * A new revision of the text that was here before is no change by the script: the server was started anew and has what
   * was kept. What was typed since stays, and is told again.
   */
  meet(data) {
    const isKept = data.text === this.given && this.area.value !== held(data.text);
    this.given = data.text;
    if (data.revision === this.revision) {
      this.draw();
    } else if (isKept) {
      this.revision = data.revision;
      this.sent = held(data.text);
      this.typed(false);
    } else {
      this.replace(data);
    }
  }

  /** Sends what was typed since the last time, if anything was. */
  send() {
    this.window.clearTimeout(this.waits);
    const { value } = this.area;
    if (value === this.sent || this.late || this.isReplacing) return;
    this.sent = value;
    this.tell({ text: value.toWellFormed(), of: this.revision });
  }

  leave() {
    this.leaving.abort();
    this.window.clearTimeout(this.waits);
    this.hideTip();
    this.popup.close();
  }

  listen() {
    const { area } = this;
    area.addEventListener("beforeinput", (event) => this.limit(event));
    area.addEventListener("input", ({ isComposing }) => this.typed(isComposing));
    area.addEventListener("compositionstart", () => (this.isComposing = true));
    area.addEventListener("compositionend", () => this.composed());
    area.addEventListener("keydown", (event) => this.popup.key(event) && swallow(event));
    area.addEventListener("blur", () => {
      this.popup.close();
      this.send();
    });
    area.addEventListener("selectionchange", () => this.popup.isOpen && area.selectionStart !== this.caret && this.offer());
    const { signal } = this.leaving;
    this.window.addEventListener("scroll", ({ target }) => this.scrolled(target), { signal, capture: true });
    this.window.addEventListener("resize", () => this.popup.close(), { signal });
  }

  typed(isComposing) {
    this.draw();
    if (!this.isReplacing) this.offer();
    this.window.clearTimeout(this.waits);
    if (!isComposing && !this.isReplacing) this.waits = this.window.setTimeout(() => this.send(), PAUSE_MS);
  }

  composed() {
    this.isComposing = false;
    const { late } = this;
    this.late = null;
    if (late) this.meet(late);
    else this.typed(false);
  }

  /** An insertion that would make the text too long does nothing; the page says so (`run_key.js`). */
  limit(event) {
    const text = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
    const { value, selectionStart, selectionEnd } = this.area;
    if (text && value.length - (selectionEnd - selectionStart) + text.length > this.data.most) event.preventDefault();
  }

  /** Puts Python's text in place of what stands here, as an edit that can be undone. */
  replace({ text, revision }) {
    const isFirst = this.revision === null;
    const { area } = this;
    const change = difference(area.value, held(text));
    this.revision = revision;
    this.window.clearTimeout(this.waits);
    this.popup.close();
    this.isReplacing = true;
    if (change && isFirst) area.value = text;
    else if (change) this.undo.put(change);
    this.isReplacing = false;
    this.sent = area.value;
    this.draw();
  }

  draw() {
    const { value } = this.area;
    const { format, text, problems } = this.data;
    const found = verdict(value, pieces(value, format), { judged: text, problems });
    this.sentences = found.sentences;
    this.backdrop.draw(blocks(value, found.pieces));
  }

  /** The list of names stays at the caret, as long as that is to be seen. */
  scrolled(target) {
    if (!this.popup.isOpen || target === this.popup.list) return;
    const caret = this.backdrop.rect(this.caret);
    const { top, bottom } = this.frame.getBoundingClientRect();
    if (caret.bottom > top && caret.top < bottom) this.popup.place(caret);
    else this.popup.close();
  }

  offer() {
    const { area, data } = this;
    const { value, selectionStart: caret, selectionEnd } = area;
    this.caret = caret;
    const found = caret === selectionEnd ? offer(value, caret, data.format, data.names) : null;
    if (found) this.popup.show(found, this.backdrop.rect(caret));
    else this.popup.close();
  }

  /** Writes a name that was chosen, closed if it was not, and goes on behind it. */
  complete(name, { start, end, closing }) {
    const { area } = this;
    const isClosed = area.value.startsWith(closing, end);
    this.isReplacing = true;
    this.undo.type(start, end, isClosed ? name : name + closing);
    this.isReplacing = false;
    const behind = start + name.length + closing.length;
    area.setSelectionRange(behind, behind);
    this.typed(false);
  }

  wrongAt(x, y) {
    const found = this.backdrop.pieceAt(x, y, "error");
    const text = found && this.sentences.get(found.piece)?.join("\n");
    return text ? { text, rect: found.rect } : null;
  }

  /** Tells a screen reader what is wrong with the text. */
  say(problems) {
    const { area } = this;
    const { place } = this.data.words;
    const sentences = problems.map(({ line, column, text }) => {
      const said = this.page.createElement("li");
      said.textContent = `${place.replace("{line}", line).replace("{column}", column)}: ${text}`;
      return said;
    });
    this.problems.replaceChildren(...sentences);
    area.setAttribute("aria-invalid", String(problems.length > 0));
    if (problems.length) area.setAttribute("aria-describedby", this.problems.id);
    else area.removeAttribute("aria-describedby");
  }
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}
