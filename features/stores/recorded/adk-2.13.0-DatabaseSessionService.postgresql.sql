-- Made by adk 2.13.0 DatabaseSessionService on postgresql through its public API: python libraries --record
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
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.adk_internal_metadata (
    key character varying(128) NOT NULL,
    value character varying(256) NOT NULL
);
CREATE TABLE public.app_states (
    app_name character varying(128) NOT NULL,
    state jsonb NOT NULL,
    update_time timestamp without time zone NOT NULL
);
CREATE TABLE public.events (
    id character varying(128) NOT NULL,
    app_name character varying(128) NOT NULL,
    user_id character varying(128) NOT NULL,
    session_id character varying(128) NOT NULL,
    invocation_id character varying(256) NOT NULL,
    "timestamp" timestamp without time zone NOT NULL,
    event_data jsonb
);
CREATE TABLE public.sessions (
    app_name character varying(128) NOT NULL,
    user_id character varying(128) NOT NULL,
    id character varying(128) NOT NULL,
    state jsonb NOT NULL,
    create_time timestamp without time zone NOT NULL,
    update_time timestamp without time zone NOT NULL
);
CREATE TABLE public.user_states (
    app_name character varying(128) NOT NULL,
    user_id character varying(128) NOT NULL,
    state jsonb NOT NULL,
    update_time timestamp without time zone NOT NULL
);
INSERT INTO public.adk_internal_metadata VALUES ('schema_version', '1');
INSERT INTO public.app_states VALUES ('shop', '{}', '2026-11-21 17:17:00.260571');
INSERT INTO public.app_states VALUES ('desk/ü', '{"tax": 0.19}', '2026-11-21 17:17:00.416851');
INSERT INTO public.events VALUES ('5f368f81-9ba8-4764-8d4c-822659665a70', 'shop', 'anna', 'stale-0', 'one', '2026-03-17 11:59:59.533745', '{"id": "5f368f81-9ba8-4764-8d4c-822659665a70", "author": "user", "actions": {"state_delta": {"last": "message 1 of stale-0: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 1 of stale-0: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.308788, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('bad4bc34-3ebc-433d-8dbb-b3acdeb24af1', 'shop', 'anna', 'stale-0', 'one', '2026-03-17 11:59:59.505182', '{"id": "bad4bc34-3ebc-433d-8dbb-b3acdeb24af1", "author": "user", "actions": {"state_delta": {"last": "message 0 of stale-0: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of stale-0: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.2802253, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('d4fa6e72-f06e-4839-a70d-5d746a66a9d0', 'shop', 'anna', 'stale-2', 'one', '2026-03-17 11:59:59.577583', '{"id": "d4fa6e72-f06e-4839-a70d-5d746a66a9d0", "author": "user", "actions": {"state_delta": {"last": "message 1 of stale-2: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 1 of stale-2: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.3526258, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('13f1a6cb-8c63-4b57-a510-d87ffb72ee06', 'shop', 'anna', 'stale-2', 'one', '2026-03-17 11:59:59.572559', '{"id": "13f1a6cb-8c63-4b57-a510-d87ffb72ee06", "author": "user", "actions": {"state_delta": {"last": "message 0 of stale-2: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of stale-2: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.347602, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('616d66e0-211a-430c-a412-394ded169661', 'desk/ü', 'o''x/%7c über', 'od''d/%41 ü', 'one', '2026-03-17 11:59:59.623585', '{"id": "616d66e0-211a-430c-a412-394ded169661", "author": "user", "actions": {"state_delta": {"last": "message 1 of od''d/%41 ü: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 1 of od''d/%41 ü: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.3986275, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('6dcc415e-1d28-4231-9efc-3c1aee1e238a', 'desk/ü', 'o''x/%7c über', 'od''d/%41 ü', 'one', '2026-03-17 11:59:59.617245', '{"id": "6dcc415e-1d28-4231-9efc-3c1aee1e238a", "author": "user", "actions": {"state_delta": {"last": "message 0 of od''d/%41 ü: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of od''d/%41 ü: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.3922884, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('446d1303-7d25-42a4-b0c3-4cf1bfe862b9', 'desk/ü', 'o''x/%7c über', 'odd-fresh', 'one', '2026-06-15 11:59:59.635227', '{"id": "446d1303-7d25-42a4-b0c3-4cf1bfe862b9", "author": "user", "actions": {"state_delta": {"last": "message 0 of odd-fresh: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of odd-fresh: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.4102697, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('1f5a9982-d688-4810-a344-c42c3142f784', 'desk/ü', 'bo', 'shared', 'one', '2026-03-17 11:59:59.64808', '{"id": "1f5a9982-d688-4810-a344-c42c3142f784", "author": "user", "actions": {"state_delta": {"last": "message 0 of shared: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of shared: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.4231234, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('80d2908e-db89-4abb-9076-0c6ce80ae12d', 'desk/ü', 'bo', 'zzz-fresh', 'one', '2026-06-15 11:59:59.673368', '{"id": "80d2908e-db89-4abb-9076-0c6ce80ae12d", "author": "user", "actions": {"state_delta": {"last": "message 0 of zzz-fresh: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of zzz-fresh: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.4484112, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('af87fab5-ac71-4001-bd95-6c514e352863', 'desk/ü', 'bo', 'zzz-fresh', 'one', '2026-06-15 11:59:59.683316', '{"id": "af87fab5-ac71-4001-bd95-6c514e352863", "author": "user", "actions": {"state_delta": {"last": "message 1 of zzz-fresh: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 1 of zzz-fresh: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.458359, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('c5a1d970-a0e8-49dd-9da1-608e2e2a1487', 'shop', 'bo', 'shared', 'one', '2026-06-15 11:59:59.706779', '{"id": "c5a1d970-a0e8-49dd-9da1-608e2e2a1487", "author": "user", "actions": {"state_delta": {"last": "message 0 of shared: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of shared: ☃ ''\"\\"}]}, "node_info": {"path": ""}, "timestamp": 1795281420.4818215, "invocation_id": "one"}');
INSERT INTO public.sessions VALUES ('shop', 'anna', 'stale-0', '{"last": "message 1 of stale-0: ☃ ''\"\\"}', '2026-03-17 11:59:59.497457', '2026-03-17 11:59:59.533745');
INSERT INTO public.sessions VALUES ('shop', 'anna', 'stale-2', '{"last": "message 1 of stale-2: ☃ ''\"\\"}', '2026-03-17 11:59:59.571061', '2026-03-17 11:59:59.577583');
INSERT INTO public.sessions VALUES ('shop', 'bo', 'empty', '{}', '2026-06-12 11:59:59.60215', '2026-06-12 11:59:59.60215');
INSERT INTO public.sessions VALUES ('shop', 'bo', 'new', '{}', '2026-06-15 11:59:59.605239', '2026-06-15 11:59:59.605239');
INSERT INTO public.sessions VALUES ('shop', 'anna', 'state', '{"cart": [1, "ü"]}', '2026-06-12 11:59:59.608084', '2026-06-12 11:59:59.608084');
INSERT INTO public.sessions VALUES ('shop', 'anna', 'old-state', '{"cart": [2]}', '2026-03-17 11:59:59.61049', '2026-03-17 11:59:59.61049');
INSERT INTO public.sessions VALUES ('desk/ü', 'o''x/%7c über', 'od''d/%41 ü', '{"last": "message 1 of od''d/%41 ü: ☃ ''\"\\"}', '2026-03-17 11:59:59.615831', '2026-03-17 11:59:59.623585');
INSERT INTO public.sessions VALUES ('desk/ü', 'o''x/%7c über', 'odd-fresh', '{"last": "message 0 of odd-fresh: ☃ ''\"\\"}', '2026-06-15 11:59:59.63203', '2026-06-15 11:59:59.635227');
INSERT INTO public.sessions VALUES ('desk/ü', 'bo', 'shared', '{"last": "message 0 of shared: ☃ ''\"\\"}', '2026-03-17 11:59:59.644763', '2026-03-17 11:59:59.64808');
INSERT INTO public.sessions VALUES ('desk/ü', 'bo', 'zzz-fresh', '{"last": "message 1 of zzz-fresh: ☃ ''\"\\"}', '2026-06-15 11:59:59.666974', '2026-06-15 11:59:59.683316');
INSERT INTO public.sessions VALUES ('shop', 'bo', 'shared', '{"last": "message 0 of shared: ☃ ''\"\\"}', '2026-06-15 11:59:59.705224', '2026-06-15 11:59:59.706779');
INSERT INTO public.user_states VALUES ('shop', 'anna', '{}', '2026-11-21 17:17:00.260571');
INSERT INTO public.user_states VALUES ('shop', 'bo', '{}', '2026-11-21 17:17:00.325786');
INSERT INTO public.user_states VALUES ('desk/ü', 'o''x/%7c über', '{"tone": "kind"}', '2026-11-21 17:17:00.405304');
INSERT INTO public.user_states VALUES ('desk/ü', 'bo', '{}', '2026-11-21 17:17:00.416851');
ALTER TABLE ONLY public.adk_internal_metadata
    ADD CONSTRAINT adk_internal_metadata_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.app_states
    ADD CONSTRAINT app_states_pkey PRIMARY KEY (app_name);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id, app_name, user_id, session_id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (app_name, user_id, id);
ALTER TABLE ONLY public.user_states
    ADD CONSTRAINT user_states_pkey PRIMARY KEY (app_name, user_id);
CREATE INDEX idx_events_app_user_session_ts_id ON public.events USING btree (app_name, user_id, session_id, "timestamp" DESC, id DESC);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_app_name_user_id_session_id_fkey FOREIGN KEY (app_name, user_id, session_id) REFERENCES public.sessions(app_name, user_id, id) ON DELETE CASCADE;
