import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen } from '../../test/support/listen.ts';
import type { TestServer } from '../../test/support/listen.ts';
import { resolveDerivationOrigin } from './alternativeOrigins.ts';
import { fetchLimited } from './fetchLimited.ts';

const SITE = 'http://localhost:4943';
const LISTED = JSON.stringify({ alternativeOrigins: [SITE] });

let legacy: TestServer;
let answer: { status: number; body: string; headers?: Record<string, string> };
let asked: (string | undefined)[];

beforeEach(async () => {
  answer = { status: 200, body: LISTED };
  asked = [];
  legacy = await listen((req, res) => {
    asked.push(req.url);
    res.writeHead(answer.status, answer.headers).end(answer.body);
    return true;
  });
});
afterEach(() => legacy.close());

describe('resolveDerivationOrigin', () => {
  test('a site’s own origin needs no permission', async () => {
    expect(await resolveDerivationOrigin(SITE, undefined)).toBe(SITE);
    expect(await resolveDerivationOrigin(SITE, SITE)).toBe(SITE);
    expect(asked).toEqual([]);
  });

  test('another origin lists the site at the well-known address', async () => {
    expect(await resolveDerivationOrigin(SITE, legacy.origin)).toBe(legacy.origin);
    expect(asked).toEqual(['/.well-known/ii-alternative-origins']);
  });

  test('a name below localhost is this machine', async () => {
    const origin = `http://legacy.localhost:${legacy.port}`;
    expect(await resolveDerivationOrigin(SITE, origin)).toBe(origin);
  });

  test.each([
    [{ status: 200, body: '{"alternativeOrigins":["http://localhost:4944"]}' }, 'does not list it'],
    [{ status: 200, body: '{"alternativeOrigins":[]}' }, 'does not list it'],
    [{ status: 200, body: '<!doctype html>' }, 'must contain { "alternativeOrigins": ["https://..."] }; it is not JSON.'],
    [{ status: 200, body: '{}' }, 'must contain { "alternativeOrigins"'],
    [{ status: 200, body: '{"alternativeOrigins":[1]}' }, 'must contain { "alternativeOrigins"'],
    [{ status: 200, body: 'null' }, 'must contain { "alternativeOrigins"'],
    [{ status: 200, body: JSON.stringify({ alternativeOrigins: new Array(11).fill(SITE) }) }, 'lists 11 sites; at most 10 are allowed'],
    [{ status: 404, body: LISTED }, 'answers with status 404'],
    [{ status: 302, body: LISTED, headers: { location: '/elsewhere' } }, 'answers with status 302'],
    [{ status: 200, body: ' '.repeat(65 * 1024) }, 'larger than 64 KiB']
  ])('%j is refused', async (reply, message) => {
    answer = reply;
    await expect(resolveDerivationOrigin(SITE, legacy.origin)).rejects.toThrow(message);
    expect(asked).toHaveLength(1);
  });

  test('an origin that answers nothing at all is refused', async () => {
    await legacy.close();
    await expect(resolveDerivationOrigin(SITE, legacy.origin)).rejects.toThrow(/can't be read: .*ECONNREFUSED/);
  });

  test.each(['ftp://a.b', 'javascript:alert(1)', 'nonsense', 'http://localhost:4943/path', 'http://user@localhost:4943'])(
    '%s is not asked',
    async (origin) => {
      await expect(resolveDerivationOrigin(SITE, origin)).rejects.toThrow('The derivation origin');
      expect(asked).toEqual([]);
    }
  );
});

describe('fetchLimited', () => {
  test('gives up on a server that never ends its answer', async () => {
    const slow = await listen((_req, res) => {
      res.writeHead(200).write('{');
      return true;
    });
    await expect(fetchLimited(`${slow.origin}/`, { timeoutMs: 200, maxBytes: 10 })).rejects.toThrow('no answer within 0.2 s');
    await slow.close();
  });
});
