-- Notifications: an event is written in the transaction of what happened, spread into deliveries, and each is tried until it arrives.
create sequence outbox_event_id; create sequence webhook_id; create sequence delivery_id; create sequence appliance_outage_id;

create table outbox_event (
  subscription_id bigint not null,
  id bigint not null default nextval('outbox_event_id'),
  kind text not null,
  at timestamptz(3) not null,
  event jsonb not null,
  -- When deliveries were made of it.
  spread_at timestamptz(3),
  primary key (subscription_id, id)
);
create index outbox_event_waiting on outbox_event (subscription_id, id) where spread_at is null;

create table mail_server (
  subscription_id bigint primary key,
  host text not null,
  port integer not null,
  security text not null check (security in ('tls', 'starttls', 'none')),
  login text,
  -- Sealed with the platform's key.
  password bytea,
  sender text not null,
  ca_pem text,
  changed_at timestamptz(3) not null,
  changed_by text not null
);

create table webhook (
  subscription_id bigint not null,
  id bigint not null default nextval('webhook_id'),
  name text not null,
  url text not null,
  kinds jsonb not null,
  enabled boolean not null,
  ca_pem text,
  -- Sealed with the platform's key.
  secret bytea not null,
  created_at timestamptz(3) not null,
  created_by text not null,
  primary key (subscription_id, id)
);

-- What an account wants by mail; without a row its role decides.
create table notification_choice (
  subscription_id bigint not null,
  account_id bigint not null,
  kinds jsonb not null,
  primary key (subscription_id, account_id),
  foreign key (subscription_id, account_id) references account (subscription_id, id) on delete cascade
);

create table delivery (
  subscription_id bigint not null,
  id bigint not null default nextval('delivery_id'),
  -- What the receiver sees; the same for every attempt, so that it can tell a repetition.
  public_id uuid not null default gen_random_uuid(),
  kind text not null,
  event jsonb not null,
  at timestamptz(3) not null,
  -- One of the two.
  account_id bigint,
  webhook_id bigint,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'dead')),
  attempts integer not null default 0,
  next_at timestamptz(3) not null,
  -- Whoever took it has given up by then: another replica may try.
  claimed_until timestamptz(3),
  last_error text,
  created_at timestamptz(3) not null,
  ended_at timestamptz(3),
  primary key (subscription_id, id),
  check ((account_id is null) <> (webhook_id is null)),
  foreign key (subscription_id, account_id) references account (subscription_id, id) on delete cascade,
  foreign key (subscription_id, webhook_id) references webhook (subscription_id, id) on delete cascade
);
create index delivery_due on delivery (subscription_id, next_at) where state in ('waiting', 'sending');
create index delivery_webhook on delivery (subscription_id, webhook_id) where webhook_id is not null;

-- When the platform itself last looked at its appliances, by whichever replica, and since when it has been there without a gap.
create table presence_watch (
  subscription_id bigint primary key,
  looked_at timestamptz(3) not null,
  present_since timestamptz(3) not null
);
create table appliance_outage (
  subscription_id bigint not null,
  id bigint not null default nextval('appliance_outage_id'),
  appliance_id bigint not null,
  last_contact timestamptz(3) not null,
  noticed_at timestamptz(3) not null,
  ended_at timestamptz(3),
  primary key (subscription_id, id),
  foreign key (subscription_id, appliance_id) references appliance (subscription_id, id) on delete cascade
);
create unique index appliance_outage_open on appliance_outage (subscription_id, appliance_id) where ended_at is null;
