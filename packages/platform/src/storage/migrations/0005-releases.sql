-- Signed bundles of content and software that appliances install; the files are in the folder `releases` of the data directory.
create sequence release_id;
create table release (
  subscription_id bigint not null,
  id bigint not null default nextval('release_id'),
  kind text not null check (kind in ('content', 'software')),
  name text not null,
  version text not null,
  -- Of the whole bundle, lower-case hex; also the name of its file.
  sha256 text not null,
  bytes bigint not null,
  files integer not null,
  level integer not null,
  key_id text not null,
  created timestamptz(3) not null,
  published_at timestamptz(3) not null,
  published_by text not null,
  -- Since when appliances should have it; null: another one, or withdrawn.
  current_at timestamptz(3),
  -- Appliances may go back to it from a newer version.
  rollback boolean not null default false,
  withdrawn_at timestamptz(3),
  primary key (subscription_id, id)
);
create unique index release_current on release (subscription_id, kind) where current_at is not null;
create unique index release_version on release (subscription_id, kind, version) where withdrawn_at is null;
create index release_sha256 on release (subscription_id, sha256);

-- Where an appliance stands with its updates: what it said last, and when somebody asked for one at once.
create table appliance_update (
  subscription_id bigint not null,
  appliance_id bigint not null,
  -- Minute of the day in UTC that a person chose; null: by the appliance's id.
  minute integer check (minute between 0 and 1439),
  -- How often "Update now" was asked for, and when last; the first report counts as asking.
  asked integer not null default 0,
  asked_at timestamptz(3),
  report jsonb,
  reported_at timestamptz(3),
  primary key (subscription_id, appliance_id),
  foreign key (subscription_id, appliance_id) references appliance (subscription_id, id) on delete cascade
);
