import { stripVTControlCharacters } from 'node:util';
import type { Finding } from './finding.ts';

/** A finding, and of which check. */
export interface Row extends Finding {
  readonly name: string;
}

const EVIDENCE_WIDTH = 110;

/** The rows as lines of text: check | result | what was seen, the last one wrapped. */
export function tableOf(rows: readonly Row[]): string {
  const first = Math.max('check'.length, ...rows.map(({ name }) => name.length));
  const second = Math.max('skipped'.length, ...rows.map(({ result }) => result.length));
  const line = (a: string, b: string, c: string): string => `${a.padEnd(first)} | ${b.padEnd(second)} | ${c}`.trimEnd();
  const body = rows.flatMap(({ name, result, evidence }) =>
    wrapped(evidence).map((part, index) => (index === 0 ? line(name, result, part) : line('', '', part)))
  );
  return [
    line('check', 'result', 'what was seen'),
    `${'-'.repeat(first)}-+-${'-'.repeat(second)}-+-${'-'.repeat(EVIDENCE_WIDTH)}`,
    ...body
  ].join('\n');
}

/** Go only if nothing failed and something was checked. */
export function isGo(rows: readonly Row[]): boolean {
  return rows.every(({ result }) => result !== 'FAILED') && rows.some(({ result }) => result === 'ok');
}

/** What others wrote (a site's headers, a canister's words) must not draw on the terminal. */
function wrapped(text: string): string[] {
  const lines: string[] = [''];
  for (const word of stripVTControlCharacters(text).replaceAll(/\p{C}/gu, ' ').split(/ +/u)) {
    const last = lines.length - 1;
    const longer = lines[last] === '' ? word : `${lines[last]} ${word}`;
    if (longer.length <= EVIDENCE_WIDTH) lines[last] = longer;
    else lines.push(word);
  }
  return lines;
}
