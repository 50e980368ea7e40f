import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './shared/theme/theme.css';
import { z } from 'zod';

// Compiled parsers need `eval`, which the content security policy forbids. A schema looks once, when it is made: so this comes before
// any module that makes one is loaded.
z.config({ jitless: true });

const { start } = await import('./app/start.tsx');
start();
