import { describe, expect, it } from 'vitest';
import { compileCheck } from '../compile-check.ts';
import { scanScript } from './scan-script.ts';

describe('what a script needs', () => {
  it.each([
    ['const m = require("nuclei/redis"); m.GetServerInfo(Host, Port)', ['redis'], []],
    ["let m = require('nuclei/net')\nlet c = m.Open('tcp', a); c.Send('x'); c.RecvString()", ['net'], []],
    ['let c = require("nuclei/net").Open("tcp", a); c.Close()', ['net'], []],
    ['var m = require("nuclei/mysql"); var c = new m.MySQLClient; c.Connect(a, b)', ['mysql'], []],
    ['bytes.NewBuffer().Hex()', ['bytes'], []],
    ['let r = require("nuclei/redis").GetServerInfo(f(Host), Port).split("x"); r.length', ['redis'], []],
    ['let l = require("nuclei/ldap"); let c = l.Config(); c.Upgrade = true; l.FilterIsPerson', ['ldap'], []],
    ['let s = require("nuclei/smtp"); let c = s.Client(a, 25); c.IsOpenRelay(m) // SendMail', ['smtp'], []],
    ['// require("nuclei/nothing")\n/* m.Nothing() */ 1', [], []],
    ['response.includes("x"); x.y.z()', [], []],
  ])('%s', (source, modules, missing) => {
    expect(scanScript(source)).toEqual({ modules, missing });
  });

  it.each([
    ['require("nuclei/kerberos")', 'module:kerberos'],
    ['require("fs")', 'module:fs'],
    ['require("nuclei/" + name)', 'module:computed'],
    ['let l = require("nuclei/ldap"); let c = l.Client(a, b); c.Delete("cn=x")', 'member:ldap.Delete'],
    ['const m = require("nuclei/redis"); m.RunLuaScript(a, b, c, d)', 'member:redis.RunLuaScript'],
    ['let c = require("nuclei/net").Open("tcp", a); c.Detonate()', 'member:net.Detonate'],
    ['let s = require("nuclei/smtp"); let c = s.Client(a, 25); c.SendMail(m)', 'member:smtp.SendMail'],
    ['new (require("nuclei/smtp").Client)(a, 25).SendMail(m)', 'member:smtp.SendMail'],
    ['let c = new (require("nuclei/smtp").Client)(a, 25); c["SendMail"](m)', 'member:smtp.SendMail'],
    ['const m = require("nuclei/postgres"); const c = new m.PGClient; c.Explode()', 'member:postgres.Explode'],
  ])('reports what is not there: %s', (source, what) => {
    expect(scanScript(source).missing).toEqual([what]);
  });

  it('reads the longest hostile text in linear time', () => {
    for (const part of ['require(', 'a = ', 'a.', '"', '/*', 'a = new '])
      expect(scanScript(part.repeat(60_000)).modules).toEqual([]);
  });
});

describe('a template with a script', () => {
  const template = (lines: string) =>
    compileCheck(`id: a\ninfo:\n  name: a\n  severity: low\njavascript:\n  - ${lines}\n`);
  it('is for the services of its modules, and for the ports that it names', () => {
    const compiled = template('code: require("nuclei/redis").GetServerInfo(Host, Port)\n    args: { Port: "6379" }');
    expect(compiled).toMatchObject({
      ok: true,
      value: { services: ['redis'], ports: [6379], protocols: ['javascript'] },
    });
  });

  it('is unsupported when it needs a module that is not there', () => {
    const compiled = template('code: require("nuclei/kerberos").KerberosClient()');
    expect(compiled).toMatchObject({
      ok: false,
      error: { problems: [{ kind: 'unsupported', what: 'script:module:kerberos' }] },
    });
  });

  it('keeps what it wants to run once, which needs the modules that it names', () => {
    const compiled = template('code: "1"\n    init: updatePayload("a", [1])');
    expect(compiled.ok && compiled.value.program().blocks).toMatchObject([{ init: 'updatePayload("a", [1])' }]);
    expect(template('code: "1"\n    init: require("nuclei/kerberos")')).toMatchObject({
      ok: false,
      error: { problems: [{ path: 'javascript[0].init', what: 'script:module:kerberos' }] },
    });
  });

  it('counts as a log-in when it logs in', () => {
    const intrusive = (code: string) => {
      const compiled = template(`code: ${code}`);
      return compiled.ok ? compiled.value.intrusive : [];
    };
    expect(intrusive('require("nuclei/redis").GetServerInfoAuth(Host, Port, "x")')).toEqual(['tries credentials']);
    expect(intrusive('require("nuclei/redis").GetServerInfo(Host, Port)')).toEqual([]);
  });

  it('may say its order in a script', () => {
    const flow = (source: string) =>
      compileCheck(
        `id: a\ninfo:\n  name: a\n  severity: low\nflow: |\n  ${source}\nhttp:\n  - path: ["{{BaseURL}}"]\n`,
      );
    expect(flow('for (let i of iterate(template.a)) { http(1) }')).toMatchObject({ ok: true });
    expect(flow('require("nuclei/nothing")')).toMatchObject({ ok: false });
  });
});
