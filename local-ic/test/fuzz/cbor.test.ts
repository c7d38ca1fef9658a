import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeCbor } from './encodeCbor.ts';
import { bombs, damaged, hostileCbor, runs } from './hostile.ts';
import { signed, startTarget, type RequestType, type Target } from './target.ts';

describe('bytes that are no request', () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  });
  const at = (operation: string): string => `/api/v2/canister/${target.canisterId.toText()}/${operation}`;
  const operation = fc.constantFrom<RequestType>('call', 'query', 'read_state');

  it('are refused: random ones', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), operation, async (body, name) => {
        expect(await target.post(at(name), body)).toBe(400);
      }),
      runs(1_500)
    );
    await target.expectHealthy();
  });

  it('are refused: CBOR of any shape, right or wrong', async () => {
    await fc.assert(
      fc.asyncProperty(hostileCbor, operation, async (body, name) => {
        expect(await target.post(at(name), body)).toBe(400);
      }),
      runs(3_000)
    );
    await target.expectHealthy();
  });

  it.each<RequestType>(['call', 'query', 'read_state'])('are answered precisely: damaged copies of a valid %s', async (type) => {
    const valid = encodeCbor(signed(target.content(type), target.user));
    const answers = new Set<number>();
    await fc.assert(
      fc.asyncProperty(damaged(valid), async (body) => {
        answers.add(await target.post(at(type), body));
      }),
      runs(1_500)
    );
    // Damage shows at every depth: in the CBOR, and in the signature.
    expect(answers).toContain(400);
    expect(answers).toContain(403);
    await target.expectHealthy();
  });

  it.each(bombs())('are refused at once: %s', async (_, body) => {
    expect(await target.post(at('query'), body)).toBe(400);
    await target.expectHealthy();
  });
});
