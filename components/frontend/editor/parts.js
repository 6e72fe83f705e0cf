// What a field consists of.

let fields = 0;

/** Puts the parts of a new field into `root`: the frame with the colours behind the text area, what is wrong, a note. */
export function parts(root) {
  fields += 1;
  const id = `template-editor-${fields}`;
  const [frame, colours, area, problems, note] = ["div", "div", "textarea", "ul", "div"].map((tag) =>
    root.ownerDocument.createElement(tag),
  );
  frame.className = "frame";
  colours.className = "colours";
  colours.setAttribute("aria-hidden", "true");
  Object.assign(area, { rows: 1, spellcheck: false, autocapitalize: "off", autocomplete: "off" });
  Object.assign(problems, { id: `${id}-problems`, className: "said" });
  note.className = "note";
  note.setAttribute("role", "status");
  frame.append(colours, area);
  root.replaceChildren(frame, problems, note);
  return { id, frame, colours, area, problems, note };
}

/** Tells a screen reader what is wrong with the text; `place` are the words for where. */
export function describe({ area, problems: list }, problems, place) {
  const sentences = problems.map(({ line, column, text }) => {
    const said = area.ownerDocument.createElement("li");
    said.textContent = `${place.replace("{line}", line).replace("{column}", column)}: ${text}`;
    return said;
  });
  list.replaceChildren(...sentences);
  area.setAttribute("aria-invalid", String(problems.length > 0));
  if (problems.length) area.setAttribute("aria-describedby", list.id);
  else area.removeAttribute("aria-describedby");
}
