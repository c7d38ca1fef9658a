import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { findChromium } from '../../scripts/lib/chromium.ts';
import { startExchange } from '../e2e/support/start.ts';
import type { Row } from './measure.ts';

const kib = (bytes: number): number => bytes / 1024;

/** JavaScript the browser has loaded (gzip) when it first paints and when the first price shows, and how long that takes. */
export async function pageWeight(): Promise<Row[]> {
  const running = await startExchange();
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking']
  });
  try {
    const page = await browser.newPage();
    const scripts: { at: number; bytes: number }[] = [];
    const bodies: Promise<void>[] = [];
    const started = Date.now();
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return;
      const at = Date.now() - started;
      bodies.push(response.body().then((body) => void scripts.push({ at, bytes: gzipSync(body).length })));
    });
    await page.goto(running.url);
    await page.getByTestId('price').waitFor();
    const priceAt = Date.now() - started;
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN);
    const loaded = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => entry.name.endsWith('.js'))
        .map((entry) => entry.name.length > 0 && (entry as PerformanceResourceTiming).responseEnd)
    );
    await Promise.all(bodies);
    const beforePaint = loaded.filter((end) => typeof end === 'number' && end <= paint).length;
    const byTime = scripts.sort((a, b) => a.at - b.at);
    const sum = (rows: typeof scripts): number => kib(rows.reduce((total, { bytes }) => total + bytes, 0));
    return [
      {
        what: 'JavaScript (gzip) before first paint',
        value: sum(byTime.slice(0, beforePaint)),
        unit: 'KiB',
        comparedWith: 'goal',
        other: 80
      },
      {
        what: 'JavaScript (gzip) until the first price',
        value: sum(byTime.filter(({ at }) => at <= priceAt)),
        unit: 'KiB',
        comparedWith: 'nns-dapp first load',
        other: 580
      },
      { what: 'first price shown after', value: priceAt / 1000, unit: 's', comparedWith: 'first contentful paint', other: paint / 1000 }
    ];
  } finally {
    await browser.close();
    await running.close();
  }
}
