-- VLANs, static routes and IPv6 that an appliance scans with: one document, and what became of it on the appliance.
create table appliance_scan_network (
  subscription_id bigint not null,
  appliance_id bigint not null,
  -- Grows with every change; the appliance names the one it has.
  generation bigint not null,
  document jsonb not null,
  changed_at timestamptz(3) not null,
  changed_by text not null,
  state text not null default 'pending' check (state in ('pending', 'applied', 'rolled-back', 'refused', 'unsupported')),
  detail text,
  reported_at timestamptz(3),
  primary key (subscription_id, appliance_id),
  foreign key (subscription_id, appliance_id) references appliance (subscription_id, id) on delete cascade
);
