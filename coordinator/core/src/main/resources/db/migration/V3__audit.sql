-- Append-only, numbered from 1 without gaps. Each hash covers the row and the hash before it: docs/adr/0023.
create table audit_entry (
  number          bigint                   not null primary key,
  -- Whole milliseconds: what the hash covers.
  happened_at     timestamp with time zone not null,
  subject         varchar(256)             not null,
  authentication  varchar(256)             not null,
  remote_address  varchar(256)             not null,
  action          varchar(1024)            not null,
  target          varchar(1024)            not null,
  outcome         varchar(256)             not null,
  hash            varchar(64)              not null unique
);
