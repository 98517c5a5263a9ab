-- Runs on H2 (MODE=PostgreSQL) and on PostgreSQL. No user id, no address, and once a token has expired
-- nothing that joins an account to a certificate. Serial numbers and SHA-256 are lower-case hex.

create table device_certificate (
  serial            varchar(40)              not null primary key,
  -- The first certificate of the chain of renewals that this one belongs to: what a revocation takes as a whole.
  lineage           varchar(40)              not null,
  -- The pseudonym of the device: SHA-256 of its public key.
  client_id         varchar(64)              not null,
  -- The certificate that this one renewed: each is renewed at most once.
  renews            varchar(40)              unique,
  -- DER; what a repeated request is answered with.
  certificate       bytea                    not null,
  expires_at        timestamp with time zone not null,
  revoked_at        timestamp with time zone,
  revocation_reason varchar(32)
);

create index device_certificate_lineage on device_certificate (lineage);
create index device_certificate_client on device_certificate (client_id);
create index device_certificate_revoked on device_certificate (revoked_at);
create index device_certificate_expiry on device_certificate (expires_at);

-- Bootstrap tokens that were used: kept until an hour after they expired.
create table used_token (
  -- SHA-256 of the token's id.
  id         varchar(64)              not null primary key,
  serial     varchar(40)              not null,
  expires_at timestamp with time zone not null
);

create index used_token_expiry on used_token (expires_at);

-- Certificates issued to an account in a window of time. The account is the hash that the token carries.
create table account_issuance (
  account      varchar(64)              not null,
  window_start timestamp with time zone not null,
  issued       integer                  not null,
  primary key (account, window_start)
);

create index account_issuance_window on account_issuance (window_start);

-- One row: the number of the revocation list. Renewals and revocations lock it, so they take turns.
create table revocation_epoch (
  id    integer not null primary key check (id = 1),
  epoch bigint  not null
);

insert into revocation_epoch (id, epoch) values (1, 0);
