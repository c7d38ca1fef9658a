import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { HttpError } from '../../src/http/HttpError.ts';
import { encodeCbor } from './encodeCbor.ts';
import { runs } from './hostile.ts';
import { signed, startTarget, type Target } from './target.ts';

describe('addresses that lead nowhere', () => {
  let target: Target;
  let body: Uint8Array;
  beforeAll(async () => {
    target = await startTarget();
    body = encodeCbor(signed(target.content('query'), target.user));
  });

  const part = fc.oneof(
    fc.constantFrom(
      'api',
      'v2',
      'v3',
      'v4',
      'v5',
      'v02',
      'canister',
      'subnet',
      'status',
      'call',
      'query',
      'read_state',
      '',
      '.',
      '..',
      '%2e%2e',
      '%2f',
      '%00'
    ),
    fc.constantFrom(
      'aaaaa-aa',
      '2vxsx-fae',
      'AAAAA-AA',
      'aaaaa-aaa',
      '%',
      '%zz',
      '%ff%ff',
      '{"__principal__":"aaaaa-aa"}',
      'a'.repeat(100_000)
    ),
    fc.uint8Array({ maxLength: 40 }).map((id) => Principal.fromUint8Array(id).toText()),
    fc.string({ unit: 'binary', maxLength: 20 })
  );

  it('are refused, or are those of another canister', async () => {
    const path = fc.oneof(
      fc.array(part, { maxLength: 7 }).map((parts) => `/${parts.join('/')}`),
      fc
        .tuple(
          fc.constantFrom('v2', 'v3', 'v4'),
          fc.constantFrom('canister', 'subnet'),
          part,
          fc.constantFrom('call', 'query', 'read_state')
        )
        .map(([version, subject, id, operation]) => `/api/${version}/${subject}/${id}/${operation}`)
    );
    await fc.assert(
      fc.asyncProperty(path, async (address) => {
        expect([400, 403, 404]).toContain(await target.post(address, body));
        expect(['GET', 'POST', undefined]).toContain(target.api.methodOf(address));
      }),
      runs(2_000)
    );
    await target.expectHealthy();
  });

  it('name a canister in upper case as well, as the text of a principal may', async () => {
    expect(await target.post(`/api/v2/canister/${target.canisterId.toText().toUpperCase()}/query`, body)).toBe(200);
  });

  it('are told apart from a principal that was mistyped', async () => {
    const mistyped = target.canisterId.toText().replace(/^./, (first) => (first === 'a' ? 'b' : 'a'));
    const refusal = target.api.post(`/api/v2/canister/${mistyped}/query`, body);
    await expect(refusal).rejects.toBeInstanceOf(HttpError);
    await expect(refusal).rejects.toThrow(/^Invalid canister id ".*" in the URL: .*checksum/);
  });
});
