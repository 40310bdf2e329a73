"""A claim turned into its opposite, to see which of both the evidence is nearer to."""

import re

_PAIRS = (
    ("increases", "decreases"), ("increase", "decrease"), ("increased", "decreased"), ("increasing", "decreasing"),
    ("reduces", "increases"), ("reduce", "increase"), ("reduced", "increased"), ("reducing", "increasing"),
    ("raises", "lowers"), ("rises", "falls"), ("rise", "fall"), ("improves", "worsens"), ("improve", "worsen"),
    ("improved", "worsened"), ("enhances", "impairs"), ("enhance", "impair"), ("enhanced", "impaired"),
    ("promotes", "inhibits"), ("promote", "inhibit"), ("inhibits", "promotes"), ("inhibit", "promote"),
    ("activates", "inhibits"), ("activation", "inhibition"), ("upregulated", "downregulated"),
    ("prevents", "causes"), ("prevent", "cause"), ("higher", "lower"), ("greater", "smaller"), ("larger", "smaller"),
    ("longer", "shorter"), ("faster", "slower"), ("better", "worse"), ("more", "less"), ("high", "low"),
    ("best", "worst"),
    ("positive", "negative"), ("positively", "negatively"), ("gain", "loss"), ("gains", "losses"), ("with", "without"),
    ("outperforms", "underperforms"), ("outperform", "underperform"), ("effective", "ineffective"),
    ("beneficial", "harmful"), ("protects", "harms"), ("safe", "dangerous"), ("easier", "harder"), ("easy", "hard"),
    ("stable", "unstable"), ("succeeds", "fails"), ("always", "never"),
)  # fmt: skip
_OPPOSITES = {word: other for pair in reversed(_PAIRS) for word, other in (pair, pair[::-1])}
_WORD = re.compile(r"[A-Za-z]+")
_DENIAL = re.compile(r"\b(?:not|never|no)\s|n't\b")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|can|could|may|might|do|does|did|has|have|had|will|would|should)\b")


def opposed_to(claim: str) -> str:
    """A sentence that says the opposite of a claim: a denial taken out, a direction turned, or a "not" put in."""
    if _DENIAL.search(claim):
        return _DENIAL.sub("", claim)
    for match in _WORD.finditer(claim):
        if other := _OPPOSITES.get(match.group().casefold()):
            return claim[: match.start()] + other + claim[match.end() :]
    if _AUXILIARY.search(claim):
        return _AUXILIARY.sub(lambda match: f"{match.group()} not", claim, count=1)
    return f"It is not the case that {claim}"
