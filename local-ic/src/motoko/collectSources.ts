import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';

/** All source files an entry reaches, under names that don't depend on where the project lies on disk. */
export interface MotokoSources {
  /** Name of the entry in `files`. */
  entry: string;
  /** Virtual name -> content, sorted by name. */
  files: Map<string, string>;
  /** Virtual name -> path on disk, for error messages. */
  paths: Map<string, string>;
}

const IMPORT = /\bimport\b[^";]*"([^"\n]+)"/g;

function importedUrls(source: string): string[] {
  return [...source.matchAll(IMPORT)].map((match) => match[1] ?? '');
}

/** Resolves an import URL to a file, as the compiler does: `X.mo`, else `X/lib.mo`. Undefined for what the compiler itself brings. */
function resolveImport(url: string, importer: string, packages: Record<string, string>): string | undefined {
  let base: string;
  if (url.startsWith('mo:')) {
    const [name = '', ...rest] = url.slice('mo:'.length).split('/');
    const directory = packages[name];
    if (directory === undefined) return undefined;
    base = resolve(directory, ...rest);
  } else if (/^[a-z]+:/.test(url)) {
    return undefined;
  } else {
    base = resolve(dirname(importer), url);
  }
  return [base, `${base}.mo`, join(base, 'lib.mo')].find((path) => path.endsWith('.mo') && existsSync(path));
}

function commonDirectory(paths: string[]): string {
  let common = dirname(paths[0] ?? '.').split(sep);
  for (const path of paths) {
    const parts = dirname(path).split(sep);
    let same = 0;
    while (same < common.length && common[same] === parts[same]) same++;
    common = common.slice(0, same);
  }
  return common.join(sep) || sep;
}

/**
 * Collects the entry and everything it imports from disk, transitively. An import that doesn't resolve is left to the compiler, whose
 * message says where it stands; so a commented-out import costs nothing but a file too many in the cache key.
 *
 * @param packages package name -> directory of its sources
 * @throws Error when the entry doesn't exist
 */
export function collectSources(entry: string, packages: Record<string, string> = {}): MotokoSources {
  const root = resolve(entry);
  if (!existsSync(root)) throw new Error(`No such file: ${entry}`);
  const contents = new Map<string, string>();
  const pending = [root];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (contents.has(path)) continue;
    const content = readFileSync(path, 'utf8');
    contents.set(path, content);
    for (const url of importedUrls(content)) {
      const imported = resolveImport(url, path, packages);
      if (imported !== undefined) pending.push(imported);
    }
  }
  return nameSources(root, contents, packages);
}

function nameSources(root: string, contents: Map<string, string>, packages: Record<string, string>): MotokoSources {
  const directories = Object.entries(packages).map(([name, directory]) => ({ name, directory: resolve(directory) + sep }));
  const packageOf = (path: string) => directories.find(({ directory }) => path.startsWith(directory));
  const own = [...contents.keys()].filter((path) => path === root || packageOf(path) === undefined);
  const base = commonDirectory(own);
  const toPosix = (path: string) => path.split(sep).join(posix.sep);
  const nameOf = (path: string): string => {
    const owner = path === root ? undefined : packageOf(path);
    return owner === undefined
      ? toPosix(relative(base, path))
      : posix.join(packageDirectory(owner.name), toPosix(relative(owner.directory, path)));
  };
  const named = [...contents].map(([path, content]) => ({ name: nameOf(path), path, content }));
  named.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    entry: nameOf(root),
    files: new Map(named.map(({ name, content }) => [name, content])),
    paths: new Map(named.map(({ name, path }) => [name, path]))
  };
}

/** Where a package's files lie in the compiler's own file system. */
export function packageDirectory(name: string): string {
  return `.packages/${name}`;
}
