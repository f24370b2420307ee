-- Made by openai 0.5.1 AdvancedSQLiteSession on sqlite through its public API: python libraries --record
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
-- branched: 6 messages, 90 days old, purged
-- branched-fresh: 6 messages, 0 days old, kept
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
INSERT INTO "agent_messages" VALUES(5,'stale-1','{"role": "user", "content": "message 0 of stale-1: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(6,'stale-1','{"role": "assistant", "content": "so"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(7,'stale-1','{"role": "user", "content": "message 1 of stale-1: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(8,'stale-1','{"role": "assistant", "content": "so"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(9,'stale-2','{"role": "user", "content": "message 0 of stale-2: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(10,'stale-2','{"role": "assistant", "content": "so"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(11,'stale-2','{"role": "user", "content": "message 1 of stale-2: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(12,'stale-2','{"role": "assistant", "content": "so"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(13,'fresh','{"role": "user", "content": "message 0 of fresh: \u2603 ''\"\\ \ud83d\ude00"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(14,'fresh','{"role": "assistant", "content": "so"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(15,'younger','{"role": "user", "content": "message 0 of younger: \u2603 ''\"\\ \ud83d\ude00"}','2026-05-26 12:00:00');
INSERT INTO "agent_messages" VALUES(16,'younger','{"role": "assistant", "content": "so"}','2026-05-26 12:00:00');
INSERT INTO "agent_messages" VALUES(17,'younger','{"role": "user", "content": "message 1 of younger: \u2603 ''\"\\ \ud83d\ude00"}','2026-05-26 12:00:00');
INSERT INTO "agent_messages" VALUES(18,'younger','{"role": "assistant", "content": "so"}','2026-05-26 12:00:00');
INSERT INTO "agent_messages" VALUES(23,'od''d/%41 ü ☃ "x" :1','{"role": "user", "content": "message 0 of od''d/%41 \u00fc \u2603 \"x\" :1: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(24,'od''d/%41 ü ☃ "x" :1','{"role": "assistant", "content": "so"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(25,'od''d/%41 ü ☃ "x" :1','{"role": "user", "content": "message 1 of od''d/%41 \u00fc \u2603 \"x\" :1: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(26,'od''d/%41 ü ☃ "x" :1','{"role": "assistant", "content": "so"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(27,'od''d/%41 ü ☃ "x" :1','{"role": "user", "content": "message 2 of od''d/%41 \u00fc \u2603 \"x\" :1: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(28,'od''d/%41 ü ☃ "x" :1','{"role": "assistant", "content": "so"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(29,'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','{"role": "user", "content": "message 0 of xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: \u2603 ''\"\\ \ud83d\ude00"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(30,'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','{"role": "assistant", "content": "so"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(31,'zzz-fresh','{"role": "user", "content": "message 0 of zzz-fresh: \u2603 ''\"\\ \ud83d\ude00"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(32,'zzz-fresh','{"role": "assistant", "content": "so"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(33,'zzz-fresh','{"role": "user", "content": "message 1 of zzz-fresh: \u2603 ''\"\\ \ud83d\ude00"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(34,'zzz-fresh','{"role": "assistant", "content": "so"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(35,'branched','{"content": "one", "role": "user"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(36,'branched','{"id": "m1", "content": [{"annotations": [], "text": "so you say \u2603", "type": "output_text"}], "role": "assistant", "status": "completed", "type": "message"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(37,'branched','{"content": "two", "role": "user"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(38,'branched','{"id": "m1", "content": [{"annotations": [], "text": "so you say \u2603", "type": "output_text"}], "role": "assistant", "status": "completed", "type": "message"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(39,'branched','{"content": "two, otherwise", "role": "user"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(40,'branched','{"id": "m1", "content": [{"annotations": [], "text": "so you say \u2603", "type": "output_text"}], "role": "assistant", "status": "completed", "type": "message"}','2026-03-17 12:00:00');
INSERT INTO "agent_messages" VALUES(41,'branched-fresh','{"content": "one", "role": "user"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(42,'branched-fresh','{"id": "m1", "content": [{"annotations": [], "text": "so you say \u2603", "type": "output_text"}], "role": "assistant", "status": "completed", "type": "message"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(43,'branched-fresh','{"content": "two", "role": "user"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(44,'branched-fresh','{"id": "m1", "content": [{"annotations": [], "text": "so you say \u2603", "type": "output_text"}], "role": "assistant", "status": "completed", "type": "message"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(45,'branched-fresh','{"content": "two, otherwise", "role": "user"}','2026-06-15 12:00:00');
INSERT INTO "agent_messages" VALUES(46,'branched-fresh','{"id": "m1", "content": [{"annotations": [], "text": "so you say \u2603", "type": "output_text"}], "role": "assistant", "status": "completed", "type": "message"}','2026-06-15 12:00:00');
CREATE TABLE agent_sessions (
                session_id TEXT PRIMARY KEY,
                created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
                updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
            );
INSERT INTO "agent_sessions" VALUES('stale-1','2026-03-17 12:00:00','2026-03-17 12:00:00');
INSERT INTO "agent_sessions" VALUES('stale-2','2026-03-17 12:00:00','2026-03-17 12:00:00');
INSERT INTO "agent_sessions" VALUES('fresh','2026-06-15 12:00:00','2026-06-15 12:00:00');
INSERT INTO "agent_sessions" VALUES('younger','2026-05-26 12:00:00','2026-05-26 12:00:00');
INSERT INTO "agent_sessions" VALUES('emptied','2026-06-12 12:00:00','2026-06-12 12:00:00');
INSERT INTO "agent_sessions" VALUES('just-emptied','2026-06-15 12:00:00','2026-06-15 12:00:00');
INSERT INTO "agent_sessions" VALUES('od''d/%41 ü ☃ "x" :1','2026-03-17 12:00:00','2026-03-17 12:00:00');
INSERT INTO "agent_sessions" VALUES('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','2026-03-17 12:00:00','2026-03-17 12:00:00');
INSERT INTO "agent_sessions" VALUES('zzz-fresh','2026-06-15 12:00:00','2026-06-15 12:00:00');
INSERT INTO "agent_sessions" VALUES('branched','2026-03-17 12:00:00','2026-03-17 12:00:00');
INSERT INTO "agent_sessions" VALUES('branched-fresh','2026-06-15 12:00:00','2026-06-15 12:00:00');
CREATE TABLE message_structure (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                session_id TEXT NOT NULL,
                message_id INTEGER NOT NULL,
                branch_id TEXT NOT NULL DEFAULT 'main',
                message_type TEXT NOT NULL,
                sequence_number INTEGER NOT NULL,
                user_turn_number INTEGER,
                branch_turn_number INTEGER,
                tool_name TEXT,
                created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
                FOREIGN KEY (session_id) REFERENCES agent_sessions(session_id) ON DELETE CASCADE,
                FOREIGN KEY (message_id) REFERENCES agent_messages(id) ON DELETE CASCADE
            );
INSERT INTO "message_structure" VALUES(1,'stale-0',1,'main','user',1,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(2,'stale-0',2,'main','assistant',2,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(3,'stale-0',3,'main','user',3,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(4,'stale-0',4,'main','assistant',4,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(5,'stale-1',5,'main','user',1,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(6,'stale-1',6,'main','assistant',2,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(7,'stale-1',7,'main','user',3,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(8,'stale-1',8,'main','assistant',4,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(9,'stale-2',9,'main','user',1,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(10,'stale-2',10,'main','assistant',2,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(11,'stale-2',11,'main','user',3,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(12,'stale-2',12,'main','assistant',4,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(13,'fresh',13,'main','user',1,1,1,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(14,'fresh',14,'main','assistant',2,1,1,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(15,'younger',15,'main','user',1,1,1,NULL,'2026-05-26 12:00:00');
INSERT INTO "message_structure" VALUES(16,'younger',16,'main','assistant',2,1,1,NULL,'2026-05-26 12:00:00');
INSERT INTO "message_structure" VALUES(17,'younger',17,'main','user',3,2,2,NULL,'2026-05-26 12:00:00');
INSERT INTO "message_structure" VALUES(18,'younger',18,'main','assistant',4,2,2,NULL,'2026-05-26 12:00:00');
INSERT INTO "message_structure" VALUES(19,'emptied',19,'main','user',1,1,1,NULL,'2026-06-12 12:00:00');
INSERT INTO "message_structure" VALUES(20,'emptied',20,'main','assistant',2,1,1,NULL,'2026-06-12 12:00:00');
INSERT INTO "message_structure" VALUES(21,'just-emptied',21,'main','user',1,1,1,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(22,'just-emptied',22,'main','assistant',2,1,1,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(23,'od''d/%41 ü ☃ "x" :1',23,'main','user',1,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(24,'od''d/%41 ü ☃ "x" :1',24,'main','assistant',2,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(25,'od''d/%41 ü ☃ "x" :1',25,'main','user',3,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(26,'od''d/%41 ü ☃ "x" :1',26,'main','assistant',4,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(27,'od''d/%41 ü ☃ "x" :1',27,'main','user',5,3,3,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(28,'od''d/%41 ü ☃ "x" :1',28,'main','assistant',6,3,3,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(29,'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',29,'main','user',1,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(30,'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',30,'main','assistant',2,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(31,'zzz-fresh',31,'main','user',1,1,1,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(32,'zzz-fresh',32,'main','assistant',2,1,1,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(33,'zzz-fresh',33,'main','user',3,2,2,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(34,'zzz-fresh',34,'main','assistant',4,2,2,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(35,'branched',35,'main','user',1,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(36,'branched',36,'main','assistant',2,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(37,'branched',37,'main','user',3,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(38,'branched',38,'main','assistant',4,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(39,'branched',35,'other','user',5,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(40,'branched',36,'other','assistant',6,1,1,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(41,'branched',39,'other','user',7,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(42,'branched',40,'other','assistant',8,2,2,NULL,'2026-03-17 12:00:00');
INSERT INTO "message_structure" VALUES(43,'branched-fresh',41,'main','user',1,1,1,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(44,'branched-fresh',42,'main','assistant',2,1,1,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(45,'branched-fresh',43,'main','user',3,2,2,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(46,'branched-fresh',44,'main','assistant',4,2,2,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(47,'branched-fresh',41,'other','user',5,1,1,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(48,'branched-fresh',42,'other','assistant',6,1,1,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(49,'branched-fresh',45,'other','user',7,2,2,NULL,'2026-06-15 12:00:00');
INSERT INTO "message_structure" VALUES(50,'branched-fresh',46,'other','assistant',8,2,2,NULL,'2026-06-15 12:00:00');
CREATE TABLE turn_usage (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                session_id TEXT NOT NULL,
                branch_id TEXT NOT NULL DEFAULT 'main',
                user_turn_number INTEGER NOT NULL,
                requests INTEGER DEFAULT 0,
                input_tokens INTEGER DEFAULT 0,
                output_tokens INTEGER DEFAULT 0,
                total_tokens INTEGER DEFAULT 0,
                input_tokens_details JSON,
                output_tokens_details JSON,
                created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
                FOREIGN KEY (session_id) REFERENCES agent_sessions(session_id) ON DELETE CASCADE,
                UNIQUE(session_id, branch_id, user_turn_number)
            );
INSERT INTO "turn_usage" VALUES(1,'branched','main',1,1,7,3,10,'{"cached_tokens": 0}','{"reasoning_tokens": 0}','2026-03-17 12:00:00');
INSERT INTO "turn_usage" VALUES(2,'branched','main',2,1,7,3,10,'{"cached_tokens": 0}','{"reasoning_tokens": 0}','2026-03-17 12:00:00');
INSERT INTO "turn_usage" VALUES(3,'branched','other',2,1,7,3,10,'{"cached_tokens": 0}','{"reasoning_tokens": 0}','2026-03-17 12:00:00');
INSERT INTO "turn_usage" VALUES(4,'branched-fresh','main',1,1,7,3,10,'{"cached_tokens": 0}','{"reasoning_tokens": 0}','2026-06-15 12:00:00');
INSERT INTO "turn_usage" VALUES(5,'branched-fresh','main',2,1,7,3,10,'{"cached_tokens": 0}','{"reasoning_tokens": 0}','2026-06-15 12:00:00');
INSERT INTO "turn_usage" VALUES(6,'branched-fresh','other',2,1,7,3,10,'{"cached_tokens": 0}','{"reasoning_tokens": 0}','2026-06-15 12:00:00');
CREATE INDEX idx_agent_messages_session_id
            ON agent_messages (session_id, created_at)
        ;
CREATE INDEX idx_structure_session_seq
            ON message_structure(session_id, sequence_number)
        ;
CREATE INDEX idx_structure_branch
            ON message_structure(session_id, branch_id)
        ;
CREATE INDEX idx_structure_turn
            ON message_structure(session_id, branch_id, user_turn_number)
        ;
CREATE INDEX idx_structure_branch_seq
            ON message_structure(session_id, branch_id, sequence_number)
        ;
CREATE INDEX idx_turn_usage_session_turn
            ON turn_usage(session_id, branch_id, user_turn_number)
        ;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('agent_messages',46);
INSERT INTO "sqlite_sequence" VALUES('message_structure',50);
INSERT INTO "sqlite_sequence" VALUES('turn_usage',6);
COMMIT;
