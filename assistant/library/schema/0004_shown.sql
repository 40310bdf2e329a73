-- What digests have done with papers, by profile; '' is the digest without one. A paper that a digest looked at and did
-- not show was passed over.
CREATE TABLE shown (
    profile TEXT NOT NULL,
    paper_id TEXT NOT NULL REFERENCES papers (paper_id) ON UPDATE CASCADE ON DELETE CASCADE,
    at TEXT NOT NULL,
    passed_over INTEGER NOT NULL,
    PRIMARY KEY (profile, paper_id)
) WITHOUT ROWID;
CREATE INDEX shown_by_paper ON shown (paper_id);

-- The listing day of the first digest that showed what is new; what was listed before it is not caught up.
CREATE TABLE shown_since (
    profile TEXT PRIMARY KEY NOT NULL,
    day TEXT NOT NULL
) WITHOUT ROWID;

-- As with marks: of two papers that become one, what was shown as either was shown, at the earlier time.
CREATE TRIGGER shown_follows_the_title BEFORE DELETE ON papers
WHEN EXISTS (SELECT 1 FROM shown WHERE paper_id = OLD.paper_id)
BEGIN
    INSERT INTO shown (profile, paper_id, at, passed_over)
    SELECT shown.profile, heir.paper_id, shown.at, shown.passed_over
    FROM shown, (
        SELECT paper_id FROM titles
        WHERE normalized_title = OLD.normalized_title AND paper_id <> OLD.paper_id ORDER BY rowid LIMIT 1
    ) AS heir
    WHERE shown.paper_id = OLD.paper_id
    ON CONFLICT (profile, paper_id) DO UPDATE SET
        at = CASE
            WHEN passed_over < excluded.passed_over THEN at
            WHEN passed_over > excluded.passed_over THEN excluded.at
            ELSE min(at, excluded.at)
        END,
        passed_over = min(passed_over, excluded.passed_over);
END;
