-- The catalog's tables; whoever changes them raises CATALOG_VERSION in database.py.

CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE segments (
    segment INTEGER PRIMARY KEY AUTOINCREMENT,  -- no number is given twice
    size INTEGER NOT NULL DEFAULT 0,            -- rows, with those of articles that have gone since
    sealed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE articles (
    article_id TEXT PRIMARY KEY,
    segment INTEGER REFERENCES segments,
    passages INTEGER NOT NULL,                  -- how many it has
    rows INTEGER NOT NULL,                      -- how many of the vectors' rows it makes
    slices TEXT NOT NULL,                       -- JSON: of each row, [[start, end], ...]
    body TEXT NOT NULL,                         -- JSON: [[start, end], ...]
    text TEXT NOT NULL,
    text_sha256 TEXT
);
CREATE INDEX articles_by_segment ON articles (segment, rows);
CREATE INDEX passages_of_articles ON articles (article_id, passages);
CREATE TABLE passages (
    passage_id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX passages_by_article ON passages (article_id, start);
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    read_ns INTEGER NOT NULL,
    digest TEXT,
    article_id TEXT REFERENCES articles,
    reason TEXT,
    title TEXT,
    source TEXT,
    author TEXT,
    published TEXT,
    dated TEXT,                                 -- as the article says it, where that is no full Gregorian date
    container TEXT,                             -- the path of the file that holds it, if that is not itself
    encoding TEXT,
    format TEXT,
    url TEXT                                    -- that it states itself
);
CREATE INDEX files_by_article ON files (article_id, path);
CREATE TABLE origins (                          -- where files came from
    path TEXT PRIMARY KEY,
    url TEXT,
    fetched TEXT,
    sha256 TEXT,                                -- of the bytes that came from there
    written TEXT                                -- of the file that was written of them
) WITHOUT ROWID;
CREATE VIEW sourced_files AS                    -- with where they came from, as long as they hold what came from there
SELECT
    held.path, article_id, title, source, author, published, dated, encoding, format,
    coalesce(origins.url, held.url) AS url,
    CASE WHEN written = bytes THEN fetched END AS fetched,
    CASE WHEN written = bytes THEN sha256 ELSE bytes END AS sha256
FROM (
    SELECT *, coalesce((SELECT digest FROM files AS holder WHERE holder.path = files.container), digest) AS bytes
    FROM files
) AS held LEFT JOIN origins ON origins.path = coalesce(held.container, held.path);
CREATE TABLE sketches (                         -- of articles shown, to find the copies of one story
    article_id TEXT PRIMARY KEY,
    minhash BLOB NOT NULL,
    slots BLOB NOT NULL
);
CREATE TABLE bands (band BLOB NOT NULL, article_id TEXT NOT NULL, PRIMARY KEY (band, article_id)) WITHOUT ROWID;
CREATE TABLE links (                            -- between copies, in both directions
    article_id TEXT NOT NULL,
    other_id TEXT NOT NULL,
    PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID;
CREATE TABLE stories (article_id TEXT PRIMARY KEY, story INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX stories_by_story ON stories (story, article_id);
