// What the tests on Windows counted, whoever ran them.
import { existsSync, readFileSync } from 'node:fs';

/** Counts, and the ways to add to them. */
export function newCounts() {
  const counts = { passed: 0, failed: 0, leftOut: [] };
  const fail = (what) => {
    counts.failed++;
    console.log(`FAILED: ${what}`);
  };
  const leaveOut = (name) => {
    if (/\bneeds .+/.test(name)) counts.leftOut.push(name);
    else fail(`left out without a reason: ${name}`);
  };
  return {
    counts,
    fail,
    leaveOut,
    /**
     * Tests as lines: passed, failed (below it what was wrong), left out, and in the end how many there were. Without an end: `late` is
     * told where time was up, else what was shown (`output`) is a failure's.
     */
    readLines(what, path, { output = '', late }) {
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      for (const part of text.split(/^(?=(?:passed|failed|left out|suite|ended)\t)/m)) {
        const [kind, words = ''] = part.split(/\t([^]*)/);
        if (kind === 'passed') counts.passed++;
        if (kind === 'failed') fail(words.trimEnd());
        if (kind === 'left out') leaveOut(words.trim());
      }
      if (/^ended\t/m.test(text)) return;
      if (late) late(`${what}, of which ${text.match(/^(passed|failed|left out)\t/gm)?.length ?? 0} tests have run`);
      else fail(`${what} did not run to their end\n${output.slice(-3000)}`);
    },
    /** What the story says (tests/windows/story.ps1), which is shown. */
    readStory(what, path, { output = '', late }) {
      const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
      console.log(lines.join('\n'));
      const after = (word) =>
        lines.flatMap((line) => (line.startsWith(`${word}: `) ? line.slice(word.length + 2) : []));
      counts.passed += after('ok').length;
      for (const step of after('failed')) fail(`${what}: ${step}`);
      for (const step of after('left out')) leaveOut(`${what}: ${step}`);
      if (lines.includes('ended')) return;
      if (late) late(what);
      else fail(`${what} did not come to its end\n${output.slice(-3000)}`);
    },
    /** A report of dotnet test. */
    readTrx(path) {
      const results = /<UnitTestResult [^>]*testName="([^"]*)"[^>]*outcome="(\w+)"/g;
      for (const [, test, outcome] of readFileSync(path, 'utf8').matchAll(results)) {
        if (outcome === 'Passed') counts.passed++;
        else if (outcome === 'Failed') fail(test);
        else leaveOut(test);
      }
    },
  };
}
