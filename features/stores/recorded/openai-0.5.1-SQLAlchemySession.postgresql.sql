-- Made by openai 0.5.1 SQLAlchemySession on postgresql through its public API: python libraries --record
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
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.agent_messages (
    id integer NOT NULL,
    session_id character varying NOT NULL,
    message_data text NOT NULL,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE SEQUENCE public.agent_messages_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.agent_messages_id_seq OWNED BY public.agent_messages.id;
CREATE TABLE public.agent_sessions (
    session_id character varying NOT NULL,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);
ALTER TABLE ONLY public.agent_messages ALTER COLUMN id SET DEFAULT nextval('public.agent_messages_id_seq'::regclass);
INSERT INTO public.agent_messages VALUES (5, 'stale-1', '{"role":"user","content":"message 0 of stale-1: \u2603 ''\"\\ \ud83d\ude00"}', '2026-03-17 11:59:59.205962');
INSERT INTO public.agent_messages VALUES (6, 'stale-1', '{"role":"assistant","content":"so"}', '2026-03-17 11:59:59.205962');
INSERT INTO public.agent_messages VALUES (7, 'stale-1', '{"role":"user","content":"message 1 of stale-1: \u2603 ''\"\\ \ud83d\ude00"}', '2026-03-17 11:59:59.236783');
INSERT INTO public.agent_messages VALUES (8, 'stale-1', '{"role":"assistant","content":"so"}', '2026-03-17 11:59:59.236783');
INSERT INTO public.agent_messages VALUES (9, 'stale-2', '{"role":"user","content":"message 0 of stale-2: \u2603 ''\"\\ \ud83d\ude00"}', '2026-03-17 11:59:59.269765');
INSERT INTO public.agent_messages VALUES (10, 'stale-2', '{"role":"assistant","content":"so"}', '2026-03-17 11:59:59.269765');
INSERT INTO public.agent_messages VALUES (11, 'stale-2', '{"role":"user","content":"message 1 of stale-2: \u2603 ''\"\\ \ud83d\ude00"}', '2026-03-17 11:59:59.28302');
INSERT INTO public.agent_messages VALUES (12, 'stale-2', '{"role":"assistant","content":"so"}', '2026-03-17 11:59:59.28302');
INSERT INTO public.agent_messages VALUES (13, 'fresh', '{"role":"user","content":"message 0 of fresh: \u2603 ''\"\\ \ud83d\ude00"}', '2026-06-15 11:59:59.297772');
INSERT INTO public.agent_messages VALUES (14, 'fresh', '{"role":"assistant","content":"so"}', '2026-06-15 11:59:59.297772');
INSERT INTO public.agent_messages VALUES (15, 'younger', '{"role":"user","content":"message 0 of younger: \u2603 ''\"\\ \ud83d\ude00"}', '2026-05-26 11:59:59.32086');
INSERT INTO public.agent_messages VALUES (16, 'younger', '{"role":"assistant","content":"so"}', '2026-05-26 11:59:59.32086');
INSERT INTO public.agent_messages VALUES (17, 'younger', '{"role":"user","content":"message 1 of younger: \u2603 ''\"\\ \ud83d\ude00"}', '2026-05-26 11:59:59.348571');
INSERT INTO public.agent_messages VALUES (18, 'younger', '{"role":"assistant","content":"so"}', '2026-05-26 11:59:59.348571');
INSERT INTO public.agent_messages VALUES (23, 'od''d/%41 ü ☃ "x" :1', '{"role":"user","content":"message 0 of od''d/%41 \u00fc \u2603 \"x\" :1: \u2603 ''\"\\ \ud83d\ude00"}', '2026-03-17 11:59:59.468019');
INSERT INTO public.agent_messages VALUES (24, 'od''d/%41 ü ☃ "x" :1', '{"role":"assistant","content":"so"}', '2026-03-17 11:59:59.468019');
INSERT INTO public.agent_messages VALUES (25, 'od''d/%41 ü ☃ "x" :1', '{"role":"user","content":"message 1 of od''d/%41 \u00fc \u2603 \"x\" :1: \u2603 ''\"\\ \ud83d\ude00"}', '2026-03-17 11:59:59.477397');
INSERT INTO public.agent_messages VALUES (26, 'od''d/%41 ü ☃ "x" :1', '{"role":"assistant","content":"so"}', '2026-03-17 11:59:59.477397');
INSERT INTO public.agent_messages VALUES (27, 'od''d/%41 ü ☃ "x" :1', '{"role":"user","content":"message 2 of od''d/%41 \u00fc \u2603 \"x\" :1: \u2603 ''\"\\ \ud83d\ude00"}', '2026-03-17 11:59:59.479501');
INSERT INTO public.agent_messages VALUES (28, 'od''d/%41 ü ☃ "x" :1', '{"role":"assistant","content":"so"}', '2026-03-17 11:59:59.479501');
INSERT INTO public.agent_messages VALUES (29, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', '{"role":"user","content":"message 0 of xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: \u2603 ''\"\\ \ud83d\ude00"}', '2026-03-17 11:59:59.483497');
INSERT INTO public.agent_messages VALUES (30, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', '{"role":"assistant","content":"so"}', '2026-03-17 11:59:59.483497');
INSERT INTO public.agent_messages VALUES (31, 'zzz-fresh', '{"role":"user","content":"message 0 of zzz-fresh: \u2603 ''\"\\ \ud83d\ude00"}', '2026-06-15 11:59:59.492651');
INSERT INTO public.agent_messages VALUES (32, 'zzz-fresh', '{"role":"assistant","content":"so"}', '2026-06-15 11:59:59.492651');
INSERT INTO public.agent_messages VALUES (33, 'zzz-fresh', '{"role":"user","content":"message 1 of zzz-fresh: \u2603 ''\"\\ \ud83d\ude00"}', '2026-06-15 11:59:59.497125');
INSERT INTO public.agent_messages VALUES (34, 'zzz-fresh', '{"role":"assistant","content":"so"}', '2026-06-15 11:59:59.497125');
INSERT INTO public.agent_sessions VALUES ('stale-1', '2026-03-17 11:59:59.205962', '2026-03-17 11:59:59.236783');
INSERT INTO public.agent_sessions VALUES ('stale-2', '2026-03-17 11:59:59.269765', '2026-03-17 11:59:59.28302');
INSERT INTO public.agent_sessions VALUES ('fresh', '2026-06-15 11:59:59.297772', '2026-06-15 11:59:59.297772');
INSERT INTO public.agent_sessions VALUES ('younger', '2026-05-26 11:59:59.32086', '2026-05-26 11:59:59.348571');
INSERT INTO public.agent_sessions VALUES ('emptied', '2026-06-12 11:59:59.364852', '2026-06-12 11:59:59.364852');
INSERT INTO public.agent_sessions VALUES ('just-emptied', '2026-06-15 11:59:59.418399', '2026-06-15 11:59:59.418399');
INSERT INTO public.agent_sessions VALUES ('od''d/%41 ü ☃ "x" :1', '2026-03-17 11:59:59.468019', '2026-03-17 11:59:59.479501');
INSERT INTO public.agent_sessions VALUES ('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', '2026-03-17 11:59:59.483497', '2026-03-17 11:59:59.483497');
INSERT INTO public.agent_sessions VALUES ('zzz-fresh', '2026-06-15 11:59:59.492651', '2026-06-15 11:59:59.497125');
SELECT pg_catalog.setval('public.agent_messages_id_seq', 34, true);
ALTER TABLE ONLY public.agent_messages
    ADD CONSTRAINT agent_messages_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.agent_sessions
    ADD CONSTRAINT agent_sessions_pkey PRIMARY KEY (session_id);
CREATE INDEX idx_agent_messages_session_time ON public.agent_messages USING btree (session_id, created_at);
ALTER TABLE ONLY public.agent_messages
    ADD CONSTRAINT agent_messages_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.agent_sessions(session_id) ON DELETE CASCADE;
