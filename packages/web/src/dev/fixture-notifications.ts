import { ago } from './fixture-data.ts';

const kinds = ['appliance.offline', 'appliance.back'];

/** What the sample says of notifications, by the first part of the path. */
export const sampleNotifications: Readonly<Record<string, unknown>> = {
  'notification-choice': { address: 'manager@example.org', mailWorks: true, kinds },
  'mail-server': {
    server: {
      host: 'mail.example.org',
      port: 587,
      security: 'starttls',
      login: 'picket',
      from: 'picket@example.org',
      caPem: null,
      hasPassword: true,
      changedAt: ago(60),
      changedBy: 'manager',
    },
  },
};

export function sampleWebhooks() {
  return [
    {
      id: 1,
      name: 'Chat',
      url: 'https://chat.example.org/hooks/picket',
      kinds,
      enabled: true,
      caPem: null,
      createdAt: ago(600),
      createdBy: 'manager',
      dead: 1,
      lastSuccess: ago(30),
      lastError: 'The receiver answered 503.',
    },
  ];
}

export function sampleDeliveries() {
  const one = { kind: 'appliance.offline', to: 'Chat', createdAt: ago(30), nextAttemptAt: null, endedAt: ago(29) };
  const id = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
  return [
    { ...one, id: 2, publicId: id(2), state: 'sent', attempts: 1, lastError: null },
    { ...one, id: 1, publicId: id(1), state: 'dead', attempts: 14, lastError: 'The receiver answered 503.' },
  ];
}
