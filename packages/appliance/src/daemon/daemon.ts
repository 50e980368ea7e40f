import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import type { Secret } from '@picket/base/secret';
import type { DoctorReport } from '@picket/contracts/doctor';
import type { Trust } from '@picket/outbound/adapters/tls-stream';
import type { Connector } from '@picket/outbound/connector';
import type { SignedClient } from '@picket/outbound/signed-client';
import type { Attempt } from '../console/errors/attempt.ts';
import type { NetworkError } from '../console/errors/network-error.ts';
import type { ApplianceStatus } from '../local/status.ts';
import type { WorkerLauncher } from './adapters/worker-process.ts';
import type { ScanNetworkHelper } from './scan-network/scan-network-helper.ts';

export interface DaemonDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly connector: Connector;
  readonly launch: WorkerLauncher;
  /** Keeps VLANs, routes and IPv6 that the platform sets; absent: nobody manages the network of this machine. */
  readonly scanNetworkHelper?: ScanNetworkHelper | null;
  /** Looks at the way to the platform when that asks for it; absent: nobody can. */
  readonly examine?: (() => Promise<DoctorReport>) | null;
  /** Ends this process so that its launcher starts other software. Absent: nobody launched it. */
  readonly restart?: () => void;
  /** Each new status; the same goes to the status file. */
  readonly onStatus: (status: ApplianceStatus) => void;
}

/** A running appliance. */
export interface Daemon {
  status(): ApplianceStatus;
  /** Tries to connect now, over new connections; a failure is reported as that of `attempt`. */
  connect(attempt: Attempt): void;
  /** The machine's own network is another than when the platform was last tried: tries now, over new connections. */
  networkChanged(): void;
  /** Ends running scans and keeps what they found. No other is begun until `takeWork`. */
  cancelScans(): Promise<void>;
  /** Takes work again after `cancelScans`. */
  takeWork(): void;
  /** Activates the appliance with a personalization code. Does nothing once it is activated. */
  personalize(code: Secret): void;
  /** What `NETWORK ERR` shows now, or why communication fails (without a code), for the platform to hear of later; null: nothing. */
  noteNetworkError(error: NetworkError | null): void;
  /** By what the platform is known. Its certificate authority is null for a public one, or when it is not here yet. */
  trust(): Promise<Trust>;
  /** Signs as this appliance; null until it is enrolled. */
  client(): SignedClient | null;
  /** Ends workers and requests, keeps leases and spool for the next start. */
  stop(): Promise<void>;
  /** Resolves after `stop`; rejects when the daemon can't go on. */
  readonly done: Promise<void>;
}
