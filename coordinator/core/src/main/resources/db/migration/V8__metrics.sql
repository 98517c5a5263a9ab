-- Sums of what a group of devices measured of a model version: of two values between 0 and 1 by the sum of a round, with noise where its plan has it; of one value, and
-- exactly, by reports of operators.
create table group_metric (
  plan_id          varchar(64)      not null,
  model_version    integer          not null,
  -- Which devices measured, such as held-back.
  device_group     varchar(64)      not null,
  -- Whose sum it is; 0 for what operators reported, which adds up.
  round            bigint           not null,
  -- With noise all sums may be anything: not whole, below 0.
  devices          double precision not null,
  first_total      double precision not null,
  -- Of reports only.
  first_squares    double precision,
  -- Of rounds only.
  second_total     double precision,
  -- Of the noise in each of the sums of a round.
  noise_variance   double precision not null,
  -- With fewer devices nothing is shown: as the plan said that the devices followed.
  devices_minimum  integer          not null,
  primary key (plan_id, model_version, device_group, round),
  foreign key (plan_id, model_version) references model_version (plan_id, version)
);

insert into group_metric (plan_id, model_version, device_group, round, devices, first_total, first_squares, noise_variance, devices_minimum)
  select plan_id, model_version, device_group, 0, devices, total, total_squares, 0, 10 from model_metric;

drop table model_metric;

-- Beside UPDATES, privacy_charge has a row METRICS for each sum of what devices measured. Lost rounds have the noise of both; null where devices measured nothing.
alter table lost_rounds add column metric_noise_multiplier double precision;
alter table lost_rounds add column metric_shard_noise_multiplier double precision;
