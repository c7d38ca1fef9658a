import { environmentManager, focusManager } from '@tanstack/svelte-query';
import { get, readable, writable, type Writable } from 'svelte/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import type { Clients } from '../ic/clients';
import { createEngine, type Engine } from './engine';
import { createReadingStore, nothing, type LiveStore, type ReadingOptions, type Scope } from './readingStore';
import type { Reading } from './types';

const SECOND = 1_000;
const unreachable = new AppError({ kind: 'temporary', code: 'unreachable', message: 'Away.', canister: 'options' });
const forbidden = new AppError({ kind: 'request', code: 'forbidden', message: 'No.', canister: 'options' });
const clients = {} as Clients;

/** A value that is read by hand: each read waits until the test answers it. */
class Source {
  reads = 0;
  readonly waiting: { resolve(value: number): void; reject(error: unknown): void }[] = [];
  /** Set: every read is answered at once. */
  answer: (() => number) | undefined;

  read = (): Promise<number> => {
    this.reads += 1;
    const { answer } = this;
    if (answer !== undefined) {
      return new Promise((resolve) => resolve(answer()));
    }
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  };
}

let engine: Engine;
let source: Source;
let scope: Writable<Scope | undefined>;

function store(change: Partial<ReadingOptions<number>> = {}): LiveStore<number> {
  return createReadingStore<number>(engine, {
    name: 'figure',
    source: 'options',
    scope,
    isPrivate: true,
    read: source.read,
    intervalMs: () => 30 * SECOND,
    ...change
  });
}

/** Looks at a store and keeps what it showed last. */
function look(at: LiveStore<number>): { readonly shown: Reading<number>; away(): void } {
  let shown = get(at);
  const away = at.subscribe((reading) => (shown = reading));
  return {
    get shown() {
      return shown;
    },
    away
  };
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const fail = (error: unknown) => (): never => {
  throw error;
};

beforeEach(() => {
  environmentManager.setIsServer(() => false);
  vi.useFakeTimers({ now: new Date('2026-11-22T12:00:00Z') });
  engine = createEngine({ random: () => 0 });
  source = new Source();
  scope = writable<Scope | undefined>({ owner: 'alice', clients });
});
afterEach(() => {
  engine.close();
  expect(vi.getTimerCount()).toBe(0);
  focusManager.setFocused(undefined);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a reading', () => {
  it('is loading, then live, and is read again every interval', async () => {
    const view = look(store());
    expect(view.shown).toMatchObject({ phase: 'loading', value: undefined, updatedAt: undefined });
    source.waiting[0]?.resolve(1);
    await pass(0);
    expect(view.shown).toMatchObject({ phase: 'live', value: 1, updatedAt: Date.now(), error: undefined, refreshing: false });
    source.answer = () => 2;
    await pass(30 * SECOND - 1);
    expect(source.reads).toBe(1);
    await pass(1);
    expect(view.shown.value).toBe(2);
    await pass(300 * SECOND);
    expect(source.reads).toBe(12);
  });

  it('rests while nobody looks, and shows what it had when somebody looks again', async () => {
    source.answer = () => source.reads;
    const figure = store();
    look(figure).away();
    const view = look(figure);
    await pass(0);
    expect(source.reads).toBe(1);
    view.away();
    await pass(600 * SECOND);
    expect(source.reads).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
    const again = look(figure);
    expect(again.shown).toMatchObject({ value: 1, phase: 'stale' });
    await pass(0);
    expect(again.shown).toMatchObject({ value: 2, phase: 'live' });
  });

  it('is read once however many look', async () => {
    source.answer = () => 1;
    const figure = store();
    const views = [look(figure), look(figure), look(figure)];
    await pass(30 * SECOND);
    expect(source.reads).toBe(2);
    for (const view of views) expect(view.shown.value).toBe(1);
  });

  it('is not read again while a read is under way', async () => {
    const view = look(store());
    await pass(120 * SECOND);
    expect(source.reads).toBe(1);
    source.waiting[0]?.resolve(1);
    await pass(0);
    expect(view.shown.value).toBe(1);
  });

  it('keeps its last value through every failure, and never gives up', async () => {
    source.answer = () => 7;
    const view = look(store());
    await pass(0);
    const readAt = Date.now();
    source.answer = fail(unreachable);
    await pass(3_600 * SECOND);
    expect(view.shown).toMatchObject({ phase: 'stale', value: 7, updatedAt: readAt, error: unreachable });
    // Back within one interval of being reachable again.
    source.answer = () => 8;
    await pass(30 * SECOND);
    expect(view.shown).toMatchObject({ phase: 'live', value: 8, error: undefined });
  });

  it('keeps showing the error while it tries again without ever having had a value', async () => {
    source.answer = fail(forbidden);
    const phases: string[] = [];
    const stop = store().subscribe(({ phase }) => phases.push(phase));
    await pass(600 * SECOND);
    stop();
    expect(phases.slice(phases.indexOf('error'))).not.toContain('loading');
    expect(source.reads).toBeGreaterThan(3);
  });

  it('asks less and less often when the failure will not mend by itself', async () => {
    source.answer = fail(forbidden);
    look(store());
    const at: number[] = [];
    for (let second = 0; second < 1_800; second += 1) {
      const before = source.reads;
      await pass(SECOND);
      if (source.reads > before) at.push(second + 1);
    }
    // The first read is immediate; then 30, 60, 120, 240 s, and 300 s from there on.
    expect(at.slice(0, 7)).toEqual([30, 90, 210, 450, 750, 1050, 1350]);
  });

  it('waits as long as the other side asks', async () => {
    source.answer = fail(new AppError({ kind: 'temporary', code: 'busy', message: 'Later.', retryAfterMs: 90 * SECOND }));
    look(store());
    await pass(89 * SECOND);
    expect(source.reads).toBe(1);
    await pass(SECOND);
    expect(source.reads).toBe(2);
  });

  it('turns stale by age when a read hangs', async () => {
    source.answer = () => 1;
    const view = look(store());
    await pass(0);
    source.answer = undefined;
    await pass(74 * SECOND);
    expect(view.shown).toMatchObject({ phase: 'live', refreshing: true });
    await pass(SECOND);
    expect(view.shown).toMatchObject({ phase: 'stale', value: 1, error: undefined });
  });

  it('pauses while hidden and reads at once when it is seen again', async () => {
    source.answer = () => source.reads;
    const view = look(store());
    await pass(0);
    focusManager.setFocused(false);
    await pass(600 * SECOND);
    expect(source.reads).toBe(1);
    focusManager.setFocused(true);
    await pass(0);
    expect(view.shown).toMatchObject({ phase: 'live', value: 2 });
  });

  it('shows at once that the browser is offline, with the last value', async () => {
    const page = new EventTarget();
    const navigator = { onLine: true };
    vi.stubGlobal('window', page);
    vi.stubGlobal('navigator', navigator);
    source.answer = () => 3;
    const view = look(store());
    await pass(0);
    navigator.onLine = false;
    page.dispatchEvent(new Event('offline'));
    expect(view.shown).toMatchObject({ phase: 'offline', value: 3 });
    navigator.onLine = true;
    page.dispatchEvent(new Event('online'));
    expect(view.shown.phase).toBe('live');
  });

  it('paces itself by what was read', async () => {
    source.answer = () => source.reads;
    look(store({ intervalMs: (value) => ((value ?? 0) < 2 ? 10 : 60) * SECOND }));
    await pass(0);
    expect(source.reads).toBe(1);
    await pass(10 * SECOND);
    expect(source.reads).toBe(2);
    await pass(59 * SECOND);
    expect(source.reads).toBe(2);
    await pass(SECOND);
    expect(source.reads).toBe(3);
  });
});

describe('a refresh', () => {
  it('drops the read that is under way: it may be older than what the caller knows', async () => {
    source.answer = () => 1;
    const figure = store();
    const view = look(figure);
    await pass(30 * SECOND - 1);
    source.answer = undefined;
    await pass(1);
    const done = figure.refresh();
    await pass(0);
    expect(source.waiting).toHaveLength(2);
    source.waiting[1]?.resolve(3);
    await done;
    source.waiting[0]?.resolve(2);
    await pass(0);
    expect(view.shown.value).toBe(3);
  });

  it('does so as well when there is no value yet', async () => {
    const figure = store();
    const view = look(figure);
    const done = figure.refresh();
    await pass(0);
    source.waiting[1]?.resolve(5);
    await done;
    source.waiting[0]?.resolve(4);
    await pass(0);
    expect(view.shown).toMatchObject({ phase: 'live', value: 5 });
  });

  it('works for somebody who does not look', async () => {
    source.answer = () => 9;
    const figure = store();
    await figure.refresh();
    expect(look(figure).shown.value).toBe(9);
    expect(source.reads).toBe(1);
  });

  it('resolves also when it fails', async () => {
    source.answer = fail(unreachable);
    const figure = store();
    const view = look(figure);
    await figure.refresh();
    expect(view.shown).toMatchObject({ phase: 'error', error: unreachable });
  });

  it('is put off by touch until somebody looks', async () => {
    source.answer = () => source.reads;
    const figure = store();
    look(figure).away();
    await pass(0);
    figure.touch();
    await pass(0);
    expect(source.reads).toBe(1);
    const view = look(figure);
    await pass(0);
    expect(view.shown.value).toBe(2);
    figure.touch();
    await pass(0);
    expect(view.shown.value).toBe(3);
  });
});

describe('answers in the wrong order', () => {
  it('never replace a newer one', async () => {
    source.answer = () => 1_000;
    const figure = store({ asOf: (value) => BigInt(value) * 1_000_000_000n });
    const view = look(figure);
    await pass(0);
    source.answer = () => 999;
    await figure.refresh();
    expect(view.shown.value).toBe(1_000);
    // A network that was set up anew counts from an earlier time: that is no lagging node.
    source.answer = () => 100;
    await figure.refresh();
    expect(view.shown.value).toBe(100);
  });
});

describe('the person', () => {
  it('who leaves takes the data along', async () => {
    source.answer = () => 5;
    const view = look(store());
    await pass(0);
    scope.set(undefined);
    engine.forgetPrivate();
    expect(view.shown).toEqual(nothing('options'));
    expect(engine.cache.getQueryCache().getAll()).toEqual([]);
    await pass(600 * SECOND);
    expect(source.reads).toBe(1);
  });

  it('who comes never sees the answer to another’s question', async () => {
    const view = look(store());
    scope.set({ owner: 'bob', clients });
    await pass(0);
    source.waiting[0]?.resolve(111);
    await pass(0);
    expect(view.shown).toMatchObject({ phase: 'loading', value: undefined });
    source.waiting[1]?.resolve(222);
    await pass(0);
    expect(view.shown.value).toBe(222);
  });
});

describe('a recovery', () => {
  it('of one reading wakes the others that could not be reached', async () => {
    const other = new Source();
    const [first, second] = [store(), store({ name: 'other', read: other.read, intervalMs: () => 600 * SECOND })];
    source.answer = fail(unreachable);
    other.answer = fail(unreachable);
    const views = [look(first), look(second)];
    await pass(0);
    let told = 0;
    engine.onRecovered(() => (told += 1));
    source.answer = () => 1;
    other.answer = () => 2;
    await pass(30 * SECOND);
    expect(views.map(({ shown }) => shown.phase)).toEqual(['live', 'live']);
    expect(told).toBe(2);
  });

  it('leaves alone what was refused', async () => {
    const other = new Source();
    other.answer = fail(forbidden);
    source.answer = fail(unreachable);
    look(store());
    look(store({ name: 'other', read: other.read, intervalMs: () => 600 * SECOND }));
    await pass(0);
    source.answer = () => 1;
    await pass(30 * SECOND);
    expect(other.reads).toBe(1);
  });
});

describe('a single failure', () => {
  it('is looked into before anything on the screen changes', async () => {
    source.answer = () => 1;
    const view = look(store());
    await pass(0);
    const phases = new Set<string>();
    const stop = store().subscribe(({ phase }) => phases.add(phase));
    source.answer = fail(unreachable);
    await pass(30 * SECOND);
    expect(view.shown).toMatchObject({ phase: 'live', error: undefined });
    source.answer = () => 2;
    await pass(3 * SECOND);
    stop();
    expect(view.shown).toMatchObject({ phase: 'live', value: 2 });
  });

  it('is shown at once to whoever asked for the reading', async () => {
    source.answer = () => 1;
    const figure = store();
    const view = look(figure);
    await pass(0);
    source.answer = fail(unreachable);
    await figure.refresh();
    expect(view.shown).toMatchObject({ phase: 'stale', error: unreachable });
    expect(view.shown.advice).toContain('by itself');
  });

  it('that stays, is shown with the second', async () => {
    source.answer = () => 1;
    const view = look(store());
    await pass(0);
    source.answer = fail(unreachable);
    await pass(33 * SECOND);
    expect(view.shown).toMatchObject({ phase: 'stale', value: 1, error: unreachable });
  });
});

describe('an outage', () => {
  it('is watched by one reading; the others wait longer and are woken', async () => {
    const other = new Source();
    source.answer = fail(unreachable);
    other.answer = fail(unreachable);
    const views = [look(store()), look(store({ name: 'other', read: other.read }))];
    await pass(1_800 * SECOND);
    expect(source.reads).toBeGreaterThan(55);
    expect(other.reads).toBeLessThan(15);
    expect(get(engine.connection)).toMatchObject({ status: 'unreachable', canisters: ['options'] });
    source.answer = () => 1;
    other.answer = () => 2;
    await pass(30 * SECOND);
    expect(views.map(({ shown }) => shown.phase)).toEqual(['live', 'live']);
    expect(get(engine.connection)).toEqual({ status: 'online' });
  });

  it('is watched by another when the first is not looked at any more', async () => {
    const other = new Source();
    source.answer = fail(unreachable);
    other.answer = fail(unreachable);
    const [first, second] = [look(store()), look(store({ name: 'other', read: other.read }))];
    await pass(1_800 * SECOND);
    first.away();
    other.answer = () => 2;
    await pass(30 * SECOND);
    expect(second.shown).toMatchObject({ phase: 'live', value: 2 });
  });
});

describe('a switch', () => {
  it('stops the reading, keeps its value, and starts it again at once', async () => {
    const on = writable(true);
    source.answer = () => source.reads;
    const figure = store({ on });
    const view = look(figure);
    await pass(0);
    on.set(false);
    expect(view.shown).toMatchObject({ phase: 'stale', value: 1, error: { code: 'switched_off' } });
    await pass(600 * SECOND);
    await figure.refresh();
    figure.touch();
    await pass(0);
    expect(source.reads).toBe(1);
    on.set(true);
    await pass(0);
    expect(view.shown).toMatchObject({ phase: 'live', value: 2, error: undefined });
  });

  it('that is off from the start lets nothing be read', async () => {
    source.answer = () => 1;
    const view = look(store({ on: readable(false) }));
    await pass(600 * SECOND);
    expect(view.shown).toMatchObject({ phase: 'error', value: undefined, error: { code: 'switched_off' } });
    expect(source.reads).toBe(0);
  });
});

describe('closing', () => {
  it('ends timers and reads for those who still look, and for those who come later', async () => {
    source.answer = () => 1;
    const figure = store();
    look(figure);
    await pass(0);
    engine.close();
    expect(vi.getTimerCount()).toBe(0);
    await pass(600 * SECOND);
    look(figure);
    await figure.refresh();
    figure.touch();
    await pass(600 * SECOND);
    expect(source.reads).toBe(1);
    engine.close();
  });
});
