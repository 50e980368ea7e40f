-- The last examination by the network doctor of an appliance that somebody asked for.
create table appliance_doctor (
  subscription_id bigint not null,
  appliance_id bigint not null,
  request_id uuid not null,
  requested_at timestamptz(3) not null,
  requested_by text not null,
  -- Null: the appliance has not answered yet.
  report jsonb,
  primary key (subscription_id, appliance_id),
  foreign key (subscription_id, appliance_id) references appliance (subscription_id, id) on delete cascade
);
