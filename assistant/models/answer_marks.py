"""The marks that stand around what a model thinks, and those of chat templates, as they come in written text.

Sources: the chat templates and reasoning parsers of the models (DeepSeek-R1, QwQ, Qwen3, Magistral, Seed-OSS,
Command A, Kimi, Gemma, Granite, gpt-oss); harmony's form is https://cookbook.openai.com/articles/openai-harmony.
Papers write of these marks too, so a mark counts by where it stands: "the <think> token" within a line is prose.
"""

import re

_NAME = (
    r"(?:seed:|antml:)?(?:think|thinking|thoughts?|thought_process|reasoning|reason|reflection|scratch_?pad|analysis"
    r"|ant_?thinking|inner_monologue|inner_thoughts?)"
)
_DETAILS = r"<details\s(?:[^<>\n]{0,60}\s)?type=[\"']reasoning[\"'][^<>\n]{0,60}>"

OPENING = re.compile(
    rf"<{_NAME}(?:\s[^<>\n]{{0,40}})?>|{_DETAILS}|\[THINK\]|<\|(?:begin_of_thought|START_THINKING)\|>|◁think▷"
    r"|<\|channel>thought\b|<unused94>(?:thought\b)?",
    re.IGNORECASE,
)
"""Opens a thought."""

CLOSING = re.compile(
    rf"</{_NAME}\s*>|\[/THINK\]|<\|(?:end_of_thought|END_THINKING)\|>|◁/think▷|<channel\|>|<unused95>", re.IGNORECASE
)
"""Closes one, whichever opened it."""

_CLOSING_DETAILS = re.compile(r"</details\s*>", re.IGNORECASE)

_OPENING_AT_END = re.compile(rf"(?:{OPENING.pattern})\s*\Z", re.IGNORECASE)
_AROUND_THOUGHTS = re.compile(
    rf"{OPENING.pattern}|{CLOSING.pattern}|<\|(?:channel|message|start|end)\|>|<\|channel>", re.IGNORECASE
)

HARMONY_HEADER = re.compile(r"<\|channel\|>\s*(\w+)[^\n]{0,120}?<\|message\|>")
HARMONY_END = re.compile(r"<\|(?:end|return|call)\|>|(?=<\|(?:start|channel)\|>)")
SWALLOWED_HEADER = re.compile(r"(?:assistant\s*)?(?:analysis|commentary)(?=[ \t]*[A-Z\"“'(]|\n)")
"""gpt-oss behind a server that swallowed the special tokens: "analysisWe need to … assistantfinalThe answer"."""
SWALLOWED_FINAL = re.compile(r"assistant\s*final(?![a-z])")

_WRAPPER = r"(?:answer|response|final_answer|final|solution)"

LEADING = re.compile(
    r"<\|im_start\|>\s*assistant|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>|<\|start\|>\s*assistant"
    r"|<\|start_of_role\|>\s*assistant\s*<\|end_of_role\|>|<start_of_turn>\s*model|<\|turn>\s*model"
    rf"|<\|channel\|>\s*final\b|\[/INST\]|<{_WRAPPER}>|#{{2,3}} (?:Response|Assistant):"
    r"|(?-i:assistant\s*final(?=\s*[A-Z\d\"“'(\[*#-])|(?:assistant|model)[ \t]*\n|[Aa]ssistant:(?=\s))",
    re.IGNORECASE,
)
"""What may stand before an answer and belongs to the template."""

WRAPPER_OPENING = re.compile(rf"<{_WRAPPER}>", re.IGNORECASE)
WRAPPER_CLOSING = re.compile(rf"</{_WRAPPER}>", re.IGNORECASE)

TURN_END = re.compile(
    r"(?:<\||\[\|)(?:im_end|im_start|eot|eot_id|eom|eom_id|eos|end_of_text|endoftext|end_of_turn|endofturn"
    r"|END_OF_TURN_TOKEN|end_of_role|start_of_role|start_header_id|end|return|call|start|channel|user|system|human"
    r"|observation|end_of_solution|END_RESPONSE)(?:\|>|\|\])"
    r"|</s>|<eos>|<end_of_turn>|<start_of_turn>|<turn\|>|<\|turn>|<｜(?:end▁of▁sentence|User)｜>|\[/?INST\]"
    r"|(?<=\n)#{2,3} (?:Instruction|Input|Human|User)(?::|[ \t]*(?=\n|\Z))"
    r"|(?<=\n)(?:Human|User|USER|HUMAN):(?=\s)"
)
"""Ends the answer: what a model without an end writes behind it is a turn of its own invention."""

TOKEN = re.compile(
    r"<\|[A-Za-z][\w./:-]{0,40}\|>|<｜[^｜<>\n]{1,40}｜>|\[\|[A-Za-z]\w{0,30}\|\]|<(?:pad|unk|bos|s)>", re.IGNORECASE
)
"""Any other special token: it is taken out, the text around it stays."""

ANY = re.compile(
    f"(?P<opening>(?i:{OPENING.pattern}))|(?P<closing>(?i:{CLOSING.pattern}))"
    f"|(?P<wrapper>(?i:{WRAPPER_CLOSING.pattern}))|(?P<end>{TURN_END.pattern})|(?P<token>(?i:{TOKEN.pattern}))"
)
"""Any mark that may come within an answer; the group says which."""

CITED = re.compile(r"\[(?:(?:source|paper)s?\s*)?\d{1,3}\s?[\],;–-]|【\s*\d", re.IGNORECASE)
"""A citation as the prompts ask for them: text that has one is an answer, or as good as one."""

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
_USUAL_OTHERS = (
    "</think>", "</thinking>", "</reasoning>", "</seed:think>", "[/think]", "◁think▷", "◁/think▷", "[inst]", "[/inst]",
    "</s>", "</answer>", "</response>", "</final_answer>", "<end_of_turn>", "<start_of_turn>", "<channel|>",
)  # fmt: skip
_CUT_TOKEN = re.compile(r"<\|[A-Za-z]\w{0,40}\|?|<｜[^｜<>\n]{1,40}｜?|\[\|[A-Za-z]\w{0,30}\|?")
_SHORTEST_CUT = 3
_FIRST_WORDS = (
    "assistantfinal", "assistant final ", "assistantanalysis", "assistant analysis ", "assistantcommentary",
    "assistant commentary ", "analysis ", "commentary ", "assistant\n", "assistant:", "model\n", "### response:",
    "### assistant:",
)  # fmt: skip
_LONGEST_HEAD = 200
_LONGEST_MARK = 140
_NEXT_WORDS = 16
_LINE_HEADS = ("### instruction", "### input", "### human", "### user", "human:", "user:")
_UNFINISHED = re.compile(r"(?:<(?:[A-Za-z/|｜][^<>\n]{0,130})?|\[(?:/?[A-Za-z]{0,6}|\|\w{0,30}\|?)|◁[^▷\n]{0,8})\Z")

_ABOUT_MARKS = (
    r"[ \t]+(?:and|or|tokens?|tags?|marks?|markers?|blocks?|sections?|spans?|delimiters?|segments?|stand|open|close"
    r"|end|begin|start|separate|delimit|can|may|must|to|in|at|with|are|were|(?!does\b|this\b)[a-z]+s)\b"
)
_PROSE_AFTER_OPENING = re.compile(
    r"[,.;:)`'\"”’*]|[ \t]+(?:is|are|was|were|and|or|tokens?|tags?|marks?|markers?|blocks?|sections?|spans?|delimiters?"
    r"|segments?|stands?|denotes?|means|can|may|must|has|to|in|at|with)\b"
)
_PROSE_AFTER_LEADING = re.compile(r"[`'\"”’]?[ \t]+(?:tokens?|tags?|marks?|markers?|delimiters?|and <)\b")
_PUNCTUATION_AFTER = re.compile(r"[,;:)`'\"”’*]|\.(?:\s|\Z)")
_PROSE_AFTER_END = re.compile(rf"[ \t]+[a-z]|{_PUNCTUATION_AFTER.pattern}")
_QUOTE_SIGNS = "`\"'“‘«("
_QUOTES_AFTER = tuple("`'\"”’)")
_SENTENCE_STOPS = tuple(".!?…")
_SENTENCE_ENDS = '.!?…:)]*"”'
_SENTENCE_BEFORE = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)[.!?…][\"”’')*]*(?:\s?\[[^\[\]\n]{1,30}\])*[ \t]*\Z"
)
_ENUMERATED = re.compile(r"[ \t]*(?:\d{1,3}[.)]|[-*•>|])[ \t]*\Z")
_BLANK_LINE = re.compile(r"[^:\s]\s*\n[ \t]*\n[ \t]*\Z")

_DO = (
    r"(?:answer|respond|reply|produce|write|find|look|figure|check|parse|summari[sz]e|cite|determine|recall|output|craft"
    r"|extract|make sure|read|give|provide|think|see|re-?read|analy[sz]e|go through|start by)\b"
)
_SURELY_ALOUD = re.compile(
    r"(?:assistant\s*)?(?:(?:analysis|commentary)\s*)?(?:hm+\b|wait\b|let's (?:see|think)\b"
    r"|(?:okay|ok|alright|all right)[,.]?\s+(?:so|let|the|i|we|now|first|looking|source|paper|this|there|user)\b"
    r"|(?:so,?\s+)?(?:the )?user (?:asks|asked|wants|is asking|is looking for|needs|would like|provided|says)\b"
    r"|(?:so,?\s+)?the user(?:'s|’s) (?:question|query|request)\b"
    rf"|(?:so,?\s+)?(?:(?:we|i) (?:need|have) to|i should|let me|let us|let's|need to) {_DO}"
    r"|(?:so,?\s+)?we (?:are|were) (?:asked|given)\b)",
    re.IGNORECASE,
)
"""How thoughts begin, and answers about papers hardly ever."""
_PERHAPS_ALOUD = (
    "okay", "ok,", "ok so", "alright", "all right", "hm", "let me", "let's", "let us", "the user", "user ",
    "we need to", "we are asked", "we are given", "we were ", "we have to", "we have a", "we should", "we must",
    "we can ", "need to ", "i need to", "i should", "i have to", "i'll", "i will", "i'm ", "i am ", "so the", "so, ",
    "so i ", "so we ", "so user", "so let", "got it", "well,", "wait", "now,", "right,", "the question", "the query",
    "the prompt", "the task", "first,", "looking at", "source 1 says",
)  # fmt: skip
"""Answers may begin so too."""
_TELLING = 300
"""So many characters without an end of thoughts show that a text which may be either is an answer."""

UNMARKED_NAMES = re.compile(r"deepseek-?r1|[-/:]r1\b|\bqwq|thinking|reasoner|glm-z1|exaone-deep", re.IGNORECASE)
"""Models whose templates open the thought in the prompt: behind a server that does not know, only its end comes."""


def is_cut_opening(text: str) -> bool:
    """Whether all of a text is an opening mark, or a harmony header, that was cut off."""
    lowered = text.strip().casefold()
    begun = len(lowered) > 1 and any(mark.startswith(lowered) for mark in _USUAL_OPENINGS)
    return begun or (lowered.startswith("<|channel|>") and "<|message|>" not in lowered)


def without_cut_mark(text: str) -> str:
    """A whole text without the first characters of a mark at its end; as it is where there are none."""
    start = max(text.rfind(sign) for sign in "<[◁")
    tail = text[start:] if start >= 0 else ""
    if len(tail) < _SHORTEST_CUT or _is_quoted(text[:start]):
        return text
    lowered = tail.casefold()
    is_mark_start = any(mark != lowered and mark.startswith(lowered) for mark in (*_USUAL_OPENINGS, *_USUAL_OTHERS))
    return text[:start].rstrip() if is_mark_start or _CUT_TOKEN.fullmatch(tail) else text


def ends_with_opening(prompt: str) -> bool:
    """Whether a prompt ends within a thought that it opens itself."""
    return _OPENING_AT_END.search(prompt) is not None


def stands_around_thoughts(token: str) -> bool:
    """Whether a control token's name parts thoughts from the answer, so that it must be seen to be taken away."""
    return _AROUND_THOUGHTS.fullmatch(token) is not None


def closing_of(opening: str) -> re.Pattern[str]:
    """What closes a thought; ``</details>`` only what ``<details type="reasoning">`` (Open WebUI) opened."""
    return _CLOSING_DETAILS if opening.casefold().startswith("<details") else CLOSING


def begins_aloud(text: str, *, surely: bool = False) -> bool:
    """Whether a text begins as thoughts do; ``surely`` where answers do not."""
    if surely:
        return _SURELY_ALOUD.match(text.lstrip()) is not None
    return text.lstrip().casefold().startswith(_PERHAPS_ALOUD)


def is_telling(text: str) -> bool:
    """Whether so much came of a text that may be thought or answer that it is taken for an answer."""
    return (len(text) >= _TELLING or CITED.search(text) is not None) and not begins_aloud(text, surely=True)


def next_words_may_tell(after: str) -> bool:
    """Whether what comes next behind a mark is still needed to know what the mark is."""
    return len(after) < _NEXT_WORDS and "\n" not in after and not after[:1].isalnum()


def head_may_go_on(text: str) -> bool:
    """Whether the next characters may change what a text begins with; it has no white space before it."""
    if len(text) > _LONGEST_HEAD:
        return False
    if opening := OPENING.match(text):
        return next_words_may_tell(text[opening.end() :])
    if text.startswith("<|channel|>"):
        return "<|message|>" not in text
    if text.startswith("<|channel>"):
        return "\n" not in text
    if mark := LEADING.match(text) or TURN_END.match(text) or TOKEN.match(text):
        after = text[mark.end() :]
        is_role = any(role.startswith(after.lstrip().casefold()) for role in _ROLES)
        return is_role or (not mark[0].endswith("\n") and next_words_may_tell(after))
    lowered = text.casefold()
    phrases = (*_PERHAPS_ALOUD, *_FIRST_WORDS)
    return unfinished_mark(text) == 0 or any(phrase.startswith(lowered) for phrase in phrases)


def is_prose_opening(after: str) -> bool:
    """Whether a mark at the very start is perhaps the subject of a sentence: "<think> tokens delimit …"."""
    return _PROSE_AFTER_OPENING.match(after) is not None


def is_prose_leading(after: str) -> bool:
    """Whether template words at the very start are the subject of a sentence: "<answer> tags hold …"."""
    return _PROSE_AFTER_LEADING.match(after) is not None


def closes_thought(before: str, after: str, *, guessed: bool = False) -> bool:
    """Whether a closing mark within a thought ends it, and is not spoken about in it.

    Behind a sentence of what is ``guessed`` to be a thought it does, unless the next words are about marks.
    """
    if _is_quoted(before):
        return False
    glued = bool(before) and not before[-1].isspace()
    if guessed and not glued and before.rstrip(" \t")[-1:] in _SENTENCE_STOPS:
        return _PROSE_AFTER_OPENING.match(after) is None and re.match(_ABOUT_MARKS, after) is None
    return (_PUNCTUATION_AFTER if glued else _PROSE_AFTER_END).match(after) is None


def ends_unopened_thought(before: str, after: str) -> bool:
    """The same where nothing opened a thought: the mark stands alone, or between sentences."""
    if not closes_thought(before, after):
        return False
    bare = before.rstrip(" \t")
    alone = not bare or bare.endswith("\n") or not after.strip(" \t") or after.lstrip(" \t").startswith("\n")
    return alone or bare[-1] in _SENTENCE_ENDS


def opens_within(before: str) -> bool:
    """Whether an opening mark within an answer may begin another thought: it stands where a sentence begins."""
    return not _is_quoted(before) and _begins_sentence(_line_of(before))


def is_glued(after: str) -> bool:
    """Whether the first word of a thought, or its first line, follows the mark that opens it at once."""
    return after[:1] == "\n" or after[:1].isalnum()


def speaks_of_opening(before: str) -> bool:
    """Whether a text has an opening mark without its closing one, so that the next closing mark is its fellow."""
    return len(OPENING.findall(before)) > len(CLOSING.findall(before))


def ends_turn(mark: str, before: str, after: str) -> bool:
    """Whether a template's mark within an answer is one, and not a word of it: "the </s> token"."""
    if mark[0] in "Uu#Hh":
        return mark[0] == "#" or _BLANK_LINE.search(before) is not None
    return _is_of_template(before, after)


def is_stray(token: str, before: str, after: str) -> bool:
    """Whether a special token within an answer belongs to none of its words; boxes (GLM) stand anywhere."""
    if "_of_box" in token:
        return not _is_quoted(before) and after[:1] not in _QUOTES_AFTER
    line = _line_of(before)
    glued = line.rstrip() == line and after[:1].isalnum() and not _begins_sentence(line)
    return not glued and _is_of_template(before, after)


def _is_of_template(before: str, after: str) -> bool:
    """Whether a mark stands at a line's or sentence's begin or end, or behind a word without a blank."""
    if _is_quoted(before) or _PUNCTUATION_AFTER.match(after):
        return False
    line = _line_of(before)
    if _ENUMERATED.fullmatch(line):
        return False
    if _begins_sentence(line):
        return re.match(_ABOUT_MARKS, after) is None
    if line[-1] in " \t":
        return not after.strip(" \t") or after.lstrip(" \t").startswith("\n")
    return TOKEN.search(line) is None


def _begins_sentence(line: str) -> bool:
    """Whether a sentence begins behind this much of a line."""
    if _ENUMERATED.fullmatch(line):
        return False
    return not line.strip() or _SENTENCE_BEFORE.search(line) is not None


def _line_of(before: str) -> str:
    return before[before.rfind("\n") + 1 :]


def _is_quoted(before: str) -> bool:
    return before[-1:] != "" and before[-1:] in _QUOTE_SIGNS


def unfinished_mark(text: str) -> int:
    """Where a mark begins at the text's end that is not whole yet; the text's length when there is none."""
    start = max(0, len(text) - _LONGEST_MARK)
    tail = text[start:]
    if match := _UNFINISHED.search(tail):
        return start + match.start()
    line = text.rfind("\n", start) + 1
    if not line:
        return len(text)
    head = text[line:].casefold()
    return line if any(phrase.startswith(head) for phrase in _LINE_HEADS) else len(text)
