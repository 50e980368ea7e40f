import { globalFunctions } from './modules/global-functions.ts';
import { bytesFunctions } from './modules/bytes.ts';
import { detectionFunctions } from './modules/detection.ts';
import { ldapFunctions } from './modules/ldap.ts';
import { mysqlFunctions } from './modules/mysql.ts';
import { netFunctions } from './modules/net.ts';
import { postgresFunctions } from './modules/postgres.ts';
import { redisFunctions } from './modules/redis.ts';
import { rsyncFunctions } from './modules/rsync.ts';
import { smbFunctions } from './modules/smb.ts';
import { smtpFunctions } from './modules/smtp.ts';
import { sshFunctions } from './modules/ssh.ts';
import { structsFunctions } from './modules/structs.ts';
import { telnetFunctions } from './modules/telnet.ts';
import { vncFunctions } from './modules/vnc.ts';
import type { ScriptFunction } from './script-host.ts';

/** Every function that a script can call outside of its sandbox, by the name of `script/script-modules`. A test holds the two together. */
export const scriptFunctions: ReadonlyMap<string, ScriptFunction> = new Map<string, ScriptFunction>(
  [
    globalFunctions,
    bytesFunctions,
    detectionFunctions,
    ldapFunctions,
    mysqlFunctions,
    netFunctions,
    postgresFunctions,
    redisFunctions,
    rsyncFunctions,
    smbFunctions,
    smtpFunctions,
    sshFunctions,
    structsFunctions,
    telnetFunctions,
    vncFunctions,
  ].flatMap((table) => Object.entries(table)),
);
