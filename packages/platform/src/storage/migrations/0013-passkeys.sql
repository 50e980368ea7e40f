-- Passkeys, and what was asked of a browser: each challenge is answered once, within its time, by whichever replica.

create sequence passkey_id;

create table passkey (
  subscription_id bigint not null,
  id bigint not null default nextval('passkey_id'),
  account_id bigint not null,
  name text not null,
  credential_id text not null,
  -- COSE (RFC 9052), as the authenticator gave it.
  public_key bytea not null,
  counter bigint not null,
  transports jsonb not null default '[]',
  -- Kept by a provider on several devices.
  synced boolean not null,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3),
  primary key (subscription_id, id),
  foreign key (subscription_id, account_id) references account (subscription_id, id) on delete cascade
);
create unique index passkey_credential on passkey (credential_id);
create index passkey_account on passkey (subscription_id, account_id);

create table sign_in_challenge (
  -- SHA-256 of the challenge.
  challenge_hash bytea primary key,
  purpose text not null,
  subscription_id bigint not null,
  -- Null while nobody knows who signs in.
  account_id bigint,
  payload jsonb not null default '{}',
  expires_at timestamptz(3) not null
);
