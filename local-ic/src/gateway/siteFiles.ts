import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { DEFAULT_ASSET_CONFIG, mergeRule, parseAssetConfig } from './assetConfig.ts';
import type { AssetConfig, AssetRule } from './assetConfig.ts';
import { Representations } from './representations.ts';

const CONFIG_NAMES = ['.ic-assets.json5', '.ic-assets.json'];
// dfx uploads this folder although it is hidden: standards put addresses there that the whole web relies on.
const KNOWN_HIDDEN_FOLDER = '.well-known';

interface Stamped<T> {
  stamp: string;
  value: T;
}

export interface SiteFile {
  config: AssetConfig;
  representations: Representations;
}

/**
 * The files of one folder as an asset canister would hold them after a synchronisation: filtered and described by the
 * folder's asset configurations. Everything is read when first asked for and again once it changed on disk.
 */
export class SiteFiles {
  readonly #dir: string;
  readonly #rules = new Map<string, Stamped<AssetRule[]>>();
  readonly #bodies = new Map<string, Stamped<Representations>>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * What the rules say about a path, whether or not a file of this name exists.
   *
   * @param path Relative to the folder, without a leading slash.
   * @throws Error naming the configuration file when it can't be parsed.
   */
  async configOf(path: string): Promise<AssetConfig> {
    let config = DEFAULT_ASSET_CONFIG;
    const segments = path.split('/');
    for (let depth = 0; depth < segments.length; depth += 1) {
      const folder = segments.slice(0, depth).join('/');
      const below = segments.slice(depth).join('/');
      for (const rule of await this.#rulesIn(folder)) {
        if (rule.matches(below)) config = mergeRule(config, rule);
      }
    }
    return config;
  }

  /** The file at a path (relative, without "." or ".." segments); undefined when there is none, or the rules keep it out. */
  async find(path: string): Promise<SiteFile | undefined> {
    const file = join(this.#dir, path);
    const stamp = await stampOf(file);
    if (stamp === undefined || !(await this.#isInside(file)) || !(await this.#isIncluded(path))) return undefined;
    const cached = this.#bodies.get(file);
    if (cached?.stamp === stamp) return { config: await this.configOf(path), representations: cached.value };
    const representations = new Representations(await readFile(file));
    this.#bodies.set(file, { stamp, value: representations });
    return { config: await this.configOf(path), representations };
  }

  /** A link may point anywhere; only what really lies in the folder belongs to the site. */
  async #isInside(file: string): Promise<boolean> {
    const [root, target] = await Promise.all([realpath(this.#dir), realpath(file)]);
    return target.startsWith(root.endsWith(sep) ? root : root + sep);
  }

  /** dfx decides for every folder on the way and for the file itself; one "ignore" anywhere keeps the file out. */
  async #isIncluded(path: string): Promise<boolean> {
    if (CONFIG_NAMES.includes(basename(path))) return false;
    const segments = path.split('/');
    for (const [index, name] of segments.entries()) {
      const { ignore } = await this.configOf(segments.slice(0, index + 1).join('/'));
      const isFolder = index < segments.length - 1;
      if (ignore ?? (name.startsWith('.') && !(isFolder && name === KNOWN_HIDDEN_FOLDER))) return false;
    }
    return true;
  }

  async #rulesIn(folder: string): Promise<AssetRule[]> {
    const found: { file: string; stamp: string }[] = [];
    for (const name of CONFIG_NAMES) {
      const file = join(this.#dir, folder, name);
      const stamp = await stampOf(file);
      if (stamp !== undefined) found.push({ file, stamp });
    }
    const [first, second] = found;
    if (first === undefined) return [];
    if (second !== undefined) throw new Error(`${first.file} and ${second.file} both exist; keep one of them`);
    const cached = this.#rules.get(first.file);
    if (cached?.stamp === first.stamp) return cached.value;
    const rules = await readRules(first.file);
    this.#rules.set(first.file, { stamp: first.stamp, value: rules });
    return rules;
  }
}

async function readRules(file: string): Promise<AssetRule[]> {
  try {
    return parseAssetConfig(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** A text that changes whenever the file does; undefined when there is no regular file. */
async function stampOf(file: string): Promise<string | undefined> {
  try {
    const stats = await stat(file);
    return stats.isFile() ? `${stats.mtimeMs} ${stats.ctimeMs} ${stats.size} ${stats.ino}` : undefined;
  } catch {
    return undefined;
  }
}
