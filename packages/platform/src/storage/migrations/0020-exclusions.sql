-- Addresses that no job of the subscription may touch, whatever its targets are.
create sequence exclusion_id;
create table exclusion (
  subscription_id bigint not null references subscription (id),
  id bigint not null default nextval('exclusion_id'),
  -- As it was written: target grammar.
  targets text not null,
  -- [{name, addresses}], as the names resolved when it was saved.
  names jsonb not null default '[]',
  reason text not null,
  updated_at timestamptz(3) not null default now(),
  updated_by text not null,
  primary key (subscription_id, id)
);

-- What it covers, merged: its ranges, and the addresses of its names.
create table exclusion_range (
  subscription_id bigint not null,
  exclusion_id bigint not null,
  first_address inet not null,
  last_address inet not null,
  primary key (subscription_id, exclusion_id, first_address),
  foreign key (subscription_id, exclusion_id) references exclusion (subscription_id, id) on delete cascade
);
