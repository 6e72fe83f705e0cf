"""A Chromium for the tests is found, installed or asked for: on machines made of a PATH with programs of our own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.chromium import ADVICE
from tests.support.playground import ROOT

STARTS = "exit 0"
STUB = "echo install it by snap >&2; exit 1"
SUDO = 'shift; "$@"'
WHERE = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin" / "sudo", SUDO)
    return tmp_path


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def python(machine: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment: Mapping[str, str] = {
        **os.environ,
        "PATH": str(machine / "bin"),
        "PLAYWRIGHT_BROWSERS_PATH": str(machine / "playwright"),
    }
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)


def found(machine: Path) -> str:
    done = python(machine, "-m", "tests.support.chromium")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["chromium-headless-shell", "chromium"])
def test_the_system_s_own_goes_first_and_its_shell_before_that(machine: Path, name: str) -> None:
    program(machine / "bin" / "chromium-browser", STARTS)
    system = program(machine / "bin" / name, STARTS)
    assert found(machine) == str(system)


def test_the_whole_browser_is_found_beside_its_shell(machine: Path) -> None:
    program(machine / "bin" / "chromium-headless-shell", STARTS)
    system = program(machine / "bin" / "chromium", STARTS)
    done = python(machine, "-c", "from tests.support.chromium import find; print(find(whole=True))")
    assert done.stdout.strip() == str(system)


def test_a_stub_that_does_not_start_is_passed_over_for_playwright_s(machine: Path) -> None:
    program(machine / "bin" / "chromium", STUB)
    own = Path(python(machine, "-c", WHERE).stdout.strip())
    assert machine in own.parents
    program(own, STARTS)
    assert found(machine) == str(own)


@pytest.mark.parametrize("has_shell", [True, False])
def test_where_there_is_none_the_distribution_s_package_is_installed(machine: Path, has_shell: bool) -> None:
    placed, log = machine / "bin" / "chromium", machine / "log"
    write = f"printf '#!/bin/sh\\nexit 0\\n' > {placed}; /bin/chmod +x {placed}"
    only = "" if has_shell else 'case "$*" in *shell) exit 100;; esac;'
    program(machine / "bin" / "apt-get", f'echo "$@" >> {log}; {only} if [ "$1" = install ]; then {write}; fi')
    assert found(machine) == str(placed)
    install = "install -y --no-install-recommends chromium"
    asked = ["update", f"{install}-headless-shell", *([] if has_shell else ["update", install])]
    assert log.read_text().splitlines() == asked


@pytest.mark.parametrize("installer", [None, "exit 100"], ids=["none", "one that fails"])
def test_where_none_can_be_installed_it_is_said_what_to_install(machine: Path, installer: str | None) -> None:
    if installer:
        program(machine / "bin" / "apt-get", installer)
    done = python(machine, "-m", "tests.support.chromium")
    assert done.returncode == 1
    assert done.stderr.strip().endswith(ADVICE)
