// Ctrl+Enter while Run is still disabled: the edit that it commits may be the very one that Run waits for.

const PATIENCE_MS = 1500;

/** Once a page: when the shortcut meets a disabled Run, presses it as soon as the committed edit has enabled it. */
export function listen(root) {
  const page = root.ownerDocument;
  if (page.lcelRunKey) return;
  page.lcelRunKey = true;
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
