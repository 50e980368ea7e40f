import { type StateDirectory, openStateDirectory } from './adapters/state-directory.ts';
import { Appliance } from './appliance.ts';
import type { DaemonConfig } from './config.ts';
import type { Daemon, DaemonDeps } from './daemon.ts';
import { NetworkErrorHistory, type StoredNetworkErrors } from './network-error-history.ts';
import { settleEnrolment } from './settle-enrolment.ts';

/**
 * Starts the appliance in this process: enrols if it has no identity, then polls, runs leases in scan workers, spools
 * and uploads until stopped. Rejects with a user error when the state directory or the enrolment can't be used.
 */
export async function startDaemon(config: DaemonConfig, deps: DaemonDeps): Promise<Daemon> {
  const state = await openStateDirectory(config.stateDirectory);
  try {
    const target = await settleEnrolment(config, state);
    const networkErrors = await openHistory(deps, state);
    const appliance = new Appliance({ config, deps, state, target, key: await state.key(), networkErrors });
    const done = appliance.run();
    // Whoever holds the daemon awaits it; before that, a rejection must not end the process.
    done.catch(() => {});
    return {
      status: () => appliance.status(),
      connect: (attempt) => appliance.connect(attempt),
      networkChanged: () => appliance.networkChanged(),
      cancelScans: () => appliance.cancelScans(),
      takeWork: () => appliance.takeWork(),
      personalize: (code) => appliance.personalize(code),
      noteNetworkError: (error) => networkErrors.note(error),
      trust: () => appliance.trust(),
      client: () => appliance.client,
      stop: () => appliance.stop(done),
      done,
    };
  } catch (error) {
    await state.release();
    throw error;
  }
}

/** A disk that takes no file costs what would be told after a restart, and nothing else. */
async function openHistory({ clock, random }: DaemonDeps, state: StateDirectory): Promise<NetworkErrorHistory> {
  let saving = Promise.resolve();
  const save = (errors: StoredNetworkErrors) => {
    saving = saving.then(() => state.saveNetworkErrors(errors)).catch(() => {});
  };
  return new NetworkErrorHistory({ clock, random, save }, await state.networkErrors());
}
