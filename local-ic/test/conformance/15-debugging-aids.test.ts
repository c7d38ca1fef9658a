import { beforeEach, describe, expect, it } from 'vitest';
import { Address } from '../universal/layout.ts';
import { program } from '../universal/Program.ts';
import {
  numberOf,
  rejectOf,
  startUniversalNetwork,
  textOf,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { api, bytes, memory, text } from '../universal/values.ts';

let network: UniversalNetwork;
let canister: UniversalCanister;
beforeEach(async () => {
  network = await startUniversalNetwork();
  canister = await network.universal();
});

describe('Debugging aids', () => {
  it('debug_print prints, in queries, too', async () => {
    await canister.update(program().print('from an update').reply());
    await canister.query(program().print('from a query').reply());
    expect(network.log.join('\n')).toMatch(/from an update\n.*from a query/);
  });

  it('debug_print prints what a message that traps had to say', async () => {
    await canister.update(program().print('last words').trap());
    expect(network.log.join()).toContain('last words');
  });

  it('debug_print never traps, even if the text lies outside of the memory', async () => {
    const outside = [memory(2 ** 32 - 10, 5), memory(0, 2 ** 32 - 1), memory(2 ** 32 - 1, 2 ** 32 - 1)];
    for (const place of outside) {
      expect(textOf(await canister.update(program().call('debug_print', place).reply(text('alive'))))).toBe('alive');
    }
  });

  it('debug_print takes bytes that are not UTF-8', async () => {
    expect(
      (
        await canister.update(
          program()
            .call('debug_print', bytes(Uint8Array.of(0x66, 0xff, 0x6f)))
            .reply()
        )
      ).kind
    ).toBe('reply');
  });

  it('trap traps with its message', async () => {
    expect(rejectOf(await canister.update(program().trap('my reason')))).toEqual({
      code: 5,
      errorCode: 'IC0503',
      message: expect.stringContaining("Canister called `ic0.trap` with message: 'my reason'") as string
    });
  });

  it('trap traps whatever its message is', async () => {
    for (const message of [text(''), bytes(Uint8Array.of(0xff, 0xfe)), memory(2 ** 32 - 10, 5), memory(0, 2 ** 32 - 1)]) {
      expect(rejectOf(await canister.update(program().call('trap', message).reply()))).toMatchObject({ code: 5 });
    }
  });

  it.each([
    ['unreachable', program().unreachable()],
    ['heap out of bounds', program().store8(2 ** 31, 1)],
    ['heap out of bounds', program().append(memory(2 ** 31, 1))]
  ])('the machine’s own trap is told: %s', async (reason, run) => {
    expect(rejectOf(await canister.update(run))).toMatchObject({
      code: 5,
      errorCode: 'IC0502',
      message: expect.stringContaining(reason) as string
    });
  });
});

describe('Environment variables', () => {
  it('there are none in a fresh canister', async () => {
    expect(numberOf(await canister.query(program().reply(api('env_var_count'))))).toBe(0n);
    expect(
      numberOf(
        await canister.query(
          program()
            .write(Address.heap, text('PATH'))
            .reply(api('env_var_name_exists', Address.heap, 4))
        )
      )
    ).toBe(0n);
  });

  it('reading one that is not there traps', async () => {
    expect(rejectOf(await canister.query(program().reply(api('env_var_name_size', 0))))).toMatchObject({ code: 5 });
    expect(
      rejectOf(
        await canister.query(
          program()
            .write(Address.heap, text('PATH'))
            .reply(api('env_var_value_size', Address.heap, 4))
        )
      )
    ).toMatchObject({
      code: 5
    });
  });
});
