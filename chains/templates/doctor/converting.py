"""A prompt in the other format: only where both render the same, and proven by rendering both.

A field becomes `{{{name}}}`, as `{{name}}` would HTML-escape its value. Literal braces become single and double. What
has no counterpart is refused: sections, and literal braces side by side, which mustache takes for a tag.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from langchain_core.utils import mustache as langchain
from pydantic import JsonValue

from chains.spec import MAX_TEMPLATE_CHARACTERS, MessageSpec, TemplateFormat
from chains.templates import fstring, mustache
from chains.templates.doctor.escaping import doubled
from chains.templates.doctor.places import Places
from chains.templates.problems import MAX_PROBLEMS, RefusedTemplate, TemplateProblem, Words
from chains.templates.prompt import Prompt
from chains.templates.values import is_blank
from chains.words import mark

MOST_RENDERED: Final = 100
"""Inputs that both prompts are rendered with; from mustache each value of all of them is compared as well."""

SIDE_BY_SIDE: Words = (
    mark("Mustache would take the literal { before another brace for the beginning of a tag."),
    mark("Put a space between the braces."),
)
ELSE: Words = (mark("Mustache has no variable named else."), mark("Rename it."))
MANY: Words = (
    mark("Mustache templates may have {limit} tags, and this has more variables."),
    mark("Use fewer."),
)
SECTION: Words = (
    mark("f-string templates have no sections."),
    mark("Write the text without the section, or stay with mustache."),
)
ESCAPED: Words = (
    mark("The value of {name} holds &, <, > or quotes: {tag} HTML-escapes them, and an f-string does not."),
    mark("Write {field} first, so that nothing is escaped."),
)
DIFFERS: Words = (
    mark("The value of {name} is written differently in the two formats."),
    mark("Give it as text."),
)
LONG: Words = (
    mark("The template would have more than {limit} characters."),
    mark("Give some of its text as the value of a variable."),
)
UNPROVEN: Words = (
    mark("With the present values the two formats would not render the same."),
    mark("Stay with the present format."),
)


@dataclass(frozen=True, slots=True)
class Converted:
    """Messages that render as before in `template_format`, as was seen with the inputs given."""

    messages: tuple[MessageSpec, ...]
    template_format: TemplateFormat
    comments: int
    """How many comments were left out: f-string templates have none."""
    unescaped: tuple[str, ...]
    """Names whose values were HTML-escaped and are not any more; the present ones hold nothing to escape."""
    rendered: int
    """With how many of the inputs, the first ones, both prompts were rendered."""
    stand_ins: tuple[str, ...]
    """Names without a value in one of those, or without any input: rendered with a stand-in."""


def other(template_format: TemplateFormat) -> TemplateFormat:
    """The format to convert to."""
    return "f-string" if template_format == "mustache" else "mustache"


def convert(
    messages: Sequence[MessageSpec], source: TemplateFormat, inputs: Sequence[Mapping[str, JsonValue]]
) -> Converted:
    """`messages` of the format `source` in the other one. A variable without a value is rendered with a stand-in.

    Raises RefusedTemplate with the places that cannot be converted exactly, and Refused (`prompt_too_long`, …) when
    the values cannot be rendered at all.
    """
    before = Prompt.build(messages, source)
    tags = [(row, tag) for row, message in enumerate(messages) for tag in _tags(message, source)]
    row_of = _to_fstring if source == "mustache" else _to_mustache
    made = tuple(row_of(row, message) for row, message in enumerate(messages))
    if source == "mustache":
        _check_values(messages, tags, inputs)
    proven = inputs[:MOST_RENDERED]
    _prove(before, Prompt.build(made, other(source)), messages, proven)
    return Converted(
        made,
        other(source),
        sum(tag.kind == "!" for _, tag in tags),
        tuple(dict.fromkeys(tag.name for _, tag in tags if tag.kind == "")),
        len(proven),
        tuple(name for name in before.variables if any(is_blank(values.get(name)) for values in proven or [{}])),
    )


def _tags(message: MessageSpec, source: TemplateFormat) -> Iterable[mustache.Tag]:
    return mustache.walk(message.template) if source == "mustache" and message.role != "placeholder" else ()


def _to_mustache(row: int, message: MessageSpec) -> MessageSpec:
    if message.role == "placeholder":
        return message
    template, made, behind = message.template, [""], 0
    found: list[tuple[int, Words]] = []
    variables = 0
    for piece in fstring.walk(template):
        made += [template[behind : piece.start]] if piece.start > behind else []
        text = template[piece.start : piece.end]
        if text != "}}" and made[-1].endswith("{"):
            found.append((piece.start, SIDE_BY_SIDE))
        if piece.kind == "variable":
            variables += 1
            found += [(piece.start, ELSE)] if text == "{else}" else []
            found += [(piece.start, MANY)] if variables == mustache.MAX_TAGS + 1 else []
        made.append("{{" + text + "}}" if piece.kind == "variable" else text[0])
        behind = piece.end
    return _made(row, message, "".join([*made, template[behind:]]), found)


def _to_fstring(row: int, message: MessageSpec) -> MessageSpec:
    if message.role == "placeholder":
        return message
    found = [(tag.offset, SECTION) for tag in mustache.walk(message.template) if tag.kind in ("#", "^")]
    tokens = () if found else langchain.tokenize(message.template)
    made = [doubled(text) if kind == "literal" else "{" + text + "}" for kind, text in tokens]
    return _made(row, message, "".join(made), found)


def _made(row: int, message: MessageSpec, template: str, found: Sequence[tuple[int, Words]]) -> MessageSpec:
    if found:
        raise RefusedTemplate([_problem(row, message, at, words) for at, words in found[:MAX_PROBLEMS]])
    if len(template) > MAX_TEMPLATE_CHARACTERS:
        raise RefusedTemplate([_problem(row, message, 0, LONG)])
    return message.model_copy(update={"template": template})


def _problem(
    row: int, message: MessageSpec, offset: int, words: Words, values: Mapping[str, str] | None = None
) -> TemplateProblem:
    limit = MAX_TEMPLATE_CHARACTERS if words is LONG else mustache.MAX_TAGS
    return TemplateProblem(row, *Places(message.template).of(offset), *words, {"limit": f"{limit:,}", **(values or {})})


def _check_values(
    messages: Sequence[MessageSpec],
    tags: Sequence[tuple[int, mustache.Tag]],
    inputs: Sequence[Mapping[str, JsonValue]],
) -> None:
    """Raises RefusedTemplate with the first tag of each variable that shows a value as no f-string does."""
    found = []
    for (name, kind), (row, tag) in _first_of_each(tags).items():
        words = _difference(name, kind, (values[name] for values in inputs if not is_blank(values.get(name))))
        if words is not None:
            of = {"name": name, "tag": "{{" + name + "}}", "field": "{{{" + name + "}}}"}
            found.append(_problem(row, messages[row], tag.offset, words, of))
    if found:
        raise RefusedTemplate(found[:MAX_PROBLEMS])


def _first_of_each(
    tags: Sequence[tuple[int, mustache.Tag]],
) -> dict[tuple[str, Literal["", "&"]], tuple[int, mustache.Tag]]:
    first: dict[tuple[str, Literal["", "&"]], tuple[int, mustache.Tag]] = {}
    for row, tag in tags:
        if tag.kind != "!":
            first.setdefault((tag.name, "&" if tag.kind == "&" else ""), (row, tag))
    return first


def _difference(name: str, kind: Literal["", "&"], values: Iterable[JsonValue]) -> Words | None:
    for value in values:
        if langchain.render("{{" + kind + name + "}}", {name: value}) != str(value):
            same_unescaped = langchain.render("{{&" + name + "}}", {name: value}) == str(value)
            return ESCAPED if same_unescaped else DIFFERS
    return None


def _prove(
    before: Prompt, after: Prompt, messages: Sequence[MessageSpec], inputs: Sequence[Mapping[str, JsonValue]]
) -> None:
    rows = [row for row, message in enumerate(messages) if message.role != "placeholder"]
    for values in inputs or [{}]:
        given = {name: values.get(name) if not is_blank(values.get(name)) else name for name in before.variables}
        rendered = zip(rows, before.render(given), after.render(given), strict=True)
        different = [row for row, one, another in rendered if one != another]
        if different:
            raise RefusedTemplate([_problem(different[0], messages[different[0]], 0, UNPROVEN)])
