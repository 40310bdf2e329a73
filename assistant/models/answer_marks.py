"""The marks that stand around what a model thinks, and those of chat templates, as they come in written text.

Sources: the chat templates and reasoning parsers of the models (DeepSeek-R1, QwQ, Qwen3, Magistral, Seed-OSS,
Command A, Kimi, Gemma, Granite, gpt-oss); harmony's form is https://cookbook.openai.com/articles/openai-harmony.
Papers write of these marks too, so a mark counts by where it stands: "the <think> token" within a line is prose.
"""

import re

_NAME = r"(?:seed:)?(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis)"

OPENING = re.compile(
    rf"<{_NAME}(?:\s[^<>\n]{{0,40}})?>|\[THINK\]|<\|(?:begin_of_thought|START_THINKING)\|>|◁think▷"
    r"|<\|channel>thought\b|<unused94>(?:thought\b)?",
    re.IGNORECASE,
)
"""Opens a thought."""

CLOSING = re.compile(
    rf"</{_NAME}\s*>|\[/THINK\]|<\|(?:end_of_thought|END_THINKING)\|>|◁/think▷|<channel\|>|<unused95>", re.IGNORECASE
)
"""Closes one, whichever opened it."""

_OPENING_AT_END = re.compile(rf"(?:{OPENING.pattern})\s*\Z", re.IGNORECASE)
_AROUND_THOUGHTS = re.compile(
    rf"{OPENING.pattern}|{CLOSING.pattern}|<\|(?:channel|message|start|end)\|>|<\|channel>", re.IGNORECASE
)

HARMONY_HEADER = re.compile(r"<\|channel\|>\s*(\w+)[^\n]{0,120}?<\|message\|>")
HARMONY_END = re.compile(r"<\|(?:end|return|call)\|>|(?=<\|(?:start|channel)\|>)")
SWALLOWED_HEADER = re.compile(r"(?:assistant)?(?:analysis|commentary)(?=[A-Z\"“'(\n])")
"""gpt-oss behind a server that swallowed the special tokens: "analysisWe need to … assistantfinalThe answer"."""
SWALLOWED_FINAL = re.compile(r"assistant\s*final(?![a-z])")

LEADING = re.compile(
    r"<\|im_start\|>\s*assistant|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>|<\|start\|>\s*assistant"
    r"|<\|(?:assistant|begin_of_text|CHATBOT_TOKEN|START_OF_TURN_TOKEN|START_RESPONSE|begin_of_solution|message)\|>"
    r"|<\|start_of_role\|>\s*assistant\s*<\|end_of_role\|>|<start_of_turn>\s*model|<\|turn>\s*model"
    r"|<｜(?:Assistant|begin▁of▁sentence)｜>|\[/INST\]|<s>|<bos>|<(?:answer|response)>|#{2,3} (?:Response|Assistant):"
    r"|assistant\s*final(?=[A-Z\"“'(\n])",
    re.IGNORECASE,
)
"""What may stand before an answer and belongs to the template."""

WRAPPERS = {"<answer>": "</answer>", "<response>": "</response>"}

TURN_END = re.compile(
    r"<\|(?:im_end|im_start|eot_id|eom_id|end_of_text|endoftext|end_of_turn|END_OF_TURN_TOKEN|end_of_role|start_of_role"
    r"|start_header_id|end|return|call|start|user|system|end_of_solution|END_RESPONSE)\|>"
    r"|</s>|<eos>|<end_of_turn>|<start_of_turn>|<turn\|>|<\|turn>|<｜(?:end▁of▁sentence|User)｜>|\[/?INST\]"
    r"|</(?:answer|response)>|(?<=\n)#{2,3} (?:Instruction|Input|Human|User)(?::|[ \t]*(?=\n|\Z))"
    r"|(?<=\n)(?:Human|User|USER|HUMAN):(?=\s)"
)
"""Ends the answer: what a model without an end writes behind it is a turn of its own invention."""

ANY = re.compile(f"(?i:{OPENING.pattern})|(?i:{CLOSING.pattern})|{TURN_END.pattern}")

_ROLES = ("assistant<|end_header_id|>", "assistant<|end_of_role|>", "model")
_USUAL_OPENINGS = (
    "<think>",
    "<thinking>",
    "<reasoning>",
    "<seed:think>",
    "[think]",
    "<|channel|>",
    "<|start|>assistant",
)
_FIRST_WORDS = ("assistantfinal", "assistantanalysis", "assistantcommentary", "analysis", "commentary", "### response:")
_LONGEST_HEAD = 200
_LONGEST_MARK = 80
_NEXT_WORDS = 16
_LINE_HEADS = ("### instruction", "### input", "### human", "### user", "human:", "user:")
_UNFINISHED = re.compile(r"(?:<[^<>\n]{0,60}|\[/?[A-Za-z]{0,6}|◁[^▷\n]{0,8})\Z")

_PROSE_AFTER_OPENING = re.compile(
    r"[,.;:)`'\"”’]|\s+(?:is|are|was|were|and|or|tokens?|tags?|marks?|markers?|blocks?|sections?|spans?|delimiters?"
    r"|segments?|stands?|denotes?|means|can|may|must|has|to|in|at|with)\b"
)
_PROSE_AFTER_END = re.compile(r"[ \t]+[a-z]|[,;:)`'\"”’]|\.(?:\s|\Z)")
_QUOTE_SIGNS = "`\"'“‘«("
_SENTENCE_ENDS = '.!?…:)]*"”'

_ALOUD = (
    "okay", "ok,", "ok so", "alright", "hmm", "let me", "let's see", "the user ", "user asks", "user wants",
    "we need to", "we are asked", "we are given", "we have to", "i need to", "i should", "i have to", "so the user",
    "so i ", "so we ", "got it",
)  # fmt: skip
"""How thoughts begin, and answers about papers hardly ever."""
_PERHAPS_ALOUD = (
    "all right", "well,", "wait", "now,", "right,", "so the", "so, ", "let's", "let us", "we have a", "we should",
    "we must", "we can ", "the question", "the query", "the prompt", "the task", "user ", "i'll", "i will", "i'm ",
    "i am ", "first,", "looking at", "source 1 says",
)  # fmt: skip
"""Answers may begin so too."""

UNMARKED_NAMES = re.compile(r"deepseek-?r1|[-/:]r1\b|\bqwq|thinking|reasoner|glm-z1|exaone-deep", re.IGNORECASE)
"""Models whose templates open the thought in the prompt: behind a server that does not know, only its end comes."""


def is_cut_opening(text: str) -> bool:
    """Whether all of a text is an opening mark, or a harmony header, that was cut off."""
    lowered = text.strip().casefold()
    begun = len(lowered) > 1 and any(mark.startswith(lowered) for mark in _USUAL_OPENINGS)
    return begun or (lowered.startswith("<|channel|>") and "<|message|>" not in lowered)


def ends_with_opening(prompt: str) -> bool:
    """Whether a prompt ends within a thought that it opens itself."""
    return _OPENING_AT_END.search(prompt) is not None


def stands_around_thoughts(token: str) -> bool:
    """Whether a control token's name parts thoughts from the answer, so that it must be seen to be taken away."""
    return _AROUND_THOUGHTS.fullmatch(token) is not None


def begins_aloud(text: str, *, surely: bool = False) -> bool:
    """Whether a text begins as thoughts do; ``surely`` where answers do not."""
    lowered = text.lstrip().casefold()
    return lowered.startswith(_ALOUD if surely else _ALOUD + _PERHAPS_ALOUD)


def head_may_go_on(text: str) -> bool:
    """Whether the next characters may change what a text begins with; it has no white space before it."""
    if len(text) > _LONGEST_HEAD:
        return False
    if opening := OPENING.match(text):
        after = text[opening.end() :]
        return len(after) < _NEXT_WORDS and "\n" not in after and not after[:1].isalnum()
    if text.startswith("<|channel|>"):
        return "<|message|>" not in text
    if text.startswith("<|channel>"):
        return "\n" not in text
    if mark := LEADING.match(text) or TURN_END.match(text):
        after = text[mark.end() :].lstrip().casefold()
        return any(role.startswith(after) for role in _ROLES)
    lowered = text.casefold()
    phrases = (*_ALOUD, *_PERHAPS_ALOUD, *_FIRST_WORDS)
    return unfinished_mark(text) == 0 or any(phrase.startswith(lowered) for phrase in phrases)


def is_prose_opening(after: str) -> bool:
    """Whether an opening mark at the very start is the subject of a sentence: "<think> tokens delimit …"."""
    return _PROSE_AFTER_OPENING.match(after) is not None


def closes_thought(before: str, after: str) -> bool:
    """Whether a closing mark within a thought ends it, and is not spoken about in it."""
    if before[-1:] and before[-1:] in _QUOTE_SIGNS:
        return False
    return _PROSE_AFTER_END.match(after) is None


def ends_unopened_thought(before: str, after: str) -> bool:
    """The same where nothing opened a thought: the mark stands alone, or between sentences."""
    if not closes_thought(before, after):
        return False
    bare = before.rstrip(" \t")
    alone = not bare or bare.endswith("\n") or not after.strip(" \t") or after.lstrip(" \t").startswith("\n")
    return alone or bare[-1] in _SENTENCE_ENDS


def opens_within(before: str, after: str) -> bool:
    """Whether an opening mark within an answer begins another thought: it stands at the head of its line."""
    return before.rstrip(" \t").endswith("\n") and (after[:1] == "\n" or after[:1].isalnum())


def speaks_of_opening(before: str) -> bool:
    """Whether a text has an opening mark without its closing one, so that the next closing mark is its fellow."""
    return len(OPENING.findall(before)) > len(CLOSING.findall(before))


def ends_turn(before: str, after: str) -> bool:
    """Whether a template's mark within an answer is one, and not a word of it: "the </s> token"."""
    if before[-1:] and before[-1:] in _QUOTE_SIGNS:
        return False
    return not (before[-1:] in {" ", "\t"} and _PROSE_AFTER_END.match(after))


def unfinished_mark(text: str) -> int:
    """Where a mark begins at the text's end that is not whole yet; the text's length when there is none."""
    start = max(0, len(text) - _LONGEST_MARK)
    tail = text[start:]
    if found := _UNFINISHED.search(tail):
        return start + found.start()
    line = text.rfind("\n", start) + 1
    head = text[line:].casefold()
    return line if line and any(phrase.startswith(head) for phrase in _LINE_HEADS) else len(text)
