-- Runs on H2 (MODE=PostgreSQL) and on PostgreSQL. Hashes are SHA-256 in lower-case hex.

create table plan (
  id          varchar(64)              not null,
  version     integer                  not null,
  population  varchar(64)              not null,
  hash        varchar(64)              not null,
  -- tacit.v1.TrainingPlan, at most 1 MiB: the bytes that were hashed.
  bytes       bytea                    not null,
  state       varchar(16)              not null check (state in ('ACTIVE', 'FINISHED', 'SUPERSEDED')),
  -- The id while the version is the current one, else null: a plan has at most one current version.
  current_id  varchar(64) unique,
  applied_at  timestamp with time zone not null,
  primary key (id, version)
);

-- Append-only: what devices have trained from stays what it was.
create table model_version (
  plan_id         varchar(64)              not null,
  version         integer                  not null,
  -- The round that made it; 0 for the initial parameters.
  round           bigint                   not null,
  hash            varchar(64)              not null,
  parent          integer,
  optimiser_state varchar(64),
  parameters      integer                  not null,
  clients         integer                  not null,
  mean_loss       double precision,
  created_at      timestamp with time zone not null,
  primary key (plan_id, version),
  unique (plan_id, round)
);
