import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import Field from './Field.svelte';

describe('a field', () => {
  it('is found by its label and described by its hint', () => {
    render(Field, { label: 'Payout', name: 'payout', value: '', unit: 'BTC', hint: 'At least 0.0001 BTC' });
    const input = screen.getByLabelText('Payout');
    expect(input).toHaveAccessibleDescription('At least 0.0001 BTC');
    expect(input).not.toHaveAttribute('aria-invalid');
  });

  it('is described by its error too and is marked invalid', () => {
    render(Field, { label: 'Payout', name: 'payout', value: 'x', hint: 'A number', error: 'This is not a number.' });
    const input = screen.getByLabelText('Payout');
    expect(input).toHaveAccessibleDescription('A number This is not a number.');
    expect(input).toBeInvalid();
  });

  it('keeps exactly what was typed', async () => {
    render(Field, { label: 'Payout', name: 'payout', value: '', unit: 'BTC' });
    await userEvent.type(screen.getByLabelText('Payout'), ' 1,5x ');
    expect(screen.getByLabelText('Payout')).toHaveValue(' 1,5x ');
  });
});
