import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browserLocks, leaseLocks, pageLocks, webLocks, type SettlementLocks } from './locks';
import { openSettlementDatabase } from './settlementDatabase';

const never = new AbortController().signal;
beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}
const leases = (): SettlementLocks => leaseLocks(openSettlementDatabase('network'));
const shared = pageLocks();
const passing = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Two tabs each: of a browser with locks, of one without, and of a test that lends both the same locks. */
const kinds: [string, () => SettlementLocks[]][] = [
  ['the browser’s locks', () => [webLocks(navigator.locks), webLocks(navigator.locks)]],
  ['leases in the database', () => [leases(), leases()]],
  ['one page’s locks', () => [shared, shared]]
];

describe.each(kinds)('two tabs with %s', (_, tabs) => {
  let here: SettlementLocks;
  let there: SettlementLocks;
  beforeEach(() => {
    const [first = shared, second = shared] = tabs();
    [here, there] = [first, second];
  });
  afterEach(() => {
    here.close();
    there.close();
  });

  it('take turns', async () => {
    const { opened, open } = gate();
    const order: string[] = [];
    const first = here.hold('name', never, async () => {
      order.push('here begins');
      await opened;
      order.push('here ends');
      return 1;
    });
    await vi.waitFor(() => expect(order).toEqual(['here begins']));
    const second = there.hold('name', never, () => Promise.resolve(order.push('there')));
    await passing(50);
    open();
    expect(await first).toBe(1);
    await second;
    expect(order).toEqual(['here begins', 'here ends', 'there']);
  });

  it('don’t wait where they needn’t', async () => {
    const { opened, open } = gate();
    const first = here.hold('name', never, () => opened);
    await passing(20);
    const work = vi.fn(() => Promise.resolve('done'));
    expect(await there.tryHold('name', work)).toBeUndefined();
    expect(work).not.toHaveBeenCalled();
    expect(await there.hold('another name', never, work)).toBe('done');
    open();
    await first;
    expect(await there.tryHold('name', work)).toBe('done');
  });

  it('let go after a failure, and pass it on', async () => {
    const failure = new Error('x');
    await expect(here.hold('name', never, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await there.tryHold('name', () => Promise.resolve('done'))).toBe('done');
  });

  it('wait no longer when the page is closed', async () => {
    const { opened, open } = gate();
    const first = here.hold('name', never, () => opened);
    await passing(20);
    const closing = new AbortController();
    const work = vi.fn(() => Promise.resolve());
    const second = there.hold('name', closing.signal, work).catch((error: unknown) => error);
    await passing(20);
    closing.abort();
    open();
    await first;
    expect(await second).toMatchObject({ code: 'aborted' });
    expect(work).not.toHaveBeenCalled();
  });
});

describe('a lease', () => {
  it('of a tab that crashed runs out', async () => {
    const crashed = leases();
    const next = leases();
    const holding = crashed.hold('name', never, () => new Promise(() => undefined));
    await passing(20);
    expect(await next.tryHold('name', () => Promise.resolve('done'))).toBeUndefined();
    vi.useFakeTimers({ now: Date.now() + 181_000, toFake: ['Date'] });
    expect(await next.tryHold('name', () => Promise.resolve('done'))).toBe('done');
    void holding;
  });

  it('is not needed where storage is blocked: the page’s own order remains', async () => {
    const alone = leaseLocks(Promise.resolve(undefined));
    expect(await alone.hold('name', never, () => alone.tryHold('name', () => Promise.resolve('twice')))).toBeUndefined();
    expect(await alone.tryHold('name', () => Promise.resolve('done'))).toBe('done');
  });
});

describe('the browser’s locks', () => {
  it('that are forbidden keep nobody from settling', async () => {
    const forbidden = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) } as unknown as LockManager;
    expect(await webLocks(forbidden).hold('name', never, () => Promise.resolve('done'))).toBe('done');
  });

  it('that are missing are replaced by leases', async () => {
    vi.stubGlobal('navigator', {});
    const [here, there] = [browserLocks('network'), browserLocks('network')];
    const held = await here.hold('name', never, () => there.tryHold('name', () => Promise.resolve('twice')));
    expect(held).toBeUndefined();
    here.close();
    there.close();
  });
});
