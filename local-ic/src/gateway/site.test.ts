import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen } from '../../test/support/listen.ts';
import type { TestServer } from '../../test/support/listen.ts';
import { createSiteHandler } from './site.ts';
import type { Site } from './site.ts';

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
  bytes: Buffer;
}

const RULES = `[
  { match: '**/*', security_policy: 'standard', allow_raw_access: false },
  { match: '**/*.html', headers: { 'Cache-Control': 'no-cache', 'X-Frame-Options': 'SAMEORIGIN' } },
  { match: '_app/immutable/**', headers: { 'Cache-Control': 'public, max-age=31536000, immutable' } },
  { match: 'private/**', ignore: true },
  { match: 'plain.html', enable_aliasing: false }
]`;
const BIG = `<!doctype html><title>home</title>${'<p>text</p>'.repeat(200)}`;

let dir: string;
let server: TestServer;
let log: string[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'site-'));
  log = [];
  await write('index.html', BIG);
  await write('.ic-assets.json5', RULES);
  server = await serve([{ dir }]);
});

afterEach(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

async function serve(sites: Site[]): Promise<TestServer> {
  return listen(createSiteHandler(sites, { log: (line) => log.push(line) }));
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), content);
}

/** A request as it is: no normalised path, no headers of fetch's own. */
function request(
  path: string,
  options: { method?: string; headers?: http.OutgoingHttpHeaders; target?: TestServer } = {}
): Promise<Answer> {
  const { port } = options.target ?? server;
  return new Promise((resolve, reject) => {
    const req = http.request({ port, host: 'localhost', path, method: options.method ?? 'GET', headers: options.headers ?? {} }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: bytes.toString('utf8'), bytes });
      });
    });
    req.on('error', reject).end();
  });
}

describe('addresses', () => {
  test('"/" and pages of a single-page app are index.html', async () => {
    for (const path of ['/', '/index.html', '/index', '/admin', '/positions/17', '/btc.usd', '/?a=b', '/x#y', 'http://localhost/admin']) {
      const { status, body, headers } = await request(path);
      expect([path, status, body, headers['content-type']]).toEqual([path, 200, BIG, 'text/html; charset=utf-8']);
    }
  });

  test('a missing file is a 404, not the app’s page', async () => {
    for (const path of [
      '/missing.js',
      '/favicon.ico',
      '/_app/immutable/x',
      '/_app/version',
      '/assets/gone',
      '/a/immutable/b',
      '/gone.html',
      '/.env',
      '/a/.git/x'
    ]) {
      const { status, headers } = await request(path);
      expect([path, status, headers['content-type']]).toEqual([path, 404, 'text/plain; charset=utf-8']);
    }
  });

  test('aliases, unless the rules switch them off', async () => {
    await write('about.html', 'about');
    await write('docs/index.html', 'docs');
    await write('plain.html', 'plain');
    expect((await request('/about')).body).toBe('about');
    expect((await request('/docs')).body).toBe('docs');
    expect((await request('/docs/')).body).toBe('docs');
    expect((await request('/docs/index')).body).toBe('docs');
    expect((await request('/plain')).body).toBe(BIG);
    expect((await request('/plain.html')).body).toBe('plain');
  });

  test('names with spaces and other characters are decoded', async () => {
    await write('größe 1.txt', 'ok');
    expect((await request('/gr%C3%B6%C3%9Fe%201.txt')).body).toBe('ok');
  });

  test('whatever could only be meant to leave the folder is refused', async () => {
    for (const path of [
      '/../secret',
      '/%2e%2e/secret',
      '/a/..%2f..%2fsecret',
      '/..\\secret',
      '/a/%5c..',
      '/a%00.html',
      '/%',
      '/%ff',
      '/./x',
      '*'
    ]) {
      expect([path, (await request(path)).status]).toEqual([path, 400]);
    }
  });

  test('a link out of the folder is not followed, one inside it is', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'secret.txt'), 'secret');
    await symlink(join(outside, 'secret.txt'), join(dir, 'link.txt'));
    await symlink(outside, join(dir, 'folder'));
    await symlink(join(dir, 'index.html'), join(dir, 'inside.html'));
    expect((await request('/link.txt')).status).toBe(404);
    expect((await request('/folder/secret.txt')).status).toBe(404);
    expect((await request('/inside.html')).status).toBe(200);
    await rm(outside, { recursive: true });
  });

  test('hidden and ignored files are not served, .well-known is', async () => {
    await write('.hidden/a.txt', 'no');
    await write('.secret', 'no');
    await write('private/a.txt', 'no');
    await write('.well-known/ii-alternative-origins', '{}');
    await write('.well-known/.hidden', 'no');
    for (const path of ['/.hidden/a.txt', '/.secret', '/private/a.txt', '/.ic-assets.json5', '/.well-known/.hidden']) {
      expect([path, (await request(path)).status]).toEqual([path, 404]);
    }
    const { body, headers } = await request('/.well-known/ii-alternative-origins');
    expect([body, headers['content-type']]).toEqual(['{}', 'application/octet-stream']);
  });

  test('rules can serve a hidden folder and keep .well-known out', async () => {
    await write('.ic-assets.json5', `[{ match: '.open', ignore: false }, { match: '.well-known', ignore: true }]`);
    await write('.open/a.txt', 'yes');
    await write('.well-known/a.txt', 'no');
    expect((await request('/.open/a.txt')).body).toBe('yes');
    expect((await request('/.well-known/a.txt')).status).toBe(404);
  });
});

describe('headers', () => {
  test('come from the rules, explicit ones over the policy', async () => {
    await write('_app/immutable/a.js', 'export {}');
    const page = await request('/');
    expect(page.headers).toMatchObject({
      'x-frame-options': 'SAMEORIGIN',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff'
    });
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    const script = await request('/_app/immutable/a.js');
    expect(script.headers).toMatchObject({
      'x-frame-options': 'DENY',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8'
    });
  });

  test('a folder’s own configuration adds to its parents’', async () => {
    await write('sub/.ic-assets.json', '[{ "match": "*.txt", "headers": { "x-sub": "1", "x-frame-options": "ALLOWED" } }]');
    await write('sub/a.txt', 'a');
    await write('b.txt', 'b');
    expect((await request('/sub/a.txt')).headers).toMatchObject({
      'x-sub': '1',
      'x-frame-options': 'ALLOWED',
      'referrer-policy': 'same-origin'
    });
    expect((await request('/b.txt')).headers['x-sub']).toBeUndefined();
  });

  test('a configuration that can’t be used gives a 500 that names it, never a page without its headers', async () => {
    await write('.ic-assets.json5', `[{ match: '*', heders: {} }]`);
    const { status, body } = await request('/');
    expect(status).toBe(500);
    expect(body).toContain('.ic-assets.json5: rule 1 has the unknown field "heders"');
    expect(log).toEqual([expect.stringContaining('unknown field "heders"')]);
    await write('.ic-assets.json5', '[]');
    await write('.ic-assets.json', '[]');
    expect((await request('/')).body).toContain('both exist');
  });

  test('entity tag, 304 and HEAD', async () => {
    const etag = `"${createHash('sha256').update(BIG).digest('hex')}"`;
    const { headers } = await request('/');
    expect(headers.etag).toBe(etag);
    const unchanged = await request('/', { headers: { 'if-none-match': `"other", ${etag}` } });
    expect([unchanged.status, unchanged.body, unchanged.headers.etag, unchanged.headers['cache-control']]).toEqual([
      304,
      '',
      etag,
      'no-cache'
    ]);
    const head = await request('/', { method: 'HEAD' });
    expect([head.status, head.body, head.headers['content-length'], head.headers.etag]).toEqual([
      200,
      '',
      String(Buffer.byteLength(BIG)),
      etag
    ]);
    expect((await request('/missing.js', { method: 'HEAD' })).body).toBe('');
  });

  test('compresses for whoever asks, and says so to caches', async () => {
    const zipped = await request('/', { headers: { 'accept-encoding': 'gzip' } });
    expect(zipped.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: 'Accept-Encoding',
      'content-length': String(zipped.bytes.length)
    });
    expect(gunzipSync(zipped.bytes).toString('utf8')).toBe(BIG);
    const again = await request('/', { headers: { 'accept-encoding': 'gzip', 'if-none-match': zipped.headers.etag ?? '' } });
    expect(again.status).toBe(304);
    await write('picture.png', new Uint8Array(5_000));
    expect((await request('/picture.png', { headers: { 'accept-encoding': 'gzip, br' } })).headers['content-encoding']).toBeUndefined();
  });

  test('other methods are refused', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await request('/', { method });
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    }
  });
});

describe('changes while it runs', () => {
  test('files, rules and the folder itself are read again', async () => {
    expect((await request('/')).body).toBe(BIG);
    await write('index.html', 'new');
    expect((await request('/')).body).toBe('new');
    await write('.ic-assets.json5', `[{ match: '*', headers: { 'x-new': '1' } }]`);
    const { headers } = await request('/');
    expect([headers['x-new'], headers['x-frame-options']]).toEqual(['1', undefined]);
    await rm(join(dir, 'index.html'));
    expect((await request('/')).status).toBe(404);
  });

  test('a folder that does not exist yet is a 404', async () => {
    const early = await serve([{ dir: join(dir, 'later') }]);
    expect((await request('/', { target: early })).status).toBe(404);
    await write('later/index.html', 'now');
    expect((await request('/', { target: early })).body).toBe('now');
    await early.close();
  });
});

describe('overrides and hosts', () => {
  test('an override replaces the file, is never cached, and keeps the rules’ headers', async () => {
    await write('config.json', '"from the build"');
    const files = { '/config.json': { body: '"from the network"', contentType: 'application/json' } };
    const target = await serve([{ dir, files }]);
    const first = await request('/config.json', { target });
    expect(first.body).toBe('"from the network"');
    expect(first.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store', 'x-frame-options': 'DENY' });
    files['/config.json'].body = '"changed"';
    expect((await request('/config.json', { target })).body).toBe('"changed"');
    expect((await request('/constructor', { target })).body).toBe(BIG);
    await target.close();
  });

  test('the host chooses the site; without a match the handler leaves the request alone', async () => {
    await write('one/index.html', 'one');
    await write('two/index.html', 'two');
    const target = await serve([
      { dir: join(dir, 'one'), host: 'one.localhost' },
      { dir: join(dir, 'two'), host: 'two.localhost:81' }
    ]);
    const bodyFor = async (host: string) => {
      const { body, headers } = await request('/', { target, headers: { host } });
      return headers['x-unhandled'] === '1' ? 'unhandled' : body;
    };
    expect(await bodyFor('one.localhost')).toBe('one');
    expect(await bodyFor('ONE.localhost:4943')).toBe('one');
    expect(await bodyFor('two.localhost:81')).toBe('two');
    expect(await bodyFor('two.localhost:82')).toBe('unhandled');
    expect(await bodyFor('three.localhost')).toBe('unhandled');
    await target.close();
  });
});
