import { type Flow, plainFlow } from './flow.ts';

/** `SYSTEM SHUTDOWN`. */
export const shutdown: Flow = {
  ...plainFlow,
  from: { menu: 'main', option: 'shutdown' },
  question: () => 'REALLY SHUTDOWN SYSTEM?',
  working: 'SHUTTING DOWN SYSTEM',
  after: 'shutdown',
  effect: () => ({ type: 'shutdown' }),
};

/** `SYSTEM REBOOT`. */
export const reboot: Flow = {
  ...plainFlow,
  from: { menu: 'main', option: 'reboot' },
  question: () => 'REALLY REBOOT SYSTEM?',
  working: 'REBOOTING SYSTEM',
  after: 'reboot',
  effect: () => ({ type: 'reboot' }),
};
