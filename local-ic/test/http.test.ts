import { networkInterfaces } from 'node:os';
import { request } from 'node:http';
import { Cbor } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { decode } from '@dfinity/cbor';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalIc, type Listening, type LocalIc } from '../src/index.ts';
import { installAgentFixture } from './support/agentFixture.ts';

/** What reaches the network over HTTP, byte by byte, without an agent. */
describe('the HTTP interface', () => {
  let ic: LocalIc;
  let server: Listening;
  let canisterId: Principal;
  const logged: string[] = [];

  beforeAll(async () => {
    ic = await createLocalIc({ log: (line) => logged.push(line) });
    canisterId = await installAgentFixture(ic);
    server = await ic.listen({ port: 0 });
  });
  afterAll(() => ic.close());

  const post = (path: string, body: Uint8Array, headers: Record<string, string> = { 'content-type': 'application/cbor' }) =>
    fetch(server.url + path, { method: 'POST', body: new Uint8Array(body), headers });
  const at = (operation: string, id = canisterId.toText(), version = 'v2') => `/api/${version}/canister/${id}/${operation}`;
  const content = (change: Record<string, unknown> = {}) => ({
    request_type: 'query',
    canister_id: canisterId,
    method_name: 'get',
    arg: new Uint8Array(IDL.encode([], [])),
    sender: Principal.anonymous(),
    ingress_expiry: ic.now() + 60_000_000_000n,
    ...change
  });
  const query = (change?: Record<string, unknown>) => post(at('query'), Cbor.encode({ content: content(change) }));

  it('answers in CBOR, and lets any site read it', async () => {
    const response = await query();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/cbor');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(decode(new Uint8Array(await response.arrayBuffer()))).toMatchObject({ status: 'replied' });
  });

  it('answers a preflight', async () => {
    const response = await fetch(server.url + at('call', undefined, 'v3'), {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-headers')).toContain('content-type');
  });

  it.each(['v2', 'v3'])('serves %s query and read_state, for canisters and subnets', async (version) => {
    const path = at('query', undefined, version);
    expect((await post(path, Cbor.encode({ content: content() }))).status).toBe(200);
    const read = Cbor.encode({ content: content({ request_type: 'read_state', paths: [[new TextEncoder().encode('time')]] }) });
    expect((await post(at('read_state', undefined, version), read)).status).toBe(200);
    const subnet = Principal.selfAuthenticating(ic.rootKey).toText();
    expect((await post(`/api/${version}/subnet/${subnet}/read_state`, read)).status).toBe(200);
    expect((await post(`/api/${version}/subnet/${canisterId.toText()}/read_state`, read)).status).toBe(404);
  });

  it.each(['v3', 'v4'])('serves %s call', async (version) => {
    const call = Cbor.encode({ content: content({ request_type: 'call', method_name: 'increment' }) });
    const response = await post(at('call', undefined, version), call);
    expect(response.status).toBe(200);
    expect(decode(new Uint8Array(await response.arrayBuffer()))).toMatchObject({
      status: 'replied',
      certificate: expect.any(Uint8Array) as Uint8Array
    });
  });

  it('says what is wrong with an address, a method, a type or a size', async () => {
    const expectError = async (response: Response, status: number, text: RegExp) => {
      expect(response.status).toBe(status);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(await response.text()).toMatch(text);
    };
    const body = Cbor.encode({ content: content() });
    await expectError(await post('/api/v2/nothing', body), 404, /There is no \/api\/v2\/nothing here/);
    await expectError(await post(at('query', undefined, 'v4'), body), 404, /There is no/);
    await expectError(await fetch(server.url + at('query')), 405, /GET is not allowed here; use POST/);
    await expectError(await post('/api/v2/status', body), 405, /POST is not allowed here; use GET/);
    await expectError(await post(at('query', 'not-a-principal'), body), 400, /Invalid canister id "not-a-principal" in the URL/);
    await expectError(await post(at('query', '%ff'), body), 400, /Invalid canister id "%ff" in the URL/);
    await expectError(await post(at('query'), body, { 'content-type': 'application/json' }), 400, /expected application\/cbor/);
    await expectError(await post(at('query'), new Uint8Array(3 * 1024 * 1024 + 1)), 413, /larger than the allowed 3145728 bytes/);
    await expectError(await post(at('query'), new Uint8Array()), 400, /the body is empty/);
    await expectError(await post(at('query'), Uint8Array.of(1, 2)), 400, /not valid CBOR: 1 unexpected bytes after the value, at offset 1/);
    expect((await fetch(`${server.url}/somewhere`)).status).toBe(404);
  });

  it('refuses a body that grows too large without saying so first', async () => {
    const { port } = new URL(server.url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const req = request({
        port,
        host: '127.0.0.1',
        path: at('query'),
        method: 'POST',
        headers: { 'content-type': 'application/cbor', 'transfer-encoding': 'chunked' }
      });
      req.on('response', (res) => resolve(res.resume().statusCode));
      req.on('error', reject);
      for (let i = 0; i < 4; i += 1) req.write(new Uint8Array(1024 * 1024));
      req.end();
    });
    expect(status).toBe(413);
  });

  it('survives a client that goes away in the middle of its request', async () => {
    const { port } = new URL(server.url);
    const req = request({
      port,
      host: '127.0.0.1',
      path: at('query'),
      method: 'POST',
      headers: { 'content-type': 'application/cbor', 'content-length': 1_000 }
    });
    const gone = new Promise((resolve) => req.on('close', resolve));
    req.on('error', () => undefined);
    req.write(new Uint8Array(10), () => req.destroy());
    await gone;
    expect((await query()).status).toBe(200);
    expect(logged.filter((line) => line.startsWith('internal error'))).toEqual([]);
  });

  it.each([
    [{ method_name: undefined }, 'missing field `content.method_name`'],
    [{ method_name: 5 }, '`content.method_name` must be text'],
    [{ arg: 'text' }, '`content.arg` must be a blob'],
    [{ sender: new Uint8Array(30) }, '`content.sender` is not a principal: 30 bytes, at most 29'],
    [{ ingress_expiry: -1 }, '`content.ingress_expiry` must be a natural number of at most 64 bits'],
    [{ ingress_expiry: 'soon' }, '`content.ingress_expiry` must be a natural number of at most 64 bits'],
    [{ nonce: new Uint8Array(33) }, 'Nonce in request is too big: got 33 bytes, but at most 32 are allowed.'],
    [{ request_type: 'call' }, '`content.request_type` is "call", but this endpoint takes "query"'],
    [{ surprise: false }, 'the request id cannot be computed']
  ])('names the field that is wrong: %o', async (change, problem) => {
    const response = await query(change);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(problem);
  });

  it('checks the effective canister id', async () => {
    const other = Principal.fromText('uf6dk-hyaaa-aaaaq-qaaaq-cai');
    const wrong = await post(at('query', other.toText()), Cbor.encode({ content: content() }));
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toBe(
      `Specified CanisterId ${canisterId.toText()} does not match effective canister id in URL ${other.toText()}`
    );

    const arg = new Uint8Array(IDL.encode([IDL.Record({ canister_id: IDL.Principal })], [{ canister_id: canisterId }]));
    const status = { request_type: 'call', canister_id: Principal.managementCanister(), method_name: 'canister_status', arg };
    const management = await post(at('call', other.toText(), 'v3'), Cbor.encode({ content: content(status) }));
    expect(management.status).toBe(400);
    expect(await management.text()).toMatch(/concerns canister .* which does not match effective canister id in URL/);
    expect((await post(at('call', undefined, 'v3'), Cbor.encode({ content: content(status) }))).status).toBe(200);
  });

  it('survives a few hundred broken envelopes', async () => {
    const valid = Cbor.encode({ content: content({ request_type: 'call', method_name: 'increment' }), sender_sig: new Uint8Array(64) });
    const mutated = fc
      .tuple(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: valid.length })
      )
      .map(([changes, length]) => {
        const bytes = new Uint8Array(valid);
        for (const [offset, value] of changes) bytes[offset] = value;
        return bytes.slice(0, length);
      });
    const operation = fc.constantFrom('call', 'query', 'read_state');
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), operation, async (body, name) => {
        const { status } = await post(at(name), body);
        expect([200, 202, 400, 403, 404]).toContain(status);
      }),
      { numRuns: 400 }
    );
    expect(logged.filter((line) => line.startsWith('internal error'))).toEqual([]);
    expect((await query()).status).toBe(200);
  });

  it('only listens on this machine, unless it is told to serve others', async () => {
    await expect(ic.listen({ port: 0, host: '0.0.0.0' })).rejects.toThrow('This network only listens on this machine itself');
    const outside = Object.values(networkInterfaces()).flatMap((addresses = []) =>
      addresses.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address)
    )[0];
    const { url, providerUrl, close } = await ic.listen({ port: 0, host: '0.0.0.0', otherMachines: true, provider: { port: 0 } });
    try {
      const reach = (of = '', host = '127.0.0.1') => fetch(`http://${host}:${new URL(of).port}/api/v2/status`);
      expect((await reach(url)).status).toBe(200);
      if (outside === undefined) return;
      expect((await reach(url, outside)).status).toBe(200);
      await expect(reach(providerUrl, outside)).rejects.toThrow();
    } finally {
      await close();
    }
  });

  it('closes promptly although clients keep their connections', async () => {
    const second = await ic.listen({ port: 0 });
    await (await fetch(`${second.url}/api/v2/status`)).arrayBuffer();
    const started = performance.now();
    await second.close();
    expect(performance.now() - started).toBeLessThan(1_000);
    await expect(fetch(`${second.url}/api/v2/status`)).rejects.toThrow();
  });
});
