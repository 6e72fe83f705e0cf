// A paste whose braces become text: chains/templates/doctor/escaping.py, at the caret.

/**
 * A template that renders as `text` where it stands between `before` and `after`; null where there is none: mustache cannot
 * write two braces that open.
 */
export function literal(text, format, before = "", after = "") {
  if (format === "f-string") return text.replace(/[{}]/g, "$&$&");
  if (format !== "mustache") return text;
  return (before.slice(-1) + text + after.slice(0, 1)).includes("{{") ? null : text;
}
