-- Made by adk 1.22.0 SqliteSessionService on sqlite through its public API: python libraries --record
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
INSERT INTO "app_states" VALUES('desk/ü','{"tax": 0.19}',1.79528139896616292002e+09);
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
INSERT INTO "events" VALUES('a9aa9cd9-883e-4d93-9cfb-409b90a39735','shop','anna','stale-0','one',1.77374879979749798769e+09,'{"content":{"parts":[{"text":"message 0 of stale-0: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of stale-0: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"a9aa9cd9-883e-4d93-9cfb-409b90a39735","timestamp":1795281398.823493}');
INSERT INTO "events" VALUES('f2a6427f-27db-43d1-a4f0-20ef6c52bc6d','shop','anna','stale-0','one',1.7737487998041529656e+09,'{"content":{"parts":[{"text":"message 1 of stale-0: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 1 of stale-0: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"f2a6427f-27db-43d1-a4f0-20ef6c52bc6d","timestamp":1795281398.830148}');
INSERT INTO "events" VALUES('8734fb6e-68da-4c90-9c89-b9089eafda0e','shop','anna','stale-2','one',1.77374879985648703571e+09,'{"content":{"parts":[{"text":"message 0 of stale-2: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of stale-2: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"8734fb6e-68da-4c90-9c89-b9089eafda0e","timestamp":1795281398.882482}');
INSERT INTO "events" VALUES('5e5855e9-7c72-4e1f-a306-4d5561df6b61','shop','anna','stale-2','one',1.77374879986264395717e+09,'{"content":{"parts":[{"text":"message 1 of stale-2: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 1 of stale-2: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"5e5855e9-7c72-4e1f-a306-4d5561df6b61","timestamp":1795281398.888639}');
INSERT INTO "events" VALUES('917fb116-100e-46e1-8a19-d1916d8d9b72','desk/ü','o''x/%7c über','od''d/%41 ü','one',1773748799.92527,'{"content":{"parts":[{"text":"message 0 of od''d/%41 ü: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of od''d/%41 ü: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"917fb116-100e-46e1-8a19-d1916d8d9b72","timestamp":1795281398.951265}');
INSERT INTO "events" VALUES('c7765a8c-4720-4773-946f-5fe7569adc16','desk/ü','o''x/%7c über','od''d/%41 ü','one',1.77374879992779803275e+09,'{"content":{"parts":[{"text":"message 1 of od''d/%41 ü: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 1 of od''d/%41 ü: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"c7765a8c-4720-4773-946f-5fe7569adc16","timestamp":1795281398.953793}');
INSERT INTO "events" VALUES('b11a9b99-85d2-4834-bcb2-27ee073e1cbe','desk/ü','o''x/%7c über','odd-fresh','one',1.78152479993672800068e+09,'{"content":{"parts":[{"text":"message 0 of odd-fresh: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of odd-fresh: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"b11a9b99-85d2-4834-bcb2-27ee073e1cbe","timestamp":1795281398.962723}');
INSERT INTO "events" VALUES('320df2b8-a30a-4331-a830-960b5fab291e','desk/ü','bo','shared','one',1.77374879994717907913e+09,'{"content":{"parts":[{"text":"message 0 of shared: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of shared: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"320df2b8-a30a-4331-a830-960b5fab291e","timestamp":1795281398.973174}');
INSERT INTO "events" VALUES('f5f44ce1-3579-46d6-9398-e21df2d1beec','desk/ü','bo','zzz-fresh','one',1.7815247999557979107e+09,'{"content":{"parts":[{"text":"message 0 of zzz-fresh: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of zzz-fresh: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"f5f44ce1-3579-46d6-9398-e21df2d1beec","timestamp":1795281398.981793}');
INSERT INTO "events" VALUES('9fec8cae-07de-4c5b-9fcc-800effe1fb14','desk/ü','bo','zzz-fresh','one',1.78152479995997691159e+09,'{"content":{"parts":[{"text":"message 1 of zzz-fresh: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 1 of zzz-fresh: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"9fec8cae-07de-4c5b-9fcc-800effe1fb14","timestamp":1795281398.985972}');
INSERT INTO "events" VALUES('13e3a9e2-a04d-4f98-862f-ebd4521b8eac','shop','bo','shared','one',1781524799.96854,'{"content":{"parts":[{"text":"message 0 of shared: ☃ ''\"\\"}],"role":"user"},"invocation_id":"one","author":"user","actions":{"state_delta":{"last":"message 0 of shared: ☃ ''\"\\"},"artifact_delta":{},"requested_auth_configs":{},"requested_tool_confirmations":{}},"id":"13e3a9e2-a04d-4f98-862f-ebd4521b8eac","timestamp":1795281398.994535}');
CREATE TABLE sessions (
    app_name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    create_time REAL NOT NULL,
    update_time REAL NOT NULL,
    PRIMARY KEY (app_name, user_id, id)
);
INSERT INTO "sessions" VALUES('shop','anna','stale-0','{"last":"message 1 of stale-0: \u2603 ''\"\\"}',1773748799.78836,1.7737487998041529656e+09);
INSERT INTO "sessions" VALUES('shop','anna','stale-2','{"last":"message 1 of stale-2: \u2603 ''\"\\"}',1.77374879985000658035e+09,1.77374879986264395717e+09);
INSERT INTO "sessions" VALUES('shop','bo','empty','{}',1.78126559990789961815e+09,1.78126559990789961815e+09);
INSERT INTO "sessions" VALUES('shop','bo','new','{}',1.78152479991049408911e+09,1.78152479991049408911e+09);
INSERT INTO "sessions" VALUES('shop','anna','state','{"cart": [1, "\u00fc"]}',1781265599.91588,1781265599.91588);
INSERT INTO "sessions" VALUES('shop','anna','old-state','{"cart": [2]}',1.77374879991931605344e+09,1.77374879991931605344e+09);
INSERT INTO "sessions" VALUES('desk/ü','o''x/%7c über','od''d/%41 ü','{"last":"message 1 of od''d/%41 \u00fc: \u2603 ''\"\\"}',1.77374879992165565491e+09,1.77374879992779803275e+09);
INSERT INTO "sessions" VALUES('desk/ü','o''x/%7c über','odd-fresh','{"last":"message 0 of odd-fresh: \u2603 ''\"\\"}',1.78152479993040299419e+09,1.78152479993672800068e+09);
INSERT INTO "sessions" VALUES('desk/ü','bo','shared','{"last":"message 0 of shared: \u2603 ''\"\\"}',1.77374879994016790393e+09,1.77374879994717907913e+09);
INSERT INTO "sessions" VALUES('desk/ü','bo','zzz-fresh','{"last":"message 1 of zzz-fresh: \u2603 ''\"\\"}',1.78152479995237231257e+09,1.78152479995997691159e+09);
INSERT INTO "sessions" VALUES('shop','bo','shared','{"last":"message 0 of shared: \u2603 ''\"\\"}',1781524799.96433,1781524799.96854);
CREATE TABLE user_states (
    app_name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    state TEXT NOT NULL,
    update_time REAL NOT NULL,
    PRIMARY KEY (app_name, user_id)
);
INSERT INTO "user_states" VALUES('desk/ü','o''x/%7c über','{"tone": "kind"}',1.79528139895639801022e+09);
COMMIT;
