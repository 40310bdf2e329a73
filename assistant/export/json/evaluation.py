"""The figures of an evaluation as other programs read them.

Shares are 0 to 1, and null where there was nothing to count.
"""

from typing_extensions import TypedDict

from assistant.answering import Gate, Verdict
from assistant.export.json.base import Published

RankingJson = TypedDict(
    "RankingJson",
    {
        "file": str,
        "kind": str | None,
        "questions": int,
        "hit@1": float | None,
        "hit@5": float | None,
        "ndcg@10": float | None,
        "recall@20": float | None,
        "recall@100": float | None,
    },
)
"""How well the papers of a file's questions are found; of one kind of them when ``kind`` is not null."""

WindowJson = TypedDict("WindowJson", {"from": str | None, "to": str | None})
"""Days, both included; null is open."""


class LackingJson(Published):
    """What questions name and the library has not."""

    papers: list[str]
    questions: int
    """Questions that are left out therefore."""


class DatesJson(Published):
    """How well days in words are read."""

    file: str
    questions: int
    exact: float | None
    exact_or_alternative: float | None


class RefusedJson(Published):
    """How many questions were refused, and at which gate."""

    file: str
    kind: str | None
    answerable: bool
    questions: int
    by_retrieval: int
    by_evidence: int
    refused: int


class RefusalQualityJson(Published):
    """The unanswerable questions against answerable ones."""

    against: str
    """A file, or "all"."""
    precision: float | None
    """The share of refusals that are right."""
    recall: float | None
    """The share of unanswerable questions that are refused."""
    coverage: float | None
    """The share of answerable questions that are answered."""


class RefusalFiguresJson(Published):
    """How well it is told that the papers do not answer."""

    rows: list[RefusedJson]
    quality: list[RefusalQualityJson]
    median_seconds: float | None
    """Of a decision."""


class TrustCountsJson(Published):
    """Counts over the sentences of all answers of a file."""

    sentences: int
    claims: int
    """Sentences that state something and were checked."""
    supported: int
    partly: int
    unsupported: int
    claims_with_support: int
    citations: int
    supporting: int
    partly_supporting: int
    spans: int
    """Sentences of evidence."""
    exact_spans: int
    """Those that stand in the abstract where their offsets say."""
    quoted: int
    exact_quoted: int
    rewritten: int
    withheld: int
    fabricated: int
    """False names that the reader sees."""
    tried: int
    """False names that were taken out before."""


class MedianTokensJson(Published):
    """Tokens of an answer."""

    prompt: float | None
    cached: float | None
    output: float | None


class MedianSecondsJson(Published):
    """Seconds of an answer by stage."""

    total: float | None
    retrieval: float | None
    packing: float | None
    gates: float | None
    """Of refusals."""
    first_text: float | None
    writing: float | None
    check: float | None


class AnswerFiguresJson(Published):
    """The figures of one file's answers."""

    file: str
    model: str
    questions: int
    refused: int
    partial: int
    incomplete: int
    citation_precision: float | None
    citation_partly: float | None
    citation_recall: float | None
    quote_exactness: float | None
    fabricated: int
    counts: TrustCountsJson
    token_f1: float | None
    rouge_l_recall: float | None
    right_papers_cited: float | None
    median_tokens: MedianTokensJson
    median_seconds: MedianSecondsJson
    check_share: float | None
    """The time of the check in relation to that from the prompt to the last text."""


class ClaimsJson(Published):
    """How the support check judges claims with known labels."""

    file: str
    group: str | None
    """Of claims whose papers are held back from fitting ("held back"), or of the "rest"; null for all of them."""
    kind: str | None
    claims: int
    supported: int
    """Claims that are supported."""
    balanced_accuracy: float | None
    false_supported: float | None
    """The share of the others that is called supported."""
    found: float | None
    """The share of the supported ones that is called so."""
    auc: float | None
    """Of the probability."""


class NaturalJson(Published):
    """How many questions, put as people type them, have the right outcome."""

    file: str
    type: str | None
    questions: int
    answered: int
    right: int
    complete: int
    """Right, and lacking nothing that a good answer has."""
    covered: float | None
    """The share of passages that are used or cited, of relevant papers for a need."""
    median_seconds: float | None


class AskedJson(Published):
    """A question and where it stands."""

    file: str
    line: int
    id: str | None
    question: str


class RankedQuestionJson(AskedJson):
    """A question and how its papers were found."""

    rank: int | None
    """Of the first right paper; null when none was found."""


class DatedQuestionJson(AskedJson):
    """A question and the days that were read out of it."""

    read: WindowJson
    expected: WindowJson
    exact: bool
    exact_or_alternative: bool


class DecidedQuestionJson(AskedJson):
    """A question and whether it was refused."""

    answerable: bool
    refused: Gate | None
    probability: float | None
    seconds: float | None


class AnsweredQuestionJson(AskedJson):
    """A question and what became of its answer."""

    refused: Gate | None
    fabricated: list[str]
    supported: int
    partly: int
    unsupported: int
    seconds: float | None


class CheckedClaimJson(AskedJson):
    """A claim and its verdict; ``question`` is the claim."""

    kind: str | None
    held_back: bool
    label: Verdict
    verdict: Verdict | None
    reason: str
    probability: float | None


class NaturalQuestionJson(AskedJson):
    """A question and how its outcome stands."""

    type: str
    right: bool
    faults: list[str]
    """What makes the outcome a wrong one."""
    gaps: list[str]
    """What a right outcome still lacks."""
    covered: float | None
    refused: Gate | None
    seconds: float | None


class QuestionsJson(Published):
    """The single results by part."""

    retrieval: list[RankedQuestionJson]
    dates: list[DatedQuestionJson]
    refusal: list[DecidedQuestionJson]
    answers: list[AnsweredQuestionJson]
    claims: list[CheckedClaimJson]
    natural: list[NaturalQuestionJson]


class CutJson(Published):
    """How well a calibration parts claims."""

    group: str
    claims: int
    supported: int
    balanced_accuracy: float | None
    false_supported: float | None
    found: float | None
    auc: float | None


class CalibrationJson(Published):
    """A calibration of a reader."""

    reader: str
    file: str
    """Where it is kept."""
    figures: list[CutJson]
    """Of the reader alone, cross-validated on the claims that were fitted on, and on those held back."""


class EvaluationJson(Published):
    """The figures of a run over files of questions."""

    complete: bool
    """False when the run was stopped before its end."""
    lacking: LackingJson
    retrieval: list[RankingJson]
    dates: list[DatesJson]
    refusal: RefusalFiguresJson | None
    answers: list[AnswerFiguresJson]
    claims: list[ClaimsJson]
    natural: list[NaturalJson]
    questions: QuestionsJson
