"""JSON with its images apart: put together again it is as it was, whatever else stands in it."""

import json

import pytest
from pydantic import JsonValue

from chains.documents.apart import apart, named_in, together
from chains.images import digest_of
from tests.support.pictures import drawn, uri

ONE, OTHER = uri(drawn()), uri(drawn("WEBP"), "webp")
NAMED = {"image": digest_of(ONE)}


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize(
    ("value", "images"),
    [
        ({"images": [ONE, OTHER, ONE]}, [ONE, OTHER]),
        ({"images": [ONE], "said": f'say "{OTHER}" and "{OTHER}'}, [ONE]),
        ({"said": ONE, "name\\": OTHER}, [ONE, OTHER]),
        ({"said": f"{ONE} and more", "images": []}, []),
        ({"said": json.dumps(NAMED), "list": [{"image": "x"}, {"image": "0" * 64}]}, []),
    ],
)
def test_what_was_taken_apart_is_put_together_the_same(
    value: JsonValue, images: list[str], separators: tuple[str, str]
) -> None:
    text = json.dumps(value, separators=separators)
    held = apart(text)
    assert held.images == {digest_of(each): each for each in images}
    assert not any(f'"{each}"' in held.text for each in images)
    assert json.loads(together(held.text, held.images)) == value
    assert named_in(held.text) >= held.images.keys()
    assert isinstance(json.loads(held.text), dict)


def test_an_image_that_is_there_no_more_leaves_its_name() -> None:
    held = apart(json.dumps([ONE]))
    assert json.loads(together(held.text, {})) == [NAMED]
