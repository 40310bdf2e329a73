"""Where a paper's code and its project page lie: as the feed says, else by the links of its abstract."""

import re
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class LinkKind(StrEnum):
    """What a link of a paper leads to."""

    CODE = "code"
    PROJECT = "project page"


_TOP_LEVELS = "com|org|io|ai|net|dev|science|co|cn|edu|app|me|xyz|info|tech|page|site|ch|eu|de|fr|uk|gov"
_ADDRESS = re.compile(
    r"(?:https?: ?//|(?<![\w.@/-])(?:www\.|(?=(?:github|gitlab|huggingface|hf)\.com?/)))"
    rf"(?:[\w-]+\.)+(?:{_TOP_LEVELS}|[a-z]{{2,}}(?=/))(?:/[^\s{{}}<>\"“”()\[\],;]*)?",
    re.IGNORECASE,
)
_CODE_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com", "anonymous.4open.science")
_HUB_HOSTS = ("huggingface.co", "hf.co")
_NO_PROJECT = ("arxiv.org", "doi.org", "youtube.com", "youtu.be", "drive.google.com", "docs.google.com", "kaggle.com")
_MARKS = ("://", "www.", "github", "gitlab.com/", "huggingface.co/", "hf.co/")
"""One of these stands in every address; `instr` reads an abstract faster than LIKE does."""


@dataclass(frozen=True, slots=True)
class PaperLinks:
    """Links of a paper; None where neither the feed nor the abstract has one."""

    code: str | None = None
    project: str | None = None

    def of(self, kind: LinkKind) -> str | None:
        """The link of a kind."""
        return self.code if kind is LinkKind.CODE else self.project


def paper_links(github: str | None, project_page: str | None, abstract: str) -> PaperLinks:
    """The feed's own fields, completed by the first fitting links of the abstract.

    Code is a repository, also a Space; a model or a data set on a hub is neither code nor a project page.
    """
    code, project = github, project_page
    if not (code and project):
        for address in map(_whole_address, _ADDRESS.findall(abstract)):
            kind = _kind_of(address)
            if kind is LinkKind.CODE:
                code = code or address
            elif kind is LinkKind.PROJECT:
                project = project or address
    return PaperLinks(code, project)


def ids_with_links(connection: sqlite3.Connection, kinds: tuple[LinkKind, ...]) -> frozenset[str]:
    """Ids of the papers that have a link of every kind."""
    condition = " OR ".join("instr(abstract, ?)" for _ in _MARKS)
    rows = connection.execute(
        "SELECT paper_id, github, project_page, abstract FROM papers"  # noqa: S608 (fixed texts)
        f" WHERE github IS NOT NULL OR project_page IS NOT NULL OR {condition}",
        _MARKS,
    )
    links_by_paper = ((paper_id, paper_links(github, page, abstract)) for paper_id, github, page, abstract in rows)
    return frozenset(paper_id for paper_id, links in links_by_paper if all(links.of(kind) for kind in kinds))


def _whole_address(written: str) -> str:
    address = written.rstrip(".:!?'’*`~|\\").replace(" ", "")
    return address if address.lower().startswith("http") else f"https://{address}"


def _kind_of(address: str) -> LinkKind | None:
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step]
    if host in _CODE_HOSTS or host.startswith("gitlab."):
        return LinkKind.CODE if steps else None
    if host in _HUB_HOSTS:
        return LinkKind.CODE if steps[:1] == ["spaces"] else None
    return None if any(host == other or host.endswith(f".{other}") for other in _NO_PROJECT) else LinkKind.PROJECT
