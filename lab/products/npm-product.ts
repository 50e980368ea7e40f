/** One version of a product from the package registry, with what has to be made of it before it can run. */
export interface NpmProduct {
  /** Name of its folder in the cache. */
  readonly id: string;
  /** Packages with exact versions, as npm takes them. */
  readonly packages: readonly string[];
  /** Megabytes on the disk, roughly: what an installation tells beforehand. */
  readonly megabytes: number;
  /** A site that is built once, offline: its files, and the command line (relative to the product's folder). */
  readonly site?: { readonly files: Readonly<Record<string, string>>; readonly build: readonly string[] };
}

/** A page behind middleware that sends everybody to the log-in. */
const guardedSite = {
  files: {
    'package.json': '{ "private": true }\n',
    'next.config.js':
      'module.exports = { eslint: { ignoreDuringBuilds: true }, typescript: { ignoreBuildErrors: true } };\n',
    'middleware.js': `import { NextResponse } from 'next/server';
export const config = { matcher: ['/', '/admin'] };
export function middleware(request) {
  return NextResponse.redirect(new URL('/login', request.url));
}
`,
    'pages/index.js': 'export default function Home() {\n  return <a href="/admin">Administration</a>;\n}\n',
    'pages/admin.js': 'export default function Admin() {\n  return <p>For those who logged in.</p>;\n}\n',
    'pages/login.js':
      'export default function Login() {\n  return <p>Log in. <a href="/admin">Administration</a></p>;\n}\n',
  },
  build: ['node_modules/next/dist/bin/next', 'build', 'site'],
};

const react = ['react@18.3.1', 'react-dom@18.3.1'];

/**
 * Old and mended versions of what people run: CVE-2025-30208 and CVE-2025-31125 are in Vite 6.2.2 and not in 6.2.7, CVE-2025-29927 is in
 * Next.js 14.2.24 and not in 14.2.35. Of Node-RED and Redis Commander it is the set-up that makes the difference.
 */
export const npmProducts = {
  viteOld: { id: 'vite-6.2.2', packages: ['vite@6.2.2'], megabytes: 19 },
  viteNew: { id: 'vite-6.2.7', packages: ['vite@6.2.7'], megabytes: 19 },
  nextOld: { id: 'next-14.2.24', packages: ['next@14.2.24', ...react], megabytes: 255, site: guardedSite },
  nextNew: { id: 'next-14.2.35', packages: ['next@14.2.35', ...react], megabytes: 255, site: guardedSite },
  nodeRed: { id: 'node-red-4.1.2', packages: ['node-red@4.1.2'], megabytes: 96 },
  redisCommander: { id: 'redis-commander-0.9.0', packages: ['redis-commander@0.9.0'], megabytes: 24 },
} as const satisfies Readonly<Record<string, NpmProduct>>;
