// `npm run api-docs`: makes docs/canister-api.md from the comments of canisters/options/options.did. `-- --check` only compares.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { root } from './lib/paths.ts';

const interfacePath = join(root, 'canisters/options/options.did');
const docsPath = join(root, 'docs/canister-api.md');

/** A method or a type with what its comment says. */
interface Entry {
  name: string;
  declaration: string;
  comment: string;
  isQuery: boolean;
}
interface Section {
  title: string;
  comment: string;
  entries: Entry[];
}
interface ReadInterface {
  introduction: string;
  types: Entry[];
  init: string;
  sections: Section[];
}

/** Lines of a comment as one text; its paragraphs are lines that hold nothing else. */
const joined = (lines: string[]): string =>
  lines
    .join('\n')
    .split(/\n\s*\n/u)
    .map((paragraph) => paragraph.replaceAll('\n', ' '))
    .join('\n\n');

/** One declaration from `start` on, up to the line where its brackets are closed and a semicolon ends it. */
function declarationAt(lines: string[], start: number): string[] {
  let depth = 0;
  for (let end = start; end < lines.length; end += 1) {
    const line = (lines[end] ?? '').replace(/\/\/.*$/u, '');
    for (const character of line) depth += '({'.includes(character) ? 1 : ')}'.includes(character) ? -1 : 0;
    if (depth === 0 && line.trimEnd().endsWith(';')) return lines.slice(start, end + 1);
  }
  throw new Error(`options.did: line ${start + 1} begins a declaration that never ends`);
}

/** Reads an interface written as options.did is: comments stand right above what they are about; `// ---- ` begins a section of the service. */
export function readInterface(text: string): ReadInterface {
  const lines = text.split('\n');
  const read: ReadInterface = { introduction: '', types: [], init: '', sections: [] };
  let comment: string[] = [];
  let inService = false;
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trim();
    if (line.startsWith('//')) {
      comment.push(line.replace(/^\/\/ ?/u, ''));
    } else if (line === '') {
      const [first = ''] = comment;
      if (first.startsWith('---- ')) {
        const [title = '', ...rest] = joined([first.slice(5), ...comment.slice(1)]).split(/(?<=\.)\s/u);
        read.sections.push({ title: title.replace(/\.$/u, ''), comment: rest.join(' '), entries: [] });
      } else if (read.introduction === '' && comment.length > 0) read.introduction = joined(comment);
      comment = [];
    } else if (line.startsWith('service')) {
      inService = true;
      read.init = joined(comment);
      comment = [];
    } else if (line !== '}') {
      const declaration = declarationAt(lines, index);
      const declared = declaration.join('\n');
      const name = /^\s*(?:type )?(\w+)/u.exec(declared)?.[1] ?? '';
      const entry = {
        name,
        declaration: declared.trim().replaceAll('\n  ', '\n'),
        comment: joined(comment),
        isQuery: /\bquery;$/u.test(declared.trim())
      };
      if (!inService) read.types.push(entry);
      else {
        const section = read.sections.at(-1);
        if (section === undefined) throw new Error(`options.did: ${name} stands before the first section of the service`);
        section.entries.push(entry);
      }
      index += declaration.length - 1;
      comment = [];
    }
  }
  return read;
}

const errors = /(?<=^|\s)Errors(?: of every method from here on)?: [^]*$/u;

function methodText({ name, declaration, comment, isQuery }: Entry, who: string): string {
  const does = comment.replace(errors, '').trim();
  const fails = errors.exec(comment)?.[0] ?? '';
  const kind = isQuery ? 'A query.' : 'An update.';
  return [
    `### ${name}`,
    ...(does === '' ? [] : [does]),
    `${kind} For: ${who}.${fails === '' ? '' : ` ${fails}`}`,
    `\`\`\`candid\n${declaration}\n\`\`\``
  ].join('\n\n');
}

/** Who a section's methods are for, from its title: "Owners change" are owners. */
const forWhom = (title: string): string => title.replace(/ (?:read|change)$/u, '').replace(/^./u, (first) => first.toLowerCase());

/** The page; the same interface always gives the same text. */
export async function makeApiDocs(didText: string): Promise<string> {
  const { introduction, types, init, sections } = readInterface(didText);
  const parts = [
    '# The options canister’s interface',
    'Made from `canisters/options/options.did` by `npm run api-docs`: change the comments there, not this page.',
    introduction,
    'Every method but the standards’ answers `variant { ok; err : Error }` or a value that can’t fail. An error has a kind that says what to do, a code for programs and a message for people: see [Error](#error).',
    ...sections.flatMap(({ title, comment, entries }) => [
      `## ${title}`,
      ...(comment === '' ? [] : [comment]),
      ...entries.map((entry) => methodText(entry, forWhom(title)))
    ]),
    '## Types',
    init,
    ...types.flatMap(({ name, declaration, comment }) => [
      `### ${name}`,
      ...(comment === '' ? [] : [comment]),
      `\`\`\`candid\n${declaration}\n\`\`\``
    ])
  ];
  // In Markdown a star or an underscore of a formula would begin an emphasis.
  const escaped = parts.map((part) => (part.includes('```') ? part : part.replaceAll(/(?<!`)([*_<>])/gu, '\\$1')));
  return format(escaped.join('\n\n'), { ...(await resolveConfig(docsPath)), parser: 'markdown' });
}

/** Whether the page that is checked in is that of the interface that is checked in. */
export async function isCurrent(): Promise<boolean> {
  const found = await readFile(docsPath, 'utf8').catch(() => '');
  return found === (await makeApiDocs(await readFile(interfacePath, 'utf8')));
}

async function main(args: string[]): Promise<void> {
  if (!args.includes('--check')) {
    await writeFile(docsPath, await makeApiDocs(await readFile(interfacePath, 'utf8')));
    console.log('Wrote docs/canister-api.md.');
  } else if (!(await isCurrent())) {
    console.error('docs/canister-api.md is not that of options.did; run `npm run api-docs`.');
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
