-- Append-only. What owners released: of each plan the highest number is in force. A rollback is one more row.
create table model_release (
  plan_id        varchar(64)              not null,
  -- Mostly from 1, without gaps: each one replaces the one before it.
  number         integer                  not null,
  model_version  integer                  not null,
  -- tacit.v1.Release, at most 1 KiB: the bytes that the owner signed.
  bytes          bytea                    not null,
  released_at    timestamp with time zone not null,
  primary key (plan_id, number),
  foreign key (plan_id, model_version) references model_version (plan_id, version)
);
