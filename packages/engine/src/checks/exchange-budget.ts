import type { CheckLimits } from './check-session.ts';

/** Paths that are counted for each port; beyond them only the port's own budget counts. */
const mostPaths = 20_000;

/** How often the checks of one host may still ask: in all, each port, and each path of a web server. */
export class ExchangeBudget {
  readonly #limits: Pick<CheckLimits, 'exchangesPerHost' | 'exchangesPerPort' | 'exchangesPerPath'>;
  #host = 0;
  readonly #ports = new Map<number, { spent: number; readonly paths: Map<string, number> }>();

  constructor(limits: Pick<CheckLimits, 'exchangesPerHost' | 'exchangesPerPort' | 'exchangesPerPath'>) {
    this.#limits = limits;
  }

  /** Exchanges that were made. */
  get spent(): number {
    return this.#host;
  }

  /** Takes one exchange; or says which budget is used up, and then takes none. A query does not make another path. */
  spend(port: number, path?: string): string | null {
    const { exchangesPerHost, exchangesPerPort, exchangesPerPath } = this.#limits;
    const own = this.#ports.get(port) ?? { spent: 0, paths: new Map<string, number>() };
    this.#ports.set(port, own);
    const plain = path === undefined ? undefined : withoutQuery(path);
    const asked = plain === undefined ? 0 : (own.paths.get(plain) ?? 0);
    if (this.#host >= exchangesPerHost) return `${exchangesPerHost} exchanges were made with this host`;
    if (own.spent >= exchangesPerPort) return `${exchangesPerPort} exchanges were made with this port`;
    if (asked >= exchangesPerPath) return `${exchangesPerPath} exchanges were made about ${plain?.slice(0, 80)}`;
    this.#host += 1;
    own.spent += 1;
    if (plain !== undefined && (asked > 0 || own.paths.size < mostPaths)) own.paths.set(plain, asked + 1);
    return null;
  }
}

function withoutQuery(path: string): string {
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}
