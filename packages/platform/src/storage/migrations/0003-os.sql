-- How sure a scan was of a host's operating system (0 to 1) and why. Null beside a name: one service said so, nobody weighed it.
alter table asset add column os_confidence real;
alter table asset add column os_evidence text;
