import http from 'node:http';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen } from '../../test/support/listen.ts';
import type { TestServer } from '../../test/support/listen.ts';
import { createIdentityProvider } from './provider.ts';
import { openIdentityStore } from './store.ts';
import type { IdentityStore } from './store.ts';

const SITE = 'http://localhost:4943';
const NOW_NS = 1_900_000_000_000_000_000n;

let store: IdentityStore;
let provider: TestServer;
let log: string[];

beforeEach(async () => {
  store = openIdentityStore(undefined);
  log = [];
  provider = await listen(createIdentityProvider({ store, now: () => NOW_NS, hosts: ['identity.example'], log: (line) => log.push(line) }));
});
afterEach(() => provider.close());

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

function send(method: string, path: string, headers: http.OutgoingHttpHeaders = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = http.request({ port: provider.port, host: 'localhost', path, method, headers }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (part: string) => (text += part));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
    });
    req.on('error', reject).end(body);
  });
}

function own(): http.OutgoingHttpHeaders {
  return { origin: provider.origin, 'x-identity-provider': '1', 'content-type': 'application/json' };
}

async function ask(operation: string, input: unknown): Promise<{ status: number; body: unknown }> {
  const { status, text } = await send('POST', `/provider/${operation}`, own(), JSON.stringify(input));
  return { status, body: JSON.parse(text) as unknown };
}

describe('operations', () => {
  test('create and list', async () => {
    expect(await ask('list', {})).toEqual({ status: 200, body: { identities: [] } });
    expect(await ask('create', { name: ' Alice ' })).toEqual({ status: 200, body: { id: '10000', name: 'Alice' } });
    expect(await ask('list', {})).toEqual({ status: 200, body: { identities: [{ id: '10000', name: 'Alice' }] } });
  });

  test('a refusal is an answer with its reason', async () => {
    await store.create('Alice');
    expect(await ask('create', { name: 'alice' })).toEqual({
      status: 200,
      body: { error: { kind: 'request', message: 'There is already an identity named “Alice”. Choose another name.' } }
    });
  });

  test('request tells what approving would mean', async () => {
    const { id } = await store.create('Alice');
    expect(await ask('request', { origin: SITE })).toEqual({
      status: 200,
      body: {
        origin: SITE,
        derivationOrigin: SITE,
        lifetimeNs: '1800000000000',
        identities: [{ id, name: 'Alice', principal: store.principalFor(id, SITE).toText() }]
      }
    });
    expect(await ask('request', { origin: SITE, maxTimeToLiveNs: '9'.repeat(30) })).toMatchObject({
      body: { lifetimeNs: '2592000000000000' }
    });
    expect(await ask('request', { origin: 'null' })).toMatchObject({ body: { error: { kind: 'request' } } });
  });

  test('delegate signs for the site with the network’s time', async () => {
    const { id } = await store.create('Alice');
    const pubkey = Buffer.from(Ed25519KeyIdentity.generate().getPublicKey().toDer()).toString('hex');
    expect(await ask('delegate', { id, origin: SITE, sessionPublicKey: pubkey, maxTimeToLiveNs: '60000000000' })).toEqual({
      status: 200,
      body: {
        userPublicKey: Buffer.from(store.identityFor(id, SITE).getPublicKey().toDer()).toString('hex'),
        delegations: [
          { delegation: { pubkey, expiration: String(NOW_NS + 60_000_000_000n) }, signature: expect.stringMatching(/^[0-9a-f]{128}$/) }
        ]
      }
    });
  });

  test('delegate checks the derivation origin itself, whatever the page asked before', async () => {
    const { id } = await store.create('Alice');
    const answer = await ask('delegate', { id, origin: SITE, derivationOrigin: provider.origin, sessionPublicKey: '300100' });
    expect(answer).toMatchObject({
      status: 200,
      body: { error: { kind: 'request', message: expect.stringContaining('ii-alternative-origins') } }
    });
  });

  test('an error of our own is logged, and its details stay here', async () => {
    const broken: IdentityStore = {
      ...store,
      list: () => {
        throw new Error('/secret/path');
      }
    };
    await provider.close();
    provider = await listen(createIdentityProvider({ store: broken, now: () => NOW_NS, log: (line) => log.push(line) }));
    expect(await ask('list', {})).toEqual({
      status: 500,
      body: { error: { kind: 'internal', message: 'The identity provider failed; its log says why.' } }
    });
    expect(log).toEqual([expect.stringContaining('/secret/path')]);
  });
});

describe('malformed requests', () => {
  test.each([
    ['create', '{', 400, 'not JSON'],
    ['create', '[]', 400, 'must be a JSON object'],
    ['create', 'null', 400, 'must be a JSON object'],
    ['create', '{}', 400, '"name" is missing'],
    ['create', '{"name":1}', 400, '"name" must be a text'],
    ['request', '{"origin":"http://a","maxTimeToLiveNs":5}', 400, '"maxTimeToLiveNs" must be a text'],
    ['request', '{"origin":"http://a","maxTimeToLiveNs":"1.5"}', 400, '"maxTimeToLiveNs" must be a whole number'],
    ['delegate', '{"id":"10000","origin":"http://a","sessionPublicKey":"0"}', 400, '"sessionPublicKey" must be hexadecimal'],
    ['nothing', '{}', 404, 'There is no operation /provider/nothing'],
    ['constructor', '{}', 404, 'There is no operation'],
    ['create', `{"name":"${'x'.repeat(17_000)}"}`, 413, 'larger than 16 KiB']
  ])('%s with %s', async (operation, body, status, message) => {
    const answer = await send('POST', `/provider/${operation}`, own(), body);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(JSON.stringify(message).slice(1, -1));
    expect(store.list()).toEqual([]);
  });

  test('other content types and methods', async () => {
    expect((await send('POST', '/provider/list', { ...own(), 'content-type': 'text/plain' }, '{}')).status).toBe(400);
    expect((await send('GET', '/provider/list', own())).status).toBe(400);
    expect((await send('PUT', '/provider/list', own(), '{}')).status).toBe(405);
    expect((await send('OPTIONS', '/provider/list', { origin: SITE, 'access-control-request-method': 'POST' })).status).toBe(405);
  });
});

describe('other sites', () => {
  test('only the provider’s own page may ask', async () => {
    for (const origin of [SITE, 'null', provider.origin.replace('http:', 'ftp:'), `${provider.origin}.evil.example`]) {
      const { status, headers } = await send('POST', '/provider/create', { ...own(), origin }, '{"name":"Eve"}');
      expect([origin, status, headers['access-control-allow-origin']]).toEqual([origin, 403, undefined]);
    }
    for (const missing of ['origin', 'x-identity-provider']) {
      const headers = Object.fromEntries(Object.entries(own()).filter(([name]) => name !== missing));
      expect([missing, (await send('POST', '/provider/create', headers, '{"name":"Eve"}')).status]).toEqual([missing, 403]);
    }
    expect(store.list()).toEqual([]);
  });

  test('a foreign name that was pointed at this machine is no way in', async () => {
    const host = `evil.example:${provider.port}`;
    expect((await send('POST', '/provider/list', { ...own(), host, origin: `http://${host}` }, '{}')).status).toBe(421);
    expect((await send('GET', '/', { host })).status).toBe(421);
    for (const name of ['localhost.evil.example', 'evil-localhost', '127.0.0.1.evil.example']) {
      expect([name, (await send('GET', '/', { host: name })).status]).toEqual([name, 421]);
    }
  });

  test('loopback names and the configured ones are', async () => {
    for (const name of ['localhost', 'LOCALHOST', 'identity.localhost', '127.0.0.1', '[::1]', 'identity.example']) {
      expect([name, (await send('GET', '/', { host: `${name}:${provider.port}` })).status]).toEqual([name, 200]);
    }
  });
});

describe('the page', () => {
  test('is served with a policy that allows nothing from elsewhere, no frame, no inline code', async () => {
    const { status, headers, text } = await send('GET', '/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    // auth-client needs window.opener, which this header would take away.
    expect(headers['cross-origin-opener-policy']).toBeUndefined();
    expect(text).not.toMatch(/<script(?![^>]*src=)|style=|\son\w+=/);
  });

  test('everything it names exists', async () => {
    const { text } = await send('GET', '/');
    const named = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(2);
    for (const path of named) expect([path, (await send('GET', path)).status]).toEqual([path, 200]);
  });
});
