import { asAppError } from '../errors/asAppError';
import type { Log } from './log';

/** Records what nobody caught. What the browser does with it otherwise stays as it is. Returns what ends it. */
export function watchPage(log: Log, page: Window = window): () => void {
  const onError = ({ error }: ErrorEvent): void => log.write('error', 'page.error', describe(error));
  const onRejection = ({ reason }: PromiseRejectionEvent): void => log.write('error', 'page.rejection', describe(reason));
  page.addEventListener('error', onError);
  page.addEventListener('unhandledrejection', onRejection);
  return () => {
    page.removeEventListener('error', onError);
    page.removeEventListener('unhandledrejection', onRejection);
  };
}

/** Its class, code and place: a message may hold what somebody typed or owns. */
function describe(thrown: unknown): { error: string; outcome: string; place: string | undefined } {
  return {
    error: thrown instanceof Error ? thrown.name : typeof thrown,
    outcome: asAppError(thrown).code,
    place: thrown instanceof Error ? placeOf(thrown.stack ?? '') : undefined
  };
}

/** The first place in a stack, without the site's address: "/_app/immutable/chunks/x.js:1:2345". */
function placeOf(stack: string): string | undefined {
  return /https?:\/\/[^/\s]+(\/[^\s?#)]*:\d+:\d+)/u.exec(stack)?.[1];
}
