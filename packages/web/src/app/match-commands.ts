/** Something the palette can do. */
export interface Command {
  readonly key: string;
  readonly name: string;
  /** Place, Action or Asset. */
  readonly kind: string;
  readonly run: () => void;
}

/** Commands whose name holds the typed letters in order; a beginning beats a part, a part beats scattered letters. Pure. */
export function matchCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return commands;
  return commands
    .map((command) => ({ command, rank: rank(command.name.toLowerCase(), wanted) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map((one) => one.command);
}

function rank(name: string, wanted: string): number {
  if (name.startsWith(wanted)) return 0;
  if (name.includes(wanted)) return 1;
  let at = 0;
  for (const letter of wanted) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return 3;
  }
  return 2;
}
