import { environmentManager, focusManager } from '@tanstack/svelte-query';
import { get, writable } from 'svelte/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Clients } from '../ic/clients';
import { createEngine, type Engine } from './engine';
import { createReadingStore, type LiveStore, type Scope } from './readingStore';
import { openTabChannel, type SharedReading, type TabChannel } from './tabs';

const SECOND = 1_000;

/** The tabs of one browser: what one posts, the others hear. */
class Browser {
  readonly #tabs = new Set<{ heard?: (reading: SharedReading) => void }>();

  open(): TabChannel {
    const tab: { heard?: (reading: SharedReading) => void } = {};
    this.#tabs.add(tab);
    return {
      post: (reading) => {
        for (const other of this.#tabs) if (other !== tab) other.heard?.(structuredClone(reading));
      },
      listen: (heard) => (tab.heard = heard),
      close: () => this.#tabs.delete(tab)
    };
  }
}

interface Tab {
  engine: Engine;
  store: LiveStore<number>;
  scope: ReturnType<typeof writable<Scope | undefined>>;
  reads(): number;
}

let browser: Browser;
let tabs: Tab[];
let next: number;

function open(owner: string, random: () => number = Math.random): Tab {
  const engine = createEngine({ tabs: browser.open(), random });
  const scope = writable<Scope | undefined>({ owner, clients: {} as Clients });
  let reads = 0;
  const read = (): Promise<number> => {
    reads += 1;
    next += 1;
    return Promise.resolve(next);
  };
  const store = createReadingStore<number>(engine, {
    name: 'figure',
    source: 'options',
    scope,
    isPrivate: true,
    read,
    intervalMs: () => 30 * SECOND
  });
  const tab = { engine, store, scope, reads: () => reads };
  tabs.push(tab);
  return tab;
}

beforeEach(() => {
  environmentManager.setIsServer(() => false);
  vi.useFakeTimers({ now: new Date('2026-11-22T12:00:00Z') });
  browser = new Browser();
  tabs = [];
  next = 0;
});
afterEach(() => {
  for (const { engine } of tabs) engine.close();
  expect(vi.getTimerCount()).toBe(0);
  focusManager.setFocused(undefined);
  vi.useRealTimers();
});

describe('tabs of one browser', () => {
  it('share the work: ten of them ask hardly more than one', async () => {
    const ten = Array.from({ length: 10 }, (_, index) => open('alice', () => index / 10));
    for (const { store } of ten) store.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(3_600 * SECOND);
    const reads = ten.reduce((sum, tab) => sum + tab.reads(), 0);
    // Each has read once when it was opened; then 3,600 s at 27 to 30 s.
    expect(reads).toBeLessThanOrEqual(10 + 134);
    expect(new Set(ten.map(({ store }) => get(store).value)).size).toBe(1);
    expect(ten.every(({ store }) => get(store).phase === 'live')).toBe(true);
  });

  it('never hear what is somebody else’s', async () => {
    const [alice, bob] = [open('alice'), open('bob')];
    for (const { store } of [alice, bob]) store.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(60 * SECOND);
    expect(get(alice.store).value).not.toBe(get(bob.store).value);
    alice.scope.set(undefined);
    await vi.advanceTimersByTimeAsync(60 * SECOND);
    expect(get(alice.store).value).toBeUndefined();
  });

  it('keep the newer value when an older one is heard', async () => {
    const [one, two] = [open('alice'), open('alice')];
    for (const { store } of [one, two]) store.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    const newest = get(two.store);
    one.engine.share({ name: 'figure', owner: 'alice', value: -1, updatedAt: (newest.updatedAt ?? 0) - 1 });
    expect(get(two.store).value).toBe(newest.value);
  });

  it('are recovered by what another could read', async () => {
    const [one, two] = [open('alice'), open('alice')];
    one.store.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    two.store.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    one.engine.share({ name: 'figure', owner: 'alice', value: 99, updatedAt: Date.now() + 1 });
    expect(get(two.store)).toMatchObject({ phase: 'live', value: 99 });
  });
});

describe('the browser’s channel', () => {
  it('passes on readings with big integers, and nothing that is none', async () => {
    vi.useRealTimers();
    const [one, two] = [openTabChannel('net', 'v'), openTabChannel('net', 'v')];
    const heard: SharedReading[] = [];
    const arrived = new Promise<void>((resolve) => {
      two?.listen((reading) => {
        heard.push(reading);
        resolve();
      });
    });
    const stranger = new BroadcastChannel('satstrike.readings.net.v');
    stranger.postMessage({ hello: 1 });
    one?.post({ name: 'balance', owner: 'alice', value: { sats: 5n }, updatedAt: 1 });
    await arrived;
    expect(heard).toEqual([{ name: 'balance', owner: 'alice', value: { sats: 5n }, updatedAt: 1 }]);
    for (const channel of [one, two, stranger]) channel?.close();
    vi.useFakeTimers();
  });
});
