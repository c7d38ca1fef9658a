import { describe, expect, it, vi } from 'vitest';
import { keepDraft, keptDraft } from './keptDraft';
import { emptyDraft } from './ticket';

describe('the kept ticket', () => {
  it('comes back as it was typed', () => {
    const draft = { ...emptyDraft, direction: 'put' as const, payout: ' 1,5x' };
    keepDraft(draft);
    expect(keptDraft()).toEqual(draft);
  });

  it.each(['nonsense', '[]', 'null', '{"payout":5}', '{"offsetSteps":"x"}', '{"direction":"up"}', '{"other":"x"}'])(
    'is empty when storage holds %s',
    (text) => {
      sessionStorage.setItem('satstrike.ticket', text);
      expect(keptDraft()).toEqual(emptyDraft);
    }
  );

  it('works without storage', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    expect(() => keepDraft(emptyDraft)).not.toThrow();
  });
});
