"""Calibrations: fitted on what may be fitted on, reported apart, kept for one reader, and read back strictly."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.answering.calibration import Logistic, calibration_path, log_odds, read_calibration, write_calibration
from assistant.answering.values import DecisionStage, Verdict
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.review import UNCALIBRATED, CalibratedReader, reader_values
from assistant.errors import DeliveryError, InputError
from assistant.evaluation.calibrating import (
    MOST_FALSE,
    CalibrationSample,
    SamplePapers,
    calibrate,
    claims_of,
    shipped_claims,
)
from assistant.evaluation.claims import is_held_back
from tests.support.paper_factory import sources


class FixedReader:
    """Finds each evidence as well supported as a test says; keeps what it read."""

    def __init__(self, *supported: float) -> None:
        self.read: list[tuple[str, tuple[str, ...]]] = []
        self._supported = supported

    def support(self, claim: str, evidences: Sequence[str]) -> tuple[tuple[float, float, float], ...]:
        self.read.append((claim, tuple(evidences)))
        shares = self._supported or (0.5,)
        return tuple((shares[place % len(shares)], 0.0, 0.0) for place in range(len(evidences)))


def measured(count: int, *, noise: float, seed: int = 1) -> list[CalibrationSample]:
    """Claims whose reader is sure of the supported ones, but for some noise; half of them are supported."""
    chance = random.Random(seed)
    return [
        CalibrationSample(
            (f"26{place:02}.{place:05}",), place % 2 == 0, (chance.gauss(2 * (place % 2 == 0), noise), 0.0)
        )
        for place in range(count)
    ]


def test_a_cut_lets_few_false_claims_through() -> None:
    calibrated = calibrate(measured(200, noise=1.0))
    alone, cross_validated, held_back = calibrated.figures

    assert [one.group for one in calibrated.figures] == ["reader alone", "cross-validated", "held back"]
    assert alone.claims == cross_validated.claims + held_back.claims == 200
    assert alone.false_supported is not None
    assert cross_validated.false_supported is not None
    assert alone.false_supported > 0.35
    assert cross_validated.false_supported < MOST_FALSE + 0.05
    assert calibrated.calibration.probability((4.0, 0.0)) > 0.5 > calibrated.calibration.probability((-1.0, 0.0))


def test_papers_that_are_held_back_change_nothing() -> None:
    claims = measured(100, noise=0.5)
    turned = [CalibrationSample(m.paper_ids, not m.supported, m.values) if m.held_back else m for m in claims]

    assert any(m.held_back for m in claims)
    assert calibrate(turned).calibration == calibrate(claims).calibration
    assert calibrate(turned).figures[-1] != calibrate(claims).figures[-1]


@pytest.mark.parametrize("claims", [[], measured(12, noise=0.1), [m for m in measured(200, noise=0.1) if m.supported]])
def test_too_few_claims_are_refused(claims: list[CalibrationSample]) -> None:
    with pytest.raises(InputError, match="too few"):
        calibrate(claims)


def test_the_shipped_claims_are_about_sample_papers_and_of_every_label() -> None:
    claims, papers = shipped_claims(), SamplePapers()

    assert all(len(papers.get(claim.paper_ids)) == len(claim.paper_ids) for claim in claims)
    labels = [claim.label for claim in claims]
    assert all(labels.count(label) > 5 for label in (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED))
    assert len({claim.text for claim in claims}) == len(claims) >= 60
    assert sum(is_held_back(claim.paper_ids[0]) for claim in claims) >= 8


def test_a_file_without_claims_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "q", "kind": "off"}\n')
    with pytest.raises(InputError, match="has no claims"):
        claims_of(file)


def test_a_reader_without_a_calibration_decides_by_its_own_probability() -> None:
    sure = CalibratedReader(FixedReader(0.2, 0.9))

    assert sure.calibration is UNCALIBRATED
    assert sure.probability("x", ["one", "two"], 0.1) == pytest.approx(0.9)
    assert sure.probability("x", [], 0.9) < 0.001
    assert reader_values(FixedReader(0.7), "x", ["one"], 0.3) == (log_odds(0.7), log_odds(0.3))


def test_the_checks_ask_the_verifier_with_the_title_and_the_evidence() -> None:
    reader = FixedReader(0.95)
    claim = "Memory falls by 37% when ImageNet is used."
    check = SupportChecker(sources(), verifier=CalibratedReader(reader)).check(claim).check

    assert check is not None
    assert (check.verdict, check.rung) == (Verdict.SUPPORTED, DecisionStage.READER)
    assert reader.read == [(claim, ("FooNet: Pruning Heads. It cuts memory by 37% on ImageNet.",))]
    evidences, cheap = SupportChecker(sources()).reading(claim)
    assert (evidences, 0 < cheap < 1) == (reader.read[0][1], True)
    doubted = SupportChecker(sources(), verifier=CalibratedReader(FixedReader(0.02))).check(claim).check
    assert doubted is not None
    assert doubted.verdict is Verdict.UNSUPPORTED


def test_a_calibration_is_kept_beside_the_configuration_for_one_reader(tmp_path: Path) -> None:
    file = calibration_path(tmp_path / "new" / "config.toml", "ab" * 32)
    write_calibration(file, "ab" * 32, Logistic(-1.5, (0.5, 0.25)), [{"group": "held back"}])

    assert file == tmp_path / "new" / "calibration-abababababab.json"
    assert read_calibration(file, "ab" * 32) == Logistic(-1.5, (0.5, 0.25))
    assert read_calibration(tmp_path / "other.json", "ab" * 32) is None
    with pytest.raises(InputError, match="for another reader"):
        read_calibration(file, "cd" * 32)
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryError, match="cannot be written"):
        write_calibration(tmp_path / "file" / "calibration.json", "ab", Logistic(0.0, (1.0, 0.0)), [])


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"reader": "ab"}', '{"reader": "ab", "bias": "x", "weights": []}',
     '{"reader": "ab", "bias": 1, "weights": [1, 2, 3]}'],
)  # fmt: skip
def test_a_damaged_calibration_is_an_error_with_a_remedy(tmp_path: Path, content: str) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(content)
    with pytest.raises(InputError, match="not a calibration") as raised:
        read_calibration(file, "ab")
    assert "--calibrate" in (raised.value.remedy or "")
