"""The figures of an evaluation: as aligned tables, and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from assistant.cli import console
from assistant.evaluation.answer_figures import AnswerFigures
from assistant.evaluation.answers import MeasuredAnswer
from assistant.evaluation.evaluation import Report
from assistant.evaluation.questions import Place, Window
from assistant.evaluation.reading import Lacking
from assistant.evaluation.refusal import RefusalFigures
from assistant.evaluation.retrieval import RankingRow

_NOTHING = "–"
_GAP = "  "
_MOST_IDS_SHOWN = 5
Row = tuple[str, ...]


def evaluation_lines(report: Report) -> list[str]:
    """The tables of all parts that were measured, a blank line between two."""
    tables = [
        _retrieval_table(report),
        _dates_table(report),
        *(_refusal_tables(report.refusal) if report.refusal else ()),
        _answers_table(report.answering),
    ]
    lines: list[str] = []
    for table in tables:
        if len(table) > 1:
            lines += [""] * bool(lines) + _aligned(table)
    return lines


def evaluation_json(report: Report, lacking: Lacking) -> dict[str, Any]:
    """The documented object of `eval`.

    - ``complete``: False when the run was stopped before its end
    - ``lacking``: ``papers`` (ids that questions name and the library has not), ``questions`` (left out therefore)
    - ``retrieval``: a list of ``file``, ``kind`` (null: all of the file), ``questions``, ``hit@1``, ``hit@5``,
      ``ndcg@10``, ``recall@20``, ``recall@100``
    - ``dates``: a list of ``file``, ``questions``, ``exact``, ``exact_or_alternative`` (shares)
    - ``refusal``: null, or ``rows`` (``file``, ``kind``, ``answerable``, ``questions``, ``refused``, ``by_retrieval``,
      ``by_evidence``: counts), ``quality`` (``against`` a file or "all": ``precision``, ``recall``, ``coverage``) and
      ``median_seconds`` of a decision
    - ``answers``: a list of ``file``, ``model``, counts (``questions``, ``refused``, ``partial``, ``incomplete``, and
      in ``counts`` those of `assistant.evaluation.trust.TrustCounts`), ``citation_precision``,
      ``citation_partly``, ``citation_recall``, ``quote_exactness``, ``fabricated``, ``token_f1``, ``rouge_l_recall``,
      ``right_papers_cited``, ``median_tokens`` (``prompt``, ``cached``, ``output``), ``median_seconds`` (``total``,
      ``retrieval``, ``packing``, ``gates`` (of refusals), ``first_text``, ``writing``, ``check``) and ``check_share``
      (of the time from the prompt to the last text)
    - ``questions``: the single results by part, each with ``file``, ``line``, ``id``, ``question`` and: ``rank`` of
      the first right paper (retrieval); ``read``, ``expected``, ``exact``, ``exact_or_alternative`` (dates);
      ``answerable``, ``refused`` (null or the gate), ``probability``, ``seconds`` (refusal); ``refused``,
      ``fabricated``, ``supported``, ``partly``, ``unsupported``, ``seconds`` (answers; ``--out`` keeps all of them)

    Shares are 0..1, and null where there was nothing to count.
    """
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
        "questions": _questions_json(report),
    }  # fmt: skip


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
        (one.against, _share(one.precision), _share(one.recall), _share(one.coverage)) for one in figures.quality
    ]
    return [[head, *rows, ("seconds a decision", _number(figures.seconds))], [against, *qualities]]


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


def _aligned(rows: Sequence[Row]) -> list[str]:
    """The rows in columns, the first one to the left, numbers to the right; the head stands out."""
    columns = max(len(row) for row in rows)
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in range(columns)]
    lines = [
        _GAP.join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=False))
        ).rstrip()
        for row in rows
    ]
    return [console.strong(lines[0]), *lines[1:]]


def _label(file: str, kind: str | None) -> str:
    return f"  {kind}" if kind else file


def _share(value: float | None) -> str:
    return _number(value, 3)


def _number(value: float | None, digits: int = 2) -> str:
    return _NOTHING if value is None else f"{value:.{digits}f}"


def _ranking_json(row: RankingRow) -> dict[str, Any]:
    figures = {name.replace("_", "@"): _rounded(figure) for name, figure in asdict(row.figures).items()}
    return {"file": row.file, "kind": row.kind, "questions": row.questions} | figures


def _refusal_json(figures: RefusalFigures) -> dict[str, Any]:
    return {
        "rows": [asdict(row) | {"refused": row.refused} for row in figures.rows],
        "quality": [
            {"against": one.against}
            | {name: _rounded(getattr(one, name)) for name in ("precision", "recall", "coverage")}
            for one in figures.quality
        ],
        "median_seconds": _rounded(figures.seconds),
    }


def _answers_json(figures: AnswerFigures) -> dict[str, Any]:
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
        "counts": asdict(counts),
        "token_f1": _rounded(figures.token_f1),
        "rouge_l_recall": _rounded(figures.rouge_l_recall),
        "right_papers_cited": _rounded(figures.right_cited),
        "median_tokens": {
            "prompt": figures.prompt_tokens,
            "cached": figures.cached_tokens,
            "output": figures.output_tokens,
        },
        "median_seconds": {stage: _rounded(value) for stage, value in asdict(figures.seconds).items()},
        "check_share": _rounded(figures.check_share),
    }


def _questions_json(report: Report) -> dict[str, list[dict[str, Any]]]:
    return {
        "retrieval": [
            _asked(one.question.place, one.question.name, one.question.text) | {"rank": one.rank}
            for one in report.ranked
        ],
        "dates": [
            _asked(one.question.place, one.question.name, one.question.text)
            | {"read": _window(one.read), "expected": _window(one.question.window)}
            | {"exact": one.exact, "exact_or_alternative": one.fair}
            for one in report.readings
        ],
        "refusal": [
            _asked(one.question.place, one.question.name, one.question.text)
            | {"answerable": one.answerable, "refused": one.refusal.gate.value if one.refusal else None}
            | {"probability": _rounded(one.refusal.probability) if one.refusal else None}
            | {"seconds": _rounded(one.seconds)}
            for one in report.decisions
        ],
        "answers": [_answer_json(one) for one in report.answers],
    }


def _answer_json(one: MeasuredAnswer) -> dict[str, Any]:
    counts = one.counts
    return _asked(Place(one.file, one.line), one.name, one.question) | {
        "refused": one.refusal.gate.value if one.refusal else None,
        "fabricated": list(one.fabricated),
        "supported": counts.supported,
        "partly": counts.partly,
        "unsupported": counts.unsupported,
        "seconds": _rounded(one.seconds.total),
    }


def _asked(place: Place, name: str | None, text: str) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "id": name, "question": text}


def _window(window: Window) -> dict[str, str | None]:
    return {
        "from": window.since.isoformat() if window.since else None,
        "to": window.until.isoformat() if window.until else None,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def remarks_on(lacking: Lacking, remarks: Iterable[str]) -> list[str]:
    """What a reader should know of the questions before the figures."""
    found = list(remarks)
    if lacking.paper_ids:
        shown = ", ".join(lacking.paper_ids[:_MOST_IDS_SHOWN]) + (
            ", …" if len(lacking.paper_ids) > _MOST_IDS_SHOWN else ""
        )
        found.append(
            f"Not in the library: {len(lacking.paper_ids)} of the papers that questions name ({shown});"
            f" questions left out therefore: {lacking.questions}."
        )
    return found
