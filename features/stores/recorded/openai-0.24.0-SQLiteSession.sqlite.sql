-- Made by openai 0.24.0 SQLiteSession on sqlite through its public API: python libraries --record
-- stale-0: 4 messages, 90 days old, purged
-- stale-1: 4 messages, 90 days old, purged
-- stale-2: 4 messages, 90 days old, purged
-- fresh: 2 messages, 0 days old, kept
-- younger: 4 messages, 20 days old, kept
-- emptied: 0 messages, 3 days old, purged
-- just-emptied: 0 messages, 0 days old, kept
-- od'd%2F%2541 %C3%BC %E2%98%83 %22x%22 :1: 6 messages, 90 days old, purged
-- xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: 2 messages, 90 days old, purged
-- zzz-fresh: 4 messages, 0 days old, kept
PRAGMA journal_mode = wal;
BEGIN TRANSACTION;
CREATE TABLE agent_messages (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                session_id TEXT NOT NULL,
                message_data TEXT NOT NULL,
                created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
                FOREIGN KEY (session_id) REFERENCES agent_sessions (session_id)
                    ON DELETE CASCADE
            );
INSERT INTO "agent_messages" VALUES(5,'stale-1','{"role": "user", "content": "message 0 of stale-1: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(6,'stale-1','{"role": "assistant", "content": "so"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(7,'stale-1','{"role": "user", "content": "message 1 of stale-1: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(8,'stale-1','{"role": "assistant", "content": "so"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(9,'stale-2','{"role": "user", "content": "message 0 of stale-2: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(10,'stale-2','{"role": "assistant", "content": "so"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(11,'stale-2','{"role": "user", "content": "message 1 of stale-2: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(12,'stale-2','{"role": "assistant", "content": "so"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(13,'fresh','{"role": "user", "content": "message 0 of fresh: \u2603 ''\"\\ \ud83d\ude00"}','2026-06-15 11:59:59');
INSERT INTO "agent_messages" VALUES(14,'fresh','{"role": "assistant", "content": "so"}','2026-06-15 11:59:59');
INSERT INTO "agent_messages" VALUES(15,'younger','{"role": "user", "content": "message 0 of younger: \u2603 ''\"\\ \ud83d\ude00"}','2026-05-26 11:59:59');
INSERT INTO "agent_messages" VALUES(16,'younger','{"role": "assistant", "content": "so"}','2026-05-26 11:59:59');
INSERT INTO "agent_messages" VALUES(17,'younger','{"role": "user", "content": "message 1 of younger: \u2603 ''\"\\ \ud83d\ude00"}','2026-05-26 11:59:59');
INSERT INTO "agent_messages" VALUES(18,'younger','{"role": "assistant", "content": "so"}','2026-05-26 11:59:59');
INSERT INTO "agent_messages" VALUES(23,'od''d/%41 ü ☃ "x" :1','{"role": "user", "content": "message 0 of od''d/%41 \u00fc \u2603 \"x\" :1: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(24,'od''d/%41 ü ☃ "x" :1','{"role": "assistant", "content": "so"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(25,'od''d/%41 ü ☃ "x" :1','{"role": "user", "content": "message 1 of od''d/%41 \u00fc \u2603 \"x\" :1: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(26,'od''d/%41 ü ☃ "x" :1','{"role": "assistant", "content": "so"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(27,'od''d/%41 ü ☃ "x" :1','{"role": "user", "content": "message 2 of od''d/%41 \u00fc \u2603 \"x\" :1: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(28,'od''d/%41 ü ☃ "x" :1','{"role": "assistant", "content": "so"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(29,'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','{"role": "user", "content": "message 0 of xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(30,'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','{"role": "assistant", "content": "so"}','2026-03-17 11:59:59');
INSERT INTO "agent_messages" VALUES(31,'zzz-fresh','{"role": "user", "content": "message 0 of zzz-fresh: \u2603 ''\"\\ \ud83d\ude00"}','2026-06-15 11:59:59');
INSERT INTO "agent_messages" VALUES(32,'zzz-fresh','{"role": "assistant", "content": "so"}','2026-06-15 11:59:59');
INSERT INTO "agent_messages" VALUES(33,'zzz-fresh','{"role": "user", "content": "message 1 of zzz-fresh: \u2603 ''\"\\ \ud83d\ude00"}','2026-06-15 11:59:59');
INSERT INTO "agent_messages" VALUES(34,'zzz-fresh','{"role": "assistant", "content": "so"}','2026-06-15 11:59:59');
CREATE TABLE agent_sessions (
                session_id TEXT PRIMARY KEY,
                created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
                updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
            );
INSERT INTO "agent_sessions" VALUES('stale-1','2026-03-17 11:59:59','2026-03-17 11:59:59');
INSERT INTO "agent_sessions" VALUES('stale-2','2026-03-17 11:59:59','2026-03-17 11:59:59');
INSERT INTO "agent_sessions" VALUES('fresh','2026-06-15 11:59:59','2026-06-15 11:59:59');
INSERT INTO "agent_sessions" VALUES('younger','2026-05-26 11:59:59','2026-05-26 11:59:59');
INSERT INTO "agent_sessions" VALUES('emptied','2026-06-12 11:59:59','2026-06-12 11:59:59');
INSERT INTO "agent_sessions" VALUES('just-emptied','2026-06-15 11:59:59','2026-06-15 11:59:59');
INSERT INTO "agent_sessions" VALUES('od''d/%41 ü ☃ "x" :1','2026-03-17 11:59:59','2026-03-17 11:59:59');
INSERT INTO "agent_sessions" VALUES('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','2026-03-17 11:59:59','2026-03-17 11:59:59');
INSERT INTO "agent_sessions" VALUES('zzz-fresh','2026-06-15 11:59:59','2026-06-15 11:59:59');
CREATE INDEX idx_agent_messages_session_id
            ON agent_messages (session_id, id)
        ;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('agent_messages',34);
COMMIT;
