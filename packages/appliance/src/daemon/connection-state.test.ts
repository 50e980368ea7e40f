import { describe, expect, it } from 'vitest';
import { connectionEvents, connectionStates, nextState, scanningAllowed } from './connection-state.ts';

describe('the connection states', () => {
  it('go from every state on every event where the table says', () => {
    const table = connectionStates.map((state) =>
      [state, ...connectionEvents.map((event) => nextState(state, event))].join(' '),
    );
    expect(table).toEqual([
      'connecting connecting awaiting-activation connecting ready network-error revoked clone-suspected stopped',
      'awaiting-activation connecting awaiting-activation connecting ready network-error revoked clone-suspected stopped',
      'network-error connecting awaiting-activation connecting ready network-error revoked clone-suspected stopped',
      'ready connecting awaiting-activation connecting ready communication-failure revoked clone-suspected stopped',
      'communication-failure connecting awaiting-activation connecting ready communication-failure revoked clone-suspected stopped',
      'revoked revoked awaiting-activation connecting ready revoked revoked clone-suspected stopped',
      'clone-suspected clone-suspected awaiting-activation connecting ready clone-suspected revoked clone-suspected stopped',
      'stopped stopped stopped stopped stopped stopped stopped stopped stopped',
    ]);
  });

  it('let a scan go on through a lost line, not against the word of the platform', () => {
    expect(connectionStates.filter((state) => !scanningAllowed(state))).toEqual([
      'revoked',
      'clone-suspected',
      'stopped',
    ]);
  });
});
