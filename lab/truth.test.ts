import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { daemonsByHost } from './hosts.ts';
import { askings, productSigns } from './proofs/asking.ts';
import { proofs } from './proofs/registry.ts';
import { loadTruth } from './truth.ts';

const truth = await loadTruth();
const services = truth.hosts.flatMap((host) => host.services);

test('every host of the truth is built, and nothing is built that the truth does not name', () => {
  const built = Object.keys(daemonsByHost({ postgresqlPrograms: '/nowhere', addressOf: () => '192.0.2.1' }));
  expect(built.toSorted()).toEqual(truth.hosts.map((host) => host.name).toSorted());
});

test('no two hosts share an address', () => {
  const addresses = truth.hosts.flatMap((host) => [host.ipv4, host.ipv6]).filter((address) => address !== undefined);
  expect(new Set(addresses).size).toBe(addresses.length);
});

test('every check that the truth names can be proved by a client, and every client is used', () => {
  const named = new Set(
    services.flatMap((service) => [...service.weaknesses, ...service.beyondChecks, ...service.resists]),
  );
  expect(Object.keys(proofs).toSorted()).toEqual([...named].toSorted());
});

test('every check that a hardened service resists is planted somewhere', () => {
  const planted = new Set(services.flatMap((service) => [...service.weaknesses, ...service.beyondChecks]));
  const unplanted = services.flatMap((service) => service.resists).filter((check) => !planted.has(check));
  expect(unplanted).toEqual([]);
});

test('a hardened host has no weakness and is the twin of a host that has', () => {
  for (const host of truth.hosts.filter((each) => each.hardened)) {
    expect(host.services.flatMap((service) => service.weaknesses)).toEqual([]);
    const twin = truth.hosts.find((each) => each.name === host.twinOf);
    expect(twin?.services.flatMap((service) => service.weaknesses).length).toBeGreaterThan(0);
  }
});

test('every weakness that a check must find is named as a check of the starter pack', async () => {
  const files = await readdir(new URL('../content/checks', import.meta.url), { recursive: true });
  const ids = new Set(files.map((file) => basename(file, '.yaml')));
  expect(services.flatMap((service) => service.weaknesses).filter((check) => !ids.has(check))).toEqual([]);
});

test('every service can be asked what it is, and every sign of a product is used', () => {
  expect(services.filter((service) => askings[service.service] === undefined)).toEqual([]);
  const told = services.filter((service) => service.tells.includes('product')).map((service) => service.product);
  expect(Object.keys(productSigns).toSorted()).toEqual([...new Set(told)].toSorted());
});

test('a service that tells its version has a package to read it from, and tells its product too', () => {
  const telling = services.filter((service) => service.tells.includes('version'));
  expect(telling.filter((service) => service.package === undefined || !service.tells.includes('product'))).toEqual([]);
  expect(services.filter((service) => !service.tells.includes('name'))).toEqual([]);
});

test('no version is written down: the machine is asked for it', async () => {
  expect(JSON.stringify(truth)).not.toMatch(/"version":/);
});
