import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Countdown from './Countdown.svelte';

describe('a countdown', () => {
  it('runs to its moment and then says what comes', async () => {
    const { rerender } = render(Countdown, { nowMs: 1_000, toMs: 62_000, after: 'settling' });
    expect(screen.getByRole('timer')).toHaveTextContent('in 1:01');
    await rerender({ nowMs: 61_500 });
    expect(screen.getByRole('timer')).toHaveTextContent('in 0:01');
    await rerender({ nowMs: 62_000 });
    expect(screen.getByRole('timer')).toHaveTextContent('settling');
  });
});
