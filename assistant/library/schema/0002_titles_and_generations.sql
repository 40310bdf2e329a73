-- Every title a paper has borne: a saved page finds its paper also after a feed has changed the title.
-- The order of rowids says who bore a title first.
CREATE TABLE titles (
    normalized_title TEXT NOT NULL,
    paper_id TEXT NOT NULL REFERENCES papers (paper_id) ON UPDATE CASCADE ON DELETE CASCADE,
    UNIQUE (normalized_title, paper_id)
);
CREATE INDEX titles_by_paper ON titles (paper_id);
INSERT INTO titles (normalized_title, paper_id) SELECT normalized_title, paper_id FROM papers ORDER BY rowid;

-- What models wrote, kept by a key that names paper version, prompt and model.
CREATE TABLE generations (
    key TEXT PRIMARY KEY NOT NULL,
    text TEXT NOT NULL,
    model TEXT NOT NULL,
    created_at TEXT NOT NULL
) WITHOUT ROWID;
