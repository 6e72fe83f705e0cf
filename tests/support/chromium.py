"""Finds a Chromium for the browser tests, or installs the distribution's; run as a module, it says where it is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"
"""Chromium without the windows around its pages: it opens a page in half the time."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""What a headless browser of a test or a benchmark is started with: it speaks to nobody but the page's own server."""

INSTALLERS: tuple[tuple[str, Sequence[Sequence[str]]], ...] = (
    ("apt-get", (("update",), ("install", "-y", "--no-install-recommends", SHELL))),
    ("apt-get", (("update",), ("install", "-y", "--no-install-recommends", "chromium"))),
    ("dnf", (("install", "-y", "chromium"),)),
    ("apk", (("add", "chromium"),)),
)
INSTALL_S = 900
ADVICE = """\
The tests need Chromium, and none was found or could be installed. Install one and run again:
  Debian:        apt-get install chromium
  Fedora:        dnf install chromium
  Alpine:        apk add chromium
  anywhere else: .venv/bin/python -m playwright install --with-deps chromium"""


class NoChromium(Exception):
    """There is no Chromium here; the message says what to install."""


def find(*, whole: bool = False) -> Path:
    """The system's Chromium, else Playwright's own, else the distribution's, installed now. Raises `NoChromium`.

    Its shell goes first, unless the `whole` browser is wanted: for measurements, what people use.
    """
    names = NAMES if whole else (SHELL, *NAMES)
    found = _installed(names)
    if found is None and _install(whole=whole):
        found = _installed(names)
    if found is None:
        raise NoChromium(ADVICE)
    return found


def _installed(names: Sequence[str]) -> Path | None:
    return next((path for path in _candidates(names) if _starts(path)), None)


def _candidates(names: Sequence[str]) -> Iterator[Path]:
    yield from (Path(path) for path in map(shutil.which, names) if path)
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if path.exists():
        yield path


def _starts(path: Path) -> bool:
    """Some distributions ship a stub under the name that only tells what to install."""
    answer = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60)
    return answer.returncode == 0


def _install(*, whole: bool) -> bool:
    """Whether the distribution's package could be installed: as root, or by sudo where it asks for no password."""
    rights = _rights()
    return rights is not None and any(
        all(_runs([*rights, installer, *step]) for step in steps)
        for installer, steps in INSTALLERS
        if shutil.which(installer) and not (whole and steps[-1][-1] == SHELL)
    )


def _rights() -> Sequence[str] | None:
    if os.geteuid() == 0:
        return ()
    sudo = ("sudo", "--non-interactive")
    return sudo if shutil.which("sudo") and _runs([*sudo, "true"]) else None


def _runs(command: Sequence[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, check=False, timeout=INSTALL_S, stdin=subprocess.DEVNULL, stdout=2)
    return done.returncode == 0


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{find()}\n")
    except NoChromium as missing:
        sys.exit(str(missing))
