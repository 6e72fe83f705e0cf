// When a field tells Python what is typed.

const PAUSE_MS = 300;
const LONGEST_MS = 1200;
const MOST_CHARACTERS = 1_000_000;

/** The edits of one field that are on their way: numbered, as Python says which of them it has taken. */
export class Telling {
  constructor(page, tell) {
    this.page = page;
    this.tell = tell;
    this.waits = 0;
    this.since = null;
    this.number = 0;
    // What stood in the field when it told an edit, by the edit's number; null where that is forgotten.
    this.told = new Map();
  }

  /** An edit was made. It is told when the keys rest, which a composition does not, and no later than LONGEST_MS. */
  edited(isComposing) {
    this.page.clearTimeout(this.waits);
    const now = this.page.performance.now();
    this.since ??= now;
    const left = Math.max(0, this.since + LONGEST_MS - now);
    this.waits = this.page.setTimeout(this.tell, isComposing ? left : Math.min(left, PAUSE_MS));
  }

  /** Nothing waits any more. */
  rest() {
    this.page.clearTimeout(this.waits);
    this.since = null;
  }

  /** The number of a new edit, which made the field's text `value`. */
  note(value) {
    this.number += 1;
    this.told.set(this.number, value);
    this.forget();
    return this.number;
  }

  /** Of edits that Python does not take for long only the last texts are known. */
  forget() {
    let length = 0;
    for (const [number, value] of [...this.told].reverse()) {
      length += value?.length ?? 0;
      if (length > MOST_CHARACTERS) this.told.set(number, null);
    }
  }

  /** A new text stands in the field, which Python made when it had taken the edits up to `taken`. */
  begin(taken, value) {
    this.rest();
    this.told.clear();
    this.told.set(taken, value);
    this.number = Math.max(this.number, taken);
  }

  /** Python has taken the edits up to `taken`: it makes no more of those before. */
  took(taken) {
    for (const number of [...this.told.keys()].filter((number) => number < taken)) this.told.delete(number);
  }
}
