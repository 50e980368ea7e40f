import { z } from 'zod';
import { networkSettings } from '../netconf/network-settings.ts';

/**
 * The proxy password as the console sees and sets it: a stored one is never told to it. `stored` means "there is one" when the daemon says
 * it, and "keep it" when the console does.
 */
const consolePassword = z.union([
  z.strictObject({ is: z.enum(['none', 'stored']) }),
  z.strictObject({ is: z.literal('typed'), value: z.string().max(1024) }),
]);
export type ConsolePassword = z.infer<typeof consolePassword>;

/** `NetworkSettings` between daemon and console: all but the proxy password is the same. */
export const consoleSettings = z.strictObject({
  ...networkSettings.shape,
  proxy: z
    .strictObject({
      host: z.string().min(1).max(253),
      port: z.int().min(1).max(65_535),
      user: z.string().min(1).max(255).nullable(),
      password: consolePassword,
    })
    .nullable(),
});
export type ConsoleSettings = z.infer<typeof consoleSettings>;
