"""The file that keeps what was fitted for a reader: one for each reader, beside the configuration."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.answering.calibration import Logistic
from assistant.errors import DeliveryError, InputError

_HASH_DIGITS = 12
_WEIGHTS = 2
_AGAIN = "Remove it, or write it again with `assistant eval --calibrate`."


def calibration_path(config_file: Path, fingerprint: str) -> Path:
    """Where the calibration of a reader lies."""
    return config_file.with_name(f"calibration-{fingerprint[:_HASH_DIGITS]}.json")


def read_calibration(file: Path, fingerprint: str) -> Logistic | None:
    """The calibration of a reader; None when there is none. Raises `InputError` for another file."""
    try:
        kept = json.loads(file.read_bytes())
        if kept["reader"] != fingerprint:
            raise InputError(f"{file} was made for another reader.", _AGAIN)
        calibration = Logistic(float(kept["bias"]), tuple(map(float, kept["weights"])))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", _AGAIN) from error
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{file} is not a calibration.", _AGAIN) from error
    if len(calibration.weights) != _WEIGHTS:
        raise InputError(f"{file} is not a calibration of this version.", _AGAIN)
    return calibration


def write_calibration(file: Path, fingerprint: str, calibration: Logistic, figures: Sequence[object]) -> None:
    """Keep a calibration with the figures that it was chosen by. Raises `DeliveryError`."""
    text = json.dumps({"reader": fingerprint, **asdict(calibration), "figures": list(figures)}, indent=2)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise DeliveryError(
            f"{file} cannot be written: {error.strerror}.", "Check the folder and its rights."
        ) from error
