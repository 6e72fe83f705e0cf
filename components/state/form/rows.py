"""A message row as the form has it."""

from dataclasses import dataclass

from chains.spec import MessageSpec, Role


@dataclass(frozen=True, slots=True)
class Row:
    """A message with the images that the form holds for it; one that is no human's does not send them."""

    role: Role
    template: str
    images: tuple[str, ...] = ()

    def sent(self) -> MessageSpec:
        """The message that a chain is given."""
        return MessageSpec(role=self.role, template=self.template, images=self.images if self.role == "human" else ())
