"""The folders of the program; XDG variables are followed, so a second library is one variable away."""

from dataclasses import dataclass
from pathlib import Path

APPLICATION = "daily-papers"


@dataclass(frozen=True, slots=True)
class Folders:
    """Where things lie: ``library`` and ``assets`` in the data folder, ``logs`` in the state folder."""

    library: Path
    assets: Path
    logs: Path
    config_file: Path


def default_folders() -> Folders:
    """The platform's folders for this user; nothing is created."""
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(APPLICATION, appauthor=False)
    return Folders(
        library=dirs.user_data_path / "library",
        assets=dirs.user_data_path / "assets",
        logs=dirs.user_state_path,
        config_file=dirs.user_config_path / "config.toml",
    )
