"""A column of the batch's table, as the kind of its field asks, where no cell would lose its text by it."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from chains.documents.document import FieldSpec
from components.prompt.fields.values import as_number, options


@dataclass(frozen=True, slots=True)
class Column:
    """What the grid is given for one variable."""

    config: ColumnConfig
    cells: Sequence[str | float | None]


def column(name: str, texts: Sequence[str], field: FieldSpec, takes_json: bool) -> Column:
    """Cells of text are numbers only if every one of them is; a choice offers what stands there too."""
    if field.kind == "number" and not takes_json:
        numbers = [as_number(text) for text in texts]
        if all(number is not None or not text.strip() for number, text in zip(numbers, texts, strict=True)):
            return Column(st.column_config.NumberColumn(name, format="plain"), numbers)
    if field.kind == "choice" and not takes_json and (offered := options(field, *texts)):
        config = st.column_config.SelectboxColumn(name, options=offered)
        return Column(config, [text if text.strip() else None for text in texts])
    return Column(st.column_config.TextColumn(name, default=""), texts)
