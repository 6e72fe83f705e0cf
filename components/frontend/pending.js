// What is typed into a field reaches the script without leaving it: Streamlit alone waits for that.

const PATIENCE_MS = 1000;
const LONGEST_MS = 1200;

/** Once a page: a field below one of `fields`, a selector, tells its text when no key came for a while, and no later than LONGEST_MS. */
export function listen(page, fields) {
  const told = page.lcelPending;
  page.lcelPending = { fields };
  if (told) return;
  let waiting = null;
  const wait = (field) => {
    const now = performance.now();
    const since = waiting?.field === field ? waiting.since : now;
    clearTimeout(waiting?.timer);
    waiting = { field, since, timer: setTimeout(tell, Math.min(PATIENCE_MS, Math.max(0, since + LONGEST_MS - now))) };
  };
  const tell = () => {
    if (!waiting) return;
    const { field, timer } = waiting;
    clearTimeout(timer);
    waiting = null;
    if (page.activeElement === field) commit(field);
  };
  page.addEventListener("input", ({ target }) => {
    if (target.matches?.("textarea, input[type=text]") && target.closest(page.lcelPending.fields)) wait(target);
  }, true);
  page.addEventListener("visibilitychange", () => page.hidden && tell());
}

/** Streamlit takes an edit when its field loses the focus. The field is told that it did, and that it has it again. */
function commit(field) {
  field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  field.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
}
