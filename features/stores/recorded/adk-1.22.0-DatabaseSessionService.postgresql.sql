-- Made by adk 1.22.0 DatabaseSessionService on postgresql through its public API: python libraries --record
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
INSERT INTO public.app_states VALUES ('shop', '{}', '2026-11-21 17:16:57.344454');
INSERT INTO public.app_states VALUES ('desk/ü', '{"tax": 0.19}', '2026-11-21 17:16:57.473983');
INSERT INTO public.events VALUES ('6f0827aa-3c07-4d3e-97d9-d79a54fbce3f', 'shop', 'anna', 'stale-0', 'one', '2026-03-17 11:59:59.760974', '{"id": "6f0827aa-3c07-4d3e-97d9-d79a54fbce3f", "author": "user", "actions": {"state_delta": {"last": "message 0 of stale-0: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of stale-0: ☃ ''\"\\"}]}, "timestamp": 1795281417.361197, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('69c8bfbe-e7d4-4b8f-8046-a5b30ac6611c', 'shop', 'anna', 'stale-0', 'one', '2026-03-17 11:59:59.770951', '{"id": "69c8bfbe-e7d4-4b8f-8046-a5b30ac6611c", "author": "user", "actions": {"state_delta": {"last": "message 1 of stale-0: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 1 of stale-0: ☃ ''\"\\"}]}, "timestamp": 1795281417.371174, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('d99da25b-bb76-46d9-b276-866ae4aecd76', 'shop', 'anna', 'stale-2', 'one', '2026-03-17 11:59:59.795372', '{"id": "d99da25b-bb76-46d9-b276-866ae4aecd76", "author": "user", "actions": {"state_delta": {"last": "message 0 of stale-2: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of stale-2: ☃ ''\"\\"}]}, "timestamp": 1795281417.395595, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('64c43499-2951-474f-b382-936296cf98bc', 'shop', 'anna', 'stale-2', 'one', '2026-03-17 11:59:59.800429', '{"id": "64c43499-2951-474f-b382-936296cf98bc", "author": "user", "actions": {"state_delta": {"last": "message 1 of stale-2: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 1 of stale-2: ☃ ''\"\\"}]}, "timestamp": 1795281417.400652, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('a4cbcb60-b1ee-4100-9132-edc43745e9a0', 'desk/ü', 'o''x/%7c über', 'od''d/%41 ü', 'one', '2026-03-17 11:59:59.850302', '{"id": "a4cbcb60-b1ee-4100-9132-edc43745e9a0", "author": "user", "actions": {"state_delta": {"last": "message 0 of od''d/%41 ü: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of od''d/%41 ü: ☃ ''\"\\"}]}, "timestamp": 1795281417.450525, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('5425561c-049a-4738-b8d7-8aa792b94851', 'desk/ü', 'o''x/%7c über', 'od''d/%41 ü', 'one', '2026-03-17 11:59:59.855614', '{"id": "5425561c-049a-4738-b8d7-8aa792b94851", "author": "user", "actions": {"state_delta": {"last": "message 1 of od''d/%41 ü: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 1 of od''d/%41 ü: ☃ ''\"\\"}]}, "timestamp": 1795281417.455837, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('0a66ef26-f23b-4500-a62b-4d383391aaf4', 'desk/ü', 'o''x/%7c über', 'odd-fresh', 'one', '2026-06-15 11:59:59.867447', '{"id": "0a66ef26-f23b-4500-a62b-4d383391aaf4", "author": "user", "actions": {"state_delta": {"last": "message 0 of odd-fresh: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of odd-fresh: ☃ ''\"\\"}]}, "timestamp": 1795281417.46767, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('fd4f12c6-518d-4dba-aa06-1af59d0f2e76', 'desk/ü', 'bo', 'shared', 'one', '2026-03-17 11:59:59.880853', '{"id": "fd4f12c6-518d-4dba-aa06-1af59d0f2e76", "author": "user", "actions": {"state_delta": {"last": "message 0 of shared: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of shared: ☃ ''\"\\"}]}, "timestamp": 1795281417.481076, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('3dad0595-d0fc-43bb-a714-35c5f3ad8f2c', 'desk/ü', 'bo', 'zzz-fresh', 'one', '2026-06-15 11:59:59.893318', '{"id": "3dad0595-d0fc-43bb-a714-35c5f3ad8f2c", "author": "user", "actions": {"state_delta": {"last": "message 0 of zzz-fresh: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of zzz-fresh: ☃ ''\"\\"}]}, "timestamp": 1795281417.493541, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('e5fd9875-a0d5-494e-b093-fc5d8c4856f5', 'desk/ü', 'bo', 'zzz-fresh', 'one', '2026-06-15 11:59:59.901148', '{"id": "e5fd9875-a0d5-494e-b093-fc5d8c4856f5", "author": "user", "actions": {"state_delta": {"last": "message 1 of zzz-fresh: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 1 of zzz-fresh: ☃ ''\"\\"}]}, "timestamp": 1795281417.501371, "invocation_id": "one"}');
INSERT INTO public.events VALUES ('544e6fdd-86ba-47aa-859c-96d5d044676c', 'shop', 'bo', 'shared', 'one', '2026-06-15 11:59:59.914591', '{"id": "544e6fdd-86ba-47aa-859c-96d5d044676c", "author": "user", "actions": {"state_delta": {"last": "message 0 of shared: ☃ ''\"\\"}, "artifact_delta": {}, "requested_auth_configs": {}, "requested_tool_confirmations": {}}, "content": {"role": "user", "parts": [{"text": "message 0 of shared: ☃ ''\"\\"}]}, "timestamp": 1795281417.514814, "invocation_id": "one"}');
INSERT INTO public.sessions VALUES ('shop', 'anna', 'stale-0', '{"last": "message 1 of stale-0: ☃ ''\"\\"}', '2026-03-17 11:59:59.744231', '2026-03-17 11:59:59.770951');
INSERT INTO public.sessions VALUES ('shop', 'anna', 'stale-2', '{"last": "message 1 of stale-2: ☃ ''\"\\"}', '2026-03-17 11:59:59.791598', '2026-03-17 11:59:59.800429');
INSERT INTO public.sessions VALUES ('shop', 'bo', 'empty', '{}', '2026-06-12 11:59:59.827487', '2026-06-12 11:59:59.827487');
INSERT INTO public.sessions VALUES ('shop', 'bo', 'new', '{}', '2026-06-15 11:59:59.831898', '2026-06-15 11:59:59.831898');
INSERT INTO public.sessions VALUES ('shop', 'anna', 'state', '{"cart": [1, "ü"]}', '2026-06-12 11:59:59.836496', '2026-06-12 11:59:59.836496');
INSERT INTO public.sessions VALUES ('shop', 'anna', 'old-state', '{"cart": [2]}', '2026-03-17 11:59:59.841044', '2026-03-17 11:59:59.841044');
INSERT INTO public.sessions VALUES ('desk/ü', 'o''x/%7c über', 'od''d/%41 ü', '{"last": "message 1 of od''d/%41 ü: ☃ ''\"\\"}', '2026-03-17 11:59:59.845196', '2026-03-17 11:59:59.855614');
INSERT INTO public.sessions VALUES ('desk/ü', 'o''x/%7c über', 'odd-fresh', '{"last": "message 0 of odd-fresh: ☃ ''\"\\"}', '2026-06-15 11:59:59.861413', '2026-06-15 11:59:59.867447');
INSERT INTO public.sessions VALUES ('desk/ü', 'bo', 'shared', '{"last": "message 0 of shared: ☃ ''\"\\"}', '2026-03-17 11:59:59.87376', '2026-03-17 11:59:59.880853');
INSERT INTO public.sessions VALUES ('desk/ü', 'bo', 'zzz-fresh', '{"last": "message 1 of zzz-fresh: ☃ ''\"\\"}', '2026-06-15 11:59:59.888099', '2026-06-15 11:59:59.901148');
INSERT INTO public.sessions VALUES ('shop', 'bo', 'shared', '{"last": "message 0 of shared: ☃ ''\"\\"}', '2026-06-15 11:59:59.909315', '2026-06-15 11:59:59.914591');
INSERT INTO public.user_states VALUES ('shop', 'anna', '{}', '2026-11-21 17:16:57.344454');
INSERT INTO public.user_states VALUES ('shop', 'bo', '{}', '2026-11-21 17:16:57.377063');
INSERT INTO public.user_states VALUES ('desk/ü', 'o''x/%7c über', '{"tone": "kind"}', '2026-11-21 17:16:57.461636');
INSERT INTO public.user_states VALUES ('desk/ü', 'bo', '{}', '2026-11-21 17:16:57.473983');
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
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_app_name_user_id_session_id_fkey FOREIGN KEY (app_name, user_id, session_id) REFERENCES public.sessions(app_name, user_id, id) ON DELETE CASCADE;
