-- Names for assets: given by hand, or by a rule that is looked at when somebody reads.
create sequence tag_id;
create table tag (
  subscription_id bigint not null references subscription (id),
  id bigint not null default nextval('tag_id'),
  name text not null,
  -- contracts/api/tag: tagRule; null: given by hand.
  rule jsonb,
  updated_at timestamptz(3) not null default now(),
  updated_by text not null,
  primary key (subscription_id, id)
);
create unique index tag_name on tag (subscription_id, lower(name));

-- Assets that were given a tag by hand.
create table tag_asset (
  subscription_id bigint not null,
  tag_id bigint not null,
  asset_id bigint not null,
  primary key (subscription_id, tag_id, asset_id),
  foreign key (subscription_id, tag_id) references tag (subscription_id, id) on delete cascade,
  foreign key (subscription_id, asset_id) references asset (subscription_id, id) on delete cascade
);
create index tag_asset_asset on tag_asset (subscription_id, asset_id);
