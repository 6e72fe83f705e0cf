"""The Code tab in a browser: what is copied and what is downloaded is the program, and it runs."""

import json
import zipfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.view import keyed, open_playground, open_run, visiting
from tests.support import programs
from tests.support.playground import Playground, request


def test_a_program_is_copied_downloaded_and_says_what_the_run_said(
    browser: Browser, playground: Playground, tmp_path: Path
) -> None:
    run = playground.start(request(template='Tell me "a joke"\n\\ about {topic}', max_tokens=30))
    text = playground.ended(run)["items"][0]["text"]
    with visiting(browser, permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        open_playground(page, playground.url, run).tab("Code")
        code = page.get_by_test_id("stCode")
        expect(code).to_contain_text("chain.stream(inputs)")
        with page.expect_download() as download:
            keyed(page, "download_code").click()
        assert download.value.suggested_filename == "chain.py"
        source = download.value.path().read_text("utf-8")
        code.hover()
        code.get_by_role("button", name="Copy").click()
        copied = "async wanted => (await navigator.clipboard.readText()) === wanted"
        page.wait_for_function(copied, arg=source.removesuffix("\n"))
    printed = programs.run([programs.write(tmp_path / "copied", source, {})])[0]
    assert printed.replace("!!", "") == text.replace("!!", "")
    assert printed.count("!!") > 10


def test_a_long_batch_is_downloaded_with_its_inputs(page: Page, playground: Playground, tmp_path: Path) -> None:
    asked = request(mode="batch", max_tokens=5)
    asked["inputs"] = [{"topic": f"number {n}"} for n in range(201)]
    asked["max_concurrency"] = 50
    run = playground.start(asked)
    items = playground.ended(run)["items"]
    open_run(page, playground.url, run).tab("Code")
    with page.expect_download() as download:
        keyed(page, "download_code").click()
    assert download.value.suggested_filename == "chain.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert json.loads(files["inputs.json"]) == asked["inputs"]
    source = files.pop("chain.py")
    printed = programs.run([programs.write(tmp_path / "batch", source, files)])[0]
    assert printed == "".join(f"{item['text']}\n" for item in items)
