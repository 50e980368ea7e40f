import type { Generated } from 'kysely';
import type { Json, JsonDefault, Nullable } from './column-types.ts';
import type {
  AssetGroupAccountTable,
  AssetGroupApplianceTable,
  AssetGroupInvitationTable,
  AssetGroupRangeTable,
  AssetGroupTable,
  BusinessUnitTable,
  InvitationTable,
  ScanRangeTable,
} from './tables/access.ts';
import type {
  AccountTable,
  ApiTokenTable,
  PasskeyTable,
  RecoveryCodeTable,
  SessionTable,
  SignInChallengeTable,
  SignInGuardTable,
  TotpFactorTable,
} from './tables/account.ts';
import type {
  ApplianceDoctorTable,
  ApplianceInstanceTable,
  ApplianceNetworkErrorTable,
  ApplianceNetworkTable,
  ApplianceScanNetworkTable,
  ApplianceTable,
  ApplianceUpdateTable,
  PendingDeviceTable,
  PersonalizationCodeTable,
} from './tables/appliance.ts';
import type {
  HoldTable,
  ScanApplianceTable,
  ScanFactTable,
  ScanNoteTable,
  ScanTable,
  SliceLeaseTable,
  SliceTable,
  UnitTable,
  UploadStreamTable,
} from './tables/scan.ts';
import type {
  AssetTable,
  CheckInfoTable,
  DetectionHistoryTable,
  DetectionTable,
  ServiceTable,
} from './tables/asset.ts';
import type { TagAssetTable, TagTable } from './tables/tag.ts';
import type { OptionProfileTable } from './tables/option-profile.ts';
import type { ExclusionRangeTable, ExclusionTable } from './tables/exclusion.ts';
import type { OidcIdentityTable, OidcProviderTable, OidcSessionTable } from './tables/sign-in.ts';
import type { ScanWindowTable, ScheduleRunTable, ScheduleTable, TimeWindowTable } from './tables/schedule.ts';
import type {
  ApplianceOutageTable,
  DeliveryTable,
  MailServerTable,
  NotificationChoiceTable,
  OutboxEventTable,
  PresenceWatchTable,
  WebhookTable,
} from './tables/notification.ts';

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
  oidc_session: OidcSessionTable;
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
