"""Runs generated programs as a stranger would: each in a process of its own, with nothing of this project to import.

One process imports the heavy packages and forks for each program, so that they cost their second once.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_FORKING = """
import os, runpy, sys
import langchain_core.prompts, langchain_core.output_parsers, langchain_core.language_models, langchain_openai
for path in sys.argv[1:]:
    child = os.fork()
    if not child:
        os.chdir(os.path.dirname(path))
        sys.stdout = open(path + ".out", "w", encoding="utf-8", newline="")
        runpy.run_path(path, run_name="__main__")
        sys.stdout.close()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{path} failed")
"""


def environment(**more: str) -> Mapping[str, str]:
    """An environment without keys but those in `more`, and with traps for what a program must not use."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    return {**kept, "OPENAI_BASE_URL": "http://127.0.0.1:9/elsewhere", "PYTHONPATH": "", **more}


def write(folder: Path, source: str, data: Mapping[str, str], name: str = "chain.py") -> Path:
    """Puts a program and its files into a folder of their own."""
    folder.mkdir(parents=True)
    for file, content in data.items():
        (folder / file).write_text(content, "utf-8")
    path = folder / name
    path.write_text(source, "utf-8", newline="")
    return path


def run(paths: Sequence[Path], **more: str) -> list[str]:
    """What each of the programs prints."""
    command = [sys.executable, "-I", "-X", "utf8", "-c", _FORKING, *map(str, paths)]
    done = subprocess.run(command, env=environment(**more), cwd=paths[0].parent, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [_read(path.with_name(f"{path.name}.out")) for path in paths]


def _read(path: Path) -> str:
    return path.read_bytes().decode()
