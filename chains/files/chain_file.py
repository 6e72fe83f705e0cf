"""A saved chain as a file: name, description, tags, and versions; the one that is current is always among them.

Unknown fields are refused by their path. What is written is read back the same, and never holds a key.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from chains.documents.document import Document
from chains.documents.keepable import check_keepable
from chains.files.notation import Notation, bad, fits, read, write
from chains.phrases import Phrase, Value

MAX_VERSIONS = 500
MAX_NAME = 200
MAX_DESCRIPTION = 2_000
MAX_MESSAGE = 500
MAX_TAGS = 20
MAX_TAG = 40

_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_KINDS = {
    "string_type": "kind_text",
    "string_unicode": "kind_text",
    "int_type": "kind_number",
    "int_parsing": "kind_number",
    "tuple_type": "kind_list",
    "dict_type": "kind_an_object",
    "model_type": "kind_an_object",
}


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileVersion(_Value):
    """One version: `parent` is the version that it was made from, `restores` the one whose document it took again."""

    number: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
    parent: int | None = None
    created: Annotated[AwareDatetime, Field(ge=_FIRST, le=_LAST)]
    message: Annotated[str, Field(max_length=MAX_MESSAGE)] = ""
    restores: int | None = None
    document: Document


class ChainFile(_Value):
    """A chain with one version or several, the oldest first; `current` is the number of the current one."""

    format: Literal["lcel-playground-chain"] = "lcel-playground-chain"
    format_version: Literal[1] = 1
    name: Annotated[str, Field(max_length=MAX_NAME)]
    description: Annotated[str, Field(max_length=MAX_DESCRIPTION)] = ""
    tags: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=MAX_TAG)], ...], Field(max_length=MAX_TAGS)
    ] = ()
    current: int
    versions: Annotated[tuple[FileVersion, ...], Field(min_length=1, max_length=MAX_VERSIONS)]

    @model_validator(mode="after")
    def _numbers_fit(self) -> "ChainFile":
        before: set[int] = set()
        for version in self.versions:
            if before and version.number <= max(before):
                raise PydanticCustomError("version_order", "", {"number": version.number})
            for other in (version.parent, version.restores):
                if other is not None and other not in before:
                    raise PydanticCustomError("version_parent", "", {"number": version.number, "other": other})
            before.add(version.number)
        if self.current not in before:
            raise PydanticCustomError("version_current", "", {"number": self.current})
        return self


def read_chain(name: str, data: bytes) -> ChainFile:
    """The chain in a file of that name. Raises `Refused`, with the place or the path of what cannot be taken."""
    try:
        found = ChainFile.model_validate(read(name, data))
    except ValidationError as error:
        raise bad(misfit(error.errors()[0])) from None
    for version in found.versions:
        check_keepable(version.document)
    return found


def write_chain(file: ChainFile, notation: Notation) -> bytes:
    """A chain as `read_chain` reads it."""
    return write(file.model_dump(mode="json"), notation)


def fits_file(file: ChainFile) -> bool:
    """Whether `read_chain` takes what `write_chain` makes of it."""
    return fits(file.model_dump(mode="json"))


def misfit(found: ErrorDetails) -> Phrase:
    """What does not fit, and where, as `versions[0].document.chain`."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in found["loc"]).lstrip(".")
    code, values = found["type"], {name: str(value) for name, value in found.get("ctx", {}).items()}
    if code in ("version_order", "version_parent", "version_current"):
        return Phrase(code, values)
    reason = _reason(code, values)
    return Phrase("field_misfit", {"path": path, "reason": reason}) if path else Phrase("not_a_chain")


def _reason(code: str, values: dict[str, str]) -> Phrase:
    limit: dict[str, Value] = {"limit": values.get("max_length", "")}
    match code:
        case "extra_forbidden":
            return Phrase("field_unknown")
        case "missing":
            return Phrase("field_missing")
        case "string_too_long" | "too_long":
            return Phrase("field_long", limit)
        case "literal_error":
            return Phrase("one_of", {"choices": values["expected"].replace(" or ", ", ")})
        case "role_meant":
            return Phrase("role_meant", {"role": values["role"], "meant": values["meant"]})
        case _ if code in _KINDS:
            return Phrase("kind_wanted", {"kind": Phrase(_KINDS[code])})
        case _ if code.startswith("datetime") or code == "timezone_aware":
            return Phrase("instant_wanted")
        case _:
            return Phrase("field_unfit")
