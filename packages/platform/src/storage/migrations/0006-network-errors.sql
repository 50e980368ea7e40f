-- NETWORK ERR of appliances, as they told once they were through again; the newest 100 of each are kept.
create table appliance_network_error (
  subscription_id bigint not null,
  appliance_id bigint not null,
  -- Of the appliance's making: the same error keeps it.
  report_id uuid not null,
  code text not null,
  description text not null,
  e_code text not null,
  raised_at timestamptz(3) not null,
  cleared_at timestamptz(3),
  reported_at timestamptz(3) not null,
  primary key (subscription_id, appliance_id, report_id),
  foreign key (subscription_id, appliance_id) references appliance (subscription_id, id) on delete cascade
);
