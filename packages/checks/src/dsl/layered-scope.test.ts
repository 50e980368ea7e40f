import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LayeredScope } from './layered-scope.ts';

it('is what a copy of all layers, one after the other, would be', () => {
  const layer = fc.array(
    fc.tuple(fc.constantFrom<string[]>('a', 'b', 'c', 'd'), fc.oneof(fc.constant(''), fc.string(), fc.boolean())),
  );
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 4 }), (layers) => {
      const copy = new Map(layers.flat());
      const layered = new LayeredScope(...layers.map((entries) => new Map(entries)));
      for (const name of ['a', 'b', 'c', 'd', 'e']) {
        expect(layered.get(name)).toBe(copy.get(name));
        expect(layered.has(name)).toBe(copy.has(name));
      }
      expect(new Map(layered)).toEqual(copy);
      expect([...layered]).toHaveLength(copy.size);
    }),
  );
});
