import { beforeEach, describe, expect, it } from 'vitest';
import { Address } from '../universal/layout.ts';
import { program } from '../universal/Program.ts';
import {
  numberOf,
  numbersOf,
  rejectOf,
  replyOf,
  startUniversalNetwork,
  textOf,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { api, memory, stable, text } from '../universal/values.ts';

const PAGE = 65_536;
const MINUS_ONE_64 = 2n ** 64n - 1n;
const MINUS_ONE_32 = 2n ** 32n - 1n;
const OUT_OF_BOUNDS = { code: 5, errorCode: 'IC0502' };

describe.each([false, true])('Stable memory, Wasm memory of 64 bits: %s', (is64) => {
  let network: UniversalNetwork;
  let canister: UniversalCanister;
  beforeEach(async () => {
    network = await startUniversalNetwork();
    canister = await network.universal({ is64 });
  });

  it('is empty at first', async () => {
    expect(await canister.number(program().reply(api('stable64_size')))).toBe(0n);
    expect(rejectOf(await canister.query(program().reply(stable(0, 1))))).toMatchObject(OUT_OF_BOUNDS);
  });

  it('grows by pages of zeros, and tells the size before', async () => {
    const run = program()
      .append(api('stable64_grow', 1))
      .append(api('stable64_grow', 2))
      .append(api('stable64_grow', 0))
      .reply(api('stable64_size'));
    expect(numbersOf(await canister.update(run))).toEqual([0n, 1n, 3n, 3n]);
    expect(replyOf(await canister.query(program().reply(stable(3 * PAGE - 8, 8))))).toEqual(new Uint8Array(8));
  });

  it('does not grow beyond its limit of 500 GiB', async () => {
    const limit = 500 * 2 ** 14;
    expect(numberOf(await canister.update(program().reply(api('stable64_grow', limit + 1))))).toBe(MINUS_ONE_64);
    expect(numberOf(await canister.update(program().reply(api('stable64_grow', 2 ** 53))))).toBe(MINUS_ONE_64);
    expect(numberOf(await canister.update(program().reply(api('stable64_grow', -1))))).toBe(MINUS_ONE_64);
    expect(await canister.number(program().reply(api('stable64_size')))).toBe(0n);
  });

  it('keeps what is written, over pages', async () => {
    await canister.update(
      program()
        .growStable(2)
        .writeStable(PAGE - 2, text('over'))
        .reply()
    );
    expect(textOf(await canister.query(program().reply(stable(PAGE - 2, 4))))).toBe('over');
  });

  it('can be read and written to its very end, and not beyond', async () => {
    await canister.update(program().growStable(1).reply());
    expect(
      (
        await canister.update(
          program()
            .writeStable(PAGE - 4, text('last'))
            .reply()
        )
      ).kind
    ).toBe('reply');
    for (const run of [
      program().writeStable(PAGE - 3, text('last')),
      program().writeStable(PAGE, text('x')),
      program().writeStable(-1, text('x')),
      program().writeStable(2 ** 40, text('x')),
      program().append(stable(PAGE - 3, 4)),
      program().append(stable(-4, 4)),
      program().call('stable64_read', Address.heap, 0, -1)
    ]) {
      expect(rejectOf(await canister.update(run.reply()))).toMatchObject(OUT_OF_BOUNDS);
    }
    expect((await canister.query(program().reply(stable(PAGE, 0)))).kind).toBe('reply');
  });

  it('traps when the Wasm memory ends before the data', async () => {
    await canister.update(program().growStable(1).reply());
    const beyond = is64 ? 2 ** 40 : 2 ** 32 - 4;
    expect(rejectOf(await canister.update(program().call('stable64_write', 0, beyond, 8).reply()))).toMatchObject(OUT_OF_BOUNDS);
    expect(rejectOf(await canister.update(program().call('stable64_read', beyond, 0, 8).reply()))).toMatchObject(OUT_OF_BOUNDS);
  });

  it('takes offsets above 4 GiB', async () => {
    const offset = 5 * 2 ** 30;
    await canister.update(
      program()
        .growStable(6 * 2 ** 14)
        .writeStable(offset, text('far'))
        .reply()
    );
    expect(textOf(await canister.query(program().reply(stable(offset, 3))))).toBe('far');
    expect(replyOf(await canister.query(program().reply(stable(offset - 2 ** 32, 3))))).toEqual(new Uint8Array(3));
  });

  it('is undone with the message: size and content', async () => {
    await canister.update(program().growStable(1).writeStable(0, text('old')).reply());
    await canister.update(program().growStable(1).writeStable(0, text('new')).trap());
    expect(textOf(await canister.query(program().reply(stable(0, 3))))).toBe('old');
    expect(await canister.number(program().reply(api('stable64_size')))).toBe(1n);
  });

  it('can be written in a query for the time of the query', async () => {
    await canister.update(program().growStable(1).writeStable(0, text('old')).reply());
    expect(textOf(await canister.query(program().growStable(1).writeStable(0, text('new')).reply(stable(0, 3))))).toBe('new');
    expect(textOf(await canister.query(program().reply(stable(0, 3))))).toBe('old');
    expect(await canister.number(program().reply(api('stable64_size')))).toBe(1n);
  });

  it('copies bytes exactly between the two memories', async () => {
    const copy = program()
      .fill(Address.heap, 0xab, 100)
      .growStable(1)
      .writeStable(10, memory(Address.heap, 100))
      .call('stable64_read', Address.heap + 1_000, 5, 110)
      .reply(memory(Address.heap + 1_000, 110));
    const expected = new Uint8Array(110).fill(0xab, 5, 105);
    expect(replyOf(await canister.update(copy))).toEqual(expected);
  });
});

describe('Stable memory, functions of 32 bits', () => {
  let canister: UniversalCanister;
  beforeEach(async () => {
    canister = await (await startUniversalNetwork()).universal();
  });
  const FOUR_GIB = 65_536;

  it('see the same memory', async () => {
    const run = program()
      .append(api('stable_grow', 2))
      .writeStable(7, text('same'))
      .call('stable_read', Address.heap, 7, 4)
      .append(memory(Address.heap, 4))
      .call('stable_write', 100, text('back'))
      .append(stable(100, 4))
      .reply(api('stable_size'));
    const reply = replyOf(await canister.update(run));
    expect(new TextDecoder().decode(reply.subarray(8, 16))).toBe('sameback');
    expect(reply.at(16)).toBe(2);
  });

  it('stable_grow does not grow beyond 4 GiB', async () => {
    const run = program().append(api('stable_grow', FOUR_GIB)).append(api('stable_grow', 1)).reply(api('stable_size'));
    expect(numbersOf(await canister.update(run))).toEqual([0n, MINUS_ONE_32, BigInt(FOUR_GIB)]);
  });

  it.each([
    ['stable_size', program().reply(api('stable_size'))],
    ['stable_grow', program().reply(api('stable_grow', 0))],
    ['stable_write', program().call('stable_write', 0, 0, 0).reply()],
    ['stable_read', program().call('stable_read', 0, 0, 0).reply()]
  ])('%s traps when the stable memory is larger than 4 GiB', async (_, run) => {
    expect((await canister.update(program().growStable(FOUR_GIB).also(run))).kind).toBe('reply');
    expect(rejectOf(await canister.update(program().growStable(1).also(run)))).toMatchObject({ code: 5 });
  });

  it('trap out of bounds', async () => {
    await canister.update(program().growStable(1).reply());
    expect(rejectOf(await canister.update(program().call('stable_write', PAGE, text('x')).reply()))).toMatchObject(OUT_OF_BOUNDS);
    expect(
      rejectOf(
        await canister.update(
          program()
            .call('stable_read', Address.heap, 2 ** 32 - 1, 2)
            .reply()
        )
      )
    ).toMatchObject(OUT_OF_BOUNDS);
    expect(
      rejectOf(
        await canister.update(
          program()
            .call('stable_write', 0, 2 ** 32 - 1, 2)
            .reply()
        )
      )
    ).toMatchObject(OUT_OF_BOUNDS);
  });
});
