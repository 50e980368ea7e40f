-- Appliances with a VLAN or route of their own to the addresses of a slice; empty: nobody's more than another's.
alter table slice add column claimed_by bigint[] not null default '{}';
