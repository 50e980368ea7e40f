import { z } from 'zod';

/** Query of every list: pages by opaque cursor, newest or worst first as each list says. */
export const pageQuery = z.object({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** One page: `total` counts the whole filtered list, up to 100,000 exactly. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int().nonnegative() });
}

/** Ids travel in paths as decimal text. */
export const idParams = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });
