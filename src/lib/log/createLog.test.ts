import { describe, expect, it, vi } from 'vitest';
import { createLog } from './createLog';
import { formatEvent } from './formatEvent';

const AT = Date.UTC(2026, 10, 28, 14, 25, 4, 123);

describe('the log of a page', () => {
  it('keeps what happened, when, and under which id', () => {
    const log = createLog({ now: () => AT });
    log.write('info', 'session', { status: 'signedIn', expired: false });
    log
      .correlated('3f2a91c0')
      .write('warn', 'call', { canister: 'options', method: 'settle', outcome: 'unreachable', ms: 12, kind: undefined });
    expect(log.events().map(formatEvent)).toEqual([
      '2026-11-28T14:25:04.123Z info session status=signedIn expired=false',
      '2026-11-28T14:25:04.123Z warn call [3f2a91c0] canister=options method=settle outcome=unreachable ms=12'
    ]);
  });

  it('holds the newest only, and lets details go first', () => {
    const log = createLog({ capacity: 4 });
    log.write('debug', 'a');
    log.write('info', 'b');
    log.write('debug', 'c');
    log.write('error', 'd');
    const names = (): string[] => log.events().map(({ event }) => event);
    log.write('info', 'e');
    expect(names()).toEqual(['b', 'c', 'd', 'e']);
    log.write('info', 'f');
    expect(names()).toEqual(['b', 'd', 'e', 'f']);
    log.write('debug', 'g');
    expect(names()).toEqual(['d', 'e', 'f', 'g']);
  });

  it('holds 500 events', () => {
    const log = createLog();
    for (let i = 0; i < 2_000; i += 1) log.write('info', `event ${i}`);
    expect(log.events()).toHaveLength(500);
    expect(log.events().at(0)?.event).toBe('event 1500');
  });

  it('gives out copies', () => {
    const log = createLog();
    log.write('info', 'a');
    const before = log.events();
    log.write('info', 'b');
    expect(before).toHaveLength(1);
  });

  it('tells what it keeps, redacted, to whoever listens', () => {
    const onEvent = vi.fn();
    createLog({ now: () => AT, onEvent }).write('info', 'session', { principal: 'un4fu-tqaaa-aaaab-qadjq-cai-72xqp' });
    expect(onEvent).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ fields: { principal: 'un4fu-…' } }));
  });
});
