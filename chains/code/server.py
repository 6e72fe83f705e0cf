"""A program that answers `POST /chat` with Server-Sent Events, as the playground's own `POST /api/chat` does.

The question fills the variable of the last human message: its only one, or the last of several, the others of the
chain keeping the run's values. The history goes where a placeholder stands, else before the last human message.
"""

from dataclasses import dataclass
from typing import Final

from chains.code.literals import Group, assigned, mapping
from chains.code.parts import Part, needs
from chains.outcomes import Outcome, Refused
from chains.phrases import Phrase
from chains.spec import ChainSpec, MessageSpec
from chains.templates.prompt import section_variables, variables

HISTORY: Final = "chat_history"
FIXED: Final = "fixed"

_SERVER: Final = """\
logger = logging.getLogger(__name__)
app = FastAPI()


class Turn(BaseModel):
    role: Literal["human", "ai"]
    content: str


class ChatRequest(BaseModel):
    question: str = Field(min_length=1)
    chat_history: list[Turn] = []


def sse(data: str) -> str:
    return f"data: {data}\\n\\n"


async def answer(asked: ChatRequest) -> AsyncIterator[str]:
    history = [(turn.role, turn.content) for turn in asked.chat_history]
INPUTS
    try:
        async for event in chain.astream_events(inputs, version="v2"):
            if event["event"] != "on_chat_model_stream":
                continue
            if token := event["data"]["chunk"].text:
                yield sse(json.dumps({"token": token}, ensure_ascii=False))
    except Exception as error:
        logger.exception("no answer")
        yield sse(json.dumps({"error": type(error).__name__}))
    yield sse("[DONE]")


@app.post("/chat")
async def chat(asked: ChatRequest) -> StreamingResponse:
    return StreamingResponse(answer(asked), media_type="text/event-stream")"""
_IMPORTS: Final = needs(
    ("json", ""),
    ("logging", ""),
    ("collections.abc", "AsyncIterator"),
    ("typing", "Literal"),
    ("fastapi", "FastAPI"),
    ("fastapi.responses", "StreamingResponse"),
    ("pydantic", "BaseModel"),
    ("pydantic", "Field"),
)


@dataclass(frozen=True, slots=True)
class Chat:
    """A chain that takes a question and a history, and the names of the two variables."""

    chain: ChainSpec
    question: str
    history: str


def conversation(chain: ChainSpec) -> Chat:
    """`chain` with room for a history. Raises Refused (`unfit_for_chat`) when nothing in it can take a question."""
    if chain.branches:
        raise _unfit("parallel_chain")
    last = max((n for n, row in enumerate(chain.messages) if row.role == "human"), default=None)
    if last is None:
        raise _unfit("no_human_message")
    sections = section_variables(chain.messages) if chain.template_format == "mustache" else ()
    fixed = (*sections, *chain.partials)
    asked = [name for name in variables([chain.messages[last]], chain.template_format) if name not in fixed]
    if not asked:
        raise _unfit("no_question")
    rows = list(chain.messages)
    history = next((row.template for row in rows if row.role == "placeholder"), "")
    if not history:
        taken = variables(rows, chain.template_format)
        history = HISTORY if HISTORY not in taken else f"{HISTORY}_"
        rows.insert(last, MessageSpec(role="placeholder", template=history))
    return Chat(chain.model_copy(update={"messages": tuple(rows)}), asked[-1], history)


def serving(chat: Chat, *, fixed: bool) -> Part:
    """The application; with `fixed` a dict of that name holds the values of the chain's other variables."""
    items = {chat.question: "asked.question", chat.history: "history"}
    inputs = mapping(items)
    if fixed:
        inputs = Group("{", ((f"**{FIXED}", ""), *inputs.items), "}")
    return Part(_SERVER.replace("INPUTS", assigned("inputs", inputs, indent=4)), _IMPORTS)


def _unfit(code: str) -> Refused:
    return Refused(Outcome("unfit_for_chat", {"reason": Phrase(code)}))
