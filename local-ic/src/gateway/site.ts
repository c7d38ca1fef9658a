import type { IncomingMessage, ServerResponse } from 'node:http';
import { ENCODINGS, responseHeaders } from './assetConfig.ts';
import type { AssetConfig } from './assetConfig.ts';
import { contentTypeOf, isCompressible } from './contentType.ts';
import { Representations, chooseEncoding, matchesEtag } from './representations.ts';
import { aliasesOf, decodeRequestPath, namesFile } from './requestPath.ts';
import { SiteFiles } from './siteFiles.ts';

/** A folder served as a site. */
export interface Site {
  /** The folder; it may appear or change while the site is served. */
  dir: string;
  /** Host name (with or without a port) the site answers to; a site without one answers to every other host. */
  host?: string;
  /** Files that take precedence over the folder's, by path ("/config.json"); never cached by browsers. */
  files?: Record<string, { body: string | Uint8Array; contentType: string }>;
}

/** A part of an HTTP server: answers the request and returns true, or leaves it untouched and returns false. */
export type RequestHandler = (req: IncomingMessage, res: ServerResponse) => boolean | Promise<boolean>;

interface Found {
  contentType: string;
  config: AssetConfig;
  representations: Representations;
  /** Overrides describe the running network, so they must never outlive it in a cache. */
  noStore: boolean;
}

/**
 * Serves folders the way an asset canister of the Internet Computer does: headers and policies of the folder's
 * `.ic-assets.json5`, aliases ("/about" is "/about.html"), index.html for addresses of a single-page app, entity tags and
 * compression. Answers false only when no site is meant for the request's host.
 *
 * @param options.log Told about configuration files that can't be used; the request gets a 500, never a page without its headers.
 */
export function createSiteHandler(sites: Site[], options: { log?: (line: string) => void } = {}): RequestHandler {
  const served = sites.map((site) => ({ site, files: new SiteFiles(site.dir) }));
  return async (req, res) => {
    const entry = served.find(({ site }) => isFor(site, req.headers.host)) ?? served.find(({ site }) => site.host === undefined);
    if (entry === undefined) return false;
    try {
      await answer(req, res, entry.site, entry.files);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      options.log?.(`site ${entry.site.dir}: ${message}`);
      sendText(req, res, 500, `This site can't be served: ${message}`);
    }
    return true;
  };
}

async function answer(req: IncomingMessage, res: ServerResponse, site: Site, files: SiteFiles): Promise<void> {
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    res.setHeader('allow', 'GET, HEAD');
    return sendText(req, res, 405, 'Only GET and HEAD work here.');
  }
  const path = decodeRequestPath(req.url ?? '/');
  if (path === undefined) return sendText(req, res, 400, 'This address is malformed.');
  const found = await resolve(site, files, path);
  if (found === undefined) return sendText(req, res, 404, `There is nothing at ${path}`);
  await sendFound(req, res, found);
}

async function resolve(site: Site, files: SiteFiles, path: string): Promise<Found | undefined> {
  const exact = path.endsWith('/') ? undefined : await lookUp(site, files, path);
  if (exact !== undefined) return exact;
  for (const alias of aliasesOf(path)) {
    const found = await lookUp(site, files, alias);
    if (found?.config.enableAliasing === true) return found;
  }
  return namesFile(path) ? undefined : lookUp(site, files, '/index.html');
}

async function lookUp(site: Site, files: SiteFiles, path: string): Promise<Found | undefined> {
  const relative = path.slice(1);
  if (site.files !== undefined && Object.hasOwn(site.files, path)) {
    const override = site.files[path];
    if (override !== undefined) {
      const body = typeof override.body === 'string' ? new TextEncoder().encode(override.body) : override.body;
      const config = await files.configOf(relative);
      return { contentType: override.contentType, config, representations: new Representations(body), noStore: true };
    }
  }
  const file = await files.find(relative);
  return file && { ...file, contentType: contentTypeOf(path) ?? 'application/octet-stream', noStore: false };
}

async function sendFound(req: IncomingMessage, res: ServerResponse, found: Found): Promise<void> {
  const headers: Record<string, string> = { 'content-type': found.contentType, ...responseHeaders(found.config) };
  if (found.noStore) headers['cache-control'] = 'no-store';
  const usable = found.config.encodings ?? (isCompressible(found.contentType) ? ENCODINGS : ['identity' as const]);
  const encoding = chooseEncoding(header(req, 'accept-encoding'), usable);
  const representation = await found.representations.in(encoding);
  headers['etag'] = representation.etag;
  if (usable.length > 1) headers['vary'] = 'Accept-Encoding';
  if (matchesEtag(header(req, 'if-none-match'), representation.etag)) {
    delete headers['content-type'];
    res.writeHead(304, headers).end();
    return;
  }
  if (representation.encoding !== 'identity') headers['content-encoding'] = representation.encoding;
  res.writeHead(200, { ...headers, 'content-length': representation.body.length });
  res.end(req.method === 'HEAD' ? undefined : representation.body);
}

function sendText(req: IncomingMessage, res: ServerResponse, status: number, text: string): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const body = Buffer.from(`${text}\n`);
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  });
  res.end(req.method === 'HEAD' ? undefined : body);
}

function isFor(site: Site, requested: string | undefined): boolean {
  if (site.host === undefined || requested === undefined) return false;
  const wanted = site.host.toLowerCase();
  const host = requested.toLowerCase();
  return host === wanted || host.replace(/:\d+$/, '') === wanted;
}

function header(req: IncomingMessage, name: 'accept-encoding' | 'if-none-match'): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
