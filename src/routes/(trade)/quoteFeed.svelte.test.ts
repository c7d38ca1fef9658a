import { quote } from '$lib/components/testing/exchange';
import { AppError } from '$lib/errors/AppError';
import type { Quote, QuoteRequest } from '$lib/options/types';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { QuoteFeed } from './quoteFeed.svelte';

const request = (payoutSats: bigint): QuoteRequest => ({
  instrument: { kind: 'digital', direction: 'call', payoutSats },
  tenor: '1m',
  strike: { kind: 'offset', offsetE8: 0n }
});

beforeEach(() => void vi.useFakeTimers());

describe('the quote of the ticket', () => {
  it('is asked for once typing rests', async () => {
    const ask = vi.fn(() => Promise.resolve(quote));
    const feed = new QuoteFeed(ask);
    feed.follow(request(1n));
    feed.follow(request(10n));
    feed.follow(request(100n));
    expect(feed.asking).toBe(true);
    await vi.advanceTimersByTimeAsync(300);
    expect(ask).toHaveBeenCalledOnce();
    expect(ask).toHaveBeenCalledWith(request(100n), expect.any(AbortSignal));
    expect(feed.quote).toBe(quote);
    expect(feed.asking).toBe(false);
  });

  it('aborts an outdated question and ignores its late answer', async () => {
    const answers: ((quote: Quote) => void)[] = [];
    const signals: AbortSignal[] = [];
    const feed = new QuoteFeed((_, signal) => {
      signals.push(signal);
      return new Promise((resolve) => answers.push(resolve));
    });
    feed.follow(request(1n));
    await vi.advanceTimersByTimeAsync(300);
    feed.follow(request(2n));
    expect(signals[0]?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(300);
    answers[1]?.(quote);
    answers[0]?.({ ...quote, premiumSats: 1n });
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.quote).toBe(quote);
  });

  it('says why there is none, and forgets it with the next question', async () => {
    const refusal = new AppError({ kind: 'request', code: 'strike_out_of_range', message: 'The strike is too far away.' });
    const feed = new QuoteFeed(() => Promise.reject(refusal));
    feed.follow(request(1n));
    await vi.advanceTimersByTimeAsync(300);
    expect(feed.error).toBe(refusal);
    expect(feed.quote).toBeUndefined();
    feed.follow(undefined);
    expect(feed.error).toBeUndefined();
    expect(feed.asking).toBe(false);
  });
});
