import { type ApplianceStatus, applianceStatus } from '@picket/appliance/local/status';
import { programs } from '../programs.ts';
import type { Output } from '../terminal/output.ts';
import { runForeground } from './process-command.ts';

/** Runs the appliance, or the launcher that keeps it, in the foreground and says in words what its operator must know: code to enter, contact, trouble. */
export function runAppliance(
  args: readonly string[],
  output: Output,
  program: string = programs.appliance,
): Promise<number> {
  let said = '';
  return runForeground(program, [...args, '--json'], (line) => {
    const text = statusText(line);
    if (text === null || text === said) return;
    said = text;
    output.out(`${text}\n`);
  });
}

function statusText(line: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return line;
  }
  const status = applianceStatus.safeParse(value);
  return status.success ? sentence(status.data) : null;
}

/** What there is to say of a state; null where there is nothing new. */
export function sentence(status: ApplianceStatus): string | null {
  const trouble = status.failure ? ` ${status.failure.message} ${status.failure.hint}` : '';
  switch (status.state) {
    case 'awaiting-activation':
      return `ACTIVATION CODE ${status.activationCode ?? ''}: enter it at ${status.platform} under Appliances > New. It then goes on by itself.`;
    case 'ready':
      return `${status.name ?? 'The appliance'} is in touch with ${status.platform}${working(status)}.`;
    case 'network-error':
      return `NETWORK ERR: the platform ${status.platform} could not be reached.${trouble}`;
    case 'communication-failure':
      return `COMMUNICATION FAILURE: the platform is out of reach; results are kept on disk.${trouble}`;
    case 'revoked':
      return `The platform has revoked this appliance. Nothing is scanned.${trouble}`;
    case 'clone-suspected':
      return `The platform suspects that a second machine uses this appliance's key. Nothing is scanned until a Manager decides.${trouble}`;
    case 'connecting':
    case 'stopped':
      return null;
  }
}

function working(status: ApplianceStatus): string {
  return status.leases.length === 0
    ? ''
    : `, working on ${status.leases.map((lease) => `${lease.kind} ${lease.scanId}`).join(', ')}`;
}
