-- Codes of an authenticator app beside the password. The secret is sealed with a key that is not in the database.

create table totp_factor (
  subscription_id bigint not null,
  account_id bigint not null,
  sealed_secret bytea not null,
  created_at timestamptz(3) not null,
  -- Null until a first code has shown that the app has the secret.
  confirmed_at timestamptz(3),
  -- The step of the last code that was taken: no code works twice.
  last_step bigint,
  primary key (subscription_id, account_id),
  foreign key (subscription_id, account_id) references account (subscription_id, id) on delete cascade
);

create table recovery_code (
  subscription_id bigint not null,
  account_id bigint not null,
  code_hash bytea not null,
  primary key (subscription_id, account_id, code_hash),
  foreign key (subscription_id, account_id) references account (subscription_id, id) on delete cascade
);
