import type { Json, Nullable } from '../column-types.ts';

/** The OpenID Connect provider of a subscription. */
export interface OidcProviderTable {
  subscription_id: number;
  name: string;
  issuer: string;
  client_id: string;
  client_secret: Uint8Array;
  ca_pem: Nullable<string>;
  login_claim: string;
  mail_domains: Json;
  unknown_people: 'refuse' | 'reader';
  link_by_login: boolean;
  password_sign_in: boolean;
  logout_at_provider: boolean;
  second_factor_by_amr: boolean;
  changed_at: Date;
  changed_by: string;
}

export interface OidcSessionTable {
  subscription_id: number;
  token_hash: Uint8Array;
  sign_out: Uint8Array;
}

export interface OidcIdentityTable {
  subscription_id: number;
  issuer: string;
  subject: string;
  account_id: number;
  linked_at: Date;
}
