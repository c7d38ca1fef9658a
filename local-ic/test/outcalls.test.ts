import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outcalls, timers, type OutcallArgument, type Outcalls, type Timers } from './support/interfaces.ts';
import { SECOND_NS, startNetwork, type TestNetwork } from './support/network.ts';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

let server: Server;
let url: string;
let seen: Seen[];
let respond: (response: ServerResponse) => void;
let network: TestNetwork;
let canisterId: Principal;
let actor: Outcalls;
beforeEach(async () => {
  seen = [];
  respond = (response) => response.writeHead(200, { 'X-Time': String(Date.now()), 'content-type': 'text/plain' }).end('42.5');
  server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const part of request as AsyncIterable<Buffer>) body += part.toString();
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      respond(response);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  network = await startNetwork();
  canisterId = await network.install('outcalls');
  actor = network.actor<Outcalls>(outcalls, canisterId);
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await network.engine.close();
});

function request(options: Partial<OutcallArgument> = {}): OutcallArgument {
  return {
    url: `${url}/price?of=BTC`,
    max_response_bytes: [],
    method: { get: null },
    headers: [],
    body: [],
    is_replicated: [],
    transform: { none: null },
    ...options
  };
}

async function failureOf(options: Partial<OutcallArgument>): Promise<unknown> {
  const { answer } = await actor.fetch(request(options));
  if ('ok' in answer) throw new Error(`It was answered with status ${answer.ok.status}`);
  return answer.err;
}

describe('an HTTPS outcall', () => {
  it('reaches a server on this machine and brings its answer, headers and all', async () => {
    const { answer, refunded } = await actor.fetch(request({ headers: [{ name: 'Accept', value: 'text/plain' }] }));
    expect(answer).toMatchObject({ ok: { status: 200n, body: new TextEncoder().encode('42.5') } });
    const names = 'ok' in answer ? answer.ok.headers.map(({ name }) => name) : [];
    expect(names).toEqual(expect.arrayContaining(['x-time', 'content-type']));
    expect(seen).toMatchObject([{ method: 'GET', url: '/price?of=BTC', headers: { accept: 'text/plain', 'user-agent': 'ic/1.0' } }]);
    // Nothing is charged yet, and what isn't charged goes back.
    expect(refunded).toBe(1_000_000n);
  });

  it('posts a body, asks for headers alone, and takes other statuses as answers', async () => {
    respond = (response) => response.writeHead(404).end('nothing');
    const body: [Uint8Array] = [new TextEncoder().encode('{"order":1}')];
    expect((await actor.fetch(request({ method: { post: null }, body }))).answer).toMatchObject({ ok: { status: 404n } });
    expect((await actor.fetch(request({ method: { head: null } }))).answer).toMatchObject({ ok: { status: 404n, body: new Uint8Array() } });
    expect((await actor.fetch(request({ method: { put: null }, is_replicated: [false] }))).answer).toMatchObject({ ok: { status: 404n } });
    expect(seen.map(({ method, body: sent }) => [method, sent])).toEqual([
      ['POST', '{"order":1}'],
      ['HEAD', ''],
      ['PUT', '']
    ]);
  });

  it('does not follow redirects', async () => {
    respond = (response) => response.writeHead(302, { location: '/elsewhere' }).end();
    expect((await actor.fetch(request())).answer).toMatchObject({ ok: { status: 302n } });
    expect(seen).toHaveLength(1);
  });

  it('is transformed by a query of the canister, with its context', async () => {
    const { answer } = await actor.fetch(request({ transform: { strip: null } }));
    expect(answer).toMatchObject({ ok: { status: 200n, headers: [{ name: 'context', value: 'of this canister' }] } });
  });

  it('fails when the transform traps, grows the answer too much, or is another canister’s', async () => {
    expect(await failureOf({ transform: { trap: null } })).toMatchObject({
      code: 'canister_error',
      message: /IC0503: .*no answer is good enough/
    });
    expect(await failureOf({ transform: { swell: null }, max_response_bytes: [1_000n] })).toEqual({
      code: 'system_fatal',
      message: 'Transformed http response exceeds limit: 1000'
    });
    expect(await failureOf({ transform: { foreign: null } })).toMatchObject({
      code: 'canister_reject',
      message: /^IC0406: transform principal id expected to be /
    });
  });

  it('fails when the answer is larger than allowed, headers counted', async () => {
    respond = (response) => response.end('x'.repeat(2_000));
    expect(await failureOf({ max_response_bytes: [1_000n] })).toEqual({
      code: 'system_fatal',
      message: 'Http body exceeds size limit of 1000 bytes.'
    });
    expect(await failureOf({ max_response_bytes: [10n] })).toEqual({
      code: 'system_fatal',
      message: 'Header size exceeds specified response size limit 10'
    });
    respond = (response) => response.end('x'.repeat(2_000_000));
    expect(await failureOf({})).toMatchObject({ code: 'system_fatal', message: 'Http body exceeds size limit of 2000000 bytes.' });
  });

  it('fails for now when nobody answers', async () => {
    server.close();
    server.closeAllConnections();
    expect(await failureOf({})).toMatchObject({
      code: 'system_transient',
      message: /^Connecting to 127\.0\.0\.1:\d+ failed: .*ECONNREFUSED/
    });
  });

  it('fails for now when the connection breaks', async () => {
    respond = (response) => response.socket?.destroy();
    expect(await failureOf({})).toMatchObject({ code: 'system_transient', message: /failed: socket hang up/ });
    respond = (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('only this', () => response.socket?.destroy());
    };
    expect(await failureOf({})).toMatchObject({ code: 'system_transient', message: /failed: aborted/ });
  });

  it.each([
    ['https://api.example.com/price', /this machine only .* not api\.example\.com/],
    ['http://127.0.0.1.example.com/', /this machine only/],
    ['http://10.0.0.1/', /this machine only/],
    ['http://localhost.example.com/', /this machine only/],
    ['http://[::2]/', /this machine only/],
    ['ftp://127.0.0.1/', /https scheme/],
    ['price', /not an absolute URL/]
  ])('goes nowhere else: %s', async (address, message) => {
    expect(await failureOf({ url: address })).toMatchObject({ code: 'system_fatal', message });
    expect(seen).toEqual([]);
  });

  it('reaches this machine by each of its names', async () => {
    const { port } = server.address() as AddressInfo;
    for (const host of ['localhost', '127.0.0.1', '127.1']) {
      expect((await actor.fetch(request({ url: `http://${host}:${port}/` }))).answer).toHaveProperty('ok');
    }
  });

  it.each<[string, (base: string) => Partial<OutcallArgument>, RegExp]>([
    ['a long URL', (base) => ({ url: base + '/'.padEnd(8_192, 'x') }), /url size \d+ exceeds 8192/],
    ['65 headers', () => ({ headers: Array.from({ length: 65 }, (_, i) => ({ name: `h${i}`, value: '' })) }), /http headers 65 exceeds 64/],
    ['a long header name', () => ({ headers: [{ name: 'n'.repeat(8_193), value: '' }] }), /header name 8193 exceeds 8192/],
    ['a long header value', () => ({ headers: [{ name: 'n', value: 'v'.repeat(8_193) }] }), /header value 8193 exceeds 8192/],
    [
      'headers of 49 KiB',
      () => ({ headers: Array.from({ length: 7 }, () => ({ name: 'n', value: 'v'.repeat(8_000) })) }),
      /names and values \d+ exceeds 49152/
    ],
    [
      'too much of an answer',
      () => ({ max_response_bytes: [2_000_001n] }),
      /max_response_bytes expected to be in the range \[0\.\.2000000\], got 2000001/
    ],
    ['a replicated PUT', () => ({ method: { put: null } }), /only allowed for non-replicated requests/]
  ])('is refused with %s', async (_, options, message) => {
    expect(await failureOf(options(url))).toMatchObject({ code: 'canister_reject', message });
    expect(seen).toEqual([]);
  });

  it('refuses a header that HTTP does not allow', async () => {
    expect(await failureOf({ headers: [{ name: 'bad name', value: 'x' }] })).toMatchObject({ code: 'system_fatal', message: /bad name/ });
  });
});

describe('where cycles are charged, an outcall', () => {
  it('costs by its size and the longest answer it allows, and goes nowhere unpaid', async () => {
    const charged = await startNetwork({ cycles: 'charged' });
    const paying = charged.actor<Outcalls>(outcalls, await charged.install('outcalls'));
    const { answer } = await paying.fetch(request({ max_response_bytes: [1_000n] }));
    // (3 M + 60 k for each of 13 nodes + 400 a byte of the request + 800 a byte of the answer) for each node.
    const requestBytes = BigInt(`${url}/price?of=BTC`.length);
    const price = (3_000_000n + 780_000n + 400n * requestBytes + 800n * 1_000n) * 13n;
    expect(answer).toEqual({
      err: { code: 'canister_reject', message: `IC0406: http_request request sent with 1000000 cycles, but ${price} cycles are required.` }
    });
    expect(seen).toEqual([]);
    await charged.engine.close();
  });
});

describe('time', () => {
  it('stands still until the server has answered', async () => {
    respond = (response) => setTimeout(() => response.end('late'), 100);
    const timersId = await network.install('timers');
    const timersActor = network.actor<Timers>(timers, timersId);
    await timersActor.once(1n, 'after the answer');
    const fetched = actor.fetch(request());
    await network.engine.advance(10n * SECOND_NS);
    expect(await actor.answered()).toBe(1n);
    expect((await fetched).answer).toHaveProperty('ok');
    expect(await timersActor.log()).toHaveLength(1);
  });
});

describe('a network whose process is killed during an outcall', () => {
  it('performs it again after the restart, and goes on with its answer', async () => {
    const root = mkdtempSync(join(tmpdir(), 'local-ic-outcalls-'));
    try {
      const first = await startNetwork({ stateDir: join(root, 'first') });
      const id = await first.install('outcalls');
      let release: () => void = () => undefined;
      respond = (response) => {
        release = () => response.end('42.5');
      };
      const open = first.actor<Outcalls>(outcalls, id).fetch(request());
      await expect.poll(() => seen.length).toBe(1);
      cpSync(join(root, 'first'), join(root, 'log'), { recursive: true });
      const before = first.engine.stateHash();
      await first.engine.save();
      cpSync(join(root, 'first'), join(root, 'checkpoint'), { recursive: true });
      release();
      await open;
      await first.engine.close();

      respond = (response) => response.end('again');
      for (const name of ['log', 'checkpoint']) {
        rmSync(join(root, name, 'engine', 'lock'), { force: true });
        const again = await startNetwork({ stateDir: join(root, name) });
        expect(again.engine.stateHash()).toBe(before);
        await again.engine.idle();
        expect(await again.actor<Outcalls>(outcalls, id).answered()).toBe(1n);
        const after = again.engine.stateHash();
        await again.engine.close();
        // What the server said is in the log or the checkpoint now, and isn't asked for again.
        const asked = seen.length;
        const third = await startNetwork({ stateDir: join(root, name) });
        expect(third.engine.stateHash()).toBe(after);
        await third.engine.idle();
        expect(seen).toHaveLength(asked);
        await third.engine.close();
      }
      expect(seen).toHaveLength(3);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
