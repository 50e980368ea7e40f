-- Saved options of maps and scans. Those that come with the product are in the code, with ids below 100.
create sequence option_profile_id start 100;
create table option_profile (
  subscription_id bigint not null references subscription (id),
  id bigint not null default nextval('option_profile_id'),
  name text not null,
  -- contracts/api/option-profile: scanOptions.
  options jsonb not null,
  -- One more with every change; a job keeps the number that it ran with.
  version integer not null default 1,
  -- A Manager's, for everybody. Otherwise the owner's alone.
  everybody boolean not null,
  -- 0: the local administrator.
  owner_account bigint not null,
  owner_login text not null,
  updated_at timestamptz(3) not null default now(),
  updated_by text not null,
  primary key (subscription_id, id)
);
create unique index option_profile_name on option_profile
  (subscription_id, (case when everybody then -1 else owner_account end), lower(name));
