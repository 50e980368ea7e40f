-- What became of the planned ports of a host, as `jobs/domain/coverage` packs it; null: nobody told.
alter table unit add column coverage jsonb;
