import { AppError } from '../errors/AppError';
import type { RowPage } from '../services/types';
import type { RowSource } from './toCsv';

/** The most the canister gives in one page. */
const PAGE_ROWS = 200;

/**
 * Walks a paged list from the start to its end. Each page is a consistent answer; rows that are added while it walks are included when
 * the list is oldest first.
 */
export async function* exportAll<Row>(
  readPage: (after: bigint | undefined, limit: number) => Promise<RowPage<Row>>,
  signal?: AbortSignal
): RowSource<Row> {
  let after: bigint | undefined;
  do {
    if (signal?.aborted === true) throw new AppError({ kind: 'temporary', code: 'aborted', message: 'The export was stopped.' });
    const page: RowPage<Row> = await readPage(after, PAGE_ROWS);
    if (page.rows.length > 0) yield page.rows;
    if (page.next !== undefined && page.next === after) {
      throw new AppError({ kind: 'internal', code: 'page_stuck', message: 'The list did not move on while it was exported. Report this.' });
    }
    after = page.next;
  } while (after !== undefined);
}
