import { render, screen, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import DataTable from './DataTable.svelte';
import type { TableColumn } from './table';

interface Row {
  id: bigint;
  note: string;
}
const columns: TableColumn<Row>[] = [
  { key: 'id', label: 'No.', numeric: true, text: (row) => row.id.toString() },
  { key: 'note', label: 'Note', text: (row) => row.note.slice(0, 3), title: (row) => row.note }
];

describe('a table', () => {
  it('has a name, headings and a frame the keyboard can scroll', () => {
    render(DataTable<Row>, { caption: 'Notes', columns, rows: [{ id: 1n, note: 'abcdef' }], rowKey: (row: Row) => row.id, empty: 'None.' });
    const table = screen.getByRole('table', { name: 'Notes' });
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map((cell) => cell.textContent)
    ).toEqual(['No.', 'Note']);
    expect(
      within(table)
        .getAllByRole('cell')
        .map((cell) => cell.textContent)
    ).toEqual(['1', 'abc']);
    expect(within(table).getByTitle('abcdef')).toBeInTheDocument();
    expect(screen.getByRole('region')).toHaveAttribute('tabindex', '0');
  });

  it('says so when it is empty', () => {
    render(DataTable<Row>, { caption: 'Notes', columns, rows: [], rowKey: (row: Row) => row.id, empty: 'No notes yet.' });
    expect(screen.getByText('No notes yet.')).toBeInTheDocument();
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('shows markup as text', () => {
    render(DataTable<Row>, { caption: 'Notes', columns, rows: [{ id: 1n, note: '<b>' }], rowKey: (row: Row) => row.id, empty: '' });
    expect(screen.getByText('<b>')).toBeInTheDocument();
  });
});
