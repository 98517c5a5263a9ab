-- One row per round. No vector, and no row per client or message: those are in the update log.
create table training_round (
  plan          varchar(64)              not null,
  number        bigint                   not null,
  session_id    varchar(32)              not null,
  plan_version  integer                  not null,
  plan_hash     varchar(64)              not null,
  base_version  integer                  not null,
  base_model    varchar(64)              not null,
  state         varchar(16)              not null,
  -- Raised by each transition: the guard of compare-and-set.
  revision      integer                  not null,
  roster_size   integer,
  roster_hash   varchar(64),
  contributors  integer,
  new_model     varchar(64),
  mean_loss     double precision,
  reason        varchar(2000),
  assigned      integer                  not null,
  bytes_up      bigint                   not null,
  opened_at     timestamp with time zone not null,
  deadline      timestamp with time zone,
  closed_at     timestamp with time zone,
  primary key (plan, number),
  constraint training_round_session unique (session_id)
);

create index training_round_state on training_round (state);
