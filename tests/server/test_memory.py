"""What the server loads for a visit: nothing that its first page does not need."""

import subprocess
import sys
from pathlib import Path

from tests.support.playground import ROOT

VISIT = """
import sys
from streamlit.testing.v1 import AppTest

app = AppTest.from_file(sys.argv[1], default_timeout=60).run()
assert not app.exception
print(*sorted({"pandas", "pyarrow", "langchain_openai"} & sys.modules.keys()))
"""


def test_the_first_page_loads_no_data_frames_and_no_vendor(tmp_path: Path) -> None:
    command = [sys.executable, "-c", VISIT, str(ROOT / "streamlit_app.py")]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PLAYGROUND_DATA_DIR": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
