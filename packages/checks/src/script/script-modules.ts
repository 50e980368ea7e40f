import { ldapFilters } from './ldap-filters.ts';

/** A class of a module: its methods, and the fields that a script may set or read. */
export interface ScriptClass {
  readonly methods: readonly string[];
  readonly fields?: readonly string[];
  /** Methods of the public format that are never done: a template with such a word is unsupported, and a call of one is a fault. */
  readonly refused?: readonly string[];
}

/** What a script gets from `require('nuclei/NAME')`. */
export interface ScriptModule {
  /** One sentence for the documentation. */
  readonly about: string;
  readonly functions: readonly string[];
  readonly classes: Readonly<Record<string, ScriptClass>>;
  /** Names that stand for a value. */
  readonly constants?: Readonly<Record<string, string | number>>;
  /** Functions whose result is an object of a class of the same module. */
  readonly returns?: Readonly<Record<string, string>>;
  /** IANA names of the services that a script with this module is about; empty: any. */
  readonly services: readonly string[];
}

const sql = ['Connect', 'ExecuteQuery'];

/**
 * The modules that scripts of templates may use, spelled as the public documentation of the template format spells them. The
 * table is the one place: the compiler reports what is not in it, the sandbox builds its objects from it, and the documentation is
 * compared with it.
 */
export const scriptModules: Readonly<Record<string, ScriptModule>> = {
  bytes: {
    about: 'Buffers of bytes.',
    functions: ['NewBuffer'],
    classes: {
      Buffer: { methods: ['Write', 'WriteString', 'Bytes', 'String', 'Len', 'Hex', 'Hexdump', 'Pack'] },
    },
    returns: { NewBuffer: 'Buffer' },
    services: [],
  },
  goconsole: {
    about: 'Writes to nobody; there for scripts that ask for it.',
    functions: ['log'],
    classes: {},
    services: [],
  },
  ldap: {
    about: 'LDAP 3: bind without or with a password, read a directory. Its filter constants stand for filters.',
    functions: ['DecodeADTimestamp', 'DecodeZuluTimestamp', 'DecodeSID', 'JoinFilters', 'NegativeFilter'],
    constants: {
      ...ldapFilters,
      ScopeBaseObject: 0,
      ScopeSingleLevel: 1,
      ScopeWholeSubtree: 2,
      NeverDerefAliases: 0,
    },
    classes: {
      Config: { methods: [], fields: ['Timeout', 'ServerName', 'Upgrade'] },
      Client: {
        methods: [
          'Authenticate',
          'Search',
          'AdvancedSearch',
          'FindADObjects',
          'GetADUsers',
          'GetADActiveUsers',
          'GetADUserWithNeverExpiringPasswords',
          'GetADUserTrustedForDelegation',
          'GetADUserWithPasswordNotRequired',
          'GetADGroups',
          'GetADDCList',
          'GetADAdmins',
          'GetADUserKerberoastable',
          'GetADUserAsRepRoastable',
          'GetADDomainSID',
          'CollectMetadata',
          'Close',
        ],
        fields: ['Host', 'Port', 'Realm', 'BaseDN'],
      },
    },
    services: ['ldap'],
  },
  mssql: {
    about: 'Tells whether a port speaks TDS.',
    functions: [],
    classes: { MSSQLClient: { methods: ['IsMssql'] } },
    services: ['ms-sql-s'],
  },
  mysql: {
    about: 'MySQL and MariaDB: fingerprint, log in, query.',
    functions: [],
    classes: {
      MySQLClient: { methods: ['IsMySQL', 'FingerprintMySQL', ...sql, 'ExecuteQueryOnDB'] },
    },
    services: ['mysql'],
  },
  net: {
    about: 'Connections to the scanned host.',
    functions: ['Open', 'OpenTLS'],
    classes: {
      NetConn: {
        methods: [
          'Close',
          'SetTimeout',
          'Send',
          'SendArray',
          'SendBytes',
          'SendHex',
          'SendLine',
          'Recv',
          'RecvString',
          'RecvHex',
          'RecvFull',
          'RecvFullString',
          'RecvFullHex',
          'RecvN',
          'RecvUntil',
          'RecvUntilString',
          'RecvLine',
        ],
      },
    },
    returns: { Open: 'NetConn', OpenTLS: 'NetConn' },
    services: [],
  },
  oracle: {
    about: 'Tells whether a port is an Oracle listener.',
    functions: ['IsOracle'],
    classes: {},
    services: ['oracle-tns'],
  },
  pop3: { about: 'Tells whether a port speaks POP3.', functions: ['IsPOP3'], classes: {}, services: ['pop3'] },
  postgres: {
    about: 'PostgreSQL: log in (trust, password, MD5, SCRAM-SHA-256) and query.',
    functions: [],
    classes: { PGClient: { methods: ['IsPostgres', ...sql, 'ConnectWithDB'] } },
    services: ['postgresql'],
  },
  rdp: { about: 'Tells whether a port speaks RDP.', functions: ['IsRDP'], classes: {}, services: ['ms-wbt-server'] },
  redis: {
    about: 'Redis: log in and ask for facts.',
    functions: ['Connect', 'GetServerInfo', 'GetServerInfoAuth', 'IsAuthenticated'],
    classes: {},
    services: ['redis'],
  },
  rsync: { about: 'The rsync daemon: version and modules.', functions: ['IsRsync'], classes: {}, services: ['rsync'] },
  smb: {
    about: 'SMB 1 to 3.0.2: what the server says before a log-in, and its shares.',
    functions: [],
    classes: { SMBClient: { methods: ['ConnectSMBInfoMode', 'ListShares', 'ListSMBv2Metadata'] } },
    services: ['microsoft-ds'],
  },
  smtp: {
    about: 'SMTP: tells whether a port speaks it, and whether it would relay mail. Nothing is sent.',
    functions: [],
    classes: {
      Client: { methods: ['IsSMTP', 'IsOpenRelay'], refused: ['SendMail'] },
      SMTPMessage: { methods: ['From', 'To', 'Subject', 'Body', 'Auth', 'String'] },
    },
    services: ['smtp'],
  },
  ssh: {
    about: 'SSH: algorithms, host key, ways to log in, password.',
    functions: [],
    classes: { SSHClient: { methods: ['SetTimeout', 'Connect', 'ConnectSSHInfoMode', 'Close'] } },
    services: ['ssh'],
  },
  structs: {
    about: 'Packs and unpacks binary records.',
    functions: ['Pack', 'Unpack', 'StructsCalcSize'],
    classes: {},
    services: [],
  },
  telnet: {
    about: 'Telnet: log in with name and password.',
    functions: ['IsTelnet'],
    classes: { TelnetClient: { methods: ['Connect'] } },
    services: ['telnet'],
  },
  vnc: {
    about: 'VNC: protocol, and log in without or with a password.',
    functions: ['IsVNC'],
    classes: { VNCClient: { methods: ['Connect'] } },
    services: ['vnc'],
  },
};

/** Functions that every script has without a module. */
export const scriptGlobals: readonly string[] = [
  'Export',
  'ExportAs',
  'Rand',
  'RandInt',
  'ToBytes',
  'ToString',
  'exit',
  'getNetworkPort',
  'isPortOpen',
  'isUDPPortOpen',
  'log',
  'to_array',
  'to_json',
];

/** `ssh` for `nuclei/ssh`; null for what is no such module. */
export function moduleName(path: string): string | null {
  const name = /^nuclei\/([a-z0-9]+)$/.exec(path)?.[1];
  return name !== undefined && Object.hasOwn(scriptModules, name) ? name : null;
}
