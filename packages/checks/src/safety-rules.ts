/** One rule by which a check is found not safe for its target. */
export interface SafetyRule {
  /** What is shown as the verdict; `tagged X` and `uses METHOD` name what they saw. */
  readonly reason: string;
  /** What the rule looks for, in a sentence for the manual. */
  readonly help: string;
  /** What it looks for in a tag, a method, or what is sent. Never met by the reasons that need no pattern. */
  readonly pattern: RegExp;
}

export type SafetyRuleId =
  | 'tag'
  | 'declared'
  | 'method'
  | 'race'
  | 'upload'
  | 'write'
  | 'delete'
  | 'accounts'
  | 'settings'
  | 'command'
  | 'serialised'
  | 'credentials';

/**
 * The rules, each by its id. They err on the side of the target: a template that only looks as if it did harm waits for a Manager's
 * word. Patterns are applied to content of bounded size and have no nested repetition.
 */
export const safetyRules: Readonly<Record<SafetyRuleId, SafetyRule>> = {
  tag: {
    reason: 'tagged',
    help: 'The publisher tags it as intrusive, dos, fuzz, brute force, default login, file upload or the like.',
    pattern:
      /^(?:intrusive|dos|fuzz|fuzzing|dast|bruteforce|brute-force|brute|default-logins?|token-spray|credential-stuffing|fileupload|file-upload|rce-exploit)$/,
  },
  declared: { reason: 'declared not safe', help: 'Its own metadata says `picket-safe: false`.', pattern: /(?!)/ },
  method: {
    reason: 'uses a changing method',
    help: 'A request uses PUT, DELETE, PATCH, PURGE, CONNECT, DEBUG, MKCOL, MOVE, COPY or PROPPATCH.',
    pattern: /^(?:PUT|DELETE|PATCH|PURGE|CONNECT|DEBUG|MKCOL|MOVE|COPY|PROPPATCH)$/i,
  },
  race: {
    reason: 'sends requests side by side',
    help: 'It sends many requests at the same moment to win a race.',
    pattern: /(?!)/,
  },
  upload: { reason: 'uploads a file', help: 'A body has a part with a file name.', pattern: /filename\*?\s*=/i },
  write: {
    reason: 'writes on the target',
    help: 'What is sent saves, writes, creates, imports or installs something.',
    pattern:
      /file_put_contents|fwrite\s*\(|INTO\s+(?:OUT|DUMP)FILE|\b(?:INSERT\s+INTO|CREATE\s+(?:TABLE|USER|ALIAS|FUNCTION)|UPDATE\s+\w{1,64}\s+SET)\b|\b(?:action|cmd|do|op|operation|method|task|func)=["']?(?:save|write|create|upload|import|install|add|insert|update|edit|set)[a-z_]{0,40}\b|\/(?:upload|import|install|create|save|write)(?:[_\-/.?]|$)/im,
  },
  delete: {
    reason: 'deletes on the target',
    help: 'What is sent deletes, removes, drops or purges something.',
    pattern:
      /\b(?:DROP|TRUNCATE)\s+(?:TABLE|DATABASE)\b|\bDELETE\s+FROM\b|\b(?:action|cmd|do|op|operation|method|task|func)=["']?(?:delete|remove|drop|purge|clear|uninstall)[a-z_]{0,40}\b|\/(?:delete|remove|purge|uninstall)(?:[_\-/.?]|$)/im,
  },
  accounts: {
    reason: 'changes accounts',
    help: 'What is sent registers, creates or changes an account or a password.',
    pattern:
      /(?:create|add|new|register|update|edit|insert)[_-]?(?:user|account|admin|member|customer)|(?:user|account|admin)[_\-/](?:create|add|new|register|update|save)|(?:change|reset|set|update|forgot)[_-]?(?:pass(?:word|wd)?|pwd)|\b(?:new_?password|password_?confirm|confirm_?password|passwordConfirmation)\b|\/(?:register|signup|sign-up)(?:[/?]|$)/im,
  },
  settings: {
    reason: 'changes settings',
    help: 'What is sent sets or resets a configuration, or restarts or stops a service.',
    pattern:
      /(?:set|save|update|write|change|modify|apply)[_-]?(?:config|configuration|settings?|options?|preferences?|params?)\b|(?:config|settings?|options?)[_\-/](?:set|save|update|write|apply)\b|\bCONFIG\s+(?:SET|REWRITE|RESETSTAT)\b|\b(?:SLAVEOF|REPLICAOF|FLUSHALL|FLUSHDB|SHUTDOWN|BGREWRITEAOF|MODULE\s+LOAD)\b|\/(?:restart|reboot|shutdown|reset)(?:[/?]|$)/im,
  },
  command: {
    reason: 'sends a command',
    help: 'What is sent would run a command or code (plain arithmetic aside), wait on purpose or read the accounts file if the weakness is there.',
    pattern:
      /\/etc\/(?:passwd|shadow)|\b(?:cmd(?:\.exe)?|powershell)\b.{0,8}(?:\/c|-)|\/bin\/(?:ba)?sh\b|[;|`&]\s*(?:id|whoami|cat|curl|wget|ping|nslookup|sleep)\b|\$\((?:id|whoami|cat|curl|wget|ping|sleep)|Runtime\.getRuntime|getRuntime\(\)|ProcessBuilder|\bexec\(|\bsystem\(|\bpassthru\(|\bshell_exec\(|\beval\(|\bphpinfo\(\)|\bos\.popen|(?:waitfor\s+delay|pg_sleep|benchmark\(|sleep\([0-9])|\$\{jndi:|\$\{[#@T(]/i,
  },
  serialised: {
    reason: 'carries a serialised object',
    help: 'What is sent holds an object of Java, PHP, .NET, Python or Ruby that the target would bring to life; plain data of a Java stream is none.',
    pattern:
      /\xac\xed\x00\x05(?!w)|\brO0AB(?!Xc)|aced0005(?!77)|(?:^|[=\s"'])[Oa]:[0-9]{1,6}:["{]|AAEAAAD\/{4}|!!(?:javax|java\.|python\/|ruby\/)|<java(?:\.|\s+version)|\bc(?:os|posix|subprocess)\n|BAh[a-zA-Z0-9+/]{8}|generate_java_gadget/,
  },
  credentials: {
    reason: 'tries credentials',
    help: 'It logs in: with lists of users or passwords, fixed credentials in a field or body, or Digest authentication.',
    pattern:
      /^(?:proxy-)?authorization:\s*(?:basic|digest)\s+\S|(?:^|[&"'\s{,<])(?:pass(?:word|wd)?|pwd|passwort|userpassword|j_password|user_pass|login_password)["']?\s*[=:>]\s*["']?[^&\s"'<]/im,
  },
};
