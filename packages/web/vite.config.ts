import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/**
 * The build is static files for the platform to serve. No inline script (content security policy), one chunk a route,
 * libraries in chunks of their own so that a release of ours leaves them cached.
 */
export default defineConfig({
  plugins: [react(), scrollAreaAlone(), noJsonSchema()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:5199' } },
});

/**
 * Mantine's ScrollArea, a part of every dialog and drawer, takes one small function from the library that places tooltips and menus, and with
 * it the whole of it. It gets that function from us.
 */
function scrollAreaAlone(): Plugin {
  return {
    name: 'scroll-area-alone',
    enforce: 'pre',
    resolveId(source, importer) {
      const taken = source === '@floating-ui/react' && importer?.endsWith('/ScrollArea/ScrollArea.mjs');
      return taken ? fileURLToPath(new URL('src/shared/theme/use-merge-refs.ts', import.meta.url)) : null;
    },
  };
}

/**
 * Zod's schemas carry what turns them into JSON Schema, for whoever calls `toJSONSchema`. The platform does, to write its OpenAPI document; the
 * interface never does, and every page would load it.
 */
function noJsonSchema(): Plugin {
  const isSchemas = (id: string) => id.endsWith('/zod/v4/classic/schemas.js');
  return {
    name: 'no-json-schema',
    enforce: 'pre',
    resolveId(source, importer) {
      const taken = source.endsWith('/to-json-schema.js') && importer !== undefined && isSchemas(importer);
      return taken ? fileURLToPath(new URL('src/shared/api/no-json-schema.ts', import.meta.url)) : null;
    },
    transform(code, id) {
      return isSchemas(id) ? code.replaceAll(/^ *inst\._zod\.processJSONSchema = .*;$/gm, '') : null;
    },
  };
}
