import type { AddedFunction, AddedGlobal } from './layout.ts';

/** Of every export that is added; it can't collide with what compilers emit, and is checked anyway. */
export const PREFIX = 'local-ic:';

export const MEMORY_EXPORT = `${PREFIX}memory`;
export const TABLE_EXPORT = `${PREFIX}table`;
export const START_EXPORT = `${PREFIX}start`;
export const DIRTY_EXPORT = `${PREFIX}dirty`;
export const UNDO_EXPORT = `${PREFIX}undo`;

/** The module's own global of that index. */
export const globalExport = (index: number): string => `${PREFIX}global${index}`;
/** A global or function that the rewriter added. */
export const addedExport = (name: AddedGlobal | AddedFunction): string => `${PREFIX}${name}`;
