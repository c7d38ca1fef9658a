import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/AppError';
import { createLog } from './createLog';
import { formatEvent } from './formatEvent';
import { watchPage } from './watchPage';

function failing(type: 'error' | 'unhandledrejection', thrown: unknown): Event {
  return Object.assign(new Event(type), type === 'error' ? { error: thrown } : { reason: thrown });
}

function watched() {
  const page = new EventTarget();
  const log = createLog();
  const unwatch = watchPage(log, page as Window);
  return { page, unwatch, lines: () => log.events().map((event) => formatEvent(event).split(' ').slice(1).join(' ')) };
}

describe('what nobody caught', () => {
  it('is recorded by its class and place, never by what it says', () => {
    const { page, lines } = watched();
    const error = new SyntaxError('Cannot convert 0.5 of my bitcoin to a BigInt');
    error.stack = `SyntaxError: ${error.message}\n    at parse (http://localhost:4943/_app/immutable/chunks/Ticket.js?v=5:12:34)\n    at http://localhost:4943/_app/immutable/entry/app.js:1:77`;
    page.dispatchEvent(failing('error', error));
    page.dispatchEvent(failing('unhandledrejection', 'a text'));
    page.dispatchEvent(failing('unhandledrejection', new AppError({ kind: 'internal', code: 'settlement_mismatch', message: 'x' })));
    expect(lines()[0]).toBe('error page.error error=SyntaxError outcome=unexpected place=/_app/immutable/entry/app.js:1:77');
    expect(lines()[1]).toBe('error page.rejection error=string outcome=unexpected');
    expect(lines()[2]).toContain('error page.rejection error=AppError outcome=settlement_mismatch');
  });

  it('is not looked for any more once that has ended', () => {
    const { page, unwatch, lines } = watched();
    unwatch();
    page.dispatchEvent(failing('error', new Error('x')));
    page.dispatchEvent(failing('unhandledrejection', new Error('x')));
    expect(lines()).toEqual([]);
  });
});
