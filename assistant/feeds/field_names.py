"""What the fields of records are called: by the hub, arXiv, Semantic Scholar, reference managers, and in tables.

Names are compared without case, spaces and punctuation (`field_key`), so "Abstract Note", ``abstract_note`` and
``abstractNote`` are one. Of several names of a meaning the first one that the record has counts.
"""

import re
from enum import Enum

_PUNCTUATION = re.compile(r"[\W_]+")
DATE = "date"
_YEAR_NAMES = frozenset({"year", "pubyear", "publicationyear"})
NOT_KEPT = frozenset(
    (
        *("abbreviation", "abstractonly", "accessdate", "accessed", "accessedat", "accessioned", "accessnote"),
        *("activeplatform", "address", "aisummary", "aisummarymodel", "algorithm", "alternatetitle1"),
        *("alternatetitle2", "archive", "archiveprefix", "arxivcategory", "authoraddress", "authorids"),
        *("automatictags", "bibsource", "bibtex", "biburl", "booktitle", "categories", "category", "chapter"),
        *("citationcount", "citationcountbyyear", "citationkey", "citations", "citationstyles", "collections"),
        *("collectiontitle", "copyright", "corpusid", "dateadded", "datemodified", "description", "discussionid"),
        *("edition", "editor", "endpage", "entrytype", "eprintclass", "eprinttype", "event", "eventtitle"),
        *("fieldsofstudy", "file", "fileattachments", "fileattachments1", "format", "genre", "githubrepoaddedby"),
        *("githubstars", "highlightedsummary", "highlightedtitle", "image", "indexed", "influentialcitationcount"),
        *("institution", "isauthorparticipating", "isbn", "isopen", "isopenaccess", "issn", "issue", "itemtype"),
        *("journalref", "journalreference", "keywordsplus", "language", "librarycatalog", "license"),
        *("linkeddatasets", "linkedmodels", "linkedspaces", "localfiles", "mediaurl", "mediaurls", "member"),
        *("modified", "nameofdatabase", "numdatasets", "nummodels", "numpages", "numspaces", "openaccess"),
        *(
            "organizationslug",
            "originaltitle",
            "pagecount",
            "pagefirst",
            "pages",
            "paper",
            "pdfpath",
            "placepublished",
            "prefix",
        ),
        *("primarycategory", "primaryclass", "publicationtime", "publicationtypes", "publicationvenue"),
        *("publisher", "referencecount", "references", "related", "relatedto", "reportno", "retrieved", "rights"),
        *("s2fieldsofstudy", "schema", "school", "score", "series", "shorttitle", "startpage", "status", "subject"),
        *("subjects", "submittedby", "submittedondailyby", "submitter", "tags", "thumbnail", "timestamp"),
        *("titleshort", "tldr", "topics", "translator", "type", "typeofreference", "typeofwork", "unknowntag"),
        *("update", "updated", "updatedat", "updatedate", "updateddate", "urldate", "venue", "version", "volume"),
    )
)
"""Fields of these tools that are known and say nothing that a `Paper` keeps (the raw record keeps them)."""


class Meaning(Enum):
    """What a field says about a paper."""

    PAPER_ID = "id"
    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHORS = "authors"
    PUBLISHED = "publication date"
    MONTH = "publication month"
    LISTED = "listing day"
    UPVOTES = "upvotes"
    COMMENTS = "number of comments"
    REMARK = "the authors' comment on arXiv"
    ORGANIZATION = "organization"
    KEYWORDS = "keywords"
    GITHUB = "code"
    PROJECT_PAGE = "project page"
    SOURCE = "source"


def field_key(name: str) -> str:
    """The letters and digits of a field's name in lower case."""
    return _PUNCTUATION.sub("", name).lower()


NAMES: dict[Meaning, tuple[str, ...]] = {
    Meaning.PAPER_ID: (
        *("arxivid", "arxiv", "eprint", "externalids", "id", "paperid", "identifier", "entryid", "ids", "number"),
        *("archiveid", "archivelocation", "accessionnumber", "doi", "url", "urls", "link", "links", "href", "arxivurl"),
        *("absurl", "pdfurl", "arxivpdfurl", "pdf", "entryurl", "landingpageurl", "primarylocation", "locations"),
        *("locationsource", "openaccesspdf", "extra", "howpublished", "journal", "journaltitle", "publicationtitle"),
        *("containertitle", "secondarytitle", "journalname", "alternatetitle3"),
        *("reportnumber", "callnumber", "note", "notes", "annote", "key", "volume"),
    ),
    Meaning.TITLE: ("title", "papertitle", "displayname", "primarytitle", "articletitle", "documenttitle"),
    Meaning.ABSTRACT: (
        *("abstract", "summary", "abstractnote", "abstracttext", "paperabstract", "notesabstract"),
        "abstractinvertedindex",
    ),
    Meaning.AUTHORS: (
        *("authorsparsed", "authors", "author", "authorships", "creators", "authorlist"),
        *("authornames", "authorfullnames", "firstauthors", "creator"),
    ),
    Meaning.PUBLISHED: (
        *("published", "publishedat", "publicationdate", "publisheddate", "publishdate", "datepublished", "versions"),
        *("issued", "submitteddate", "submissiondate", "submitted", "datesubmitted", "created", "posted", "year"),
        *("pubdate", "publicationyear", "pubyear"),
    ),
    Meaning.MONTH: ("month", "publicationmonth"),
    Meaning.LISTED: ("submittedondailyat", "submittedat", "listingday", "listedon", "listed", "dailydate", "day"),
    Meaning.UPVOTES: ("upvotes", "numupvotes", "upvotecount", "votes"),
    Meaning.COMMENTS: ("numcomments", "commentcount", "commentscount", "comments"),
    Meaning.REMARK: ("comment", "arxivcomment", "comments", "note", "notes", "annote"),
    Meaning.ORGANIZATION: ("organization", "organisation"),
    Meaning.KEYWORDS: ("aikeywords", "keywords", "keyword", "manualtags"),
    Meaning.GITHUB: ("githubrepo", "github", "githuburl", "githublink", "codeurl", "code", "repository", "repo"),
    Meaning.PROJECT_PAGE: ("projectpage", "homepage", "projecturl", "website"),
    Meaning.SOURCE: ("source",),
}
"""The names of each meaning, best first. A ``date`` is not here: what it means depends on its neighbours."""

_MEANINGS = {name: meaning for meaning, names in NAMES.items() for name in names}


def tells_publication_day(name: str) -> bool:
    """Whether a field tells when a paper was published, and more of it than the year."""
    return meaning_of(name) is Meaning.PUBLISHED and field_key(name) not in _YEAR_NAMES


def meaning_of(name: str) -> Meaning | None:
    """The meaning of a field's name, whatever its spelling; None for names of no meaning here, and for ``date``."""
    return _MEANINGS.get(field_key(name))
