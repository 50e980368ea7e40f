-- Signing out at the OpenID Connect provider as well.
alter table oidc_provider add column logout_at_provider boolean not null default false;

-- What signing out of a session at the provider takes, sealed with the platform's key. Kept only where people are signed out there.
create table oidc_session (
  subscription_id bigint not null,
  token_hash bytea not null,
  sign_out bytea not null,
  primary key (subscription_id, token_hash),
  foreign key (subscription_id, token_hash) references session (subscription_id, token_hash) on delete cascade
);
