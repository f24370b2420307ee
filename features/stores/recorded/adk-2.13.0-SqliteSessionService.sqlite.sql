-- Made by adk 2.13.0 SqliteSessionService on sqlite through its public API: python libraries --record
-- shop/anna/stale-0: 2 messages, 90 days old, purged
-- shop/bo/stale-1: 2 messages, 90 days old, purged
-- shop/anna/stale-2: 2 messages, 90 days old, purged
-- shop/anna/fresh: 3 messages, 0 days old, kept
-- shop/bo/empty: 0 messages, 3 days old, purged
-- shop/bo/new: 0 messages, 0 days old, kept
-- shop/anna/state: 0 messages, 3 days old, kept
-- shop/anna/old-state: 0 messages, 90 days old, purged
-- desk%2F%C3%BC/o'x%2F%257c %C3%BCber/od'd%2F%2541 %C3%BC: 2 messages, 90 days old, purged
-- desk%2F%C3%BC/o'x%2F%257c %C3%BCber/odd-fresh: 1 messages, 0 days old, kept
-- desk%2F%C3%BC/bo/shared: 1 messages, 90 days old, purged
-- desk%2F%C3%BC/bo/zzz-fresh: 2 messages, 0 days old, kept
-- shop/bo/shared: 1 messages, 0 days old, kept
PRAGMA journal_mode = delete;
BEGIN TRANSACTION;
CREATE TABLE app_states (
    app_name TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    update_time REAL NOT NULL
);
INSERT INTO "app_states" VALUES('desk/ü','{"tax": 0.19}',1.79528139980054235458e+09);
CREATE TABLE events (
    id TEXT NOT NULL,
    app_name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    invocation_id TEXT NOT NULL,
    timestamp REAL NOT NULL,
    event_data TEXT NOT NULL,
    PRIMARY KEY (app_name, user_id, session_id, id),
    FOREIGN KEY (app_name, user_id, session_id) REFERENCES sessions(app_name, user_id, id) ON DELETE CASCADE
);
INSERT INTO "events" VALUES('e5490f67-32af-4ec7-b7b8-0c11d8b84e62','shop','anna','stale-0','one',1.77374879985866236694e+09,'{"content":{"parts":[{"text":"message 0 of stale-0: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of stale-0: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"e5490f67-32af-4ec7-b7b8-0c11d8b84e62","timestamp":1795281399.7137113}');
INSERT INTO "events" VALUES('3502af10-0742-4873-80c9-1b3a225cac90','shop','anna','stale-0','one',1773748799.8634,'{"content":{"parts":[{"text":"message 1 of stale-0: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 1 of stale-0: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"3502af10-0742-4873-80c9-1b3a225cac90","timestamp":1795281399.7184489}');
INSERT INTO "events" VALUES('ee06cd40-0047-45aa-9994-02b2a4de09c6','shop','anna','stale-2','one',1.77374879988251709936e+09,'{"content":{"parts":[{"text":"message 0 of stale-2: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of stale-2: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"ee06cd40-0047-45aa-9994-02b2a4de09c6","timestamp":1795281399.737566}');
INSERT INTO "events" VALUES('e07b708d-f5eb-4805-9ac1-ada31d226e6b','shop','anna','stale-2','one',1.77374879988712143893e+09,'{"content":{"parts":[{"text":"message 1 of stale-2: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 1 of stale-2: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"e07b708d-f5eb-4805-9ac1-ada31d226e6b","timestamp":1795281399.7421703}');
INSERT INTO "events" VALUES('b06f1963-a016-4c81-b022-0819a62317d2','desk/ü','o''x/%7c über','od''d/%41 ü','one',1.77374879993132567404e+09,'{"content":{"parts":[{"text":"message 0 of od''d/%41 ü: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of od''d/%41 ü: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"b06f1963-a016-4c81-b022-0819a62317d2","timestamp":1795281399.7863746}');
INSERT INTO "events" VALUES('46a52ced-0b5f-4296-b272-c6f8590bb129','desk/ü','o''x/%7c über','od''d/%41 ü','one',1.77374879993469977378e+09,'{"content":{"parts":[{"text":"message 1 of od''d/%41 ü: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 1 of od''d/%41 ü: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"46a52ced-0b5f-4296-b272-c6f8590bb129","timestamp":1795281399.7897487}');
INSERT INTO "events" VALUES('10d7e2c5-721c-40fa-80a8-a038b2864ce6','desk/ü','o''x/%7c über','odd-fresh','one',1.78152479994299173357e+09,'{"content":{"parts":[{"text":"message 0 of odd-fresh: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of odd-fresh: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"10d7e2c5-721c-40fa-80a8-a038b2864ce6","timestamp":1795281399.7980406}');
INSERT INTO "events" VALUES('f008c878-d55e-4735-b24b-298ab8b250ff','desk/ü','bo','shared','one',1.77374879995098876954e+09,'{"content":{"parts":[{"text":"message 0 of shared: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of shared: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"f008c878-d55e-4735-b24b-298ab8b250ff","timestamp":1795281399.8060377}');
INSERT INTO "events" VALUES('01692a3f-a8b0-4831-a35c-490646877724','desk/ü','bo','zzz-fresh','one',1.78152479995804357529e+09,'{"content":{"parts":[{"text":"message 0 of zzz-fresh: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of zzz-fresh: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"01692a3f-a8b0-4831-a35c-490646877724","timestamp":1795281399.8130925}');
INSERT INTO "events" VALUES('c1fbed3f-f604-410a-8f43-0dccb1c5c081','desk/ü','bo','zzz-fresh','one',1.78152479996282100678e+09,'{"content":{"parts":[{"text":"message 1 of zzz-fresh: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 1 of zzz-fresh: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"c1fbed3f-f604-410a-8f43-0dccb1c5c081","timestamp":1795281399.81787}');
INSERT INTO "events" VALUES('cd870d15-db2d-40c1-b769-806d4f0d9ead','shop','bo','shared','one',1.78152479997079920765e+09,'{"content":{"parts":[{"text":"message 0 of shared: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of shared: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"node_info":{"path":""},"id":"cd870d15-db2d-40c1-b769-806d4f0d9ead","timestamp":1795281399.825848}');
CREATE TABLE sessions (
    app_name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    create_time REAL NOT NULL,
    update_time REAL NOT NULL,
    PRIMARY KEY (app_name, user_id, id)
);
INSERT INTO "sessions" VALUES('shop','anna','stale-0','{"last":"message 1 of stale-0: ☃ ''\"\\"}',1.77374879984379076958e+09,1773748799.8634);
INSERT INTO "sessions" VALUES('shop','anna','stale-2','{"last":"message 1 of stale-2: ☃ ''\"\\"}',1.77374879987915349006e+09,1.77374879988712143893e+09);
INSERT INTO "sessions" VALUES('shop','bo','empty','{}',1.78126559991126227379e+09,1.78126559991126227379e+09);
INSERT INTO "sessions" VALUES('shop','bo','new','{}',1.7815247999143576622e+09,1.7815247999143576622e+09);
INSERT INTO "sessions" VALUES('shop','anna','state','{"cart": [1, "\u00fc"]}',1.78126559991855120661e+09,1.78126559991855120661e+09);
INSERT INTO "sessions" VALUES('shop','anna','old-state','{"cart": [2]}',1.77374879992253708842e+09,1.77374879992253708842e+09);
INSERT INTO "sessions" VALUES('desk/ü','o''x/%7c über','od''d/%41 ü','{"last":"message 1 of od''d/%41 ü: ☃ ''\"\\"}',1.77374879992648816105e+09,1.77374879993469977378e+09);
INSERT INTO "sessions" VALUES('desk/ü','o''x/%7c über','odd-fresh','{"last":"message 0 of odd-fresh: ☃ ''\"\\"}',1.78152479993940162663e+09,1.78152479994299173357e+09);
INSERT INTO "sessions" VALUES('desk/ü','bo','shared','{"last":"message 0 of shared: ☃ ''\"\\"}',1.77374879994549345969e+09,1.77374879995098876954e+09);
INSERT INTO "sessions" VALUES('desk/ü','bo','zzz-fresh','{"last":"message 1 of zzz-fresh: ☃ ''\"\\"}',1.78152479995486831662e+09,1.78152479996282100678e+09);
INSERT INTO "sessions" VALUES('shop','bo','shared','{"last":"message 0 of shared: ☃ ''\"\\"}',1.78152479996668577193e+09,1.78152479997079920765e+09);
CREATE TABLE user_states (
    app_name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    state TEXT NOT NULL,
    update_time REAL NOT NULL,
    PRIMARY KEY (app_name, user_id)
);
INSERT INTO "user_states" VALUES('desk/ü','o''x/%7c über','{"tone": "kind"}',1.79528139979445052146e+09);
COMMIT;
