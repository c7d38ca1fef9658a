import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import ReportButton from '../ReportButton.svelte';
import { appWith, testServices, TRADER } from '../testing/exchange';
import ReportDialog from './ReportDialog.svelte';

describe('reporting a problem', () => {
  it('begins at a button', async () => {
    const { app, context } = appWith(testServices());
    render(ReportButton, { context });
    await userEvent.click(screen.getByRole('button', { name: 'Report a problem' }));
    expect(app.reporting).toBe(true);
  });

  it('shows what will be copied, and copies exactly that', async () => {
    const user = userEvent.setup();
    const { app } = appWith(testServices());
    app.log.correlated('3f2a91c0').write('warn', 'call', { canister: 'options', method: 'settle', outcome: 'unreachable', unclear: true });
    render(ReportDialog, { app });
    expect(screen.getByRole('dialog', { name: 'Report a problem' })).toBeInTheDocument();
    const shown = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'What will be copied' });
    expect(shown).toHaveAttribute('readonly');
    expect(shown.value).toContain('warn call [3f2a91c0] canister=options method=settle outcome=unreachable unclear=true');
    expect(shown.value).toContain('Network: local');
    expect(shown.value).toContain(`Session: signedIn ${TRADER.slice(0, 5)}-…`);
    expect(shown.value).not.toContain(TRADER);
    // What happens meanwhile doesn't change it.
    app.log.write('info', 'session', { status: 'anonymous' });
    await user.click(screen.getByRole('button', { name: 'Copy report' }));
    expect(await navigator.clipboard.readText()).toBe(shown.value);
    expect(screen.getByRole('status')).toHaveTextContent('Copied');
  });

  it('ends with either button', async () => {
    for (const name of ['Done', 'Close']) {
      const { app } = appWith(testServices());
      app.reporting = true;
      const { unmount } = render(ReportDialog, { app });
      await userEvent.click(screen.getByRole('button', { name }));
      expect(app.reporting).toBe(false);
      unmount();
    }
  });

  it('works before anything has started', () => {
    const { app } = appWith(testServices());
    app.services = undefined;
    render(ReportDialog, { app });
    const shown = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'What will be copied' });
    expect(shown.value).toContain('Session: not started');
    expect(shown.value).toContain('No events.');
  });
});
