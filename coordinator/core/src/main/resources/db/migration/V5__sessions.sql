-- A round has one session for each shard of its cohort. No vector, and no row per client or message: those are in the update log.
create table aggregation_session (
  id              varchar(32)              not null primary key,
  plan            varchar(64)              not null,
  round           bigint                   not null,
  -- 1, 2, 3, ... within the round.
  number          integer                  not null,
  -- 0 is PLAIN; see tacit.v1.SessionOffer.
  suite           integer                  not null,
  state           varchar(16)              not null,
  -- Raised by each transition: the guard of compare-and-set.
  revision        integer                  not null,
  roster_size     integer                  not null,
  -- What proves after a restart that the log still holds the roster: ctx1, in PLAIN the hash of the sorted ids.
  roster_hash     varchar(64),
  -- The authority's list as it was published with the roster, in DER.
  revocation_list bytea,
  -- Bitmaps in hex: who shared, and whose updates are in the sum.
  u2              varchar(64),
  u3              varchar(64),
  contributors    integer,
  sum_digest      varchar(64),
  reason          varchar(2000),
  opened_at       timestamp with time zone not null,
  deadline        timestamp with time zone,
  closed_at       timestamp with time zone,
  constraint aggregation_session_number unique (plan, round, number),
  foreign key (plan, round) references training_round (plan, number)
);

-- What rounds had before there were shards: one session in mode PLAIN.
insert into aggregation_session (id, plan, round, number, suite, state, revision, roster_size, roster_hash, contributors, reason, opened_at, deadline, closed_at)
  select session_id, plan, number, 1, 0,
    case state when 'COMPLETED' then 'SUMMED' when 'ABANDONED' then 'ABORTED' else state end,
    revision, coalesce(roster_size, 0), roster_hash, contributors, reason, opened_at, deadline, closed_at
  from training_round;

alter table training_round drop constraint training_round_session;
alter table training_round drop column session_id;
alter table training_round drop column roster_hash;
alter table training_round drop column deadline;
-- SHA-256 of tacit.v1.RoundRecord of a round in a secure mode, chained by its field previous.
alter table training_round add column record_hash varchar(64);
