import { connect } from 'node:net';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../src/http/bytes.ts';
import { createLocalIc, type LocalIc } from '../../src/index.ts';
import { installAgentFixture } from '../support/agentFixture.ts';
import { encodeCbor, Pairs } from './encodeCbor.ts';
import { damaged, runs } from './hostile.ts';
import { cut, exchange, statuses } from './rawHttp.ts';

/** The same over real connections, where bytes come in pieces, late, or not at all. */
describe('over HTTP', () => {
  let ic: LocalIc;
  let port: number;
  let path: string;
  let body: Uint8Array;
  const logged: string[] = [];

  beforeAll(async () => {
    ic = await createLocalIc({ log: (line) => logged.push(line) });
    const canisterId = await installAgentFixture(ic);
    port = Number(new URL((await ic.listen({ port: 0 })).url).port);
    path = `/api/v2/canister/${canisterId.toText()}/query`;
    body = encodeCbor(
      new Pairs([
        [
          'content',
          new Pairs([
            ['request_type', 'query'],
            ['sender', Principal.anonymous().toUint8Array()],
            ['ingress_expiry', ic.now() + 60_000_000_000n],
            ['canister_id', canisterId.toUint8Array()],
            ['method_name', 'get'],
            ['arg', Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0, 0)]
          ])
        ]
      ])
    );
  });
  afterAll(() => ic.close());

  const request = (headers: string[], ...parts: Uint8Array[]): Uint8Array =>
    concat(utf8([`POST ${path} HTTP/1.1`, 'host: localhost', 'content-type: application/cbor', ...headers, '', ''].join('\r\n')), ...parts);
  const valid = (): Uint8Array => request([`content-length: ${body.length}`, 'connection: close'], body);
  const chunk = (bytes: Uint8Array): Uint8Array => concat(utf8(`${bytes.length.toString(16)}\r\n`), bytes, utf8('\r\n'));

  const expectHealthy = async (): Promise<void> => {
    expect(statuses(await exchange(port, [valid()], 'end'))).toEqual([200]);
    expect(logged.filter((line) => line.includes('internal error'))).toEqual([]);
  };
  /** Whatever it is, it is not the network's fault. */
  const expectNoFault = (received: string): void => {
    for (const status of statuses(received)) expect(status).toBeLessThan(500);
  };

  it('a request is the same however it is cut into packets', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 8 }), async (places) => {
        expect(statuses(await exchange(port, cut(valid(), places), 'end'))).toEqual([200]);
      }),
      runs(40)
    );
  });

  it('a body may come in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), async (places, separately) => {
        const chunks = [
          ...cut(body, places)
            .filter(({ length }) => length > 0)
            .map(chunk),
          utf8('0\r\n\r\n')
        ];
        const head = request(['transfer-encoding: chunked', 'connection: close']);
        expect(statuses(await exchange(port, separately ? [head, ...chunks] : [concat(head, ...chunks)], 'end'))).toEqual([200]);
      }),
      runs(40)
    );
  });

  it('a length that is not the body’s is noticed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -200, max: 200 }).filter((difference) => difference !== 0),
        async (difference) => {
          const length = Math.max(0, body.length + difference);
          const received = await exchange(port, [request([`content-length: ${length}`], body)], 'end');
          expectNoFault(received);
          expect(statuses(received)).not.toContain(200);
        }
      ),
      runs(40)
    );
    await expectHealthy();
  });

  it.each([
    ['both a length and chunks', ['content-length: 5', 'transfer-encoding: chunked']],
    ['two lengths', ['content-length: 5', 'content-length: 6']],
    ['a negative length', ['content-length: -1']],
    ['a length that is no number', ['content-length: many']],
    ['a length beyond all bounds', ['content-length: 99999999999999999999']],
    ['an unknown coding', ['transfer-encoding: gzip']],
    ['a header without a name', [': x']],
    ['a header with a null byte', ['x: a\0b']],
    ['very many headers', Array.from({ length: 3_000 }, (_, i) => `x${i}: ${'y'.repeat(20)}`)],
    ['an expectation nobody meets', ['expect: the unexpected', 'content-length: 0']],
    ['a wish for another protocol', ['connection: upgrade', 'upgrade: websocket', 'content-length: 0']]
  ])('a request with %s is refused', async (_, headers) => {
    const received = await exchange(port, [request(headers, body)], 'end');
    expectNoFault(received);
    expect(statuses(received)).not.toContain(200);
    await expectHealthy();
  });

  it('chunks that are none, heads that are none, and damaged envelopes are refused', async () => {
    const head = request(['transfer-encoding: chunked', 'connection: close']);
    const wrong = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 80 }).map((bytes) => concat(head, bytes)),
      damaged(concat(head, chunk(body), utf8('0\r\n\r\n'))),
      damaged(valid()),
      damaged(body).map((bytes) => request([`content-length: ${bytes.length}`, 'connection: close'], bytes)),
      fc.uint8Array({ maxLength: 200 })
    );
    await fc.assert(
      fc.asyncProperty(wrong, async (bytes) => expectNoFault(await exchange(port, [bytes], 'end'))),
      runs(250)
    );
    await expectHealthy();
  });

  it('clients may go away at any moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (place) => {
        await exchange(port, [valid().slice(0, place % (valid().length + 1))], 'destroy');
      }),
      runs(80)
    );
    await expectHealthy();
  });

  it('requests in one packet are answered in order', async () => {
    const missing = utf8('GET /api/v2/nothing HTTP/1.1\r\nhost: localhost\r\n\r\n');
    const status = utf8('GET /api/v2/status HTTP/1.1\r\nhost: localhost\r\n\r\n');
    const open = request([`content-length: ${body.length}`], body);
    const pipeline = [status, open, missing, open, status, missing, open, open, valid()];
    expect(statuses(await exchange(port, [concat(...pipeline)], 'end'))).toEqual([200, 200, 404, 200, 200, 404, 200, 200, 200]);
    const many = Array.from({ length: 200 }, () => open);
    expect(statuses(await exchange(port, [concat(...many, valid())], 'end'))).toEqual(Array.from({ length: 201 }, () => 200));
  });

  it('a hundred clients that never finish keep nobody else waiting', async () => {
    // Connections that are open, with half of a request in them.
    const sockets = Array.from({ length: 100 }, (_, i) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => undefined);
      socket.write(valid().slice(0, 150 + i));
      return socket;
    });
    const started = performance.now();
    await expectHealthy();
    expect(performance.now() - started).toBeLessThan(5_000);
    for (const socket of sockets) socket.destroy();
    await expectHealthy();
  });
});
