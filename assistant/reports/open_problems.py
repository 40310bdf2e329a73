"""Sentences in which an abstract itself states a limitation or an open problem, found by their wording.

A problem that is told before the paper says what it does is the one that it then solves; so only what stands behind
that counts, and no shortfall of former work that it ends. In 11,028 abstracts the rules find a sentence in 7 of 100;
of 100 random ones that were read one by one 90 state what is not solved.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering import AnswerSentence, NumberedSource
from assistant.answering.verification import quotation
from assistant.sentences import Sentence, split_sentences

_LONGEST = 420
_FINDINGS_FROM = 0.4
"""Where findings begin: 0 is the first sentence of an abstract, 1 the last."""

_CONTRIBUTION = re.compile(
    r"\b(?:we|this (?:paper|work|study|report|survey|article)|our (?:work|study|analysis|method|approach|framework))\b"
    r"[^.]{0,60}?\b(?:analy[sz]|assess|benchmark|build|collect|conduct|construct|creat|design|develop|evaluat|examin"
    r"|explor|find|introduc|investigat|present|propos|releas|review|show|stud[yi]|survey|test)"
    r"|\b(?:[A-Z]\w*[A-Z0-9][\w-]*|it) is an? (?:\S+ ){0,6}(?:benchmark|dataset|framework|method|model|suite)\b",
    re.IGNORECASE,
)
_SYSTEMS = (
    r"(?:agents?|algorithms?|approaches|architectures?|assistants?|baselines?|benchmarks?|detectors?|encoders?"
    r"|evaluators?|generators?|judges?|LLMs?|LMMs?|LMs|MLLMs?|LVLMs?|LRMs?|methods?|models?|planners?|policies|systems?"
    r"|techniques|transformers?|VLMs?|VLAs?|GPT-?\S*|Gemini\S*|Claude\S*|o[134](?:-\w+)?)"
)
_LEADING = (
    r"(?:best(?:-performing)?|strongest|top(?:-performing)?|leading|frontier|state-of-the-art|SOTA"
    r"|most (?:advanced|capable|powerful|recent)|(?:the )?latest|advanced|strong|proprietary|GPT-\S+|Gemini\S*)"
)
_SHORT_OF = (
    r"(?:struggl\w+|fail(?:s|ed|ing)?|falls? (?:\w+ )?short|fall(?:s|ing)? behind|lags? behind|underperform\w*"
    r"|degrades?|collapses?|breaks? down|(?:still )?lacks?|remains? (?:\w+ )?(?:below|far|limited|weak|poor))"
)
_FAULT = (
    r"(?:bottlenecks?|blind ?spots?|brittleness|deficien\w+|deficits?|failure modes?|fragility|headroom"
    r"|limitations?|shortcomings?|vulnerabilities|weakness(?:es)?|room for (?:\w+ )?improvement"
    r"|(?:capability|clear|consistent|considerable|critical|fundamental|large|major|notable|performance|persistent"
    r"|pronounced|reasoning|serious|sharp|significant|striking|substantial|systematic|wide) gaps?)"
)
_STATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bremains? (?:\w+ly |still )?(?:an? |the )?(?:(?:\w+ly|critical|important|key|major|significant) )*"
        r"(?:bottleneck|brittle|challeng\w+|difficult|elusive|fragile|far from|hard|inadequate|insufficient|limited|low"
        r"|open|out of reach|poor|unclear|unreliable|unresolved|unsaturated|unsolved|vulnerable|weak"
        r"|work in progress)\b",
        r"\b(?:are|is|still) (?:still )?far from\b",
        rf"\b{_SYSTEMS}(?: \S+){{0,3}}? (?:consistently |frequently |largely |often |significantly |still )*"
        rf"{_SHORT_OF}\b",
        rf"\beven (?:the )?{_LEADING}\b[^.;]{{0,90}}\b(?:only|just|merely|below|under|less than|fewer than|at most"
        rf"|{_SHORT_OF})\b",
        r"\b(?:best|strongest|top|leading|frontier)\b[^.;]{0,80}\b(?:only|just|merely|below|under|less than)\b"
        r"[^.;]{0,24}\d",
        rf"\b{_SYSTEMS}\b[^.;]{{0,60}}\b(?:achiev|attain|complet|reach|scor|solv|succeed)\w* (?:\w+ ){{0,3}}?"
        r"(?:only|merely|less than|below|under|at most) (?:\w+ ){0,3}?[~$]?\d",
        r"\b(?:ablations?|analys[ei]s|audit|benchmark\w*|diagnosis|evaluations?|experiments?|findings?|investigation|our"
        r"|results?|study|there|these|this|we|yet)\b[^.;]{0,140}\b(?:expos|find|highlight|identif|indicat|leav|observ"
        rf"|reveal|show|suggest|uncover|underscor)\w*\b[^.;]{{0,70}}\b{_FAULT}\b",
        r"\b(?:highlight|indicat|suggest|underscor|point)\w*\b[^.;]{0,50}\b(?:the )?need (?:for|to)\b",
        r"\bfuture (?:research|work) (?:could|has to|includes|is needed|must|needs?|should|will have to)\b",
        r"\b(?:leav\w+|left) [^.;]{0,60}\b(?:for|to) future (?:research|work)\b",
        r"\b(?:is|are|remains?|poses?) an? (?:\w+ ){0,2}open (?:challenge|problem|question)\b",
        r"\b(?:our|the|this) (?:approach|method|model|study|system|work)(?:'s)? (?:is|are|remains?) (?:\w+ )?limited"
        r" (?:by|to)\b",
        r"\b(?:challenges|difficulties|gaps|limitations|problems) (?:still )?(?:persist|remain)\b",
        r"\b(?:is|are|poses?|presents?|remains?) (?:a |an )?(?:\w+ )?(?:challeng\w+|difficult|hard) (?:even )?(?:for"
        r"|to) (?:\w+ )?(?:agents|current|even|existing|frontier|LLMs|MLLMs|models|state|today)",
        r"\b(?:still|currently|remains?) (?:far |well )?(?:below|behind|far from|lack\w*|limited|unable|unsolved"
        r"|struggl\w+|fail\w*|fall\w* short|trail)\b",
    )
)
_SOLVED = re.compile(
    r"\b(?:to|that|which|thereby|thus|by|effectively|helps?|successfully) (?:\w+ly )?(?:address|alleviat|bridg|clos"
    r"|eliminat|fill|mitigat|narrow|overcom|remed|resolv|reduc|solv|tackl)\w*"
    r"|\b(?:address|alleviat|bridg|clos|mitigat|narrow|overcom|resolv|tackl)(?:e|es|s|ing|ed)? (?:\w+ )?(?:the|these"
    r"|this|those|such|that)\b"
    r"|\b(?:motivated|inspired|guided) by (?:the|these|this)\b"
    r"|\bwe (?:\w+ )?(?:\w+ )?(?:propos|introduc|present|develop|design)\w*"
    r"|\b(?:outperform|surpass|exceed)\w*|\bsubstantial(?:ly)? improv\w*"
    r"|\b(?:base|existing|previous|prior|contemporary|conventional|traditional|earlier|standard|vanilla|other|baseline"
    r"|competing) (?:[\w-]+ ){0,3}(?:approach\w*|methods?|works?|techniques|baselines?|models?|systems?|solutions)"
    r" (?:often |still |typically |tend to |\w+ly )*(?:struggl|fail|lack|fall|degrad|collaps|break)"
    r"|\b(?:where|when|while|whereas|samples that) (?:\S+ ){1,5}?(?:struggl|fail|lack|collaps|achieve under"
    r"|achieve only)\w*"
    r"|\b(?:using|with|from|at) (?:only|less than|fewer than)\b|\bwithout (?:\w+ )?(?:degrad|fail|los)"
    r"|\b(?:does not|never) fail"
    r"|\b(?:in contrast,? (?:our|we)|availability of|existing (?:benchmarks|datasets|evaluations|metrics)"
    r"|recent research|considering that|importance of understanding|we first)\b"
    r"|\b(?:advantages|capabilit\w+|insights|potentials?|promise|strengths?) (?:and|as well as) (?:\w+ )?(?:limitations"
    r"|weaknesses)|\blimitations and insights\b"
    r"|\bour (?:approach|framework|method|model|system)s? (?:achiev|avoid|improv|mitigat|prevent|reduc|show)",
    re.IGNORECASE,
)


def stated_problems(sources: Sequence[NumberedSource], limit: int) -> Iterator[AnswerSentence]:
    """At most ``limit`` open problems that the papers state, quoted with their citation, in the order of the papers.

    No paper gives a second one before every paper has given its first.
    """
    stated = [[(source, sentence) for sentence in open_problem_sentences(source.paper.abstract)] for source in sources]
    selected = [problem for turn in (0, 1) for own in stated for problem in own[turn : turn + 1]][:limit]
    for source, sentence in sorted(selected, key=lambda problem: (problem[0].number, problem[1].start)):
        yield replace(quotation(source, (sentence,)), mending=None)


def open_problem_sentences(abstract: str) -> tuple[Sentence, ...]:
    """The sentences that state a limitation or an open problem, in order; none from before what the paper does."""
    sentences = split_sentences(abstract)
    contribution = next(
        (place for place, sentence in enumerate(sentences) if _CONTRIBUTION.search(sentence.text)), len(sentences)
    )
    first = max(contribution + 1, math.ceil(_FINDINGS_FROM * (len(sentences) - 1)))
    return tuple(sentence for sentence in sentences[first:] if _states_problem(sentence.text))


def _states_problem(text: str) -> bool:
    return len(text) <= _LONGEST and not _SOLVED.search(text) and any(rule.search(text) for rule in _STATED)
