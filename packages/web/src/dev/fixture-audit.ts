import { ago } from './fixture-data.ts';

/** Entries of the audit log, newest first. */
export function sampleAudit() {
  return ['scan.launch', 'network.create', 'appliance.activate', 'session.sign-in'].map((action, index) => ({
    id: 40 - index,
    at: ago(index * 70),
    actor: 'manager',
    action,
    subject: `${action.split('.')[0]}:${index + 1}`,
    detail: { title: 'Head office, weekly', addresses: 1024 },
    address: '10.20.0.77',
  }));
}
