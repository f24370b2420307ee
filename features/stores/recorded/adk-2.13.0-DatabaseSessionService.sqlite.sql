-- Made by adk 2.13.0 DatabaseSessionService on sqlite through its public API: python libraries --record
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
CREATE TABLE adk_internal_metadata (
	"key" VARCHAR(128) NOT NULL, 
	value VARCHAR(256) NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "adk_internal_metadata" VALUES('schema_version','1');
CREATE TABLE app_states (
	app_name VARCHAR(128) NOT NULL, 
	state TEXT NOT NULL, 
	update_time DATETIME NOT NULL, 
	PRIMARY KEY (app_name)
);
INSERT INTO "app_states" VALUES('shop','{}','2026-11-21 17:16:36');
INSERT INTO "app_states" VALUES('desk/ü','{"tax": 0.19}','2026-11-21 17:16:36');
CREATE TABLE events (
	id VARCHAR(128) NOT NULL, 
	app_name VARCHAR(128) NOT NULL, 
	user_id VARCHAR(128) NOT NULL, 
	session_id VARCHAR(128) NOT NULL, 
	invocation_id VARCHAR(256) NOT NULL, 
	timestamp DATETIME NOT NULL, 
	event_data TEXT, 
	PRIMARY KEY (id, app_name, user_id, session_id), 
	FOREIGN KEY(app_name, user_id, session_id) REFERENCES sessions (app_name, user_id, id) ON DELETE CASCADE
);
INSERT INTO "events" VALUES('cf1c6a1f-88cf-402b-a91f-e6b3f65136dc','shop','anna','stale-0','one','2026-03-17 11:59:59.761000','{"content": {"parts": [{"text": "message 0 of stale-0: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of stale-0: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "cf1c6a1f-88cf-402b-a91f-e6b3f65136dc", "timestamp": 1795281396.6784816}');
INSERT INTO "events" VALUES('f9de043e-1fca-4fcb-af0d-799dd319bb2b','shop','anna','stale-0','one','2026-03-17 11:59:59.773000','{"content": {"parts": [{"text": "message 1 of stale-0: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 1 of stale-0: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "f9de043e-1fca-4fcb-af0d-799dd319bb2b", "timestamp": 1795281396.6900954}');
INSERT INTO "events" VALUES('e8087bfc-f3f3-4033-8457-81c10b691a17','shop','anna','stale-2','one','2026-03-17 11:59:59.805000','{"content": {"parts": [{"text": "message 0 of stale-2: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of stale-2: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "e8087bfc-f3f3-4033-8457-81c10b691a17", "timestamp": 1795281396.7224498}');
INSERT INTO "events" VALUES('86898986-154c-46f3-b4bb-a87709329b05','shop','anna','stale-2','one','2026-03-17 11:59:59.811000','{"content": {"parts": [{"text": "message 1 of stale-2: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 1 of stale-2: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "86898986-154c-46f3-b4bb-a87709329b05", "timestamp": 1795281396.728273}');
INSERT INTO "events" VALUES('4d027853-a382-4876-bc2e-45d0432bcc8a','desk/ü','o''x/%7c über','od''d/%41 ü','one','2026-03-17 11:59:59.869000','{"content": {"parts": [{"text": "message 0 of od''d/%41 \u00fc: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of od''d/%41 \u00fc: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "4d027853-a382-4876-bc2e-45d0432bcc8a", "timestamp": 1795281396.785531}');
INSERT INTO "events" VALUES('0065a796-406a-46ec-9fe0-a29d33eed2e9','desk/ü','o''x/%7c über','od''d/%41 ü','one','2026-03-17 11:59:59.875000','{"content": {"parts": [{"text": "message 1 of od''d/%41 \u00fc: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 1 of od''d/%41 \u00fc: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "0065a796-406a-46ec-9fe0-a29d33eed2e9", "timestamp": 1795281396.7916458}');
INSERT INTO "events" VALUES('679a5c88-0737-4ede-838e-1896f5c91a3f','desk/ü','o''x/%7c über','odd-fresh','one','2026-06-15 11:59:59.891000','{"content": {"parts": [{"text": "message 0 of odd-fresh: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of odd-fresh: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "679a5c88-0737-4ede-838e-1896f5c91a3f", "timestamp": 1795281396.8078287}');
INSERT INTO "events" VALUES('6dd79c5f-e507-4044-a5b7-d910ce57121e','desk/ü','bo','shared','one','2026-03-17 11:59:59.909000','{"content": {"parts": [{"text": "message 0 of shared: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of shared: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "6dd79c5f-e507-4044-a5b7-d910ce57121e", "timestamp": 1795281396.8260994}');
INSERT INTO "events" VALUES('36dcd42b-70ad-4d98-8e45-ae9c450a2903','desk/ü','bo','zzz-fresh','one','2026-06-15 11:59:59.920000','{"content": {"parts": [{"text": "message 0 of zzz-fresh: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of zzz-fresh: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "36dcd42b-70ad-4d98-8e45-ae9c450a2903", "timestamp": 1795281396.8371248}');
INSERT INTO "events" VALUES('cec03300-f8a0-4b3a-8f2c-b1ed0c4d7f35','desk/ü','bo','zzz-fresh','one','2026-06-15 11:59:59.926000','{"content": {"parts": [{"text": "message 1 of zzz-fresh: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 1 of zzz-fresh: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "cec03300-f8a0-4b3a-8f2c-b1ed0c4d7f35", "timestamp": 1795281396.8430223}');
INSERT INTO "events" VALUES('41f443e5-d31f-48cd-b0a8-e020c6d6177c','shop','bo','shared','one','2026-06-15 11:59:59.939000','{"content": {"parts": [{"text": "message 0 of shared: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of shared: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "node_info": {"path": ""}, "id": "41f443e5-d31f-48cd-b0a8-e020c6d6177c", "timestamp": 1795281396.8559635}');
CREATE TABLE sessions (
	app_name VARCHAR(128) NOT NULL, 
	user_id VARCHAR(128) NOT NULL, 
	id VARCHAR(128) NOT NULL, 
	state TEXT NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	PRIMARY KEY (app_name, user_id, id)
);
INSERT INTO "sessions" VALUES('shop','anna','stale-0','{"last": "message 1 of stale-0: \u2603 ''\"\\"}','2026-03-17 11:59:59.753000','2026-03-17 11:59:59.773000');
INSERT INTO "sessions" VALUES('shop','anna','stale-2','{"last": "message 1 of stale-2: \u2603 ''\"\\"}','2026-03-17 11:59:59.803000','2026-03-17 11:59:59.811000');
INSERT INTO "sessions" VALUES('shop','bo','empty','{}','2026-06-12 11:59:59.843000','2026-06-12 11:59:59.843000');
INSERT INTO "sessions" VALUES('shop','bo','new','{}','2026-06-15 11:59:59.847000','2026-06-15 11:59:59.847000');
INSERT INTO "sessions" VALUES('shop','anna','state','{"cart": [1, "\u00fc"]}','2026-06-12 11:59:59.851000','2026-06-12 11:59:59.851000');
INSERT INTO "sessions" VALUES('shop','anna','old-state','{"cart": [2]}','2026-03-17 11:59:59.856000','2026-03-17 11:59:59.856000');
INSERT INTO "sessions" VALUES('desk/ü','o''x/%7c über','od''d/%41 ü','{"last": "message 1 of od''d/%41 \u00fc: \u2603 ''\"\\"}','2026-03-17 11:59:59.866000','2026-03-17 11:59:59.875000');
INSERT INTO "sessions" VALUES('desk/ü','o''x/%7c über','odd-fresh','{"last": "message 0 of odd-fresh: \u2603 ''\"\\"}','2026-06-15 11:59:59.887000','2026-06-15 11:59:59.891000');
INSERT INTO "sessions" VALUES('desk/ü','bo','shared','{"last": "message 0 of shared: \u2603 ''\"\\"}','2026-03-17 11:59:59.905000','2026-03-17 11:59:59.909000');
INSERT INTO "sessions" VALUES('desk/ü','bo','zzz-fresh','{"last": "message 1 of zzz-fresh: \u2603 ''\"\\"}','2026-06-15 11:59:59.917000','2026-06-15 11:59:59.926000');
INSERT INTO "sessions" VALUES('shop','bo','shared','{"last": "message 0 of shared: \u2603 ''\"\\"}','2026-06-15 11:59:59.936000','2026-06-15 11:59:59.939000');
CREATE TABLE user_states (
	app_name VARCHAR(128) NOT NULL, 
	user_id VARCHAR(128) NOT NULL, 
	state TEXT NOT NULL, 
	update_time DATETIME NOT NULL, 
	PRIMARY KEY (app_name, user_id)
);
INSERT INTO "user_states" VALUES('shop','anna','{}','2026-11-21 17:16:36');
INSERT INTO "user_states" VALUES('shop','bo','{}','2026-11-21 17:16:36');
INSERT INTO "user_states" VALUES('desk/ü','o''x/%7c über','{"tone": "kind"}','2026-11-21 17:16:36');
INSERT INTO "user_states" VALUES('desk/ü','bo','{}','2026-11-21 17:16:36');
CREATE INDEX idx_events_app_user_session_ts_id ON events (app_name, user_id, session_id, timestamp DESC, id DESC);
COMMIT;
