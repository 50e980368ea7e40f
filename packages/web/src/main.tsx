import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './shared/theme/theme.css';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app/app.tsx';

// Compiled parsers need `eval`, which the content security policy forbids.
z.config({ jitless: true });

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
