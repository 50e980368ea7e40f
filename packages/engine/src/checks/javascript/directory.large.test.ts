import { afterAll, describe, expect, it } from 'vitest';
import { directoryDaemons } from '../../services/testing/directory-daemons.ts';
import type { Daemon } from '../../services/testing/daemon.ts';
import { type RunningDaemon, runDaemon } from '../../services/testing/run-daemon.ts';
import { runTemplate, scriptTemplate } from '../../testing/run-template.ts';

const running = new Map<Daemon, Promise<RunningDaemon>>();
afterAll(async () => {
  for (const daemon of running.values()) await (await daemon).stop();
});

async function portOf(daemon: Daemon): Promise<number> {
  const started = running.get(daemon) ?? runDaemon(daemon);
  running.set(daemon, started);
  return (await started).port;
}

const client = (realm: string, upgrade = true) =>
  `const ldap = require("nuclei/ldap"); const cfg = new ldap.Config(); cfg.Upgrade = ${upgrade}; const c = new ldap.Client("ldap://" + Host, "${realm}", cfg);`;

/** Matches when the script's last value, as matchers see it, makes the expression true. */
async function finds(daemon: Daemon, code: string, expression: string): Promise<unknown> {
  const matcher = `    matchers:\n      - type: dsl\n        dsl:\n          - '${expression}'\n`;
  const outcome = await runTemplate(scriptTemplate(code, matcher), { port: await portOf(daemon), loginTries: 50 });
  return { found: outcome.matches.length > 0, failure: outcome.failure };
}

const found = { found: true, failure: null };
const passed = { found: false, failure: null };

describe('a client of slapd', () => {
  it.each([true, false])('reads the root entry, with StartTLS: %s', async (upgrade) => {
    const code = `${client('389', upgrade)} const r = c.CollectMetadata(); c.Close(); Export(r)`;
    expect(
      await finds(directoryDaemons.open, code, 'contains(response, "\\"BaseDN\\": \\"dc=lab,dc=test\\"")'),
    ).toEqual(found);
  });

  it('goes on in clear text where the server has no TLS', async () => {
    expect(
      await finds(
        directoryDaemons.plain,
        `${client('389')} c.CollectMetadata().BaseDN`,
        'response == "dc=lab,dc=test"',
      ),
    ).toEqual(found);
  });

  it('speaks TLS where the server wants it and the script asks for it', async () => {
    const code = (upgrade: boolean) => `${client('389', upgrade)} c.Search("(cn=Ada*)", "sn").Entries.length`;
    expect(await finds(directoryDaemons.private, code(true), 'response == 1')).toEqual(found);
    expect(await finds(directoryDaemons.private, code(false), 'response == 1')).toEqual(passed);
  });

  it('searches with filters of every kind, and reads UTF-8', async () => {
    const names = (filter: string) =>
      `${client('lab.test')} Export(c.Search("${filter}", "cn", "sn").Entries.map((e) => e.Attributes.Extra.sn[0]).sort().join())`;
    for (const [filter, expected] of [
      ['(objectClass=person)', 'Lovelace,Weiß'],
      ['(&(objectClass=person)(cn=Ada*))', 'Lovelace'],
      ['(cn=*da*ce)', 'Lovelace'],
      ['(&(objectClass=person)(!(cn=Ada Lovelace)))', 'Weiß'],
      ['(|(sn=lovelace)(sn=weiß))', 'Lovelace,Weiß'],
      ['(telephoneNumber=*)', 'Lovelace'],
      ['(description=*\\\\28first\\\\29)', 'Lovelace'],
      ['(cn:caseExactMatch:=Ada Lovelace)', 'Lovelace'],
      ['(cn:caseExactMatch:=ada lovelace)', ''],
      ['(&(objectClass=person)(ou:dn:=people))', 'Lovelace,Weiß'],
    ])
      expect(await finds(directoryDaemons.open, names(filter ?? ''), `response == "${expected}"`), filter).toEqual(
        found,
      );
  });

  it('gives entries the names of the format, in a script and in JSON', async () => {
    const code = `${client('lab.test')} const r = c.AdvancedSearch(ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", ["o"], []); Export(r.Entries[0].DN, to_json(r))`;
    expect(
      await finds(
        directoryDaemons.open,
        code,
        'contains_all(response, "dc=lab,dc=test{", "\\"dn\\": \\"dc=lab,dc=test\\"", "\\"extra\\": {", "\\"referrals\\": []")',
      ),
    ).toEqual(found);
  });

  it('lets in who knows the password, by a whole name or a short one, and nobody else', async () => {
    const login = (name: string, word: string) => `${client('389')} c.Authenticate("${name}", "${word}")`;
    for (const name of ['admin', 'cn=admin,dc=lab,dc=test']) {
      expect(await finds(directoryDaemons.open, login(name, 'admin'), 'response == true')).toEqual(found);
      expect(await finds(directoryDaemons.open, login(name, 'wrong'), 'response == true')).toEqual(passed);
    }
  });

  it('is let in without a name by a server that allows it, and by no other', async () => {
    const anonymous = `${client('389')} c.Authenticate("", ""); Export(c.CollectMetadata())`;
    expect(await finds(directoryDaemons.open, anonymous, 'success == true')).toEqual(found);
    expect(await finds(directoryDaemons.closed, anonymous, 'success == true')).toEqual(passed);
  });

  it('has not tried a short name where the server does not tell what it would be', async () => {
    const login = (name: string) => `${client('389')} c.Authenticate("${name}", "admin")`;
    expect(await finds(directoryDaemons.closed, login('cn=admin,dc=lab,dc=test'), 'response == true')).toEqual(found);
    expect(await finds(directoryDaemons.closed, login('admin'), 'response == true')).toMatchObject({
      found: false,
      failure: { reason: 'check-unsupported' },
    });
  });

  it('hears a refusal of a search as an answer, and takes nonsense for a fault of the script', async () => {
    const search = (filter: string) => `${client('nobody.test')} c.Search("${filter}", "cn"); true`;
    expect(await finds(directoryDaemons.open, search('(cn=*)'), 'response == true')).toEqual(passed);
    expect(await finds(directoryDaemons.open, search('(cn=*'), 'response == true')).toMatchObject({
      failure: { reason: 'check-unsupported' },
    });
  });
});
