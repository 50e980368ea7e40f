-- Whether the provider's word that it asked for several factors (`amr` with `mfa`, RFC 8176) is taken for a sign-in.
alter table oidc_provider add column second_factor_by_amr boolean not null default false;
