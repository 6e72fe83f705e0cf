"""What the simulated model can say, in each of its languages. Not one sentence states a fact about the world.

Fields: `{subject}` what was asked about, `{request}` the words of the request, `{manner}` how it was to be told,
`{title}` a heading, `{value}` what stood under it, `{turn}` the number of the question, `{system}` the system message.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's sentences. Of a tuple the seed chooses; a joke is a pair of a setup and a punchline."""

    nothing: str
    disclaimer: str
    openings: tuple[str, ...]
    jokes: tuple[tuple[str, str], ...]
    request: str
    manner: str
    system: str
    turn: str
    sections: tuple[str, ...]
    valued_sections: tuple[str, ...]
    bodies: tuple[str, ...]
    accented: str
    picture: str
    """What its bytes say of an image."""


ENGLISH = Phrases(
    nothing="an empty prompt",
    disclaimer="This is a simulated answer: it shows timing, not knowledge. It does not know any facts.",
    openings=(
        "Here comes a simulated reply about {subject}.",
        "A simulated word or two about {subject}, then.",
        "Let this simulated text stand in for an answer about {subject}.",
        "Imagine that a real model were speaking about {subject}; this one is simulated.",
    ),
    jokes=(
        ("Why did {subject} join the queue?", "It had heard that good things come one token at a time."),
        ("What did {subject} say to the progress bar?", "“Take your time, I am still being streamed.”"),
        (
            "{subject}, a prompt and a parser meet in a pipe. Who speaks first?",
            "Nobody: they wait for the first token.",
        ),
        ("How many chunks does it take to deliver {subject}?", "Two empty ones, and whatever fits in between."),
        ("Why was {subject} so calm about the latency?", "It had been told that patience is a parameter."),
    ),
    request="“{request}” is how you put it.",
    manner="You wanted it told like this: {manner}.",
    system="“{system}” is how the system message begins.",
    turn="This is question number {turn} of our conversation, and all that is remembered of the others is their count.",
    sections=(
        "A real model would fill “{title}” with words of its own about {subject}.",
        "Under “{title}” there is room for {subject}, and here only a placeholder for it.",
        "The part called “{title}” arrives at its planned pace, with {subject} in mind.",
    ),
    valued_sections=(
        "For “{title}” you gave “{value}”.",
        "You wrote “{value}”, and a real model would carry on from there.",
        "What was given here is “{value}”; it is repeated, not understood.",
    ),
    bodies=(
        "A real model would now say something definite about {subject}, and you would want to check it.",
        "Every piece of this text has its planned instant, so the gaps that you see are the gaps that were set.",
        "The wait at the beginning was the time to first token; the rhythm since then is the time per token.",
        "Change the seed and other sentences come; keep it and these come back, word for word.",
        "Notice that the pieces end where tokens end, which is not always where words do.",
        "Nothing about {subject} was looked up, remembered or guessed.",
        "With more tokens per second the same words would only be in more of a hurry.",
        "Choose another fault, ask for {subject} again, and watch how differently it ends.",
        "If you stop it in the middle of a sentence, what has come so far is yours to keep.",
        "Somewhere after this sentence there are a few more, because a stream is best watched for a while.",
        "Whoever reads along has time to think about {subject} between two chunks.",
        "A slow answer and a fast one hold the same words; only the waiting differs.",
    ),
    accented="Voilà — a café sign ☕ and a smile 🙂 to split.",
    picture="Image {number} is a {format} of {width} × {height} pixels by its bytes; what it shows is not known here.",
)

KOREAN = Phrases(
    nothing="빈 프롬프트",
    disclaimer="이것은 시뮬레이션 답변입니다. 지식이 아니라 시간을 보여 줄 뿐, 아는 사실이 없습니다.",
    openings=(
        "{subject}에 대한 시뮬레이션 답변을 시작합니다.",
        "{subject}을/를 주제로 한 시뮬레이션 문장이 지금 도착하고 있습니다.",
        "{subject} 이야기를 시뮬레이션으로 들려 드리겠습니다.",
        "실제 모델이 {subject}에 대해 말한다고 상상해 보세요. 이 글은 시뮬레이션입니다.",
    ),
    jokes=(
        ("{subject}은/는 왜 줄을 섰을까요?", "좋은 것은 토큰 하나씩 온다는 말을 들었거든요."),
        ("{subject}이/가 진행 막대에게 뭐라고 했을까요?", "“천천히 하세요, 저는 아직 스트리밍 중이에요.”"),
        (
            "{subject}과/와 파서가 파이프에서 만났습니다. 누가 먼저 말했을까요?",
            "아무도요. 첫 토큰을 기다리고 있었답니다.",
        ),
        ("{subject}을/를 배달하려면 청크가 몇 개 필요할까요?", "빈 것 두 개, 그리고 그 사이에 들어가는 만큼이요."),
        ("{subject}은/는 왜 지연 시간 앞에서 태연했을까요?", "인내심도 매개변수라고 배웠으니까요."),
    ),
    request="요청하신 말씀은 “{request}”입니다.",
    manner="그리고 이렇게 들려 달라고 하셨습니다: {manner}.",
    system="시스템 메시지의 첫머리는 “{system}”입니다.",
    turn="이 대화의 {turn}번째 질문이며, 앞선 질문은 그 수만 기억합니다.",
    sections=(
        "실제 모델이라면 “{title}” 자리를 {subject}에 대한 자기 말로 채웠을 것입니다.",
        "“{title}” 부분은 {subject}을/를 위한 자리이고, 지금은 빈말로 채워 둡니다.",
        "“{title}” 항목도 정해진 속도로 도착합니다. 주제는 {subject}입니다.",
    ),
    valued_sections=(
        "“{title}” 항목에 주신 내용은 “{value}”입니다.",
        "“{value}”라고 적어 주셨고, 실제 모델이라면 여기서 이어 갔을 것입니다.",
        "주신 값은 “{value}”입니다. 이해한 것이 아니라 되풀이할 뿐입니다.",
    ),
    bodies=(
        "실제 모델이라면 이쯤에서 {subject}에 대해 무언가를 단정했을 것이고, 확인은 읽는 분의 몫이었을 것입니다.",
        "이 글의 조각마다 도착할 순간이 정해져 있어서, 보이는 간격이 곧 설정한 간격입니다.",
        "처음의 기다림은 첫 토큰까지의 시간이고, 그 뒤의 박자는 토큰당 시간입니다.",
        "시드를 바꾸면 다른 문장이 오고, 그대로 두면 같은 문장이 그대로 돌아옵니다.",
        "조각은 토큰이 끝나는 곳에서 끊기며, 그곳이 늘 낱말의 끝은 아닙니다.",
        "{subject}을/를 찾아보거나 기억하거나 짐작하지 않았습니다.",
        "초당 토큰 수를 올리면 같은 말이 조금 더 서둘러 올 뿐입니다.",
        "다른 장애를 골라 {subject}을/를 다시 물어보시면 끝나는 모습이 달라집니다.",
        "문장 한가운데에서 멈추어도 그때까지 온 글은 남습니다.",
        "스트림은 한동안 지켜보아야 맛이 나므로, 이 뒤에도 문장이 몇 개 더 있습니다.",
        "읽는 동안 두 청크 사이에서 {subject}을/를 떠올려 볼 시간이 있습니다.",
        "느린 답과 빠른 답에 담긴 말은 같고, 다른 것은 기다림뿐입니다.",
    ),
    accented="카페 — café ☕ 🙂.",
    picture="이미지 {number}: 바이트로 보아 {format}, {width} × {height}픽셀입니다. 무엇이 보이는지는 모릅니다.",
)
