import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '$lib/config/loadConfig';

// What the integration guide shows must be what the examples, which are built and run, really do.

const root = join(import.meta.dirname, '..');
const guide = readFileSync(join(root, 'docs/integration-guide.md'), 'utf8');
const blocks = [...guide.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gmu)].map(([, language, file = '', code = '']) => ({
  language,
  file,
  code
}));
/** Indentation depends on where a piece stands, and so does where the formatter breaks a line. */
const squeezed = (text: string): string => text.replaceAll(/\s+/gu, '');

describe('the integration guide', () => {
  it('shows code, and says of each piece where it is from', () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect(blocks.filter(({ file }) => file === '')).toEqual([]);
  });

  it.each(blocks.filter(({ language }) => language !== 'json'))('shows what stands in $file', ({ file, code }) => {
    expect(squeezed(readFileSync(join(root, file), 'utf8'))).toContain(squeezed(code));
  });

  it('shows a configuration that the app accepts', () => {
    const [config] = blocks.filter(({ language }) => language === 'json');
    expect(parseConfig(JSON.parse(config?.code ?? ''))).toMatchObject({ network: 'ic', switches: { balances: true } });
  });

  it.each([...guide.matchAll(/\]\((\.\.?\/[^)#]+|[\w-]+\.md)/gu)].map(([, link = '']) => link))('links to %s, which is there', (link) => {
    expect(() => readFileSync(join(root, 'docs', link))).not.toThrow(/ENOENT/u);
  });
});
