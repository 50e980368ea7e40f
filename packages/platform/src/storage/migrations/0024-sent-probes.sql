-- What appliances told of the packets that looked for the hosts of a block, as `jobs/domain/sent-probes` sums it; null: nobody began it since.
alter table unit add column probes jsonb;
