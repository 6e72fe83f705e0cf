"""What JSON does not have is found, with the words in which it is written."""

import json

import pytest

from chains.files.strict import NotStrict, read_json


@pytest.mark.parametrize(
    ("text", "fault", "found"),
    [
        ('[{"a": 1, "b": 2, "a": 1}]', "twice", "a"),
        ("[NaN]", "no_number", "NaN"),
        ("-Infinity", "no_number", "-Infinity"),
        ('{"a": -1e999}', "too_large", "-1e999"),
    ],
)
def test_what_json_does_not_have_is_refused(text: str, fault: str, found: str) -> None:
    with pytest.raises(NotStrict) as error:
        read_json(text)
    assert (error.value.fault, error.value.found) == (fault, found)


def test_what_it_has_is_read_and_what_is_no_json_is_said_as_ever() -> None:
    assert read_json('{"a": [1, 2.5, null, true, "x"], "b": {"a": {}}}') == {
        "a": [1, 2.5, None, True, "x"],
        "b": {"a": {}},
    }
    with pytest.raises(json.JSONDecodeError):
        read_json("[1,")
