-- Which hold paused a job: lifting that one resumes it. What a person paused, before or after, has none.
alter table scan add column paused_by_hold bigint;
create index scan_paused_by_hold on scan (subscription_id, paused_by_hold) where paused_by_hold is not null;
