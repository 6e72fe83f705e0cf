// What the page does with keys and pastes that its fields alone would get wrong.

const PATIENCE_MS = 1500;

/** Once a page: listens for the shortcut, and for text that a field would drop. The latest mount is told of it. */
export function listen({ parentElement: root, data, setTriggerValue }) {
  const page = root.ownerDocument;
  const heard = page.lcelRunKey;
  page.lcelRunKey = { most: data.most, tell: setTriggerValue };
  if (heard) return;
  page.addEventListener("beforeinput", (event) => noteDropped(event, page.lcelRunKey), true);
  listenForRun(page);
}

/** Streamlit drops an input that would make a field too long, without a word. */
function noteDropped({ target, data, dataTransfer }, { most, tell }) {
  const text = data ?? dataTransfer?.getData("text/plain") ?? "";
  if (target.tagName !== "TEXTAREA" || !text) return;
  const length = target.value.length - (target.selectionEnd - target.selectionStart) + text.length;
  if (length > most) tell("dropped", length);
}

/** When the shortcut meets a disabled Run, presses it as soon as the committed edit, which Run may have waited for, has
 * enabled it. */
function listenForRun(page) {
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (event.repeat || page.lcelRunWaits) return;
    if (page.querySelector(".st-key-run button")?.disabled) pressWhenReady(page);
  }, true);
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
