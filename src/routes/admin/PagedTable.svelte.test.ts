import { appWith, reading, testServices, type TestServices } from '$lib/components/testing/exchange';
import { overview, reserves, user } from '$lib/components/testing/platform';
import { userCsv } from '$lib/components/csv/columns';
import { AppError } from '$lib/errors/AppError';
import type { UserRow } from '$lib/options/types';
import type { AdminFigures, RowPage } from '$lib/services/types';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import PagedTable from './PagedTable.svelte';
import { userColumns } from './tables';

const all = Array.from({ length: 60 }, (_, index) => user({ owner: `user-${index}`, positions: BigInt(index) }));

/** As the canister pages: rows after an index, and where to go on. */
function page(after: bigint | undefined, limit: number): Promise<RowPage<UserRow>> {
  const from = after === undefined ? 0 : Number(after) + 1;
  const rows = all.slice(from, from + limit);
  return Promise.resolve({ rows, next: from + limit < all.length ? BigInt(from + limit - 1) : undefined });
}

let services: TestServices;
const load = vi.fn(page);

beforeEach(() => {
  services = testServices();
  load.mockReset().mockImplementation(page);
});

function show() {
  return render(PagedTable<UserRow>, {
    props: { caption: 'Users', columns: userColumns, csv: userCsv, load, rowKey: (row: UserRow) => row.owner, empty: 'Nobody.' },
    context: appWith(services).context
  });
}

const shown = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.querySelector('td')?.textContent);

describe('a paged table', () => {
  it('goes forward and back by the canister’s cursors', async () => {
    show();
    expect(await screen.findByText('Page 1, 25 rows')).toBeInTheDocument();
    expect(shown()[0]).toBe('user-0');
    expect(screen.getByRole('button', { name: 'Previous' })).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(load).toHaveBeenLastCalledWith(24n, 25);
    expect(shown()[0]).toBe('user-25');
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(screen.getByText('Page 3, 10 rows')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Next' })).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Previous' }));
    expect(shown()[0]).toBe('user-25');
  });

  it('keeps its rows when reading fails, says so and can try again', async () => {
    show();
    await screen.findByText('Page 1, 25 rows');
    load.mockRejectedValueOnce(new AppError({ kind: 'temporary', code: 'unreachable', message: 'No answer.' }));
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(screen.getByText('No answer.')).toBeInTheDocument();
    expect(shown()[0]).toBe('user-0');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.queryByText('No answer.')).toBeNull();
  });

  it('reads its page again when the figures were refreshed', async () => {
    show();
    await screen.findByText('Page 1, 25 rows');
    services.admin.set(reading<AdminFigures>({ overview, reserves }, { updatedAt: 5 }));
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
  });
});

describe('the CSV of a table', () => {
  let saved: Blob[];
  let names: string[];

  beforeEach(() => {
    saved = [];
    names = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      saved.push(blob as Blob);
      return 'blob:test';
    });
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
  });

  it('holds what is shown', async () => {
    show();
    await screen.findByText('Page 1, 25 rows');
    await userEvent.click(screen.getByRole('button', { name: 'CSV of what is shown (users)' }));
    expect(await screen.findByText('25 rows saved')).toBeInTheDocument();
    const lines = (await saved[0]?.text())?.trim().split('\r\n') ?? [];
    expect(lines[0]).toBe('owner,available_sats,reserved_sats,positions,volume_premium_sats,payouts_sats,created');
    expect(lines[1]).toBe('user-0,1000,20,0,400,500,2024-03-01T12:00:00.000Z');
    expect(lines).toHaveLength(26);
    expect(names[0]).toMatch(/^satstrike-users-.*\.csv$/);
  });

  it('holds everything, page by page', async () => {
    show();
    await screen.findByText('Page 1, 25 rows');
    await userEvent.click(screen.getByRole('button', { name: 'CSV of everything (users)' }));
    expect(await screen.findByText('60 rows saved')).toBeInTheDocument();
    expect((await saved[0]?.text())?.trim().split('\r\n')).toHaveLength(61);
  });

  it('saves nothing, and says so, when a page can’t be read', async () => {
    show();
    await screen.findByText('Page 1, 25 rows');
    load.mockRejectedValueOnce(new AppError({ kind: 'temporary', code: 'unreachable', message: 'No answer.' }));
    await userEvent.click(screen.getByRole('button', { name: 'CSV of everything (users)' }));
    expect(await screen.findByText('Nothing was saved. No answer.')).toBeInTheDocument();
    expect(saved).toHaveLength(0);
  });
});
