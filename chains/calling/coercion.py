"""A plain text for the only variable of a chain, as LangChain's prompts take it: `chain.invoke("ice cream")`."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, ValidationError, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from chains.spec import MAX_INPUTS, ChainSpec, Inputs, RunRequest
from chains.templates.problems import RefusedTemplate
from chains.templates.prompt import asked, check


class PlainRequest(RunRequest):
    """A request whose inputs may be plain texts; what comes of it is a `RunRequest` like any other."""

    inputs: Annotated[
        tuple[Inputs, ...],
        Field(min_length=1, max_length=MAX_INPUTS),
        WithJsonSchema(
            {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_INPUTS,
                "items": {"anyOf": [{"type": "object"}, {"type": "string"}]},
                "description": "Variable to value; a text alone for the only variable of a chain.",
            }
        ),
    ]

    @model_validator(mode="before")
    @classmethod
    def _named(cls, body: Any) -> Any:
        """Raises RefusedTemplate when a plain text stands for a variable of templates that cannot run."""
        if not isinstance(body, Mapping) or not isinstance(body.get("inputs"), Sequence):
            return body
        if not any(isinstance(value, str) for value in body["inputs"]):
            return body
        try:
            chain = ChainSpec.model_validate(body.get("chain"))
        except ValidationError:
            return body
        return {**body, "inputs": coerced(chain, body["inputs"])}


def coerced(chain: ChainSpec, inputs: Sequence[object]) -> list[object]:
    """Each text of `inputs` as the value of the chain's only variable.

    Raises RefusedTemplate, and a custom error of pydantic's that names the variables when there is not exactly one.
    """
    if problems := check(chain.rows, chain.template_format):
        raise RefusedTemplate(problems)
    names = asked(chain)
    if len(names) != 1:
        found = f"this one has {', '.join(names)}" if names else "this one has none"
        message = "a plain text is the value of the only variable of a chain, and {found}: write objects"
        raise PydanticCustomError("plain_input", message, {"found": found})
    return [{names[0]: value} if isinstance(value, str) else value for value in inputs]
