"""The report of an evaluation in its published shape."""

from dataclasses import asdict
from pathlib import Path

from assistant.evaluation.answers import AnswerFigures, MeasuredAnswer
from assistant.evaluation.calibrating import Calibrated
from assistant.evaluation.claims import ClaimRow, MeasuredClaim
from assistant.evaluation.evaluation import Report
from assistant.evaluation.natural import MeasuredNatural, NaturalRow
from assistant.evaluation.questions import Place
from assistant.evaluation.reading import Lacking
from assistant.evaluation.refusal import RefusalFigures, RefusedRow
from assistant.evaluation.retrieval import RankingRow
from assistant.evaluation.trust import TrustCounts
from assistant.export.json import (
    AnsweredQuestionJson,
    AnswerFiguresJson,
    AskedJson,
    CalibrationJson,
    CheckedClaimJson,
    ClaimsJson,
    CutJson,
    EvaluationJson,
    MedianSecondsJson,
    NaturalJson,
    NaturalQuestionJson,
    QuestionsJson,
    RankingJson,
    RefusalFiguresJson,
    RefusedJson,
    TrustCountsJson,
    WindowJson,
)
from assistant.periods import Window


def evaluation_json(report: Report, lacking: Lacking) -> EvaluationJson:
    """The object of `eval`."""
    return {
        "complete": report.complete,
        "lacking": {"papers": list(lacking.paper_ids), "questions": lacking.questions},
        "retrieval": [_ranking_json(row) for row in report.retrieval],
        "dates": [
            {
                "file": row.file,
                "questions": row.questions,
                "exact": _rounded(row.exact / row.questions),
                "exact_or_alternative": _rounded(row.fair / row.questions),
            }
            for row in report.dates
        ],
        "refusal": _refusal_json(report.refusal) if report.refusal else None,
        "answers": [_answers_json(figures) for figures in report.answering],
        "claims": [_claims_json(row) for row in report.claim_rows],
        "natural": [_natural_json(row) for row in report.natural_rows],
        "questions": _questions_json(report),
    }  # fmt: skip


def calibration_json(calibrated: Calibrated, reader: str, file: Path) -> CalibrationJson:
    """The object of `eval --calibrate`."""
    figures: list[CutJson] = [
        {
            "group": cut.group,
            "claims": cut.claims,
            "supported": cut.supported,
            "balanced_accuracy": _rounded(cut.balanced_accuracy),
            "false_supported": _rounded(cut.false_supported),
            "found": _rounded(cut.recall),
            "auc": _rounded(cut.auc),
        }
        for cut in calibrated.figures
    ]
    return {"reader": reader, "file": str(file), "figures": figures}


def _ranking_json(row: RankingRow) -> RankingJson:
    figures = row.figures
    return {
        "file": row.file,
        "kind": row.kind,
        "questions": row.questions,
        "hit@1": _rounded(figures.hit_1),
        "hit@5": _rounded(figures.hit_5),
        "ndcg@10": _rounded(figures.ndcg_10),
        "recall@20": _rounded(figures.recall_20),
        "recall@100": _rounded(figures.recall_100),
    }


def _refusal_json(figures: RefusalFigures) -> RefusalFiguresJson:
    return {
        "rows": [_refused_json(row) for row in figures.rows],
        "quality": [
            {
                "against": quality.against,
                "precision": _rounded(quality.precision),
                "recall": _rounded(quality.recall),
                "coverage": _rounded(quality.coverage),
            }
            for quality in figures.quality
        ],
        "median_seconds": _rounded(figures.seconds),
    }


def _refused_json(row: RefusedRow) -> RefusedJson:
    return {
        "file": row.file,
        "kind": row.kind,
        "answerable": row.answerable,
        "questions": row.questions,
        "by_retrieval": row.by_retrieval,
        "by_evidence": row.by_evidence,
        "refused": row.refused,
    }


def _answers_json(figures: AnswerFigures) -> AnswerFiguresJson:
    counts = figures.counts
    return {
        "file": figures.file,
        "model": figures.model,
        "questions": figures.questions,
        "refused": figures.refused,
        "partial": figures.partial,
        "incomplete": figures.incomplete,
        "citation_precision": _rounded(counts.precision),
        "citation_partly": _rounded(counts.partly_share),
        "citation_recall": _rounded(counts.recall),
        "quote_exactness": _rounded(counts.quote_exactness),
        "fabricated": counts.fabricated,
        "counts": _counts_json(counts),
        "token_f1": _rounded(figures.token_f1),
        "rouge_l_recall": _rounded(figures.rouge_l_recall),
        "right_papers_cited": _rounded(figures.right_cited),
        "median_tokens": {
            "prompt": figures.prompt_tokens,
            "cached": figures.cached_tokens,
            "output": figures.output_tokens,
        },
        "median_seconds": _seconds_json(figures),
        "check_share": _rounded(figures.check_share),
    }


def _counts_json(counts: TrustCounts) -> TrustCountsJson:
    every: TrustCountsJson = asdict(counts)  # type: ignore[assignment]  # the same keys, held by a test
    return every


def _seconds_json(figures: AnswerFigures) -> MedianSecondsJson:
    seconds = figures.seconds
    return {
        "total": _rounded(seconds.total),
        "retrieval": _rounded(seconds.retrieval),
        "packing": _rounded(seconds.packing),
        "gates": _rounded(seconds.gates),
        "first_text": _rounded(seconds.first_text),
        "writing": _rounded(seconds.writing),
        "check": _rounded(seconds.check),
    }


def _questions_json(report: Report) -> QuestionsJson:
    return {
        "retrieval": [
            {**_question_fields(ranked.question.place, ranked.question.name, ranked.question.text), "rank": ranked.rank}
            for ranked in report.ranked
        ],
        "dates": [
            {
                **_question_fields(reading.question.place, reading.question.name, reading.question.text),
                "read": _window(reading.extracted),
                "expected": _window(reading.question.window),
                "exact": reading.exact,
                "exact_or_alternative": reading.fair,
            }
            for reading in report.readings
        ],
        "refusal": [
            {
                **_question_fields(decision.question.place, decision.question.name, decision.question.text),
                "answerable": decision.answerable,
                "refused": decision.refusal.gate if decision.refusal else None,
                "probability": _rounded(decision.refusal.probability) if decision.refusal else None,
                "seconds": _rounded(decision.seconds),
            }
            for decision in report.decisions
        ],
        "answers": [_answer_json(answer) for answer in report.answers],
        "claims": [_claim_json(claim) for claim in report.claims],
        "natural": [_natural_question_json(question) for question in report.natural],
    }


def _claims_json(row: ClaimRow) -> ClaimsJson:
    return {
        "file": row.file,
        "group": row.group,
        "kind": row.kind,
        "claims": row.claims,
        "supported": row.supported,
        "balanced_accuracy": _rounded(row.balanced_accuracy),
        "false_supported": _rounded(row.false_supported),
        "found": _rounded(row.recall),
        "auc": _rounded(row.auc),
    }


def _natural_json(row: NaturalRow) -> NaturalJson:
    return {
        "file": row.file,
        "type": row.type,
        "questions": row.questions,
        "answered": row.answered,
        "right": row.right,
        "complete": row.complete,
        "covered": _rounded(row.covered),
        "median_seconds": _rounded(row.seconds),
    }


def _claim_json(claim: MeasuredClaim) -> CheckedClaimJson:
    return {
        **_question_fields(Place(claim.file, claim.line), claim.name, claim.claim),
        "kind": claim.kind,
        "held_back": claim.held_back,
        "label": claim.label,
        "verdict": claim.verdict,
        "reason": claim.reason,
        "probability": _rounded(claim.probability),
    }


def _natural_question_json(question: MeasuredNatural) -> NaturalQuestionJson:
    return {
        **_question_fields(Place(question.file, question.line), question.name, question.question),
        "type": question.type,
        "right": question.right,
        "faults": list(question.faults),
        "gaps": list(question.gaps),
        "covered": _rounded(question.covered),
        "refused": question.refusal.gate if question.refusal else None,
        "seconds": _rounded(question.seconds),
    }


def _answer_json(answer: MeasuredAnswer) -> AnsweredQuestionJson:
    counts = answer.counts
    return {
        **_question_fields(Place(answer.file, answer.line), answer.name, answer.question),
        "refused": answer.refusal.gate if answer.refusal else None,
        "fabricated": list(answer.fabricated),
        "supported": counts.supported,
        "partly": counts.partly,
        "unsupported": counts.unsupported,
        "seconds": _rounded(answer.seconds.total),
    }


def _question_fields(place: Place, name: str | None, text: str) -> AskedJson:
    return {"file": place.file, "line": place.line, "id": name, "question": text}


def _window(window: Window) -> WindowJson:
    return {
        "from": window.since.isoformat() if window.since else None,
        "to": window.until.isoformat() if window.until else None,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
