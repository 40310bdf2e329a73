"""The figures of an evaluation as aligned tables."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from assistant.cli.render.trends import Row, aligned
from assistant.evaluation import AnswerFigures, Calibrated, ClaimRow, Lacking, NaturalRow, RefusalFigures, Report

_NOTHING = "–"
_MOST_IDS_SHOWN = 5


def evaluation_lines(report: Report) -> list[str]:
    """The tables of all parts that were measured, a blank line between two."""
    tables = [
        _retrieval_table(report),
        _dates_table(report),
        *(_refusal_tables(report.refusal) if report.refusal else ()),
        _claims_table(report.claim_rows),
        _natural_table(report.natural_rows),
        _answers_table(report.answering),
    ]
    lines: list[str] = []
    for table in tables:
        if len(table) > 1:
            lines += [""] * bool(lines) + aligned(table)
    return lines


def _retrieval_table(report: Report) -> list[Row]:
    head: Row = ("Retrieval", "questions", "hit@1", "hit@5", "nDCG@10", "recall@20", "recall@100")
    rows = [
        (_label(row.file, row.kind), str(row.questions), *(_share(figure) for figure in asdict(row.figures).values()))
        for row in report.retrieval
    ]
    return [head, *rows]


def _dates_table(report: Report) -> list[Row]:
    head: Row = ("Dates", "questions", "exact window", "or an alternative")
    rows = [
        (row.file, str(row.questions), _share(row.exact / row.questions), _share(row.fair / row.questions))
        for row in report.dates
    ]
    return [head, *rows]


def _refusal_tables(figures: RefusalFigures) -> list[list[Row]]:
    head: Row = ("Refusal", "questions", "refused", "by retrieval", "by evidence")
    rows = [
        (
            _label(row.file, row.kind),
            str(row.questions),
            _share(row.refused / row.questions),
            _share(row.by_retrieval / row.questions),
            _share(row.by_evidence / row.questions),
        )
        for row in figures.rows
    ]
    against: Row = ("Refusal against", "precision", "recall", "coverage")
    qualities = [
        (quality.against, _share(quality.precision), _share(quality.recall), _share(quality.coverage))
        for quality in figures.quality
    ]
    return [[head, *rows, ("seconds a decision", _number(figures.seconds))], [against, *qualities]]


def _claims_table(claim_rows: Sequence[ClaimRow]) -> list[Row]:
    head: Row = ("Claims", "claims", "supported", "balanced accuracy", "false ✓", "supported found", "AUC")
    rows = [
        (
            _label(row.file, row.group or row.kind),
            str(row.claims),
            str(row.supported),
            *map(_share, (row.balanced_accuracy, row.false_supported, row.recall, row.auc)),
        )
        for row in claim_rows
    ]
    return [head, *rows]


def calibration_lines(calibrated: Calibrated) -> list[str]:
    """The table of a calibration."""
    head: Row = ("Calibration", "claims", "supported", "balanced accuracy", "false ✓", "supported found", "AUC")
    rows = [
        (
            cut.group,
            str(cut.claims),
            str(cut.supported),
            *map(_share, (cut.balanced_accuracy, cut.false_supported, cut.recall, cut.auc)),
        )
        for cut in calibrated.figures
    ]
    return aligned([head, *rows])


def _natural_table(natural_rows: Sequence[NaturalRow]) -> list[Row]:
    head: Row = ("Natural", "questions", "answered", "right", "share", "complete", "covered", "seconds")
    rows = [
        (
            _label(row.file, row.type),
            *map(str, (row.questions, row.answered, row.right)),
            _share(row.right / row.questions),
            str(row.complete),
            _share(row.covered),
            _number(row.seconds),
        )
        for row in natural_rows
    ]
    return [head, *rows]


def _answers_table(answering: Sequence[AnswerFigures]) -> list[Row]:
    """One column a file: there are more figures than files."""
    if not answering:
        return []
    columns = [_answer_column(figures) for figures in answering]
    head: Row = ("Answers", *(figures.file for figures in answering))
    return [head, *((name, *(column[name] for column in columns)) for name in columns[0])]


def _answer_column(figures: AnswerFigures) -> dict[str, str]:
    counts, seconds = figures.counts, figures.seconds
    return {
        "model": figures.model,
        "questions": str(figures.questions),
        "refused": str(figures.refused),
        "partly answered": str(figures.partial),
        "incomplete": str(figures.incomplete),
        "citations": str(counts.citations),
        "citation precision": _share(counts.precision),
        "  and partly": _share(counts.partly_share),
        "claims": str(counts.claims),
        "citation recall": _share(counts.recall),
        "  supported": str(counts.supported),
        "  partly": str(counts.partly),
        "  unsupported": str(counts.unsupported),
        "sentences rewritten": str(counts.rewritten),
        "  quoted": str(counts.quoted),
        "  withheld": str(counts.withheld),
        "quotes exact": _share(counts.quote_exactness),
        "fabricated names": str(counts.fabricated),
        "  taken out before": str(counts.tried),
        "right papers cited": _share(figures.right_cited),
        "token F1": _share(figures.token_f1),
        "ROUGE-L recall": _share(figures.rouge_l_recall),
        "tokens read (median)": _number(figures.prompt_tokens, 0),
        "  of them cached": _number(figures.cached_tokens, 0),
        "  written": _number(figures.output_tokens, 0),
        "seconds (median)": _number(seconds.total),
        "  retrieval": _number(seconds.retrieval),
        "  packing": _number(seconds.packing),
        "  to first text": _number(seconds.first_text),
        "  writing": _number(seconds.writing),
        "  check": _number(seconds.check),
        "  gates, when refused": _number(seconds.gates),
        "check / generation": _share(figures.check_share),
    }


def _label(file: str, kind: str | None) -> str:
    return f"  {kind}" if kind else file


def _share(value: float | None) -> str:
    return _number(value, 3)


def _number(value: float | None, digits: int = 2) -> str:
    return _NOTHING if value is None else f"{value:.{digits}f}"


def remarks_on(lacking: Lacking, remarks: Iterable[str]) -> list[str]:
    """What a reader should know of the questions before the figures."""
    lines = list(remarks)
    if lacking.paper_ids:
        listed_ids = ", ".join(lacking.paper_ids[:_MOST_IDS_SHOWN]) + (
            ", …" if len(lacking.paper_ids) > _MOST_IDS_SHOWN else ""
        )
        lines.append(
            f"Not in the library: {len(lacking.paper_ids)} of the papers that questions name ({listed_ids});"
            f" questions left out therefore: {lacking.questions}."
        )
    return lines
