import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { get } from 'svelte/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openJournal } from './journal';

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(() => vi.unstubAllGlobals());

const homes = (entries: { home: string; positionId: bigint }[]) => entries.map(({ home, positionId }) => `${home} ${positionId}`).sort();

describe('the journal', () => {
  it('keeps what has begun until its end is known, across visits', async () => {
    const first = openJournal('network');
    await first.begin('alice', 'options', 1n);
    await first.begin('alice', 'legacy', 1n);
    await first.begin('alice', 'legacy', 2n);
    await first.note('alice', 'options', 1n, { state: 'done' });
    await first.note('alice', 'legacy', 1n, { lastError: 'unreachable', open: { route: 'options', until: 9 } });
    first.close();

    const second = openJournal('network');
    const pending = await second.pending('alice');
    expect(homes(pending)).toEqual(['legacy 1', 'legacy 2']);
    expect(pending.find(({ positionId }) => positionId === 1n)).toMatchObject({
      state: 'pending',
      attempts: 1,
      lastError: 'unreachable',
      open: { route: 'options', until: 9 }
    });
    await second.note('alice', 'legacy', 1n, { state: 'refused', lastError: 'not_due' });
    expect(homes(await second.pending('alice'))).toEqual(['legacy 2']);
    expect(await second.all('alice')).toHaveLength(3);
    second.close();
  });

  it('counts attempts and keeps when the first one began', async () => {
    const journal = openJournal('network');
    vi.useFakeTimers({ now: 1_000, toFake: ['Date'] });
    await journal.begin('alice', 'options', 1n);
    vi.setSystemTime(2_000);
    await journal.begin('alice', 'options', 1n);
    vi.useRealTimers();
    expect(await journal.all('alice')).toMatchObject([{ attempts: 2, startedAt: 1_000, updatedAt: 2_000 }]);
    journal.close();
  });

  it('shows nobody another person’s settlements, and no network another’s', async () => {
    const journal = openJournal('network');
    await journal.begin('alice', 'options', 1n);
    await journal.begin('alicia', 'options', 2n);
    expect(homes(await journal.pending('alice'))).toEqual(['options 1']);
    expect(await journal.pending('bob')).toEqual([]);
    const other = openJournal('another network');
    expect(await other.all('alice')).toEqual([]);
    journal.close();
    other.close();
  });

  it('tells the next attempt what the one before left', async () => {
    const journal = openJournal('network');
    expect(await journal.begin('alice', 'legacy', 1n)).toBeUndefined();
    await journal.note('alice', 'legacy', 1n, { open: { route: 'legacy', until: 5 } });
    expect(await journal.begin('alice', 'legacy', 1n)).toMatchObject({ attempts: 1, open: { route: 'legacy', until: 5 } });
    journal.close();
  });

  it('keeps the last two hundred that ended, and everything that has not', async () => {
    vi.useFakeTimers({ now: 1_000, toFake: ['Date'] });
    const journal = openJournal('network');
    await journal.begin('alice', 'legacy', 999n);
    for (let id = 0n; id < 203n; id += 1n) {
      vi.setSystemTime(2_000 + Number(id));
      await journal.begin('alice', 'options', id);
      await journal.note('alice', 'options', id, { state: 'done' });
    }
    const all = await journal.all('alice');
    vi.useRealTimers();
    expect(all).toHaveLength(201);
    expect([all[0]?.positionId, all.at(-1)?.positionId, all.at(-2)?.positionId]).toEqual([202n, 999n, 3n]);
    journal.close();
  });

  it('takes over what the first version of the page wrote', async () => {
    const old = await openDB('satstrike.network', 1, {
      upgrade: (db) => void db.createObjectStore('settlements', { keyPath: ['owner', 'key'] })
    });
    const entry = { key: 'options/4', owner: 'alice', home: 'options', positionId: 4n, attempts: 1, startedAt: 1, updatedAt: 1 };
    await old.put('settlements', { ...entry, state: 'pending', lastError: undefined });
    old.close();
    const journal = openJournal('network');
    expect(homes(await journal.pending('alice'))).toEqual(['options 4']);
    journal.close();
  });
});

describe('the journal without storage', () => {
  it('works for the visit where it is blocked, and says so', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('blocked', 'SecurityError');
      }
    });
    const journal = openJournal('network');
    await journal.begin('alice', 'options', 1n);
    expect(get(journal.storage)).toBe('memory');
    expect(homes(await journal.pending('alice'))).toEqual(['options 1']);
    await journal.note('alice', 'options', 1n, { state: 'done' });
    expect(await journal.pending('alice')).toEqual([]);
    journal.close();
  });

  it('works for the visit while a page of an older version is open in another tab', async () => {
    const old = await openDB('satstrike.network', 1, {
      upgrade: (db) => void db.createObjectStore('settlements', { keyPath: ['owner', 'key'] })
    });
    const journal = openJournal('network');
    await journal.begin('alice', 'options', 1n);
    expect(get(journal.storage)).toBe('memory');
    expect(homes(await journal.pending('alice'))).toEqual(['options 1']);
    old.close();
    journal.close();
  });

  it('lays what a full database refuses over what it holds, and writes it once there is room', async () => {
    const journal = openJournal('network');
    await journal.begin('alice', 'options', 1n);
    expect(get(journal.storage)).toBe('indexeddb');
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await journal.note('alice', 'options', 1n, { lastError: 'unreachable' });
    await journal.begin('alice', 'options', 2n);
    expect(get(journal.storage)).toBe('memory');
    expect(homes(await journal.pending('alice'))).toEqual(['options 1', 'options 2']);
    put.mockRestore();
    await journal.note('alice', 'options', 1n, { state: 'done' });
    expect(get(journal.storage)).toBe('indexeddb');
    journal.close();
    const later = openJournal('network');
    expect(await later.all('alice')).toMatchObject([{ positionId: 1n, state: 'done', attempts: 1, lastError: 'unreachable' }]);
    later.close();
  });
});
