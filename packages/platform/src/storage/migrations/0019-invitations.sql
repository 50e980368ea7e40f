-- People who were invited: one row until the link is used or withdrawn. The account is made when it is used.
create sequence invitation_id;
create table invitation (
  subscription_id bigint not null,
  id bigint not null default nextval('invitation_id'),
  -- SHA-256 of the token in the link: the token itself is nowhere. A new link replaces it.
  token_hash bytea not null,
  login text not null,
  name text not null,
  email text,
  role text not null check (role in ('manager', 'auditor', 'unit-manager', 'scanner', 'reader')),
  business_unit_id bigint,
  -- Account of who made the link; 0 for the local administration. What they may give is judged again when the link is used.
  invited_by bigint not null,
  invited_by_login text not null,
  valid_days integer not null,
  sent_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  primary key (subscription_id, id),
  foreign key (subscription_id, business_unit_id) references business_unit (subscription_id, id) on delete cascade,
  check (business_unit_id is null or role not in ('manager', 'auditor'))
);
create unique index invitation_token on invitation (token_hash);

create table asset_group_invitation (
  subscription_id bigint not null,
  asset_group_id bigint not null,
  invitation_id bigint not null,
  primary key (subscription_id, invitation_id, asset_group_id),
  foreign key (subscription_id, asset_group_id) references asset_group (subscription_id, id) on delete cascade,
  foreign key (subscription_id, invitation_id) references invitation (subscription_id, id) on delete cascade
);
create index asset_group_invitation_groups on asset_group_invitation (subscription_id, asset_group_id);
