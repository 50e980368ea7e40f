import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

/** Draws the interface into the page. */
export function start(): void {
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<App />);
}
