import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import { err, ok, type Result } from '@picket/base/result';
import { Secret } from '@picket/base/secret';
import type { Attempt } from '../../console/errors/attempt.ts';
import type { NetworkError } from '../../console/errors/network-error.ts';
import type { ConsoleMessage, ConsoleRequest } from '../../local/console-messages.ts';
import type { ConsoleSettings } from '../../local/console-settings.ts';
import type { DoctorReport } from '@picket/contracts/doctor';
import type { ConsoleStatus } from '../../local/console-status.ts';
import type { ApplianceStatus } from '../../local/status.ts';
import type { DaemonConfig } from '../config.ts';
import type { NetworkView, NetworkWatch } from '../network/network-view.ts';
import { isNewWay } from '../network/new-way.ts';
import type { Daemon } from '../daemon.ts';
import { failureError, statusForConsole } from './console-status.ts';
import type { HelperView, NetworkHelper } from './network-helper.ts';

/** Why nothing can be changed where no helper is configured. */
export const noHelper = 'No network helper is configured: the network of this machine is left as it is.';

export interface ConsoleServiceDeps {
  readonly clock: Pick<Clock, 'sleep' | 'monotonic'>;
  readonly log: Log;
  readonly watch: NetworkWatch;
  readonly kind: DaemonConfig['kind'];
  readonly softwareVersion: string;
  /** Null: a developer's machine, or a plain process; consoles then only read. */
  readonly helper: NetworkHelper | null;
  readonly findPlatform: (
    host: string,
    port: number,
  ) => Promise<Result<{ enrolment: string; fingerprint: string | null }, string>>;
  /** Settings were changed at the console, or may have been: what was read of them is old. */
  readonly onSettings: () => void;
  /** Whether a change has taken management into another part of the network than this process is in. */
  readonly isLeft: () => boolean;
  /** Ends the daemon, to go on there with this attempt. */
  readonly leave: (attempt: Attempt) => void;
  readonly examine: (view: ServiceView, onReport: (report: DoctorReport) => void) => Promise<DoctorReport>;
  /** Takes the enrolment string that a person at the console has confirmed. */
  readonly enrol: (enrolment: string) => Promise<Result<null, string>>;
}

/** What the network doctor has to know. */
export interface ServiceView {
  readonly status: ApplianceStatus | null;
  readonly settings: ConsoleSettings | null;
  readonly devices: { readonly lan: string | null; readonly wan: string | null };
  /** What the daemon trusts and signs with on the way to the platform; null: no daemon runs. */
  readonly link: Pick<Daemon, 'trust' | 'client'> | null;
}

/** Between two looks at the network, milliseconds: while the platform is out of reach, and else. */
const lookMs = { outOfReach: 1000, atRest: 3000 };
/** A new try gets so long before another change may end it: what changes again and again must not keep it from coming through. Milliseconds. */
const tryMs = 5000;

const noView: NetworkView = { ports: [], dns: [], deadGateways: [], invalid: [] };

/** Tells consoles how the appliance is, and does what they ask for, one request after the other. */
export class ConsoleService {
  readonly #deps: ConsoleServiceDeps;
  readonly #listeners = new Set<(message: ConsoleMessage) => void>();
  #daemon: Daemon | null = null;
  #helperView: HelperView | null = null;
  #helperTrouble: string | null = null;
  #view: NetworkView = noView;
  #doctor: DoctorReport | null = null;
  #examination: Promise<DoctorReport> | null = null;
  #told = '';
  #loggedError = '';
  /** When a new way was tried last; monotonic milliseconds. */
  #triedAt = Number.NEGATIVE_INFINITY;
  #leavingFor: Attempt | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  /** Requests that are not done yet. */
  #waiting = 0;

  constructor(deps: ConsoleServiceDeps) {
    this.#deps = deps;
  }

  /** The daemon runs (again): from now on it is its status that is told. */
  attach(daemon: Daemon): void {
    this.#daemon = daemon;
    void this.refresh();
  }

  /** A console that listens: it is told everything now, and every change until it is taken off. */
  listen(tell: (message: ConsoleMessage) => void): () => void {
    this.#listeners.add(tell);
    tell({ type: 'status', status: this.#status() });
    tell(this.#network());
    void this.refresh();
    return () => this.#listeners.delete(tell);
  }

  /** Looks at the network again and again, as long as somebody wants to know of it: a console, or a daemon that can't reach its platform. */
  async watchNetwork(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#deps.clock.sleep(this.#isOutOfReach ? lookMs.outOfReach : lookMs.atRest, signal).catch(() => {});
      if (signal.aborted) return;
      if (this.#isOutOfReach || this.#listeners.size > 0) await this.refresh().catch(() => {});
    }
  }

  /** Looks at the network and tells what has changed: consoles, and a daemon that may reach its platform now. */
  async refresh(): Promise<void> {
    await this.#readHelper();
    const seen = await this.#deps.watch.look(this.#devices());
    const before = this.#view;
    this.#view = seen;
    if (this.#isOutOfReach && before !== noView && isNewWay(before, seen, this.#family)) this.#tryNewWay();
    this.publish();
  }

  /** The daemon has a new status. Why a connection failed is looked up in the network as it is now. */
  statusChanged(status: ApplianceStatus): void {
    if (status.state === 'network-error' || status.state === 'communication-failure')
      void this.refresh().catch(() => {});
    else this.publish();
  }

  /** Tells the status if it says something new. */
  publish(): void {
    const messages: ConsoleMessage[] = [{ type: 'status', status: this.#status() }, this.#network()];
    const key = JSON.stringify(messages);
    if (key === this.#told) return;
    this.#told = key;
    this.#tellError();
    for (const tell of this.#listeners) for (const message of messages) tell(message);
  }

  /** Does what a console asks for; `answer` gets the messages for that one console. */
  request(request: ConsoleRequest, answer: (message: ConsoleMessage) => void): void {
    this.#waiting += 1;
    this.#queue = this.#queue.then(async () => {
      const done = await this.#act(request, answer).catch((error: unknown) => err(describeError(error)));
      await this.refresh().catch(() => {});
      if (!done.ok) this.#deps.log.write('warning', 'console.refused', { request: request.type, detail: done.error });
      this.#waiting -= 1;
      // A cancelled scan makes way for a change that comes next; a console that died in between must not keep the appliance from work.
      if (this.#waiting === 0 && this.#leavingFor === null) this.#daemon?.takeWork();
      if (done.ok && request.type === 'cancel-scan') return;
      answer({ type: 'answer', refused: done.ok ? null : done.error.slice(0, 500) });
      if (this.#leavingFor !== null) this.#deps.leave(this.#leavingFor);
    });
  }

  async #act(request: ConsoleRequest, answer: (message: ConsoleMessage) => void): Promise<Result<null, string>> {
    this.#deps.log.write('info', 'console.request', { request: request.type });
    const { helper } = this.#deps;
    switch (request.type) {
      case 'cancel-scan':
        await this.#daemon?.cancelScans();
        return ok(null);
      case 'connect':
        return this.#connect(request.attempt);
      case 'personalize':
        this.#daemon?.personalize(new Secret(request.code));
        return this.#daemon ? ok(null) : err('Set the platform address first.');
      case 'examine':
        void this.examine().catch((error: unknown) =>
          this.#deps.log.write('error', 'doctor.failed', { detail: describeError(error) }),
        );
        return ok(null);
      case 'find-platform': {
        this.#deps.onSettings();
        const found = await this.#deps.findPlatform(request.host, request.port);
        if (!found.ok) return found;
        answer({ type: 'platform', ...found.value });
        return ok(null);
      }
      case 'enrol':
        return this.#deps.enrol(request.enrolment);
      case 'apply':
        return this.#change(request.attempt, (on) => this.#apply(on, request));
      case 'reset':
        return this.#change('reset', (on) => on.reset());
      case 'set-link':
        return helper?.setLink(request.port, request.mode) ?? err(noHelper);
      case 'shutdown':
      case 'reboot':
        return helper?.power(request.type) ?? err(noHelper);
    }
  }

  /** Enabling DHCP where it is enabled renews the lease. */
  async #apply(
    helper: NetworkHelper,
    { settings, attempt }: Extract<ConsoleRequest, { type: 'apply' }>,
  ): Promise<Result<null, string>> {
    const same = isDeepStrictEqual(settings, this.#helperView?.settings);
    if (same && attempt === 'lan-dhcp') return helper.renew('lan');
    if (same && attempt === 'wan-dhcp') return helper.renew('wan');
    return helper.apply(settings);
  }

  /** Nothing scans while the network changes: what has begun since the console looked ends too. */
  async #change(
    attempt: Attempt,
    change: (helper: NetworkHelper) => Promise<Result<null, string>>,
  ): Promise<Result<null, string>> {
    const { helper } = this.#deps;
    if (helper === null) return err(noHelper);
    await this.#daemon?.cancelScans();
    const done = await change(helper);
    return done.ok ? this.#connect(attempt) : done;
  }

  #connect(attempt: Attempt): Result<null, string> {
    this.#deps.onSettings();
    if (this.#deps.isLeft()) {
      this.#leavingFor = attempt;
      return ok(null);
    }
    this.#daemon?.connect(attempt);
    this.publish();
    return ok(null);
  }

  /** Looks at the way to the platform; two that ask at once get one examination. */
  examine(): Promise<DoctorReport> {
    this.#examination ??= this.#examine().finally(() => {
      this.#examination = null;
    });
    return this.#examination;
  }

  #examine(): Promise<DoctorReport> {
    const daemon = this.#daemon;
    const view: ServiceView = {
      status: daemon?.status() ?? null,
      settings: this.#helperView?.settings ?? null,
      devices: this.#devices(),
      link: daemon,
    };
    return this.#deps.examine(view, (report) => {
      this.#doctor = report;
      this.publish();
    });
  }

  #devices(): { lan: string | null; wan: string | null } {
    const split = Boolean(this.#helperView?.settings.wan);
    const { lan = null, wan = null } = this.#helperView?.devices ?? {};
    return { lan, wan: split ? wan : null };
  }

  async #readHelper(): Promise<void> {
    const { helper } = this.#deps;
    if (helper === null) return;
    const view = await helper.view();
    this.#helperView = view.ok ? view.value : this.#helperView;
    this.#helperTrouble = view.ok ? null : view.error;
  }

  /** `NETWORK ERR` goes to the log with both codes, once each time it changes, and to the daemon for the platform to hear of. */
  #tellError(): void {
    const { error, state } = this.#status();
    const shown = state === 'network-error' ? error : null;
    const text = shown === null ? '' : `${shown.code} ${shown.eCode} ${shown.description}`;
    if (shown !== null && text !== this.#loggedError) {
      const { code, eCode, description } = shown;
      this.#deps.log.write('warning', 'network.error', { code, eCode, description });
    }
    this.#loggedError = text;
    this.#daemon?.noteNetworkError(shown ?? this.#lost());
  }

  #tryNewWay(): void {
    const now = this.#deps.clock.monotonic();
    if (now - this.#triedAt < tryMs) return;
    this.#triedAt = now;
    this.#deps.log.write('info', 'network.changed', {});
    this.#daemon?.networkChanged();
  }

  get #isOutOfReach(): boolean {
    const state = this.#daemon?.status().state;
    return state === 'connecting' || state === 'network-error' || state === 'communication-failure';
  }

  /** Why a working appliance has lost the platform; null: it has not. */
  #lost(): NetworkError | null {
    const status = this.#daemon?.status() ?? null;
    return status?.state === 'communication-failure' ? failureError(status, this.#view, this.#family) : null;
  }

  get #family(): 4 | 6 {
    return this.#helperView?.settings.ipMode === 'ipv6-only' ? 6 : 4;
  }

  #network(): ConsoleMessage {
    const settings = this.#helperView?.settings ?? null;
    if (this.#deps.helper === null) return { type: 'network', settings, readOnly: noHelper };
    const unknown = settings === null ? 'The settings are not known yet.' : null;
    return { type: 'network', settings, readOnly: this.#helperTrouble ?? unknown };
  }

  #status(): ConsoleStatus {
    return statusForConsole({
      status: this.#daemon?.status() ?? null,
      view: this.#view,
      kind: this.#deps.kind,
      softwareVersion: this.#deps.softwareVersion,
      family: this.#family,
      doctor: this.#doctor,
    });
  }
}
