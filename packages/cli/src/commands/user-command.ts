import { resolve } from 'node:path';
import { page } from '@picket/contracts/api/page';
import { assetGroup } from '@picket/contracts/api/people';
import { account, createdAccount, role } from '@picket/contracts/api/session';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { AdminClient } from '../admin/admin-client.ts';
import { dataLayout } from '../data-layout.ts';
import { exitCode } from '../exit-code.ts';
import { type Output, table } from '../terminal/output.ts';

const accounts = page(account);
const oneTime = z.looseObject({ oneTimePassword: z.string() });

const assetGroups = page(assetGroup);

interface DataOption {
  readonly data: string;
  readonly json?: boolean;
}

interface NewUserOptions extends DataOption {
  readonly role: string;
  readonly name?: string;
  readonly email?: string;
  readonly assetGroup?: readonly string[];
}

const clientFor = (options: DataOption) => new AdminClient(dataLayout(resolve(options.data)).platform);

/** `picket user`: accounts, on the platform's own machine. Whoever may open the data folder may do this. */
export function userCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('user').description(
    'accounts of the platform on this machine (needs access to its data folder)',
  );
  const sub = (name: string, text: string) =>
    command.command(name).description(text).option('--data <dir>', 'data folder', '.picket');
  sub('list', 'all accounts')
    .option('--json', 'as JSON')
    .action(async (options: DataOption) => {
      const { items } = await clientFor(options).get('/api/v1/accounts?limit=500', accounts);
      const rows = items.map((each) => [
        each.login,
        each.role,
        each.name,
        each.disabled ? 'disabled' : 'active',
        each.lastSignInAt ?? 'never signed in',
      ]);
      output.out(
        options.json
          ? `${JSON.stringify(items)}\n`
          : table([['LOGIN', 'ROLE', 'NAME', 'STATE', 'LAST SIGN-IN'], ...rows]),
      );
      end(exitCode.clean);
    });
  sub('add <login>', 'make an account; prints its one-time password once')
    .addOption(new Option('--role <role>', 'what it may do').choices(role.options).default('reader'))
    .option('--name <name>', "person's name (default: the login)")
    .option('--email <address>', 'mail address')
    .option('--asset-group <name...>', 'what it sees and scans; All for everything (Managers and Auditors need none)')
    .action(async (login: string, options: NewUserOptions) => {
      const client = clientFor(options);
      const assetGroupIds = await groupIds(client, options.assetGroup ?? []);
      const request = {
        login,
        name: options.name ?? login,
        role: options.role,
        assetGroupIds,
        ...(options.email === undefined ? {} : { email: options.email }),
      };
      const made = await client.post('/api/v1/accounts', request, createdAccount);
      output.out(`${made.login} (${made.role}) can sign in with the one-time password ${made.oneTimePassword}\n`);
      if (assetGroupIds.length === 0 && made.role !== 'manager' && made.role !== 'auditor')
        output.out('It sees nothing until it is given an asset group (--asset-group All, or Settings > People).\n');
      end(exitCode.clean);
    });
  sub('reset-password <login>', 'give a new one-time password and end all sessions of the account').action(
    async (login: string, options: DataOption) => {
      const client = clientFor(options);
      const id = await accountId(client, login);
      const answer = await client.post(`/api/v1/accounts/${id}/password`, {}, oneTime);
      output.out(`${login} can sign in with the one-time password ${answer.oneTimePassword}\n`);
      end(exitCode.clean);
    },
  );
  for (const [name, disabled, text] of [
    ['disable', true, 'sign-in is refused from now on'],
    ['enable', false, 'sign-in works again'],
  ] as const) {
    sub(`${name} <login>`, text).action(async (login: string, options: DataOption) => {
      const client = clientFor(options);
      await client.patch(`/api/v1/accounts/${await accountId(client, login)}`, { disabled }, z.unknown());
      output.out(`${login} is ${disabled ? 'disabled' : 'enabled'}.\n`);
      end(exitCode.clean);
    });
  }
  return command;
}

async function groupIds(client: AdminClient, names: readonly string[]): Promise<readonly number[]> {
  if (names.length === 0) return [];
  const { items } = await client.get('/api/v1/asset-groups?limit=500', assetGroups);
  return names.map((name) => {
    const found = items.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!found)
      throw new Error(`There is no asset group "${name}". There are: ${items.map((each) => each.name).join(', ')}.`);
    return found.id;
  });
}

async function accountId(client: AdminClient, login: string): Promise<number> {
  const { items } = await client.get('/api/v1/accounts?limit=500', accounts);
  const found = items.find((each) => each.login.toLowerCase() === login.toLowerCase());
  if (!found) throw new Error(`There is no account "${login}". "picket user list" shows all.`);
  return found.id;
}
