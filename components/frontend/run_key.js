// What the page does with keys, clicks and pastes that its fields and buttons alone would get wrong.

import { listen as listenForEdits } from "./pending.js";

const PATIENCE_MS = 1500;
const TWICE_MS = 300;

/** Once a page: listens for the shortcut, and for text that a field would drop. The latest mount is told of it. */
export function listen({ parentElement: root, data, setTriggerValue }) {
  const page = root.ownerDocument;
  const heard = page.lcelRunKey;
  listenForEdits(page, data.fields);
  page.lcelRunKey = { most: data.most, tell: setTriggerValue };
  if (heard) return;
  page.addEventListener("beforeinput", (event) => noteDropped(event, page.lcelRunKey), true);
  page.addEventListener("overlong", ({ detail: { what, length } }) => page.lcelRunKey.tell(what, length));
  listenForRun(page);
  listenForSave(page);
}

/** Streamlit drops an input that would make a field too long, without a word; an editor of a template tells by itself. */
function noteDropped({ target, data, dataTransfer }, { most, tell }) {
  const text = data ?? dataTransfer?.getData("text/plain") ?? "";
  if (target.tagName !== "TEXTAREA" || !text || target.closest(".template-editor")) return;
  const length = target.value.length - (target.selectionEnd - target.selectionStart) + text.length;
  if (length > most) tell("dropped", length);
}

/**
 * Run and Stop stand in one place, and one press does one thing. Ctrl+Enter while Run is still disabled: the edit that it
 * commits may be the very one that Run waits for, so Run is pressed as soon as it is enabled. What repeats by itself or
 * follows within TWICE_MS, and the second click of a double click, do nothing: they would stop what the first started.
 */
function listenForRun(page) {
  let last = -Infinity;
  // On the window and before all others: the shortcuts of Streamlit listen on the document.
  page.defaultView.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const again = event.repeat || event.timeStamp - last < TWICE_MS;
    last = event.timeStamp;
    if (again) swallow(event);
    else if (page.querySelector(".st-key-run button")?.disabled && !page.lcelRunWaits) pressWhenReady(page);
  }, true);
  page.defaultView.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest?.(".st-key-run, .st-key-stop")) swallow(event);
  }, true);
}

/** Ctrl+S saves with the edit that is under way: a field gives it only when it loses the focus, as a click would do. */
function listenForSave(page) {
  page.defaultView.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    const button = page.querySelector(".st-key-save_now button") ?? page.querySelector(".st-key-save button");
    if (!button) return;
    swallow(event);
    if (event.repeat) return;
    const field = page.activeElement;
    field?.blur();
    button.click();
    field?.focus();
  }, true);
}

function swallow(event) {
  event.stopImmediatePropagation();
  event.preventDefault();
}

function pressWhenReady(page) {
  page.lcelRunWaits = true;
  const watch = new MutationObserver(() => {
    const button = page.querySelector(".st-key-run button");
    if (!button || button.disabled) return;
    stop();
    button.click();
  });
  const stop = () => {
    watch.disconnect();
    page.lcelRunWaits = false;
  };
  watch.observe(page.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
  setTimeout(stop, PATIENCE_MS);
}
