import { z } from 'zod';
import { useSend } from '../api/use-send.ts';
import { ConfirmByName } from './confirm-by-name.tsx';

interface Props {
  /** The kind of thing, in the singular: `tag`. */
  readonly what: string;
  /** What its deletion is called. */
  readonly verb?: string;
  /** What will be gone, in one sentence. */
  readonly consequence: string;
  /** What has to be typed. */
  readonly name: string;
  /** Where the thing is in the API. */
  readonly path: string;
  /** Paths whose answers depend on it. */
  readonly stale: readonly string[];
  readonly onClose: () => void;
  /** When it is gone; without it the question alone closes. */
  readonly onDeleted?: () => void;
}

/** Asks by the name of a thing, and deletes it. A refusal stands in the question. */
export function ConfirmDelete({ what, verb = 'Delete', path, stale, onDeleted, ...question }: Props) {
  const remove = useSend({ schema: z.unknown(), method: 'DELETE', path, stale });
  return (
    <ConfirmByName
      {...question}
      title={`${verb} this ${what}?`}
      verb={`${verb} ${what}`}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined, { onSuccess: onDeleted ?? question.onClose })}
    />
  );
}
