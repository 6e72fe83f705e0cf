"""`python -m bench`: every figure beside its limit. `python -m bench stream stop` takes some parts only."""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Browser

from bench import batch, editor, engine, pages, starting, stopping
from bench.answers import Stage, stage
from bench.browser import chromium
from bench.provider import Provider
from bench.table import Row, table

IN_PAGES: Mapping[str, Callable[[Stage], list[Row]]] = {
    "stream": pages.stream,
    "burst": pages.burst,
    "linear": pages.linear,
    "stop": stopping.stop,
}
PARTS = ("start", *IN_PAGES, "batch", "editor", "engine")


def main() -> None:
    parser = argparse.ArgumentParser("bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all by default")
    parts = parser.parse_args().parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown part: {', '.join(sorted(unknown))}; known are {', '.join(PARTS)}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rows = _measure(parts, Path(folder))
    print(table(rows))
    print(f"\n{time.monotonic() - began:.0f} s. Several rounds: the median counts, their range is in brackets.")


def _measure(parts: list[str], folder: Path) -> list[Row]:
    rows: list[Row] = []
    with chromium() as browser:
        if "start" in parts:
            rows += starting.start(browser, folder / "start")
        rows += _in_pages([part for part in IN_PAGES if part in parts], browser, folder)
        if "batch" in parts:
            rows += batch.batch(browser, folder / "batch")
        if "editor" in parts:
            rows += editor.editor(browser, folder / "editor")
    if "engine" in parts:
        provider = Provider.start(folder)
        try:
            rows += engine.engine(provider, folder)
        finally:
            provider.served.stop()
    return rows


def _in_pages(parts: list[str], browser: Browser, folder: Path) -> list[Row]:
    if not parts:
        return []
    with stage(browser, folder) as ready:
        return [row for part in parts for row in IN_PAGES[part](ready)]


if __name__ == "__main__":
    main()
