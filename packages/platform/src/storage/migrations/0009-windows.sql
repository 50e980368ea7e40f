-- Named windows: when scanning may be, or may not be, by the wall clock of a zone.
create sequence time_window_id;
create table time_window (
  subscription_id bigint not null references subscription (id),
  id bigint not null default nextval('time_window_id'),
  name text not null,
  kind text not null check (kind in ('allow', 'blackout')),
  zone text not null,
  -- [{days, from, to}] and [{from, to}] of contracts/api/time-window.
  weekly jsonb not null default '[]',
  dates jsonb not null default '[]',
  -- Holds for every job. Blackouts alone.
  everywhere boolean not null default false,
  updated_at timestamptz(3) not null default now(),
  updated_by text not null,
  primary key (subscription_id, id),
  check (kind = 'blackout' or not everywhere)
);
create unique index time_window_name on time_window (subscription_id, lower(name));

create table scan_window (
  subscription_id bigint not null,
  scan_id bigint not null,
  window_id bigint not null,
  primary key (subscription_id, scan_id, window_id),
  foreign key (subscription_id, scan_id) references scan (subscription_id, id) on delete cascade,
  foreign key (subscription_id, window_id) references time_window (subscription_id, id)
);
create index scan_window_window on scan_window (subscription_id, window_id);

-- Pause or cancel after so long; since when it counts; and until when the job rests after it.
alter table scan add column run_limit_minutes integer;
alter table scan add column run_limit_action text check (run_limit_action in ('pause', 'cancel'));
alter table scan add column running_since timestamptz(3);
alter table scan add column hold_until timestamptz(3);

-- The end of the window that the lease was given, and how often the slice came back because of one: that is nobody's fault.
alter table slice add column not_after timestamptz(3);
alter table slice add column given_back integer not null default 0;
