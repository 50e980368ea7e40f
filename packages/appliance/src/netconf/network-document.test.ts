import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { describe, expect, it } from 'vitest';
import {
  confirm,
  documentText,
  factoryDocument,
  networkDocument,
  offer,
  takeBack,
  withSettings,
} from './network-document.ts';
import { factorySettings } from './network-settings.ts';

const generation = (number: number) => ({ ...emptyScanNetwork, generation: number });

describe('the network document', () => {
  it('goes back to what was last confirmed, however many changes came after', () => {
    const one = confirm(offer(factoryDocument, generation(1), 60), 1);
    const three = offer(offer(one, generation(2), 60), generation(3), 60);
    expect(takeBack(three)).toMatchObject({ scanNetwork: { generation: 1 }, pending: null, refusedGeneration: 3 });
  });

  it('does not try again what was taken back, but takes a newer one', () => {
    const back = takeBack(offer(factoryDocument, generation(5), 60));
    expect(() => offer(back, generation(5), 60)).toThrow('was tried and cut the appliance off');
    expect(() => offer(back, generation(4), 60)).toThrow('is not newer');
    expect(offer(back, generation(6), 60).scanNetwork.generation).toBe(6);
  });

  it('is confirmed for the generation in force alone', () => {
    const offered = offer(factoryDocument, generation(2), 60);
    expect(confirm(offered, 1)).toBe(offered);
    expect(confirm(offered, 2).pending).toBeNull();
    expect(offer(offered, generation(2), 60)).toBe(offered);
  });

  it('keeps what the platform set through a reset, and a pending change with its deadline', () => {
    const offered = offer(factoryDocument, generation(2), 60);
    expect(withSettings(offered, factorySettings)).toEqual(offered);
  });

  it('is read back from its own text', () => {
    const offered = offer(factoryDocument, generation(2), 60);
    expect(networkDocument.parse(JSON.parse(documentText(offered)))).toEqual(offered);
  });
});
