-- Maps: what a job saw as networks, ways and hosts, and differences between jobs.

-- Who made a host's interface, by the IEEE registration of its MAC.
alter table asset add column mac_vendor text;

-- Grows with every batch of facts of the job. What was made out of the facts (a map) is still true while it stands.
alter table scan add column fact_revision bigint not null default 0;

-- The networks and ways of a job, few beside its hosts and ports.
create index scan_fact_way on scan_fact (subscription_id, scan_id, type) where type in ('network', 'route');

-- The job before this one in the same network.
create index scan_network on scan (subscription_id, network_id, kind, id);
