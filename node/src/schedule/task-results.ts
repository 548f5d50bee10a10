/** What the engine's exit codes and the Task Scheduler's own codes mean, as a task's last result shows them. */
const meanings: ReadonlyMap<number, string> = new Map([
  [0, 'done'],
  [1, 'ended with an unexpected error: see the log'],
  [2, 'settings or usage are wrong: see the log'],
  [3, 'the database or a vendor could not be reached'],
  [4, 'another run was at work'],
  [5, 'done, with records or entities failed: see the log'],
  [6, 'stopped at its time limit; the next run goes on'],
  [130, 'cancelled'],
  // winerror.h, SCHED_S_… and SCHED_E_…
  [0x00041300, 'waiting for its next start'],
  [0x00041301, 'running now'],
  [0x00041302, 'disabled'],
  [0x00041303, 'has not run yet'],
  [0x00041304, 'has no more starts'],
  [0x00041306, 'ended by a user or by its time limit'],
  [0x8004131f, 'was running already'],
  [0x80070002, 'the program or the folder it starts in is not there'],
  [0x80070003, 'the folder it starts in is not there'],
  [0x80070005, 'the account may not run it: access is denied'],
  [0x8007010b, 'the folder it starts in is not valid'],
  [0x8007052e, "the account's password is wrong"],
  [0x80070569, 'the account lacks the right to log on as a batch job'],
  [0x800710e0, 'the Task Scheduler refused the start'],
  [0xc000013a, 'ended from outside'],
  [0xc0000142, 'the program could not start'],
]);

/** A task's last result in words. */
export function resultInWords(code: number): string {
  const unsigned = code >>> 0;
  return meanings.get(unsigned) ?? `ended with code ${unsigned} (0x${unsigned.toString(16)})`;
}
