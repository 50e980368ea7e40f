import type { ColumnType, Generated } from 'kysely';
import type { Json, JsonDefault, Nullable, NullableJson } from './column-types.ts';
import type {
  AssetGroupAccountTable,
  AssetGroupApplianceTable,
  AssetGroupInvitationTable,
  AssetGroupRangeTable,
  AssetGroupTable,
  BusinessUnitTable,
  InvitationTable,
  ScanRangeTable,
} from './access-tables.ts';
import type { TagAssetTable, TagTable } from './tag-tables.ts';
import type { OptionProfileTable } from './option-profile-tables.ts';
import type { ExclusionRangeTable, ExclusionTable } from './exclusion-tables.ts';
import type { OidcIdentityTable, OidcProviderTable } from './sign-in-tables.ts';
import type { ScanWindowTable, ScheduleRunTable, ScheduleTable, TimeWindowTable } from './schedule-tables.ts';
import type {
  ApplianceOutageTable,
  DeliveryTable,
  MailServerTable,
  NotificationChoiceTable,
  OutboxEventTable,
  PresenceWatchTable,
  WebhookTable,
} from './notification-tables.ts';

/**
 * The tables of `migrations/`, as Kysely sees them; `schema.medium.test.ts` compares them with the database.
 *
 * Conventions on both kinds of database: `bigint` is a number (a value beyond 2^53 is an error, never rounded), `inet` is
 * text without a prefix length for single addresses, `bytea` is a `Uint8Array`, a time is a `Date` in whole milliseconds.
 */

export interface SubscriptionTable {
  id: Generated<number>;
  name: string;
  created_at: Generated<Date>;
}

export type AccountRole = 'manager' | 'auditor' | 'unit-manager' | 'scanner' | 'reader';

export interface AccountTable {
  subscription_id: number;
  id: Generated<number>;
  login: string;
  name: string;
  email: Nullable<string>;
  role: AccountRole;
  password_hash: string;
  password_change_needed: Generated<boolean>;
  password_expires_at: Nullable<Date>;
  terms_version: Nullable<string>;
  terms_accepted_at: Nullable<Date>;
  disabled: Generated<boolean>;
  created_at: Generated<Date>;
  last_sign_in_at: Nullable<Date>;
  previous_sign_in_at: Nullable<Date>;
  business_unit_id: Nullable<number>;
  has_password: Generated<boolean>;
}

export interface SessionTable {
  subscription_id: number;
  token_hash: Uint8Array;
  account_id: number;
  csrf_token: string;
  created_at: Generated<Date>;
  last_used_at: Generated<Date>;
  expires_at: Date;
  address: Nullable<string>;
  user_agent: Nullable<string>;
  id: Generated<number>;
  method: Generated<string>;
}

export interface ApiTokenTable {
  subscription_id: number;
  id: Generated<number>;
  account_id: number;
  name: string;
  scope: 'read' | 'scan' | 'admin';
  token_hash: Uint8Array;
  ending: string;
  created_at: Generated<Date>;
  expires_at: Date;
  last_used_at: Nullable<Date>;
  last_address: Nullable<string>;
}

export interface TotpFactorTable {
  subscription_id: number;
  account_id: number;
  sealed_secret: Uint8Array;
  created_at: Date;
  confirmed_at: Nullable<Date>;
  last_step: Nullable<number>;
}

export interface RecoveryCodeTable {
  subscription_id: number;
  account_id: number;
  code_hash: Uint8Array;
}

export interface PasskeyTable {
  subscription_id: number;
  id: Generated<number>;
  account_id: number;
  name: string;
  credential_id: string;
  public_key: Uint8Array;
  counter: number;
  transports: JsonDefault;
  synced: boolean;
  created_at: Date;
  last_used_at: Nullable<Date>;
}

export interface SignInChallengeTable {
  challenge_hash: Uint8Array;
  purpose: string;
  subscription_id: number;
  account_id: Nullable<number>;
  payload: JsonDefault;
  expires_at: Date;
}

export interface SignInGuardTable {
  login_hash: string;
  address_hash: string;
  failures: number;
  last_failure_at: Nullable<Date>;
  locked_until: Nullable<Date>;
  known_until: Nullable<Date>;
}

export interface AuditEntryTable {
  subscription_id: number;
  id: Generated<number>;
  at: Generated<Date>;
  actor: string;
  action: string;
  subject: string;
  detail: JsonDefault;
  address: Nullable<string>;
}

export interface RateLimitTable {
  key: string;
  window_start: Date;
  hits: number;
}

export interface SettingTable {
  subscription_id: number;
  key: string;
  value: Json;
}

export interface NetworkTable {
  subscription_id: number;
  id: Generated<number>;
  name: string;
  authorization_statement: Nullable<string>;
  authorization_by: Nullable<string>;
  authorization_at: Nullable<Date>;
  created_at: Generated<Date>;
}

export interface NetworkRangeTable {
  subscription_id: number;
  network_id: number;
  kind: 'range' | 'exclusion';
  first_address: string;
  last_address: string;
}

export interface ApplianceTable {
  subscription_id: number;
  id: Generated<number>;
  name: string;
  state: 'provisioned' | 'active' | 'revoked' | 'suspect';
  public_key: Nullable<string>;
  key_id: Nullable<string>;
  kind: Nullable<string>;
  lan_address: Nullable<string>;
  hostname: Nullable<string>;
  software_version: Nullable<string>;
  content_version: Nullable<string>;
  available_percent: Nullable<number>;
  capacity: Nullable<number>;
  connection: Generated<string>;
  last_contact: Nullable<Date>;
  poll_interval_seconds: Generated<number>;
  heartbeat_seconds: Generated<number>;
  spool: NullableJson;
  trouble: JsonDefault;
  current_instance: Nullable<string>;
  created_at: Generated<Date>;
  revoked_at: Nullable<Date>;
}

export interface ApplianceScanNetworkTable {
  subscription_id: number;
  appliance_id: number;
  generation: number;
  document: Json;
  changed_at: Date;
  changed_by: string;
  state: Generated<'pending' | 'applied' | 'rolled-back' | 'refused' | 'unsupported'>;
  detail: Nullable<string>;
  reported_at: Nullable<Date>;
}

export interface ReleaseTable {
  subscription_id: number;
  id: Generated<number>;
  kind: 'content' | 'software';
  name: string;
  version: string;
  sha256: string;
  bytes: number;
  files: number;
  level: number;
  key_id: string;
  created: Date;
  published_at: Date;
  published_by: string;
  current_at: Nullable<Date>;
  rollback: Generated<boolean>;
  withdrawn_at: Nullable<Date>;
}

export interface ApplianceUpdateTable {
  subscription_id: number;
  appliance_id: number;
  minute: Nullable<number>;
  asked: Generated<number>;
  asked_at: Nullable<Date>;
  report: NullableJson;
  reported_at: Nullable<Date>;
}

export interface ApplianceNetworkErrorTable {
  subscription_id: number;
  appliance_id: number;
  report_id: string;
  code: string;
  description: string;
  e_code: string;
  raised_at: Date;
  cleared_at: Nullable<Date>;
  reported_at: Date;
}

export interface ApplianceDoctorTable {
  subscription_id: number;
  appliance_id: number;
  request_id: string;
  requested_at: Date;
  requested_by: string;
  report: NullableJson;
}

export interface ApplianceNetworkTable {
  subscription_id: number;
  appliance_id: number;
  network_id: number;
}

export interface ApplianceInstanceTable {
  subscription_id: number;
  appliance_id: number;
  instance: string;
  high_sequence: number;
  /** 64 bits as a signed number: beyond 2^53 as a rule. Select it as text (`seen_window::text`), give it as text. */
  seen_window: ColumnType<never, string, string>;
  first_seen: Generated<Date>;
  last_seen: Generated<Date>;
  superseded_at: Nullable<Date>;
}

export interface PendingDeviceTable {
  key_id: string;
  public_key: string;
  code_hash: Uint8Array;
  code_salt: Uint8Array;
  facts: Json;
  address: Nullable<string>;
  first_seen: Generated<Date>;
  last_seen: Generated<Date>;
  expires_at: Date;
}

export interface PersonalizationCodeTable {
  code_hash: Uint8Array;
  subscription_id: number;
  appliance_id: number;
  created_at: Generated<Date>;
  expires_at: Date;
  used_at: Nullable<Date>;
}

export type ScanStatusColumn =
  | 'queued'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'canceling'
  | 'canceled'
  | 'finished'
  | 'error';

export interface ScanTable {
  subscription_id: number;
  id: Generated<number>;
  public_id: Generated<string>;
  kind: 'map' | 'scan';
  title: string;
  status: ScanStatusColumn;
  status_reason: Nullable<string>;
  complete: Nullable<boolean>;
  network_id: number;
  request: Json;
  plan: Json;
  intrusive: Generated<boolean>;
  created_by: string;
  created_at: Generated<Date>;
  started_at: Nullable<Date>;
  ended_at: Nullable<Date>;
  deadline: Nullable<Date>;
  run_limit_minutes: Nullable<number>;
  run_limit_action: Nullable<'pause' | 'cancel'>;
  running_since: Nullable<Date>;
  hold_until: Nullable<Date>;
  paused_by_hold: Nullable<number>;
  fact_revision: Generated<number>;
}

export interface ScanApplianceTable {
  subscription_id: number;
  scan_id: number;
  appliance_id: number;
}

export interface SliceTable {
  subscription_id: number;
  id: Generated<number>;
  scan_id: number;
  number: number;
  blocks: Json;
  state: 'pending' | 'leased' | 'done' | 'cancelled';
  attempt: Generated<number>;
  lease_id: Nullable<string>;
  appliance_id: Nullable<number>;
  leased_at: Nullable<Date>;
  expires_at: Nullable<Date>;
  reported: Nullable<string>;
  rate: Nullable<number>;
  outcome: Nullable<string>;
  reason: Nullable<string>;
  detail: Nullable<string>;
  sent: JsonDefault;
  not_after: Nullable<Date>;
  given_back: Generated<number>;
  /** Compared in SQL; arrays of bigint have no form of their own here. */
  claimed_by: Generated<unknown>;
}

export interface SliceLeaseTable {
  subscription_id: number;
  lease_id: string;
  appliance_id: number;
  scan_id: number;
  slice_id: number;
  attempt: number;
  granted_at: Date;
}

export interface UnitTable {
  subscription_id: number;
  scan_id: number;
  phase: string;
  subject: string;
  slice_id: number;
  address: Nullable<string>;
  state: 'pending' | 'leased' | 'running' | 'done' | 'not-evaluable' | 'cancelled';
  reason: Nullable<string>;
  detail: Nullable<string>;
  counts: JsonDefault;
  coverage: NullableJson;
  probes: NullableJson;
  updated_at: Generated<Date>;
}

export interface ScanFactTable {
  subscription_id: number;
  scan_id: number;
  key: string;
  slice_id: number;
  type: string;
  address: Nullable<string>;
  port: Nullable<number>;
  event: Json;
  at: Date;
}

export interface ScanNoteTable {
  subscription_id: number;
  scan_id: number;
  slice_id: number;
  seq: number;
  at: Date;
  level: string;
  code: string;
  message: string;
  address: Nullable<string>;
}

export interface UploadStreamTable {
  subscription_id: number;
  appliance_id: number;
  stream: string;
  next_seq: Generated<number>;
  updated_at: Generated<Date>;
}

export interface AssetTable {
  subscription_id: number;
  id: Generated<number>;
  public_id: Generated<string>;
  network_id: number;
  address: string;
  name: Nullable<string>;
  names: JsonDefault;
  mac: Nullable<string>;
  mac_vendor: Nullable<string>;
  os: Nullable<string>;
  os_confidence: Nullable<number>;
  os_evidence: Nullable<string>;
  first_seen: Date;
  last_seen: Date;
  last_scanned: Nullable<Date>;
}

export interface ServiceTable {
  subscription_id: number;
  id: Generated<number>;
  asset_id: number;
  protocol: 'tcp' | 'udp';
  port: number;
  state: string;
  reason: Nullable<string>;
  service: Generated<string>;
  tunnel: Nullable<string>;
  vendor: Nullable<string>;
  product: Nullable<string>;
  version: Nullable<string>;
  info: Nullable<string>;
  cpes: JsonDefault;
  confidence: Generated<number>;
  method: Nullable<string>;
  evidence: NullableJson;
  tls: NullableJson;
  first_seen: Date;
  last_seen: Date;
  scan_id: Nullable<number>;
}

export interface CheckInfoTable {
  subscription_id: number;
  id: string;
  number: number;
  name: string;
  severity: string;
  info: Json;
  content_version: string;
}

export type DetectionStatusColumn = 'new' | 'active' | 'fixed' | 'reopened';

export interface DetectionTable {
  subscription_id: number;
  id: Generated<number>;
  public_id: Generated<string>;
  asset_id: number;
  check_id: string;
  protocol: Generated<string>;
  port: Generated<number>;
  instance: Generated<string>;
  name: string;
  severity: string;
  severity_rank: number;
  proof: string;
  status: DetectionStatusColumn;
  evidence: JsonDefault;
  content_version: string;
  first_seen: Date;
  last_seen: Date;
  last_tested: Date;
  fixed_at: Nullable<Date>;
  times_found: Generated<number>;
  not_evaluable: Nullable<string>;
  scan_id: Nullable<number>;
}

export interface DetectionHistoryTable {
  subscription_id: number;
  detection_id: number;
  at: Date;
  scan_id: Nullable<number>;
  from_status: Nullable<string>;
  to_status: string;
}

/** "Stop all": while one stands (`lifted_at` is null) nothing is leased. */
export interface HoldTable {
  subscription_id: number;
  id: Generated<number>;
  action: 'pause' | 'cancel';
  reason: string;
  placed_at: Date;
  placed_by: string;
  placed_by_account: number;
  lifted_at: Nullable<Date>;
  lifted_by: Nullable<string>;
}

export interface Schema {
  hold: HoldTable;
  outbox_event: OutboxEventTable;
  mail_server: MailServerTable;
  webhook: WebhookTable;
  notification_choice: NotificationChoiceTable;
  delivery: DeliveryTable;
  presence_watch: PresenceWatchTable;
  appliance_outage: ApplianceOutageTable;
  subscription: SubscriptionTable;
  account: AccountTable;
  business_unit: BusinessUnitTable;
  asset_group: AssetGroupTable;
  asset_group_range: AssetGroupRangeTable;
  asset_group_appliance: AssetGroupApplianceTable;
  asset_group_account: AssetGroupAccountTable;
  invitation: InvitationTable;
  asset_group_invitation: AssetGroupInvitationTable;
  session: SessionTable;
  api_token: ApiTokenTable;
  sign_in_guard: SignInGuardTable;
  totp_factor: TotpFactorTable;
  recovery_code: RecoveryCodeTable;
  passkey: PasskeyTable;
  sign_in_challenge: SignInChallengeTable;
  oidc_provider: OidcProviderTable;
  oidc_identity: OidcIdentityTable;
  audit_entry: AuditEntryTable;
  rate_limit: RateLimitTable;
  setting: SettingTable;
  network: NetworkTable;
  network_range: NetworkRangeTable;
  tag: TagTable;
  tag_asset: TagAssetTable;
  option_profile: OptionProfileTable;
  exclusion: ExclusionTable;
  exclusion_range: ExclusionRangeTable;
  appliance: ApplianceTable;
  appliance_network: ApplianceNetworkTable;
  appliance_scan_network: ApplianceScanNetworkTable;
  appliance_update: ApplianceUpdateTable;
  release: ReleaseTable;
  appliance_doctor: ApplianceDoctorTable;
  appliance_network_error: ApplianceNetworkErrorTable;
  appliance_instance: ApplianceInstanceTable;
  pending_device: PendingDeviceTable;
  personalization_code: PersonalizationCodeTable;
  scan: ScanTable;
  scan_range: ScanRangeTable;
  scan_appliance: ScanApplianceTable;
  time_window: TimeWindowTable;
  scan_window: ScanWindowTable;
  schedule: ScheduleTable;
  schedule_run: ScheduleRunTable;
  slice: SliceTable;
  slice_lease: SliceLeaseTable;
  unit: UnitTable;
  scan_fact: ScanFactTable;
  scan_note: ScanNoteTable;
  upload_stream: UploadStreamTable;
  asset: AssetTable;
  service: ServiceTable;
  check_info: CheckInfoTable;
  detection: DetectionTable;
  detection_history: DetectionHistoryTable;
}
