import { contentTypeOf } from './contentType.ts';

/**
 * The decoded path of a request target ("/a/b", always with a leading slash); undefined when it must be refused: not
 * decodable, or with a "." or ".." segment, a backslash or a NUL, which could only be meant to leave the folder.
 */
export function decodeRequestPath(target: string): string | undefined {
  const encoded = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  let path: string;
  try {
    path = decodeURIComponent(encoded === '' ? '/' : encoded);
  } catch {
    return undefined;
  }
  if (!path.startsWith('/') || path.includes('\\') || path.includes('\0')) return undefined;
  return path.split('/').some((segment) => segment === '.' || segment === '..') ? undefined : path;
}

/** The asset keys a path may stand for besides itself: "/x" is also "/x.html" and "/x/index.html", "/x/" is "/x/index.html". */
export function aliasesOf(path: string): string[] {
  if (path.endsWith('/')) return [`${path}index.html`];
  return path.endsWith('.html') ? [] : [`${path}.html`, `${path}/index.html`];
}

/**
 * Whether a path that doesn't exist names a file rather than a page of a single-page app. A missing script must be a 404:
 * answered with the app's page, it fails with a puzzling "unexpected token <", and a cache may keep that for a year.
 */
export function namesFile(path: string): boolean {
  const segments = path.split('/').slice(1);
  const inAssetFolder = ['_app', 'assets'].includes(segments[0] ?? '') || segments.includes('immutable');
  return inAssetFolder || segments.some((segment) => segment.startsWith('.')) || contentTypeOf(path) !== undefined;
}
