import { join } from 'node:path';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import type { Plugin, UserConfig } from 'vite';

const root = join(import.meta.dirname, '..');
/** The local network that `npm start` runs. */
const network = process.env['SATSTRIKE_URL'] ?? 'http://localhost:4943';

/** What the library needs and nothing else; the same text as in docs/integration-guide.md. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' https://icp0.io https://ic0.app https://icp-api.io",
  "base-uri 'none'",
  "form-action 'none'"
].join('; ');

/** Only in the built page: Vite's own hot reload writes styles into the page. */
const securityPolicy: Plugin = {
  name: 'security-policy',
  apply: 'build',
  transformIndexHtml: () => [{ tag: 'meta', injectTo: 'head-prepend', attrs: { 'http-equiv': 'content-security-policy', content: policy } }]
};

/** Vite for one example: `$lib` is the library as it lies here; canister calls and the configuration come from the local network. */
export function exampleConfig(folder: string, name: string): UserConfig {
  return {
    root: folder,
    cacheDir: join(root, '.cache/examples/vite', name),
    plugins: [svelte({ configFile: false, preprocess: vitePreprocess() }), securityPolicy],
    resolve: { alias: { $lib: join(root, 'src/lib') } },
    build: { target: 'es2022', outDir: join(root, '.cache/examples', name), emptyOutDir: true },
    server: { port: 5174, strictPort: true, host: 'localhost', proxy: { '/api': network, '/config.json': network } }
  };
}
