-- Signing in by an OpenID Connect provider.
create table oidc_provider (
  subscription_id bigint primary key,
  name text not null,
  issuer text not null,
  client_id text not null,
  -- Sealed with the platform's key.
  client_secret bytea not null,
  ca_pem text,
  login_claim text not null,
  mail_domains jsonb not null,
  unknown_people text not null check (unknown_people in ('refuse', 'reader')),
  link_by_login boolean not null,
  password_sign_in boolean not null,
  changed_at timestamptz(3) not null,
  changed_by text not null
);

-- Who an account is at a provider: the subject decides, whatever becomes of names and mail addresses.
create table oidc_identity (
  subscription_id bigint not null,
  issuer text not null,
  subject text not null,
  account_id bigint not null,
  linked_at timestamptz(3) not null,
  primary key (subscription_id, issuer, subject),
  foreign key (subscription_id, account_id) references account (subscription_id, id) on delete cascade
);
-- One at each provider: after a change of providers people are bound anew.
create unique index oidc_identity_account on oidc_identity (subscription_id, account_id, issuer);

-- False: nobody knows a password of the account; its hash is of random bytes.
alter table account add column has_password boolean not null default true;
