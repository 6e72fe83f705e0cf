// The keys and clicks of Run and Stop, which stand in one place: one press does one thing.

const PATIENCE_MS = 1500;
const TWICE_MS = 300;

/**
 * Once a page. Ctrl+Enter while Run is still disabled: the edit that it commits may be the very one that Run waits for,
 * so Run is pressed as soon as it is enabled. What repeats by itself or follows within TWICE_MS, and the second click of
 * a double click, do nothing: they would stop what the first has started.
 */
export function listen(root) {
  const page = root.ownerDocument;
  if (page.lcelRunKey) return;
  page.lcelRunKey = true;
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
