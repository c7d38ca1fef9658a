import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { createSiteHandler } from '../../src/gateway/site.ts';
import { listen } from './listen.ts';
import type { TestServer } from './listen.ts';

const ENTRY = join(import.meta.dirname, '../fixtures/loginPage.js');
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test site</title><link rel="icon" href="data:,">
<script type="module" src="/app.js"></script></head>
<body><button id="login" disabled>Log in</button><button id="check" disabled>Check</button><pre id="result"></pre></body></html>`;

/** The script of the test site: the real auth-client, bundled as an app would bundle it. */
export async function bundleLoginPage(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, target: 'es2022', rollupOptions: { input: ENTRY } }
  });
  const output = 'output' in result ? result.output : Array.isArray(result) ? result[0]?.output : undefined;
  const entry = output?.find((part) => part.type === 'chunk' && part.isEntry);
  if (entry?.type !== 'chunk') throw new Error('the test page was not bundled');
  return entry.code;
}

/** A site on an origin of its own that logs in with auth-client. */
export async function openLoginSite(script: string, alternativeOrigins?: string): Promise<TestServer> {
  const dir = await mkdtemp(join(tmpdir(), 'login-site-'));
  await writeFile(join(dir, 'index.html'), PAGE);
  await writeFile(join(dir, 'app.js'), script);
  if (alternativeOrigins !== undefined) {
    await mkdir(join(dir, '.well-known'));
    await writeFile(join(dir, '.well-known/ii-alternative-origins'), alternativeOrigins);
  }
  const server = await listen(createSiteHandler([{ dir }]));
  return {
    ...server,
    close: async () => {
      await server.close();
      await rm(dir, { recursive: true });
    }
  };
}
