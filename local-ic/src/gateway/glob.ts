/**
 * Compiles a glob of an asset configuration to a test for paths relative to the configuration's folder ("a/b.js", no leading slash).
 *
 * The dialect is the one dfx uses (Rust's globset with its defaults): `*` and `?` match a slash too, `**` between slashes
 * matches any number of folders including none, `[a-z]`, `[!a-z]` and `{one,two}` work, a backslash takes the next character
 * literally. A dialect where `*` stops at a slash would leave files without the headers they get on mainnet.
 *
 * @throws Error when the glob is malformed (an unclosed bracket or brace).
 */
export function compileGlob(glob: string): (path: string) => boolean {
  const pattern = new RegExp(`^${toRegExp(glob)}$`, 'su');
  return (path) => pattern.test(path);
}

function toRegExp(glob: string): string {
  let out = '';
  let depth = 0;
  let at = 0;
  while (at < glob.length) {
    const char = glob.charAt(at);
    const folders = /^\*\*(?:\/\*\*)*/.exec(glob.slice(at))?.[0];
    const opensSegment = at === 0 || glob[at - 1] === '/';
    if (folders !== undefined && opensSegment && glob[at + folders.length] === '/') {
      out += '(?:.*/)?';
      at += folders.length + 1;
    } else if (char === '*') {
      out += '.*';
      at += folders?.length ?? 1;
    } else if (char === '?') {
      out += '.';
      at += 1;
    } else if (char === '[') {
      const end = glob.indexOf(']', glob[at + 1] === '!' || glob[at + 1] === '^' ? at + 3 : at + 2);
      if (end === -1) throw new Error(`unclosed "[" in glob "${glob}"`);
      out += characterClass(glob.slice(at + 1, end));
      at = end + 1;
    } else if (char === '{') {
      out += '(?:';
      depth += 1;
      at += 1;
    } else if (char === '}' && depth > 0) {
      out += ')';
      depth -= 1;
      at += 1;
    } else if (char === ',' && depth > 0) {
      out += '|';
      at += 1;
    } else {
      const escaped = char === '\\' && at + 1 < glob.length;
      out += escapeRegExp(escaped ? glob.charAt(at + 1) : char);
      at += escaped ? 2 : 1;
    }
  }
  if (depth > 0) throw new Error(`unclosed "{" in glob "${glob}"`);
  return out;
}

function characterClass(body: string): string {
  const negated = body.startsWith('!') || body.startsWith('^');
  const escaped = (negated ? body.slice(1) : body).replace(/[\\\]^[]/g, '\\$&');
  return `[${negated ? '^' : ''}${escaped}]`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
