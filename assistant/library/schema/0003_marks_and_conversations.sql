-- What the reader does with papers. A paper without a row is unread, not starred and without a note.
CREATE TABLE marks (
    paper_id TEXT PRIMARY KEY NOT NULL REFERENCES papers (paper_id) ON UPDATE CASCADE ON DELETE CASCADE,
    read_at TEXT,
    starred INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

-- A paper known by its title alone goes when the paper that now bears the title takes over what is known of it.
-- Its marks are joined to that paper's: read at the earlier time, starred if either was, both notes.
CREATE TRIGGER marks_follow_the_title BEFORE DELETE ON papers
WHEN EXISTS (SELECT 1 FROM marks WHERE paper_id = OLD.paper_id)
BEGIN
    INSERT INTO marks (paper_id, read_at, starred, note)
    SELECT heir.paper_id, marks.read_at, marks.starred, marks.note
    FROM marks, (
        SELECT paper_id FROM titles
        WHERE normalized_title = OLD.normalized_title AND paper_id <> OLD.paper_id ORDER BY rowid LIMIT 1
    ) AS heir
    WHERE marks.paper_id = OLD.paper_id
    ON CONFLICT (paper_id) DO UPDATE SET
        read_at = coalesce(min(read_at, excluded.read_at), read_at, excluded.read_at),
        starred = max(starred, excluded.starred),
        note = CASE
            WHEN note = '' OR note = excluded.note THEN excluded.note
            WHEN excluded.note = '' THEN note
            ELSE note || char(10) || excluded.note
        END;
END;

-- Conversations with their turns. A turn's record is JSON: the prompt, its sources and the answer.
-- The state says how a turn ended; one that is still "writing" when it is read was interrupted by a crash.
CREATE TABLE conversations (
    conversation_id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX conversations_by_time ON conversations (updated_at);

-- basis says what the turn was answered from; chosen are the ids of papers that the reader picked for it.
CREATE TABLE turns (
    turn_id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (conversation_id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    basis TEXT NOT NULL,
    chosen TEXT NOT NULL,
    question TEXT NOT NULL,
    state TEXT NOT NULL,
    text TEXT NOT NULL,
    record TEXT,
    failure TEXT,
    started_at TEXT NOT NULL,
    seconds REAL
);
CREATE INDEX turns_by_conversation ON turns (conversation_id, turn_id);
