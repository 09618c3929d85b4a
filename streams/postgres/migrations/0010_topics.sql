-- Which topic it is that a publisher's submissions are read from: one that was made anew has the same name and another id.

CREATE TABLE ledger.submission_topics (
    topic     text NOT NULL PRIMARY KEY COLLATE "C",
    topic_id  uuid NOT NULL
);
COMMENT ON TABLE ledger.submission_topics IS 'The id that Kafka gave each submission topic, noted before its first record is read; another id is another topic.';
