import { Backdrop } from "./backdrop.js";
import { back, keep } from "./kept.js";
import { describe, parts } from "./parts.js";
import { LiteralPaste } from "./paste.js";
import { Popup } from "./popup.js";
import { Room } from "./room.js";
import { Sight } from "./sight.js";
import { Telling } from "./telling.js";
import { offer } from "./text/completion.js";
import { difference } from "./text/difference.js";
import { blocks } from "./text/lines.js";
import { literal } from "./text/literal.js";
import { merged, moved } from "./text/merge.js";
import { pieces } from "./text/tokens.js";
import { held, verdict } from "./text/verdict.js";
import { tip } from "./tip.js";
import { Undo } from "./undo.js";
import { Voice } from "./voice.js";

const MOST_SAID = 5;

/**
 * One field. What is typed goes to Python while it is typed (`telling.js`), when the focus or the page is left, and when
 * something is pressed. Python's text comes in when its revision is new here, together with what was typed meanwhile; never
 * while a syllable is composed.
 */
export class Field {
  constructor(root) {
    const { id, frame, colours, area, problems, note } = parts(root);
    this.page = root.ownerDocument;
    this.window = this.page.defaultView;
    Object.assign(this, { frame, area, problems, note, revision: null, given: null, sent: "", late: null });
    this.room = new Room(area);
    this.telling = new Telling(this.window, () => this.send());
    this.voice = new Voice(root);
    this.backdrop = new Backdrop(colours);
    this.sight = new Sight(frame, this.backdrop, () => this.draw());
    this.popup = new Popup(area, `${id}-names`, (name, taken) => this.complete(name, taken));
    this.undo = new Undo(area, () => this.typed(false));
    this.literal = new LiteralPaste(
      area,
      (text) => this.paste(text),
      (waits) => this.show(waits ? this.data.words.paste : ""),
    );
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
    if (this.area.placeholder !== data.placeholder) this.area.placeholder = data.placeholder;
    this.popup.list.setAttribute("aria-label", data.words.names);
    this.room.most = data.most;
    describe(this, data.problems, data.words.place);
    this.voice.tell(data.words.errors);
    if (this.isComposing && data.revision !== this.revision) this.late = data;
    else this.meet(data);
    if (isOther && this.page.activeElement === this.area) this.offer();
  }

  /** A new revision comes in together with what was typed since Python has made it. */
  meet(data) {
    const { value } = this.area;
    const given = held(data.text);
    if (data.revision === this.revision) {
      this.given = given;
      this.telling.took(data.taken);
      this.draw();
      return;
    }
    const isFirst = this.revision === null;
    const base = isFirst ? value : this.base(data);
    const wanted = isFirst ? (back(this.window, data) ?? given) : merged(base, value, given);
    this.popup.close();
    if (isFirst) this.area.value = wanted;
    else if (wanted !== value) this.replace([wanted], wanted !== given);
    else if (given !== base) this.replace([given, wanted], true);
    this.given = this.sent = given;
    this.revision = data.revision;
    this.telling.begin(data.taken, given);
    this.draw();
    if (wanted !== given) this.typed(false);
  }

  /**
   * What stood here when Python made its text of it; null where nobody knows. A server that was started anew has what was
   * kept, and no numbers: where it had all that stands here, nothing of that is to be kept.
   */
  base({ text, taken }) {
    const { told } = this.telling;
    if (!taken && [this.given, ...told.values()].includes(held(text))) return held(text);
    if (told.has(taken)) return told.get(taken);
    return this.area.value === this.given ? this.given : null;
  }

  /** Sends what was typed since the last time, if anything was; a text that waits to come in is not to undo it. */
  send() {
    const { late } = this;
    const { value } = this.area;
    this.telling.rest();
    if (value === (late ? this.base(late) : this.sent) || this.isReplacing) return;
    const text = late ? merged(this.base(late), value, held(late.text)) : value;
    this.sent = value;
    const number = this.telling.note(value);
    this.tell({ text: text.toWellFormed(), of: (late ?? this).revision, number });
  }

  /** The page may be gone before Python has got the last edit: it is kept for a field with a text of `over`. */
  flush(over = [this.given, ...this.telling.told.values()]) {
    if (this.revision === null) return;
    this.send();
    const { value } = this.area;
    if (value !== this.given) keep(this.window, this.data, { text: value, of: this.revision, over });
  }

  leave() {
    this.flush([]);
    this.leaving.abort();
    this.telling.rest();
    this.voice.rest();
    this.sight.rest();
    this.hideTip();
    this.popup.close();
  }

  listen() {
    const { area } = this;
    area.addEventListener("beforeinput", (event) => this.isReplacing || this.room.limit(event));
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
    this.window.addEventListener("pagehide", () => this.flush(), { signal });
    this.page.addEventListener("visibilitychange", () => this.page.hidden && this.send(), { signal });
  }

  typed(isComposing) {
    this.draw();
    this.voice.typed();
    if (this.isReplacing) return;
    this.offer();
    this.telling.edited(isComposing);
  }

  /** Before anything else: the next composition may begin at once. */
  composed() {
    this.isComposing = false;
    const surplus = this.room.surplus();
    if (surplus) this.write(surplus);
    const { late } = this;
    this.late = null;
    if (late) this.meet(late);
    else this.typed(false);
  }

  /** Makes a change as a person would. */
  write(change) {
    this.isReplacing = true;
    this.undo.put(change);
    this.isReplacing = false;
  }

  /** Puts texts in place of what stands here, one after the other, as edits that can be undone. */
  replace(texts, keepsCaret) {
    const { area } = this;
    const { value, selectionStart, selectionEnd } = area;
    for (const text of texts) this.write(difference(area.value, text));
    if (!keepsCaret || this.page.activeElement !== area) return;
    const change = difference(value, area.value);
    area.setSelectionRange(...[selectionStart, selectionEnd].map((at) => (change ? moved(at, change) : at)));
  }

  draw() {
    const { value } = this.area;
    const { format, text, problems } = this.data;
    this.pieces = pieces(value, format);
    const found = verdict(value, this.pieces, { judged: text, problems });
    this.sentences = found.sentences;
    this.sight.edited(value.length, this.area.selectionEnd);
    this.backdrop.draw(blocks(value, found.pieces, this.sight));
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
    const names = { format: data.format, own: this.pieces, known: data.names };
    const found = caret === selectionEnd ? offer(value, caret, names) : null;
    if (found && !this.popup.isOpen) this.voice.say(`${data.words.names}: ${found.names.slice(0, MOST_SAID).join(", ")}`);
    if (found) this.popup.show(found, this.backdrop.rect(caret));
    else this.popup.close();
  }

  /** Writes a name that was chosen, closed if it was not, and goes on behind it. */
  complete(name, { start, end, closing }) {
    const { area } = this;
    const text = area.value.startsWith(closing, end) ? name : name + closing;
    if (!this.room.fits(text, start, end)) return;
    this.write({ start, end, text });
    const behind = start + name.length + closing.length;
    area.setSelectionRange(behind, behind);
    this.typed(false);
  }

  /** Writes a text over the selection so that the model reads it as it stands. */
  paste(pasted) {
    const { value, selectionStart: start, selectionEnd: end } = this.area;
    const text = literal(held(pasted), this.data.format, value.slice(0, start), value.slice(end));
    if (text === null) this.show(this.data.words.tags);
    else if (this.room.fits(text, start, end)) {
      this.write({ start, end, text });
      this.area.setSelectionRange(start + text.length, start + text.length);
      this.typed(false);
    }
  }

  show(text) {
    this.note.textContent = text;
  }

  wrongAt(x, y) {
    const found = this.backdrop.pieceAt(x, y, "error");
    const text = found && this.sentences.get(found.piece)?.join("\n");
    return text ? { text, rect: found.rect } : null;
  }
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}
