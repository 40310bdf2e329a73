-- What authors say of a paper on arXiv ("12 pages"), and whether it has been withdrawn: lists show it without an abstract.
ALTER TABLE papers ADD COLUMN comment TEXT;
ALTER TABLE papers ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
UPDATE papers SET comment = raw_comment(raw) WHERE instr(raw, '"comment"');

-- Texts that came before TeX was cleaned at the door. The raw records stay; a new content hash tells the indexes, and what
-- models wrote about the former text, that it is another one. Conversations hold copies of the texts that they cite.
UPDATE papers SET title = plain_text(title), abstract = plain_text(abstract), authors = plain_names(authors)
WHERE title <> plain_text(title) OR abstract <> plain_text(abstract) OR authors <> plain_names(authors);
UPDATE papers SET normalized_title = normalized_title(title), content_hash = content_hash(title, abstract)
WHERE content_hash <> content_hash(title, abstract);
INSERT OR IGNORE INTO titles (normalized_title, paper_id) SELECT normalized_title, paper_id FROM papers ORDER BY rowid;
UPDATE OR IGNORE papers SET paper_id = provisional_id(title)
WHERE paper_id GLOB 'title:*' AND paper_id <> provisional_id(title);

UPDATE papers SET withdrawn = is_withdrawn(abstract, comment) WHERE is_withdrawn(abstract, comment);
