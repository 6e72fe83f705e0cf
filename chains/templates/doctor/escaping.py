"""Text and templates: any text made a template that renders as that text, and back.

An f-string template doubles its literal braces. Mustache has no escape: its tokenizer cuts the text at each `{{`, so a
literal holds none, and none can be put together of two literals either, as the one before a tag never ends in a brace
(the tag would begin there). All other text is itself in mustache, JSON always: no name may begin with a brace there.
"""

import re
from collections.abc import Collection
from typing import Final

from chains.spec import TemplateFormat
from chains.templates import fstring, mustache
from chains.templates.doctor.places import Places
from chains.templates.names import SURROGATE, is_plain, seen
from chains.templates.problems import HALF, MAX_PROBLEMS, RefusedTemplate, TemplateProblem, Words
from chains.words import mark

_OPENED: Final = re.compile(r"(?P<run>\{+)(?P<name>[^{}]*+)(?P<close>\}?)")

DOUBLE: Words = (
    mark("Mustache has no way to write {{ as text."),
    mark("Put a space between the two braces, or give the text as the value of a variable."),
)


def escape(text: str, template_format: TemplateFormat, keep: Collection[str] = ()) -> str:
    """A template that renders as `text`, but for the fields named in `keep`, which stay.

    A field of an f-string is `{name}` behind an even number of braces, as `{{name}}` is no field. Raises
    RefusedTemplate with each place where mustache would see a tag.
    """
    if template_format == "mustache":
        _refuse_tags(text, keep)
        return text
    kept, behind = [], 0
    for found in _OPENED.finditer(text):
        if len(found["run"]) % 2 and found["close"] and found["name"] in keep and is_plain(found["name"]):
            kept += [doubled(text[behind : found.start("name") - 1]), "{" + found["name"] + "}"]
            behind = found.end()
    return "".join([*kept, doubled(text[behind:])])


def unescape(template: str, template_format: TemplateFormat) -> str:
    """`template` with its doubled literal braces made single; what is no literal stays. Mustache doubles none."""
    if template_format == "mustache":
        return template
    made, behind = [], 0
    for piece in fstring.walk(template):
        if piece.kind == "literal":
            made += [template[behind : piece.start], template[piece.start]]
            behind = piece.end
    return "".join([*made, template[behind:]])


def literal(text: str, template_format: TemplateFormat) -> str:
    """A template that renders as `text` exactly. Raises RefusedTemplate where there is none."""
    halves = [found.start() for found in SURROGATE.finditer(text)]
    if halves:
        raise _refused(text, halves, HALF, {"character": seen(text[halves[0]])})
    return escape(text, template_format)


def healed(template: str, keep: Collection[str] = ()) -> str:
    """An f-string template with every brace that is an error made literal, but for fields named in `keep`.

    What is sound stays. The result runs, unless it holds half a character.
    """
    made, behind = [], 0
    for piece in fstring.walk(template):
        if piece.kind == "error":
            made += [template[behind : piece.start], escape(template[piece.start : piece.end], "f-string", keep)]
            behind = piece.end
    return "".join([*made, template[behind:]])


def fields(text: str, template_format: TemplateFormat) -> tuple[str, ...]:
    """The plain names that `escape` could keep in `text`, each once, in order."""
    if template_format == "mustache":
        found = [tag.name for tag in mustache.walk(text) if _shows(tag)]
    else:
        found = [each["name"] for each in _OPENED.finditer(text) if len(each["run"]) % 2 and each["close"]]
    return tuple(name for name in dict.fromkeys(found) if is_plain(name))


def doubled(text: str) -> str:
    """`text` with each brace twice."""
    return text.replace("{", "{{").replace("}", "}}")


def _refuse_tags(text: str, keep: Collection[str]) -> None:
    tags = list(mustache.walk(text))
    end = tags[-1].end if tags else 0
    found = [tag.offset for tag in tags if not _shows(tag) or tag.name not in keep]
    found += [at for at in [text.find("{{", end)] if at >= 0]
    if found:
        raise _refused(text, found, DOUBLE, {})


def _shows(tag: mustache.Tag) -> bool:
    return tag.kind in ("", "&") and tag.name != "else"


def _refused(text: str, offsets: list[int], words: Words, values: dict[str, str]) -> RefusedTemplate:
    places = Places(text)
    return RefusedTemplate([TemplateProblem(0, *places.of(at), *words, values) for at in offsets[:MAX_PROBLEMS]])
