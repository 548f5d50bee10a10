// A reporter of jest for where nobody may read what it shows: a line a test in the file that HALO_TEST_LINES names, as soon as its suite
// is done, in the form of the module's tests (tests/windows/host/ModuleTests.cs).
const { appendFileSync } = require('node:fs');
const { relative } = require('node:path');
const process = require('node:process');

const kinds = { passed: 'passed', failed: 'failed', pending: 'left out' };

module.exports = class LinesOfTests {
  path = process.env.HALO_TEST_LINES;

  onTestFileResult(_, { testFilePath, testResults, testExecError, perfStats }) {
    const file = relative('.', testFilePath);
    const lines = testResults
      .filter((one) => one.status in kinds)
      .map((one) =>
        [
          kinds[one.status],
          one.fullName.replaceAll(/\s+/g, ' '),
          ...one.failureMessages.map((words) => `\n${words}`),
        ].join('\t'),
      );
    if (testExecError) lines.push(`failed\t${file}\n${testExecError.stack ?? testExecError.message}`);
    lines.push(`suite\t${file}\t${Math.round(perfStats.runtime / 1000)} s`);
    appendFileSync(this.path, `${lines.join('\n')}\n`);
  }

  onRunComplete(_, { numTotalTests }) {
    appendFileSync(this.path, `ended\t${numTotalTests}\n`);
  }
};
