-- Schedules, and every run that was due.
create sequence schedule_id;
create table schedule (
  subscription_id bigint not null references subscription (id),
  id bigint not null default nextval('schedule_id'),
  name text not null,
  zone text not null,
  -- contracts/api/schedule: recurrence, and the scanRequest.
  recurrence jsonb not null,
  request jsonb not null,
  enabled boolean not null default true,
  overlap text not null check (overlap in ('skip', 'queue')),
  catch_up_minutes integer not null,
  -- 0: the local administrator.
  owner_account bigint not null,
  owner_login text not null,
  next_at timestamptz(3),
  runs integer not null default 0,
  missed integer not null default 0,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (subscription_id, id)
);
create index schedule_due on schedule (next_at) where enabled;

-- A run is here before it is launched: whoever writes the row launches it, and nobody else.
create table schedule_run (
  subscription_id bigint not null,
  schedule_id bigint not null,
  due_at timestamptz(3) not null,
  at timestamptz(3) not null,
  outcome text not null check (outcome in ('starting', 'waiting', 'launched', 'missed')),
  reason text,
  detail text,
  scan_id bigint,
  manual boolean not null default false,
  primary key (subscription_id, schedule_id, due_at),
  foreign key (subscription_id, schedule_id) references schedule (subscription_id, id) on delete cascade
);
create index schedule_run_open on schedule_run (subscription_id, outcome) where outcome in ('starting', 'waiting');
