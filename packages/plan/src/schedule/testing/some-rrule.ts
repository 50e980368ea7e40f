import fc from 'fast-check';

const list = <T>(values: readonly T[], most: number) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: most }).map((all) => all.join(','));
const some = (name: string, values: fc.Arbitrary<string>) =>
  fc.option(
    values.map((text) => `;${name}=${text}`),
    { nil: '' },
  );
const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const nth = days.flatMap((day) => [`1${day}`, `2${day}`, `-1${day}`]);
const numbered = [...days, ...nth];
/** Of a year the other implementation takes numbered days alone where plain ones stand beside them; RFC 5545 section 3.3.10 takes both. */
const unmixed = fc.oneof(list(days, 2), list(nth, 2));
const start = fc.integer({ min: 0, max: 1500 }).map((day) => new Date(Date.UTC(2024, 0, 1 + day, 1, 30)));
const rule = fc.oneof(
  fc.tuple(fc.constant('FREQ=DAILY'), some('BYDAY', list(days, 3)), some('BYMONTH', list([1, 2, 6, 12], 2))),
  fc.tuple(fc.constant('FREQ=WEEKLY'), some('BYDAY', list(days, 4)), some('WKST', fc.constantFrom('SU', 'MO'))),
  fc.tuple(fc.constant('FREQ=MONTHLY'), some('BYDAY', list(numbered, 3)), some('BYMONTH', list([2, 3, 7], 2))),
  fc.tuple(
    fc.constant('FREQ=MONTHLY'),
    some('BYMONTHDAY', list([1, 15, 28, 30, 31, -1, -2], 3)),
    some('BYDAY', list(days, 5)),
  ),
  fc.tuple(fc.constant('FREQ=YEARLY'), some('BYMONTH', list([1, 2, 5, 11], 3)), some('BYDAY', unmixed)),
  fc.tuple(fc.constant('FREQ=YEARLY;BYMONTH=2,3,4'), some('BYMONTHDAY', list([1, 29, 30, -1], 2)), fc.constant('')),
);
/** Rules of RFC 5545 that a schedule can keep, starting in UTC. */
export const someRrule = fc
  .record({
    start,
    rule,
    interval: fc.integer({ min: 1, max: 5 }),
    hours: some('BYHOUR', list([0, 1, 13, 22], 3)),
    last: fc.boolean(),
  })
  .map(({ start: at, rule: parts, interval, hours, last }) => {
    const stamp = at.toISOString().replaceAll(/[-:]|\.000/g, '');
    const positions = last && parts.join('').includes(';BY') ? ';BYSETPOS=-1' : '';
    return `DTSTART:${stamp}\nRRULE:${parts.join('')};INTERVAL=${interval}${hours}${positions}`;
  });
