-- Days are ISO dates, instants are ISO 8601 in UTC, lists are JSON arrays of strings.
-- The application id marks the file as a library of this program ("DPA1").
PRAGMA application_id = 1146110257;

-- upvotes and comments are the latest known counts; snapshots hold how they came about.
CREATE TABLE papers (
    paper_id TEXT PRIMARY KEY NOT NULL,
    normalized_title TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    source TEXT NOT NULL,
    published TEXT,
    organization TEXT,
    upvotes INTEGER,
    comments INTEGER,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    authors TEXT NOT NULL,
    keywords TEXT NOT NULL,
    github TEXT,
    project_page TEXT,
    raw TEXT NOT NULL
);
CREATE INDEX papers_by_title ON papers (normalized_title, paper_id);
CREATE INDEX papers_by_published ON papers (published, paper_id);
CREATE INDEX papers_by_organization ON papers (organization, paper_id);
CREATE INDEX papers_by_upvotes ON papers (upvotes, paper_id);

-- The order of rowids is the order in which the feed gave the papers of a day.
CREATE TABLE listings (
    paper_id TEXT NOT NULL REFERENCES papers (paper_id) ON UPDATE CASCADE ON DELETE CASCADE,
    day TEXT NOT NULL,
    UNIQUE (paper_id, day)
);
CREATE INDEX listings_by_day ON listings (day, paper_id);

CREATE TABLE snapshots (
    paper_id TEXT NOT NULL REFERENCES papers (paper_id) ON UPDATE CASCADE ON DELETE CASCADE,
    observed_at TEXT NOT NULL,
    upvotes INTEGER,
    comments INTEGER,
    PRIMARY KEY (paper_id, observed_at)
) WITHOUT ROWID;

CREATE TABLE synced_days (
    feed TEXT NOT NULL,
    day TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (feed, day)
) WITHOUT ROWID;

-- What each index holds. No foreign key: a row whose paper is gone tells the index to drop it.
CREATE TABLE indexed (
    index_name TEXT NOT NULL,
    paper_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    PRIMARY KEY (index_name, paper_id)
) WITHOUT ROWID;

CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) WITHOUT ROWID;
