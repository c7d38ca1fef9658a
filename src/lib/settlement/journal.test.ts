import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
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
    await first.end('alice', 'options', 1n, 'done');
    await first.interrupted('alice', 'legacy', 1n, 'unreachable');
    first.close();

    const second = openJournal('network');
    const pending = await second.pending('alice');
    expect(homes(pending)).toEqual(['legacy 1', 'legacy 2']);
    expect(pending.find(({ positionId }) => positionId === 1n)).toMatchObject({ state: 'pending', attempts: 1, lastError: 'unreachable' });
    await second.end('alice', 'legacy', 1n, 'refused', 'not_due');
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

  it('works for the visit where storage is blocked', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('blocked', 'SecurityError');
      }
    });
    const journal = openJournal('network');
    await journal.begin('alice', 'options', 1n);
    expect(homes(await journal.pending('alice'))).toEqual(['options 1']);
    await journal.end('alice', 'options', 1n, 'done');
    expect(await journal.pending('alice')).toEqual([]);
    journal.close();
  });
});
