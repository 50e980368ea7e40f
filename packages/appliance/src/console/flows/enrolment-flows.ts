import { hostOrIpv4, personalizationCode, port } from '../fields/field-specs.ts';
import { textField } from '../fields/text-field.ts';
import { type Flow, plainFlow } from './flow.ts';

/** `PERSONALIZATION CODE`: the appliance activates itself with it. */
export const personalize: Flow = {
  ...plainFlow,
  from: { menu: 'main', option: 'personalize' },
  fields: () => [{ key: 'code', label: 'ENTER CODE:', open: () => textField(personalizationCode, '') }],
  question: () => 'REALLY USE THIS CODE?',
  working: 'SENDING THE CODE',
  effect: (_, draft) => ({ type: 'personalize', code: draft.code ?? '' }),
  changesNetwork: false,
};

/**
 * `PLATFORM ADDRESS`, when none came with the image or an enrolment file: where the platform is. The fingerprint of its certificate
 * authority is then fetched, shown, and believed only after a prompt of its own.
 */
export const platform: Flow = {
  ...plainFlow,
  from: { menu: 'main', option: 'platform' },
  fields: ({ status }) => [
    {
      key: 'host',
      label: 'PLATFORM HOST',
      open: () => textField(hostOrIpv4, hostOf(status?.platform)),
    },
    { key: 'port', label: 'PLATFORM PORT:', open: () => textField(port, portOf(status?.platform)) },
  ],
  question: () => 'REALLY ASK THIS PLATFORM?',
  working: 'ASKING THE PLATFORM',
  after: 'answer',
  effect: (_, draft) => ({ type: 'find-platform', host: draft.host ?? '', port: Number(draft.port) }),
  changesNetwork: false,
};

function hostOf(url: string | null | undefined): string {
  return url ? (/^https:\/\/([^/:]+)/.exec(url)?.[1] ?? '') : '';
}

function portOf(url: string | null | undefined): string {
  return (url ? (/:([0-9]+)$/.exec(url)?.[1] ?? '443') : '443').padStart(4, '0');
}
