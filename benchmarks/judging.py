"""What a local model's judgements give the support check, on labelled claims about abstracts (`claims_dev`).

The cheap steps, the judgement of ``--model FILE`` (a GGUF), and both, weighed by a logistic model: fitted with its cut
on the papers that may be fitted on, cross-validated there, and reported on those that are held back. Printed are the
figures of each, what the cheap steps leave no question about, and the constants for
`assistant.answering.calibration`. ``--judgements`` keeps what the model said.
"""

import argparse
import asyncio
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.calibration import Logistic, log_odds
from assistant.answering.prompts import load_prompt
from assistant.answering.values import CheckedClaim, Verdict
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.review import is_judged, support_judgement
from assistant.config import load_config
from assistant.evaluation.calibrating import CalibrationSample, CutFigures, calibrate, claims_of
from assistant.evaluation.claims import numbered
from assistant.models.llama.model import LocalModel
from assistant.services import AppContainer
from benchmarks.common import add_options
from benchmarks.support import RememberingJudge


@dataclass(frozen=True)
class JudgedClaim:
    """A claim after the cheap steps, with the model's yes; None where it is not asked."""

    paper_ids: tuple[str, ...]
    kind: str
    supported: bool
    cheap: CheckedClaim
    yes: float | None

    def measured(self, *, cheap: bool, judged: bool) -> CalibrationSample | None:
        """The log odds of the parts that count; None where there is nothing to weigh."""
        if self.yes is None or self.cheap.check is None:
            return None
        values = (log_odds(self.yes) * judged, log_odds(self.cheap.check.probability) * cheap)
        return CalibrationSample(self.paper_ids, self.supported, values)


async def judged_claims(arguments: argparse.Namespace) -> list[JudgedClaim]:
    """Check and judge every claim whose papers are in the library, those of one paper next to each other."""
    container = AppContainer(load_config(None, {}, {"paths.library": str(arguments.library)}), {})
    claims = sorted(claims_of(arguments.shared / "eval/claims_dev"), key=lambda claim: claim.paper_ids)
    model = LocalModel(arguments.model, threads=arguments.threads)
    judge = RememberingJudge(model, arguments.judgements or arguments.work / "claim-judgements.jsonl")
    prompt, judged = load_prompt("judge_support"), list[JudgedClaim]()
    for claim in claims:
        sources = numbered(container.library.get(claim.paper_ids))
        if len(sources) < len(claim.paper_ids):
            continue
        cheap = SupportChecker(sources, container.embedder.embedder).check(claim.text)
        yes = None
        if is_judged(cheap):
            judgement = support_judgement(cheap, {source.number: source for source in sources}, prompt)
            (answer,) = await judge.judge([judgement])
            yes = answer[0] if answer else None
        supported = claim.label is Verdict.SUPPORTED
        judged.append(JudgedClaim(claim.paper_ids, claim.kind or "", supported, cheap, yes))
        print(f"\r{len(judged)} of {len(claims)}", end="", flush=True)
    await model.aclose()
    return judged


def print_curve(claims: Sequence[JudgedClaim]) -> None:
    """The figures of the cheap steps, of the model and of both, and the constants of the model."""
    print(
        "\n| what counts | claims | group | balanced accuracy | false ✓ | found | AUC |\n|---|---|---|---|---|---|---|"
    )
    parts = (("cheap steps", True, False), ("both", True, True), ("model", False, True))
    for name, cheap, judged in parts:
        measured = [
            measured_claim for claim in claims if (measured_claim := claim.measured(cheap=cheap, judged=judged))
        ]
        calibrated = calibrate(measured)
        for figures in calibrated.figures[1:]:
            print(_row(name, figures))
        if judged and not cheap:
            bias, (yes, _) = calibrated.calibration.bias, calibrated.calibration.weights
            print(f"\nBY_MODEL = Logistic({bias:.2f}, ({yes:.2f},))")
            print_bands(measured, calibrated.calibration)


def print_bands(measured: Sequence[CalibrationSample], calibration: Logistic) -> None:
    """Of the claims that may be fitted on, how many of each band of probability are supported."""
    bands = Counter[tuple[int, bool]]()
    for claim in measured:
        if not claim.held_back:
            bands[math.floor(calibration.probability(claim.values) * 10), claim.supported] += 1
    print("\n| probability | claims | supported |\n|---|---|---|")
    for band in range(10):
        right, wrong = bands[band, True], bands[band, False]
        print(f"| {band / 10:.1f} | {right + wrong} | {right} |")


def print_unasked(claims: Sequence[JudgedClaim]) -> None:
    """What the cheap steps leave no question about, by what they say."""
    verdicts = Counter(
        (claim.cheap.check.verdict if claim.cheap.check else None, claim.supported)
        for claim in claims
        if claim.yes is None
    )
    for (verdict, supported), count in sorted(verdicts.items(), key=str):
        print(f"not asked: {verdict}, {'supported' if supported else 'not supported'}: {count}")


def _row(name: str, figures: CutFigures) -> str:
    columns = (figures.balanced_accuracy, figures.false_supported, figures.recall, figures.auc)
    return (
        f"| {name} | {figures.claims} | {figures.group} | "
        + " | ".join("–" if figure is None else f"{figure:.3f}" for figure in columns)
        + " |"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument(
        "--library", type=Path, required=True, help="folder of a library that holds the papers of the claims"
    )
    parser.add_argument("--model", type=Path, required=True, help="GGUF file")
    parser.add_argument("--judgements", type=Path, help="file that keeps what the model said (in the work folder)")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    claims = asyncio.run(judged_claims(arguments))
    print_curve(claims)
    print_unasked(claims)


if __name__ == "__main__":
    main()
