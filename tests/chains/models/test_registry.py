"""Which provider a spec names, at which address, with which key and parameters; everything else is refused by name."""

from dataclasses import replace

import pytest
from pydantic import JsonValue, SecretStr

from chains.build import build, provider_of
from chains.models.provider import NO_KEY, Connection
from chains.models.registry import OPENAI_URL, Endpoint, base_url_of, key_of, providers
from chains.models.simulated.traffic import FAULTS
from chains.outcomes import SENTENCES, Outcome, RefusedModel
from chains.spec import ModelSpec
from tests.support.asked import remote, simulated

ALL = providers([Endpoint("lab", "http://lab.example/v1/", "The lab", "LAB_KEY", ("small",))])
COMPATIBLE = ALL["openai-compatible"]


def refused(spec: ModelSpec, connection: Connection | None = None) -> Outcome:
    chain = simulated().model_copy(update={"model": spec})
    with pytest.raises(RefusedModel) as error:
        build(chain, provider_of(spec, ALL), connection or Connection())
    return error.value.outcome


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("  https://host.example/v1/  ", "https://host.example/v1"),
        ("HTTPS://host.example", "HTTPS://host.example"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("http://192.168.0.1/v1", "http://192.168.0.1/v1"),
        ("http://한글.example/v1", "http://한글.example/v1"),
    ],
)
def test_an_http_address_is_taken_without_its_last_slash(given: str, used: str) -> None:
    assert base_url_of(ModelSpec(provider="openai-compatible", base_url=given), COMPATIBLE) == used


@pytest.mark.parametrize(
    "given",
    [
        "localhost:11434", "ftp://host", "file:///etc/passwd", "http://", "http:///v1", "http://host:x",
        "http://host:99999", "http://host:0", "http://ho st", "http://host/a\nb", "http://user@host", "http://user:pw@host",
        "http://host/v1?key=1", "http://host/v1#x", "http://[::1", "javascript:alert(1)", "http://256.1.1.1/v1",
        "http://☃.net\u200b/v1", "http://a..b/v1", f"http://{'a' * 64}.example/v1",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(given: str | None) -> None:
    outcome = refused(ModelSpec(provider="openai-compatible", model="m", base_url=given))
    assert outcome.code == "bad_base_url"
    assert "pw" not in outcome.message


@pytest.mark.parametrize("given", [None, "", " "])
def test_a_missing_address_is_asked_for(given: str | None) -> None:
    assert refused(ModelSpec(provider="openai-compatible", model="m", base_url=given)).code == "no_base_url"


@pytest.mark.parametrize("provider", ["openai", "lab", "simulated"])
def test_a_provider_with_an_address_of_its_own_takes_no_other(provider: str) -> None:
    outcome = refused(
        ModelSpec(provider=provider, model="m", base_url="http://evil.example"), Connection(SecretStr("typed"))
    )
    assert outcome.code == "bad_base_url"


def test_an_unknown_provider_is_refused_with_the_known_ones() -> None:
    outcome = refused(ModelSpec(provider="nobody"))
    assert outcome.code == "unknown_provider"
    assert "simulated, openai, openai-compatible, lab" in outcome.hint


@pytest.mark.parametrize(("provider", "variable"), [("openai", "OPENAI_API_KEY"), ("lab", "LAB_KEY")])
def test_a_missing_key_is_refused_with_the_variable_to_set(provider: str, variable: str) -> None:
    outcome = refused(ModelSpec(provider=provider, model="m"))
    assert outcome.code == "no_key"
    assert variable in outcome.hint


@pytest.mark.parametrize("key", ["sk 1", "sk\n1", "sk-열쇠", "sk\x00"])
def test_what_cannot_be_a_key_is_refused_and_not_repeated(key: str) -> None:
    outcome = refused(ModelSpec(provider="openai", model="m"), Connection(SecretStr(key)))
    assert outcome.code == "bad_key"
    assert key not in repr(outcome) + outcome.message


def test_a_key_is_the_typed_one_else_the_provider_s_own_else_the_literal_empty() -> None:
    kept = {"OPENAI_API_KEY": SecretStr("environment")}
    assert key_of(ALL["openai"], Connection(SecretStr(" typed "), kept)).get_secret_value() == "typed"
    assert key_of(ALL["openai"], Connection(SecretStr("  "), kept)).get_secret_value() == "environment"
    assert key_of(COMPATIBLE, Connection(None, kept)) is NO_KEY
    assert NO_KEY.get_secret_value() == "EMPTY"


@pytest.mark.parametrize(("kept", "used"), [("sk-1\n", "sk-1"), (" \n", "EMPTY")])
def test_a_key_of_the_environment_is_read_as_a_typed_one(kept: str, used: str) -> None:
    keyless = replace(ALL["lab"], needs_key=False)
    assert key_of(keyless, Connection(None, {"LAB_KEY": SecretStr(kept)})).get_secret_value() == used


def test_a_key_of_the_environment_that_is_none_is_refused() -> None:
    kept = {"OPENAI_API_KEY": SecretStr("sk 1\nsk 2")}
    assert refused(ModelSpec(provider="openai", model="m"), Connection(None, kept)).code == "bad_key"


@pytest.mark.parametrize(
    "endpoint",
    [
        Endpoint("simulated", "http://lab.example/v1"),
        Endpoint("openai", OPENAI_URL, key_variable="OPENAI_API_KEY"),
        Endpoint("openai-compatible", "http://lab.example/v1"),
        Endpoint("lab", "https://api.openai.com.evil.example/v1", key_variable="OPENAI_API_KEY"),
        Endpoint("lab", "http://api.openai.com/v1", key_variable="OPENAI_API_KEY"),
    ],
)
def test_an_endpoint_takes_no_other_provider_s_name_or_key(endpoint: Endpoint) -> None:
    with pytest.raises(ValueError, match=f"endpoint {endpoint.name} "):
        providers([endpoint])


def test_an_endpoint_at_openai_itself_may_have_its_key_and_names_are_given_once() -> None:
    lab = Endpoint("lab", f"{OPENAI_URL}/", key_variable="OPENAI_API_KEY")
    assert providers([lab])["lab"].key_variable == "OPENAI_API_KEY"
    with pytest.raises(ValueError, match="endpoint lab "):
        providers([lab, lab])


PARAMETERS: list[tuple[str, JsonValue]] = [
    ("temperature", 3), ("temperature", "hot"), ("temperature", True), ("temperature", None), ("max_tokens", 1.5),
    ("max_tokens", 0), ("stop", "x"), ("stop", [1]), ("reasoning_effort", "huge"), ("unheard_of", 1),
    ("max_retries", 3), ("connect_timeout_s", 0), ("run_timeout_s", "long"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), PARAMETERS)
def test_a_parameter_that_does_not_fit_is_refused_by_name(name: str, value: JsonValue) -> None:
    spec = ModelSpec(provider="openai", model="m", parameters={name: value})
    outcome = refused(spec, Connection(SecretStr("typed")))
    assert (outcome.code, outcome.values["parameter"]) == ("bad_parameter", name)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_parameter_that_is_no_number_is_refused(value: float) -> None:
    assert refused(ModelSpec(provider="simulated", parameters={"ttft_ms": value})).code == "bad_parameter"


def test_a_compatible_server_takes_parameters_that_we_do_not_know() -> None:
    chain = build(remote("http://localhost:1", "m", top_k=5, repetition_penalty=1.1), COMPATIBLE, Connection())
    assert chain.remote


def test_a_model_must_be_chosen() -> None:
    assert refused(ModelSpec(provider="openai-compatible", model=" ", base_url="http://host")).code == "no_model"


def test_an_endpoint_of_the_operator_stands_beside_the_built_in_ones() -> None:
    lab = ALL["lab"]
    assert list(ALL) == ["simulated", "openai", "openai-compatible", "lab"]
    assert (lab.label, lab.base_url, lab.known_models) == ("The lab", "http://lab.example/v1", ("small",))


def test_the_faults_on_offer_are_those_of_the_simulated_model() -> None:
    (fault,) = (parameter for parameter in ALL["simulated"].parameters if parameter.name == "fault")
    assert fault.choices == FAULTS


def test_every_parameter_on_offer_fits_as_it_starts() -> None:
    for name in ("simulated", "openai"):
        for parameter in ALL[name].parameters:
            spec = ModelSpec(provider=name, model="m", parameters={parameter.name: parameter.start})
            chain = simulated().model_copy(update={"model": spec})
            build(chain, ALL[name], Connection(SecretStr("typed")))


@pytest.mark.parametrize("code", SENTENCES)
def test_every_outcome_says_what_happened_and_what_to_do(code: str) -> None:
    outcome = Outcome(code)
    assert outcome.message.endswith(".")
    assert outcome.hint.endswith(".")
    assert outcome.as_json().keys() >= {"code", "message", "hint"}
