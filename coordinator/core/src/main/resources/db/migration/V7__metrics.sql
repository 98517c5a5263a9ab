-- Sums of what devices measured of a model version, each between 0 and 1: enough for a mean and its error, and nothing of a single device.
create table model_metric (
  plan_id        varchar(64)      not null,
  model_version  integer          not null,
  -- Which devices measured, such as held-back.
  device_group   varchar(64)      not null,
  devices        bigint           not null,
  total          double precision not null,
  total_squares  double precision not null,
  primary key (plan_id, model_version, device_group),
  foreign key (plan_id, model_version) references model_version (plan_id, version)
);

-- Append-only. Versions that were found good enough to be released, for their owner to decide.
create table model_proposal (
  plan_id        varchar(64)              not null,
  model_version  integer                  not null,
  -- The release in force at that time, which it was compared with.
  released       integer                  not null,
  proposed_at    timestamp with time zone not null,
  primary key (plan_id, model_version, released),
  foreign key (plan_id, model_version) references model_version (plan_id, version)
);
