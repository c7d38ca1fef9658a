import { describe, expect, it, vi } from 'vitest';
import { keepDraft, keptDraft } from './keptDraft';
import { emptyDraft } from './ticket';

describe('the kept ticket', () => {
  it('comes back as it was typed', () => {
    const draft = {
      ...emptyDraft,
      kind: 'capped' as const,
      direction: 'put' as const,
      payout: ' 1,5x',
      notional: '0.1',
      cap: '25',
      payoutRoomPpm: '0'
    };
    keepDraft(draft);
    expect(keptDraft()).toEqual(draft);
  });

  it.each([
    'nonsense',
    '[]',
    'null',
    '{"payout":5}',
    '{"offsetSteps":"x"}',
    '{"direction":"up"}',
    '{"kind":"barrier"}',
    '{"payoutRoomPpm":"7"}',
    '{"other":"x"}'
  ])('is empty when storage holds %s', (text) => {
    sessionStorage.setItem('satstrike.ticket', text);
    expect(keptDraft()).toEqual(emptyDraft);
  });

  it('of an earlier version lacks nothing', () => {
    sessionStorage.setItem('satstrike.ticket', '{"direction":"put","payout":"0.1"}');
    expect(keptDraft()).toEqual({ ...emptyDraft, direction: 'put', payout: '0.1' });
  });

  it('works without storage', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    expect(() => keepDraft(emptyDraft)).not.toThrow();
  });
});
