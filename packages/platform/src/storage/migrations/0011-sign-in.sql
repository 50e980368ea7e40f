-- Sessions that can be listed and ended, API tokens, lock-out, and an audit log that only grows.

create sequence session_id; create sequence api_token_id;

alter table session add column id bigint not null default nextval('session_id');
-- How the person proved who they are: password, password+code, passkey, oidc ...
alter table session add column method text not null default 'password';
create unique index session_number on session (subscription_id, id);
create index session_account on session (subscription_id, account_id);

create table api_token (
  subscription_id bigint not null,
  id bigint not null default nextval('api_token_id'),
  account_id bigint not null,
  name text not null,
  scope text not null check (scope in ('read', 'scan', 'admin')),
  -- SHA-256 of the whole token: the token itself is nowhere.
  token_hash bytea not null,
  -- Its last four characters, so that people find it again.
  ending text not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  -- To the hour.
  last_used_at timestamptz(3),
  last_address text,
  primary key (subscription_id, id),
  foreign key (subscription_id, account_id) references account (subscription_id, id) on delete cascade
);
create unique index api_token_hash on api_token (token_hash);
create index api_token_account on api_token (subscription_id, account_id);

-- Failed sign-ins. A row for a login from one address, and one ('') for a login from everywhere; logins that nobody has
-- are counted as well, so that both look alike. Hashes: people type passwords into the wrong field.
create table sign_in_guard (
  login_hash text not null,
  address_hash text not null,
  failures integer not null,
  last_failure_at timestamptz(3),
  locked_until timestamptz(3),
  -- This login signed in from this address not long ago: the count from everywhere does not lock it out here.
  known_until timestamptz(3),
  primary key (login_hash, address_hash)
);

create index audit_entry_at on audit_entry (subscription_id, at);

create function audit_entry_stays() returns trigger language plpgsql as $$
begin
  raise exception 'entries of the audit log are never changed or removed' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_entry_stays before update or delete on audit_entry for each row execute function audit_entry_stays();
create trigger audit_entry_stays_whole before truncate on audit_entry for each statement execute function audit_entry_stays();
