import { expect, test } from 'vitest';
import { upstreamVersion } from './versions.ts';

test.each([
  ['1:9.2p1-2+deb12u7', '9.2p1'],
  ['5.9.3+dfsg-2+deb12u1', '5.9.3'],
  ['2:4.17.12+dfsg-0+deb12u4', '4.17.12'],
  ['1:2.3.19.1+dfsg1-2.1+deb12u7', '2.3.19.1'],
  ['3.0.3-13+b2', '3.0.3'],
  ['15+248+deb12u1', '15'],
])('the upstream part of %s is %s', (debian, upstream) => {
  expect(upstreamVersion(debian)).toBe(upstream);
});
