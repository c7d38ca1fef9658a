import { fireEvent, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import Modal from './Modal.svelte';

const children = createRawSnippet(() => ({ render: () => '<p>Sure?</p>' }));

describe('a dialog', () => {
  it('is modal, named, and closes by its button and by Escape', async () => {
    const onclose = vi.fn();
    render(Modal, { title: 'Pause new orders?', onclose, children });
    const dialog = screen.getByRole('dialog', { name: 'Pause new orders?' });
    expect(dialog).toHaveAttribute('open');
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(onclose).toHaveBeenCalledOnce();
    await fireEvent(dialog, new Event('close'));
    expect(onclose).toHaveBeenCalledTimes(2);
  });

  it('gives the focus back', () => {
    const before = document.createElement('button');
    document.body.append(before);
    before.focus();
    const { unmount } = render(Modal, { title: 'Pause?', onclose: () => undefined, children });
    unmount();
    expect(before).toHaveFocus();
    before.remove();
  });
});
