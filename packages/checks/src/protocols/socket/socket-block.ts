import type { DslNode } from '../../dsl/parser.ts';
import type { Operators } from '../../template/operators.ts';
import type { TemplateText } from '../../template/text.ts';
import type { Payloads } from '../payloads.ts';

export interface SocketBlock {
  readonly protocol: 'tcp' | 'udp';
  /** Name under which later blocks find its answers (`ID_body`); null: it has none. */
  readonly id: string | null;
  /** All hosts are `tls://`. Where there is a plain one too, the port's own way is taken. */
  readonly tls: boolean;
  /** Ports that the template names; empty: the service's own. */
  readonly ports: readonly number[];
  /** Servers that a self-contained template names, each asked if it is the scanned host; empty: the scanned service. */
  readonly places: readonly TemplateText[];
  readonly inputs: readonly SocketInput[];
  readonly payloads: Payloads | null;
  /** Bytes of the last read. */
  readonly readSize: number;
  /** Expressions that all hold when the service really answered the question; empty: any answer counts as one. */
  readonly answered: readonly DslNode[];
  readonly operators: Operators;
  readonly stopAtFirstMatch: boolean;
}

export interface SocketInput {
  readonly data: TemplateText | null;
  /** `data` is hexadecimal once its markers are filled in. */
  readonly hex: boolean;
  /** Read so many bytes after sending; 0: do not read. */
  readonly read: number;
  readonly name: string | null;
}
