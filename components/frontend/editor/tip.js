// What is wrong with a piece of the text, said where the pointer rests on it.

const REST_MS = 150;

/** Listens on `field`; `find` gives what to say at a point of the page, {text, rect}, or null. */
export function tip(field, find) {
  const page = field.ownerDocument;
  const box = page.createElement("div");
  box.className = "tip";
  box.popover = "manual";
  box.setAttribute("role", "tooltip");
  field.after(box);
  let waits = 0;
  const hide = () => {
    page.defaultView.clearTimeout(waits);
    if (box.matches(":popover-open")) box.hidePopover();
  };
  const show = (x, y) => {
    const found = find(x, y);
    if (!found || !field.isConnected) return;
    box.textContent = found.text;
    box.showPopover();
    const { innerWidth } = page.defaultView;
    box.style.left = `${Math.max(4, Math.min(found.rect.left, innerWidth - box.offsetWidth - 4))}px`;
    box.style.top = `${found.rect.bottom + 4}px`;
  };
  field.addEventListener("mousemove", ({ clientX, clientY }) => {
    hide();
    waits = page.defaultView.setTimeout(() => show(clientX, clientY), REST_MS);
  });
  for (const type of ["mouseleave", "input", "keydown", "blur"]) field.addEventListener(type, hide);
  return hide;
}
