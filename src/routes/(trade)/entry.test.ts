import { AppError } from '$lib/errors/AppError';
import { market, NOW_MS, reading } from '$lib/components/testing/exchange';
import type { Market } from '$lib/options/types';
import { describe, expect, it } from 'vitest';
import { entryState } from './entry';

const stopped = new AppError({ kind: 'temporary', code: 'canister_stopped', message: 'The exchange is stopped.' });

describe('whether orders can be placed', () => {
  it('they can while the market is live and the price fresh', () => {
    expect(entryState(reading(market), NOW_MS)).toEqual({ open: true, reason: '' });
  });

  it('gives the canister’s own reason', () => {
    const paused = reading<Market>({ ...market, entry: { kind: 'closed', reason: 'Paused for an upgrade.' } });
    expect(entryState(paused, NOW_MS)).toEqual({ open: false, reason: 'Paused for an upgrade.' });
  });

  it('closes between two readings when the price grows too old', () => {
    // The price is 90 s old when it is read.
    expect(entryState(reading(market), NOW_MS + 90_000).open).toBe(true);
    expect(entryState(reading(market), NOW_MS + 91_000).reason).toMatch(/three minutes/);
  });

  it('closes when the exchange doesn’t answer, with the reason, and says that it opens by itself', () => {
    const stale = entryState(reading(market, { phase: 'stale', error: stopped }), NOW_MS);
    expect(stale.open).toBe(false);
    expect(stale.reason).toContain('The exchange is stopped.');
    expect(stale.reason).toContain('opens again by itself');
    expect(entryState(reading<Market>(undefined, { phase: 'error', error: stopped }), NOW_MS).open).toBe(false);
  });

  it('says when it is this device that is offline', () => {
    expect(entryState(reading(market, { phase: 'offline' }), NOW_MS).reason).toMatch(/device is offline/);
  });

  it('waits for the first reading and the first price', () => {
    expect(entryState(reading<Market>(undefined), NOW_MS).reason).toBe('Waiting for the market.');
    expect(entryState(reading<Market>({ ...market, price: undefined }), NOW_MS).reason).toMatch(/no price yet/i);
  });
});
