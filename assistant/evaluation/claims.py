"""The support check on sentences with known labels: how many it calls supported, rightly and wrongly."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answering import CheckedClaim, NumberedSource, Verdict
from assistant.evaluation.measures import area_under_curve, mean, share
from assistant.evaluation.ports import Checkers
from assistant.evaluation.questions import LabelledClaim
from assistant.library import StoredPaper
from assistant.sentences import split_sentences

_HELD_BACK = frozenset("012")


class ClaimVerifier(Protocol):
    """What verifies claims that the cheap checks have seen."""

    async def verified(self, claims: Sequence[CheckedClaim], sources: Sequence[NumberedSource]) -> list[CheckedClaim]:
        """The claims with what a model says of them. Raises `ModelError`."""
        ...


@dataclass(frozen=True, slots=True)
class JudgeOfClaims:
    """A model that verifies claims as it does in answers."""

    name: str
    model: ClaimVerifier


@dataclass(frozen=True, slots=True)
class MeasuredClaim:
    """A claim with its label and the verdict of the check: one row of the file that keeps results.

    ``verdict`` is None where the check sees no statement. ``checked_by`` names what decided beside the cheap checks.
    """

    file: str
    line: int
    name: str | None
    claim: str
    paper_ids: tuple[str, ...]
    kind: str | None
    label: Verdict
    verdict: Verdict | None
    reason: str
    probability: float
    checked_by: str

    @property
    def held_back(self) -> bool:
        """Whether one of its papers is held back from fitting."""
        return any(map(is_held_back, self.paper_ids))


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Figures of the claims of a file; of one ``group`` or one ``kind`` of them when that is not None.

    ``balanced_accuracy`` is the mean of ``recall`` (share of supported claims that are called so) and of the share of
    the others that are not; ``false_supported`` the share of the others that are called supported. ``auc`` is that of
    the probability. None where there is nothing to count.
    """

    file: str
    group: str | None
    kind: str | None
    claims: int
    supported: int
    balanced_accuracy: float | None
    false_supported: float | None
    recall: float | None
    auc: float | None


def is_held_back(paper_id: str) -> bool:
    """Whether a paper is never fitted on: the SHA-1 of its id begins with 0, 1 or 2 (hex)."""
    return hashlib.sha1(paper_id.encode(), usedforsecurity=False).hexdigest()[0] in _HELD_BACK


async def measured_claim(
    claim: LabelledClaim,
    papers: Sequence[StoredPaper],
    checkers: Checkers,
    judge: JudgeOfClaims | None,
    reader: str | None,
) -> MeasuredClaim:
    """Check a claim against its papers. Raises `ModelError` when the judge fails."""
    sources = numbered(papers)
    checked = checkers(sources).check(claim.text)
    if judge is not None:
        (checked,) = await judge.model.verified([checked], sources)
    check = checked.check
    return MeasuredClaim(
        file=claim.place.file,
        line=claim.place.line,
        name=claim.name,
        claim=claim.text,
        paper_ids=claim.paper_ids,
        kind=claim.kind,
        label=claim.label,
        verdict=check.verdict if check else None,
        reason=check.reason if check else "",
        probability=check.probability if check else 0.0,
        checked_by=checked_by(judge, reader),
    )


def numbered(papers: Sequence[StoredPaper]) -> tuple[NumberedSource, ...]:
    """The papers as sources that are given whole."""
    return tuple(
        NumberedSource(number, paper, split_sentences(paper.abstract)) for number, paper in enumerate(papers, start=1)
    )


def checked_by(judge: JudgeOfClaims | None, reader: str | None) -> str:
    """What decides beside the cheap checks: a reader, a judge, or no model."""
    return " and ".join(filter(None, (reader, judge.name if judge else None))) or "no model"


def claim_rows(measured: Sequence[MeasuredClaim]) -> tuple[ClaimRow, ...]:
    """Of each file all claims, those whose papers are held back from fitting, the others, and each kind."""
    rows: list[ClaimRow] = []
    for file in dict.fromkeys(claim.file for claim in measured):
        claims = [claim for claim in measured if claim.file == file]
        rows.append(_row(file, claims))
        parts = {
            "held back": [claim for claim in claims if claim.held_back],
            "rest": [c for c in claims if not c.held_back],
        }
        if all(parts.values()):
            rows += [_row(file, part, group=group) for group, part in parts.items()]
        kinds = sorted({claim.kind for claim in claims if claim.kind})
        rows += [_row(file, [claim for claim in claims if claim.kind == kind], kind=kind) for kind in kinds]
    return tuple(rows)


def _row(file: str, claims: Sequence[MeasuredClaim], *, group: str | None = None, kind: str | None = None) -> ClaimRow:
    right = [claim for claim in claims if claim.label is Verdict.SUPPORTED]
    others = [claim for claim in claims if claim.label is not Verdict.SUPPORTED]
    recall, wrong = _called(right), _called(others)
    balanced = None if recall is None or wrong is None else mean((recall, 1 - wrong))
    auc = area_under_curve([claim.probability for claim in right], [claim.probability for claim in others])
    return ClaimRow(file, group, kind, len(claims), len(right), balanced, wrong, recall, auc)


def _called(claims: Sequence[MeasuredClaim]) -> float | None:
    """The share that is called supported."""
    return share(sum(claim.verdict is not None and claim.verdict.holds for claim in claims), len(claims))
