-- People and what they may see: the Auditor, business units, asset groups, and the addresses of a job.
alter table account drop constraint account_role_check;
alter table account add constraint account_role_check check (role in ('manager', 'auditor', 'unit-manager', 'scanner', 'reader'));

create sequence business_unit_id; create sequence asset_group_id;
create table business_unit (
  subscription_id bigint not null,
  id bigint not null default nextval('business_unit_id'),
  name text not null,
  comments text not null default '',
  created_at timestamptz(3) not null default now(),
  primary key (subscription_id, id)
);
create unique index business_unit_name on business_unit (subscription_id, lower(name));

-- Managers and Auditors see everything: they have no unit.
alter table account add column business_unit_id bigint;
alter table account add constraint account_unit foreign key (subscription_id, business_unit_id)
  references business_unit (subscription_id, id);
alter table account add constraint account_unit_role check (business_unit_id is null or role not in ('manager', 'auditor'));
create index account_unit_members on account (subscription_id, business_unit_id) where business_unit_id is not null;

create table asset_group (
  subscription_id bigint not null,
  id bigint not null default nextval('asset_group_id'),
  name text not null,
  comments text not null default '',
  business_unit_id bigint,
  -- The one group "All": every address of every network, every appliance. Neither changed nor deleted.
  covers_all boolean not null default false,
  created_at timestamptz(3) not null default now(),
  primary key (subscription_id, id),
  foreign key (subscription_id, business_unit_id) references business_unit (subscription_id, id),
  check (not covers_all or business_unit_id is null)
);
create unique index asset_group_name on asset_group (subscription_id, lower(name));
create unique index asset_group_all on asset_group (subscription_id) where covers_all;
create index asset_group_unit on asset_group (subscription_id, business_unit_id) where business_unit_id is not null;

-- Exclusions take addresses out of the group: it neither shows nor scans them.
create table asset_group_range (
  subscription_id bigint not null,
  asset_group_id bigint not null,
  network_id bigint not null,
  kind text not null check (kind in ('range', 'exclusion')),
  first_address inet not null,
  last_address inet not null,
  primary key (subscription_id, asset_group_id, network_id, kind, first_address),
  foreign key (subscription_id, asset_group_id) references asset_group (subscription_id, id) on delete cascade,
  foreign key (subscription_id, network_id) references network (subscription_id, id) on delete cascade
);

create table asset_group_appliance (
  subscription_id bigint not null,
  asset_group_id bigint not null,
  appliance_id bigint not null,
  primary key (subscription_id, asset_group_id, appliance_id),
  foreign key (subscription_id, asset_group_id) references asset_group (subscription_id, id) on delete cascade,
  foreign key (subscription_id, appliance_id) references appliance (subscription_id, id) on delete cascade
);
create index asset_group_appliance_groups on asset_group_appliance (subscription_id, appliance_id);

create table asset_group_account (
  subscription_id bigint not null,
  asset_group_id bigint not null,
  account_id bigint not null,
  primary key (subscription_id, asset_group_id, account_id),
  foreign key (subscription_id, asset_group_id) references asset_group (subscription_id, id) on delete cascade,
  foreign key (subscription_id, account_id) references account (subscription_id, id) on delete cascade
);
create index asset_group_account_groups on asset_group_account (subscription_id, account_id);

-- Nothing changes for the people who are there: until now everybody saw everything.
insert into asset_group (subscription_id, name, comments, covers_all)
select id, 'All', 'Every address of every network, and every appliance.', true from subscription;
insert into asset_group_account (subscription_id, asset_group_id, account_id)
select account.subscription_id, asset_group.id, account.id from account
join asset_group on asset_group.subscription_id = account.subscription_id and asset_group.covers_all
where account.role <> 'manager';

-- Addresses that a job was planned for, merged: who sees all of them sees the job.
create table scan_range (
  subscription_id bigint not null,
  scan_id bigint not null,
  first_address inet not null,
  last_address inet not null,
  primary key (subscription_id, scan_id, first_address),
  foreign key (subscription_id, scan_id) references scan (subscription_id, id) on delete cascade
);
insert into scan_range (subscription_id, scan_id, first_address, last_address)
select scan.subscription_id, scan.id,
  case when given.text like '%-%' then split_part(given.text, '-', 1)::inet else host(network(given.text::inet))::inet end,
  case when given.text like '%-%' then split_part(given.text, '-', 2)::inet else host(broadcast(given.text::inet))::inet end
from scan, jsonb_array_elements_text(scan.plan -> 'ranges') as given (text);
