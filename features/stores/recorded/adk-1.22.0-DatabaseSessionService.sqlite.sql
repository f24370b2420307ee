-- Made by adk 1.22.0 DatabaseSessionService on sqlite through its public API: python libraries --record
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
INSERT INTO "app_states" VALUES('shop','{}','2026-11-21 17:16:35');
INSERT INTO "app_states" VALUES('desk/ü','{"tax": 0.19}','2026-11-21 17:16:35');
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
INSERT INTO "events" VALUES('636865b5-2833-47ec-9529-f2cfb5dd3825','shop','anna','stale-0','one','2026-03-17 11:59:59.769000','{"content": {"parts": [{"text": "message 0 of stale-0: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of stale-0: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "636865b5-2833-47ec-9529-f2cfb5dd3825", "timestamp": 1795281395.086628}');
INSERT INTO "events" VALUES('138d1264-1d41-4d47-95b4-9aec2e0c09a4','shop','anna','stale-0','one','2026-03-17 11:59:59.779000','{"content": {"parts": [{"text": "message 1 of stale-0: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 1 of stale-0: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "138d1264-1d41-4d47-95b4-9aec2e0c09a4", "timestamp": 1795281395.097249}');
INSERT INTO "events" VALUES('bf09a6bb-b63d-450f-b629-8b244dc4290a','shop','anna','stale-2','one','2026-03-17 11:59:59.812000','{"content": {"parts": [{"text": "message 0 of stale-2: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of stale-2: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "bf09a6bb-b63d-450f-b629-8b244dc4290a", "timestamp": 1795281395.129944}');
INSERT INTO "events" VALUES('d19dd1b7-489c-4fe9-94cb-44297c92162a','shop','anna','stale-2','one','2026-03-17 11:59:59.818000','{"content": {"parts": [{"text": "message 1 of stale-2: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 1 of stale-2: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "d19dd1b7-489c-4fe9-94cb-44297c92162a", "timestamp": 1795281395.136322}');
INSERT INTO "events" VALUES('2a95f273-a918-47aa-bb4f-bfbf6b0bb50c','desk/ü','o''x/%7c über','od''d/%41 ü','one','2026-03-17 11:59:59.879000','{"content": {"parts": [{"text": "message 0 of od''d/%41 \u00fc: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of od''d/%41 \u00fc: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "2a95f273-a918-47aa-bb4f-bfbf6b0bb50c", "timestamp": 1795281395.196845}');
INSERT INTO "events" VALUES('eb9d98e8-7bb9-425d-a6e0-19d5e79588f0','desk/ü','o''x/%7c über','od''d/%41 ü','one','2026-03-17 11:59:59.886000','{"content": {"parts": [{"text": "message 1 of od''d/%41 \u00fc: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 1 of od''d/%41 \u00fc: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "eb9d98e8-7bb9-425d-a6e0-19d5e79588f0", "timestamp": 1795281395.203962}');
INSERT INTO "events" VALUES('1c80d1e9-9293-41a4-93ea-e0c6c123e6b9','desk/ü','o''x/%7c über','odd-fresh','one','2026-06-15 11:59:59.901000','{"content": {"parts": [{"text": "message 0 of odd-fresh: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of odd-fresh: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "1c80d1e9-9293-41a4-93ea-e0c6c123e6b9", "timestamp": 1795281395.218689}');
INSERT INTO "events" VALUES('817cbd29-0c7c-4c15-a177-031243f8b646','desk/ü','bo','shared','one','2026-03-17 11:59:59.916000','{"content": {"parts": [{"text": "message 0 of shared: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of shared: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "817cbd29-0c7c-4c15-a177-031243f8b646", "timestamp": 1795281395.233669}');
INSERT INTO "events" VALUES('ed3b8398-6819-4fe1-abd3-8a3f51bd44a4','desk/ü','bo','zzz-fresh','one','2026-06-15 11:59:59.927000','{"content": {"parts": [{"text": "message 0 of zzz-fresh: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of zzz-fresh: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "ed3b8398-6819-4fe1-abd3-8a3f51bd44a4", "timestamp": 1795281395.245189}');
INSERT INTO "events" VALUES('14ef946a-c794-4148-9a19-4ce461cad9c4','desk/ü','bo','zzz-fresh','one','2026-06-15 11:59:59.933000','{"content": {"parts": [{"text": "message 1 of zzz-fresh: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 1 of zzz-fresh: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "14ef946a-c794-4148-9a19-4ce461cad9c4", "timestamp": 1795281395.251487}');
INSERT INTO "events" VALUES('f9061d36-715d-4a8f-84df-fad60b1b0908','shop','bo','shared','one','2026-06-15 11:59:59.945000','{"content": {"parts": [{"text": "message 0 of shared: \u2603 ''\"\\"}], "role": "user"}, "invocation_id": "one", "author": "user", "actions": {"state_delta": {"last": "message 0 of shared: \u2603 ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "id": "f9061d36-715d-4a8f-84df-fad60b1b0908", "timestamp": 1795281395.262641}');
CREATE TABLE sessions (
	app_name VARCHAR(128) NOT NULL, 
	user_id VARCHAR(128) NOT NULL, 
	id VARCHAR(128) NOT NULL, 
	state TEXT NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	PRIMARY KEY (app_name, user_id, id)
);
INSERT INTO "sessions" VALUES('shop','anna','stale-0','{"last": "message 1 of stale-0: \u2603 ''\"\\"}','2026-03-17 11:59:59.682000','2026-03-17 11:59:59.779000');
INSERT INTO "sessions" VALUES('shop','anna','stale-2','{"last": "message 1 of stale-2: \u2603 ''\"\\"}','2026-03-17 11:59:59.682000','2026-03-17 11:59:59.818000');
INSERT INTO "sessions" VALUES('shop','bo','empty','{}','2026-06-12 11:59:59.682000','2026-06-12 11:59:59.682000');
INSERT INTO "sessions" VALUES('shop','bo','new','{}','2026-06-15 11:59:59.682000','2026-06-15 11:59:59.682000');
INSERT INTO "sessions" VALUES('shop','anna','state','{"cart": [1, "\u00fc"]}','2026-06-12 11:59:59.682000','2026-06-12 11:59:59.682000');
INSERT INTO "sessions" VALUES('shop','anna','old-state','{"cart": [2]}','2026-03-17 11:59:59.682000','2026-03-17 11:59:59.682000');
INSERT INTO "sessions" VALUES('desk/ü','o''x/%7c über','od''d/%41 ü','{"last": "message 1 of od''d/%41 \u00fc: \u2603 ''\"\\"}','2026-03-17 11:59:59.682000','2026-03-17 11:59:59.886000');
INSERT INTO "sessions" VALUES('desk/ü','o''x/%7c über','odd-fresh','{"last": "message 0 of odd-fresh: \u2603 ''\"\\"}','2026-06-15 11:59:59.682000','2026-06-15 11:59:59.901000');
INSERT INTO "sessions" VALUES('desk/ü','bo','shared','{"last": "message 0 of shared: \u2603 ''\"\\"}','2026-03-17 11:59:59.682000','2026-03-17 11:59:59.916000');
INSERT INTO "sessions" VALUES('desk/ü','bo','zzz-fresh','{"last": "message 1 of zzz-fresh: \u2603 ''\"\\"}','2026-06-15 11:59:59.682000','2026-06-15 11:59:59.933000');
INSERT INTO "sessions" VALUES('shop','bo','shared','{"last": "message 0 of shared: \u2603 ''\"\\"}','2026-06-15 11:59:59.682000','2026-06-15 11:59:59.945000');
CREATE TABLE user_states (
	app_name VARCHAR(128) NOT NULL, 
	user_id VARCHAR(128) NOT NULL, 
	state TEXT NOT NULL, 
	update_time DATETIME NOT NULL, 
	PRIMARY KEY (app_name, user_id)
);
INSERT INTO "user_states" VALUES('shop','anna','{}','2026-11-21 17:16:35');
INSERT INTO "user_states" VALUES('shop','bo','{}','2026-11-21 17:16:35');
INSERT INTO "user_states" VALUES('desk/ü','o''x/%7c über','{"tone": "kind"}','2026-11-21 17:16:35');
INSERT INTO "user_states" VALUES('desk/ü','bo','{}','2026-11-21 17:16:35');
COMMIT;
