"""Images of messages: read by their bytes, capped, part of the message after it is filled in, and never of a text."""

import ast
import asyncio
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import pytest
from pydantic import JsonValue, SecretStr, ValidationError

from chains import images
from chains.build import build
from chains.code.calls import FORMS, Form
from chains.code.program import program
from chains.images import MAX_IMAGE_BYTES, NoPicture, Picture, digest_of, picture, picture_of, to_uri, without_images
from chains.methods.names import Method
from chains.models.provider import Connection
from chains.models.registry import providers
from chains.outcomes import Refused
from chains.preview import previews
from chains.spec import BranchSpec, ChainSpec, MessageSpec, ModelSpec, RunRequest, TemplateFormat
from chains.templates.prompt import Prompt
from tests.support import programs
from tests.support.asked import remote, simulated
from tests.support.calling import ask, ask_by
from tests.support.pictures import Format, drawn, uri, weighing
from tests.support.playground import ROOT
from tests.support.provider import Provider

PNG = drawn(size=(640, 480))
SEEN = uri(PNG)


def pictured(chain: ChainSpec, *images: str, template: str = "Look at {x}", **more: object) -> ChainSpec:
    """`chain` with one human message that holds `images`."""
    row = MessageSpec(role="human", template=template, images=images)
    return chain.model_copy(update={"messages": (row,), **more})


@pytest.mark.parametrize(
    ("kind", "how"),
    [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True}), ("WEBP", {}), ("WEBP", {"lossless": True})],
)
def test_format_and_size_are_read_from_the_bytes(kind: Format, how: dict[str, bool]) -> None:
    data = drawn(kind, (640, 479), **how)
    found = picture(data)
    assert found == Picture("WebP" if kind == "WEBP" else kind, 640, 479, len(data))
    assert picture_of(to_uri(data)) == picture(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a" + bytes(40), b"<svg xmlns='http://www.w3.org/2000/svg'/>", PNG[:20], PNG[1:], b"RIFF" + bytes(40)],
    ids=["empty", "gif", "svg", "cut", "shifted", "riff"],
)
def test_what_is_no_image_by_its_bytes_is_none(data: bytes) -> None:
    with pytest.raises(NoPicture):
        picture(data)


@pytest.mark.parametrize("cut", range(0, 300, 7))
def test_a_cut_jpeg_is_read_or_refused_and_never_breaks(cut: int) -> None:
    with suppress(NoPicture):
        found = picture(drawn("JPEG")[:cut])
        assert (found.width, found.height) == (64, 48)


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ("https://example.com/a.png", "image_uri"),
        ("http://127.0.0.1/a.png", "image_uri"),
        ("file:///etc/passwd", "image_uri"),
        ("data:image/svg+xml;base64,PHN2Zy8+", "image_uri"),
        ("data:image/png;base64,!!!!", "image_base64"),
        (uri(b"GIF89a" + bytes(40)), "image_format"),
        (uri(drawn("JPEG")), "image_format"),
        (uri(weighing(MAX_IMAGE_BYTES + 1)), "image_size"),
        (uri(weighing(2 * MAX_IMAGE_BYTES)), "image_size"),
    ],
)
def test_an_image_that_no_message_may_hold_is_refused_without_its_bytes(image: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        MessageSpec(role="human", template="", images=(image,))
    assert [error["type"] for error in caught.value.errors()] == [code]
    assert image[-40:] not in str(caught.value)


def test_an_image_of_five_megabytes_fits_and_ten_do_not_fit_into_a_chain_of_twenty() -> None:
    large = uri(weighing(MAX_IMAGE_BYTES))
    row = MessageSpec(role="human", template="", images=(large,) * 4)
    model = ModelSpec(provider="simulated")
    assert ChainSpec(messages=(row,), model=model)
    with pytest.raises(ValidationError, match="20 MB"):
        ChainSpec(messages=(row, MessageSpec(role="human", template="", images=(SEEN,))), model=model)
    with pytest.raises(ValidationError):
        MessageSpec(role="human", template="", images=(SEEN,) * 11)


@pytest.mark.parametrize("role", ["system", "ai", "placeholder"])
def test_only_a_human_message_holds_images(role: str) -> None:
    with pytest.raises(ValidationError, match="only a human message"):
        MessageSpec.model_validate({"role": role, "template": "x", "images": [SEEN]})


@pytest.mark.parametrize(("form", "template"), [("f-string", "Look at {x}"), ("mustache", "Look at {{{x}}}")])
def test_a_pictured_message_is_its_text_filled_in_and_its_images_as_they_are(
    form: TemplateFormat, template: str
) -> None:
    rows = (
        MessageSpec(role="placeholder", template="past"),
        MessageSpec(role="human", template=template, images=(SEEN,)),
    )
    past: list[JsonValue] = [{"role": "human", "content": "Hi"}, {"role": "ai", "content": "Hello"}]
    messages = Prompt.build(rows, form).render({"x": "{this} {{that}}", "past": past})
    assert [message.text for message in messages] == ["Hi", "Hello", "Look at {this} {{that}}"]
    assert messages[2].content == [
        {"type": "text", "text": "Look at {this} {{that}}"},
        {"type": "image_url", "image_url": {"url": SEEN}},
    ]


def test_the_preview_names_the_images_and_its_estimate_ignores_them() -> None:
    bare = previews(simulated("Look at {x}"), {"x": "this"})[""]
    seen = previews(pictured(simulated(), SEEN, SEEN), {"x": "this"})[""]
    assert seen.rows == bare.rows
    assert seen.tokens == bare.tokens
    assert [str(each) for each in seen.pictures[0]] == [f"PNG, 640 × 480, {round(len(PNG) / 1000)} kB"] * 2
    assert bare.pictures == ((),)


@pytest.mark.parametrize("streamed", [True, False])
async def test_the_wire_has_the_text_and_the_data_uri(provider: Provider, streamed: bool) -> None:
    told = await ask(pictured(remote(provider.url), SEEN), {"x": "this"}, streamed=streamed)
    assert told.status == "done"
    assert provider.last.body["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Look at this"},
                {"type": "image_url", "image_url": {"url": SEEN}},
            ],
        }
    ]


@pytest.mark.parametrize("method", ["stream", "ainvoke"])
async def test_langchain_s_own_methods_send_the_images_too(provider: Provider, method: Method) -> None:
    await ask_by(method, pictured(remote(provider.url), SEEN, template="Look"))
    assert SEEN in json.dumps(provider.last.body["messages"])


async def test_a_program_sends_what_the_run_sent_and_shows_no_base64(provider: Provider, tmp_path: Path) -> None:
    chain = pictured(remote(provider.url), SEEN, SEEN)
    await ask(chain, {"x": "{this}"}, streamed=False)
    ours = provider.last.body["messages"]
    request = RunRequest(chain=chain, inputs=({"x": "{this}"},), mode="invoke")
    made = program(request, providers()["openai-compatible"], "invoke")
    assert json.loads(made.data["images.json"]) == [SEEN]
    assert "base64" not in made.source
    path = programs.write(tmp_path / "program", made.source, made.data)
    (text,) = await asyncio.to_thread(programs.run, [path], OPENAI_API_KEY="EMPTY")
    assert text.strip() == "One two three."
    assert provider.last.body["messages"] == ours


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_bytes_of_an_image_are_left_out_of_foreign_words(kind: Format) -> None:
    seen = to_uri(drawn(kind, (300, 200)))
    bare = seen.partition(",")[2]
    assert without_images(f"cannot read {seen}, sorry: {bare}; {'x' * 300}") == f"cannot read …, sorry: …; {'x' * 300}"


@pytest.mark.parametrize(
    ("provider", "model", "refused"),
    [
        ("simulated", "simulated", True),
        ("simulated", "simulated-vision", False),
        ("openai", "gpt-3.5-turbo", True),
        ("openai", "gpt-4o", False),
        ("openai", "a-model-of-tomorrow", False),
        ("openai-compatible", "gpt-3.5-turbo", False),
    ],
)
def test_a_model_that_is_known_not_to_see_is_refused_before_a_run(provider: str, model: str, refused: bool) -> None:
    url = "http://127.0.0.1:9/v1" if provider == "openai-compatible" else None
    chain = ChainSpec(
        messages=(MessageSpec(role="human", template="Look", images=(SEEN,)),),
        model=ModelSpec(provider=provider, model=model, base_url=url),
    )
    connection = Connection(typed=SecretStr("a-key"))
    if not refused:
        build(chain, providers()[provider], connection)
        return
    with pytest.raises(Refused) as caught:
        build(chain, providers()[provider], connection)
    assert caught.value.outcome.code == "no_vision"
    assert model in caught.value.outcome.message
    assert SEEN not in json.dumps(caught.value.outcome.as_json())
    bare = chain.model_copy(update={"messages": (MessageSpec(role="human", template="Look"),)})
    build(bare, providers()[provider], connection)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Look", "Image 1 is a PNG of 640 × 480 pixels"),
        ("# Answer:\n", "Image 2 is a JPEG of 64 × 48 pixels"),
        ("이 그림을 설명해 줘", "이미지 2: 바이트로 보아 JPEG, 64 × 48픽셀입니다."),
    ],
)
async def test_the_simulated_model_says_what_the_bytes_say(template: str, said: str) -> None:
    images = (SEEN, uri(drawn("JPEG"), "jpeg"))
    chain = pictured(simulated(), *images, template=template)
    model = chain.model.model_copy(update={"model": "simulated-vision"})
    told = await ask(chain.model_copy(update={"model": model}))
    assert told.status == "done"
    assert said in told.text
    assert "base64" not in told.text
    assert told.ended.message is not None
    assert told.ended.message["response_metadata"]["model_name"] == "simulated-vision"  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("form", "branched"),
    [(form, branched) for form in FORMS for branched in (False, True) if form != "server" or not branched],
)
def test_a_program_of_every_form_reads_its_images_from_a_file(form: Form, branched: bool) -> None:
    row = MessageSpec(role="human", template="Look at {x}", images=(SEEN,))
    chain = pictured(remote("http://127.0.0.1:9/v1"), SEEN)
    if branched:
        branches = tuple(BranchSpec(name=name, messages=(row,)) for name in ("one", "two"))
        chain = chain.model_copy(update={"messages": (), "branches": branches})
    made = program(RunRequest(chain=chain, inputs=({"x": "this"},)), providers()["openai-compatible"], form)
    ast.parse(made.source)
    assert made.source.count('images = json.loads(Path(__file__).with_name("images.json")') == 1
    assert made.source.count('{"url": images[0]}') == (2 if branched else 1)
    assert json.loads(made.data["images.json"]) == [SEEN]
    assert "base64" not in made.source


def test_many_threads_read_an_image_of_another_format_than_its_uri_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_REMEMBERED", 4)
    wrong = [uri(drawn("JPEG", (64, 40 + number))) for number in range(8)]
    right = [uri(drawn(size=(64, 40 + number))) for number in range(8)]
    start = Barrier(8)

    def read(thread: int) -> list[str]:
        start.wait()
        return [_read(shown) for _ in range(30) for shown in (wrong[thread], right[thread], *wrong, *right)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(read, range(8)))
    assert {code for codes in found for code in codes} == {"image_format", "PNG"}
    assert all(codes.count("PNG") == 30 * 9 for codes in found)


def _read(shown: str) -> str:
    try:
        return picture_of(shown).format
    except NoPicture as refused:
        return refused.code


def test_what_is_refused_is_refused_again() -> None:
    refused = uri(drawn("JPEG", (63, 47)))
    assert [_read(refused) for _ in range(2)] == ["image_format"] * 2


def test_the_digest_of_an_image_is_the_same_in_every_process() -> None:
    script = "import sys; from chains.images import digest_of; print(digest_of(sys.stdin.read()))"

    def digest(seed: str) -> str:
        env = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", script], input=SEEN, cwd=ROOT, env=env, capture_output=True, text=True
        )
        return done.stdout.strip()

    assert digest("1") == digest("2") == digest_of(SEEN)
    assert digest_of(SEEN) != digest_of(uri(drawn(size=(640, 481))))
