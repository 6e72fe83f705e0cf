"""The limits that the documentation names are those of the code."""

import re
from pathlib import Path

import pytest

from chains import calls, spec
from chains.build import MAX_ANSWER_BYTES, Limits
from chains.documents.keepable import MAX_DOCUMENT_BYTES
from chains.events import ENDED
from chains.files.chain_file import MAX_VERSIONS, ChainFile, FileVersion, read_chain
from chains.files.notation import MAX_FILE_BYTES, MAX_VALUES
from chains.images import MAX_CHAIN_BYTES, MAX_IMAGE_BYTES, MAX_IMAGES
from chains.metrics import ItemMetrics, batch_metrics
from chains.templates.prompt import MAX_PROMPT_BYTES
from components import state
from components.prompt import rows as form
from runs.engine import CONNECTIONS
from runs.store.library import MAX_IMAGES_SIZE, MAX_SIZE
from server import bodies
from server.guard import MAX_BODY

DOCS = Path(__file__).parent.parent / "docs"
LIMITS = Limits()
SAID = {
    "a template": f"{spec.MAX_TEMPLATE_CHARACTERS:,} characters",
    "messages of a chain": f"{spec.MAX_MESSAGES}; the form takes {form.MAX_ROWS}",
    "parallel branches": f"{spec.MIN_BRANCHES} to {spec.MAX_BRANCHES}",
    "a value in the form": f"{state.FIELD_CHARACTERS:,} characters",
    "images of a message": (
        f"{MAX_IMAGES}, of {MAX_IMAGE_BYTES // 1_000_000} MB each, {MAX_CHAIN_BYTES // 1_000_000} MB a chain"
    ),
    "a prompt after formatting": f"{MAX_PROMPT_BYTES // 1_000_000} MB",
    "inputs of a batch": f"{spec.MAX_INPUTS:,}, at most {spec.MAX_CONCURRENCY} at once",
    "variants of a batch": f"{spec.MAX_VARIANTS}, and {spec.MAX_INPUTS:,} of inputs times variants",
    "the body of a request": f"{MAX_BODY // 1_000_000} MB and {bodies.MAX_VALUES:,} names and values",
    "a saved version": f"{MAX_DOCUMENT_BYTES // 1_000_000} MB as JSON, its images not counted",
    "versions of a saved chain": (
        f"{MAX_VERSIONS}, {MAX_SIZE // 1_000_000} MB in all, and {MAX_IMAGES_SIZE // 1_000_000} MB of images"
    ),
    "a file with a saved chain": f"{MAX_FILE_BYTES // 1_000_000} MB, {MAX_VALUES:,} names and values",
    "an answer": f"{MAX_ANSWER_BYTES // 1_000_000} MB or {calls.MAX_CHUNKS:,} chunks",
    "provider connections at once, over all runs": f"{CONNECTIONS}",
    "inputs of LangChain's own `batch` or `abatch`": (
        f"{spec.MAX_METHOD_INPUTS}, at most {spec.MAX_METHOD_CONCURRENCY} at once"
    ),
    "connecting, between two chunks, a whole run": (
        f"{LIMITS.connect_s:g} s, {LIMITS.chunk_s:g} s, {LIMITS.run_s:g} s"
    ),
    "retries": f"at most {LIMITS.retries}",
}


def rows(page: str) -> dict[str, str]:
    """The tables of a page: the first cell of each row to the others."""
    lines = (DOCS / page).read_text("utf-8").splitlines()
    return {cells[0]: cells[1] for line in lines if (cells := re.findall(r"\| (.*?) (?=\|)", line)) and len(cells) > 1}


@pytest.mark.parametrize("what", SAID)
def test_a_limit_is_as_documented(what: str) -> None:
    assert rows("settings.md")[what].startswith(SAID[what])


def test_every_limit_that_is_documented_is_checked() -> None:
    text = (DOCS / "settings.md").read_text("utf-8").partition("## Limits")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| (.*?) \|", text, re.MULTILINE)) - {"what"} == SAID.keys()


def test_every_figure_and_every_status_is_documented() -> None:
    named = {name.strip("`") for name in rows("http.md")}
    assert {*ItemMetrics.__slots__, *batch_metrics([], 1)} <= named
    assert ENDED | {"queued", "running"} <= named


def test_the_chain_file_of_the_documentation_is_taken_and_every_field_is_explained() -> None:
    text = (DOCS / "chain-files.md").read_text("utf-8")
    written = text.partition("```yaml\n")[2].partition("```")[0]
    found = read_chain("jokes.yaml", written.encode())
    assert found.versions[0].document.chain.messages[0].template.startswith("# Role\nYou are")
    named = set(re.findall(r"^\| (`.*?) \|", text, re.MULTILINE))
    explained = {name for cell in named for name in re.findall(r"`(\w+)`", cell)}
    assert explained == {*ChainFile.model_fields, *FileVersion.model_fields}
