-- What sums told about devices: one row for each sum of a session, written in the transaction after which the coordinator can know it. Append-only: a charge
-- stays whatever becomes of the session.
create table privacy_charge (
  session                varchar(32)              not null references aggregation_session (id),
  -- UPDATES for the sum of updates.
  mechanism              varchar(16)              not null,
  plan                   varchar(64)              not null,
  round                  bigint                   not null,
  plan_version           integer                  not null,
  -- z against whoever sees the models, and against the coordinator; 0 is no noise.
  noise_multiplier       double precision         not null,
  shard_noise_multiplier double precision         not null,
  -- How often a device may take part in the plan, as that version said.
  participations_max     integer                  not null,
  contributors           integer                  not null,
  charged_at             timestamp with time zone not null,
  primary key (session, mechanism)
);

create index privacy_charge_plan on privacy_charge (plan, mechanism);

-- Rounds that took place and are not in this database, because it was put back from a backup: somebody said so.
create table lost_rounds (
  plan                   varchar(64)              not null,
  first_round            bigint                   not null,
  last_round             bigint                   not null,
  noise_multiplier       double precision         not null,
  shard_noise_multiplier double precision         not null,
  participations_max     integer                  not null,
  noted_at               timestamp with time zone not null,
  primary key (plan, first_round)
);

-- Sums from before there was noise.
insert into privacy_charge (session, mechanism, plan, round, plan_version, noise_multiplier, shard_noise_multiplier, participations_max, contributors, charged_at)
  select s.id, 'UPDATES', s.plan, s.round, r.plan_version, 0, 0, 1000000, coalesce(s.contributors, 0), coalesce(s.closed_at, s.opened_at)
  from aggregation_session s join training_round r on r.plan = s.plan and r.number = s.round
  where s.state in ('UNMASKING', 'SUMMED', 'COLLECTING') or (s.state = 'ABORTED' and s.u3 is not null);
