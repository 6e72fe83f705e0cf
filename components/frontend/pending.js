// What is typed into a field reaches the script without leaving it: Streamlit alone waits for that.

const PATIENCE_MS = 1000;

/** Once a page: a field below one of `fields`, a selector, tells its text when no key came for a while. */
export function listen(page, fields) {
  const told = page.lcelPending;
  page.lcelPending = { fields };
  if (told) return;
  let waiting = null;
  let composing = false;
  const wait = (field) => {
    clearTimeout(waiting?.timer);
    waiting = { field, timer: setTimeout(tell, PATIENCE_MS) };
  };
  const tell = () => {
    if (!waiting || composing) return;
    const { field, timer } = waiting;
    clearTimeout(timer);
    waiting = null;
    if (page.activeElement === field) commit(field);
  };
  page.addEventListener("compositionstart", () => (composing = true), true);
  page.addEventListener("compositionend", ({ target }) => {
    composing = false;
    if (target === waiting?.field) wait(target);
  }, true);
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
