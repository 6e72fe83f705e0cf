/**
 * What a keystroke costs: milliseconds from the insertion of a character in the middle of `text`, in the field `area`, to a
 * page that is laid out again; of each of `count` keystrokes.
 */
async ([area, text, count]) => {
  area.focus();
  area.value = text;
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  area.setSelectionRange(text.length >> 1, text.length >> 1);
  const times = [];
  for (let key = 0; key < count; key += 1) {
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    const began = performance.now();
    document.execCommand("insertText", false, "x");
    area.parentElement.getBoundingClientRect();
    times.push(performance.now() - began);
  }
  return times;
}
