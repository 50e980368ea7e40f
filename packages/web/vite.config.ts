import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The build is static files for the platform to serve. No inline script (content security policy), one chunk a route,
 * libraries in chunks of their own so that a release of ours leaves them cached.
 */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:5199' } },
});
