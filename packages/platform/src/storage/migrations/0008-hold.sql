-- "Stop all": while a hold stands nothing is leased, and what is leased pauses. At most one stands; lifted ones stay as history.
create sequence hold_id;
create table hold (
  subscription_id bigint not null,
  id bigint not null default nextval('hold_id'),
  action text not null check (action in ('pause', 'cancel')),
  reason text not null,
  placed_at timestamptz(3) not null,
  placed_by text not null,
  -- The account, so that a Unit Manager may lift what the same person placed; 0: the local administrator.
  placed_by_account bigint not null,
  lifted_at timestamptz(3),
  lifted_by text,
  primary key (subscription_id, id)
);
create unique index hold_standing on hold (subscription_id) where lifted_at is null;
