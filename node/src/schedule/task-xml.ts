import type { TaskDefinition, TaskTrigger } from './task-definition.ts';

const namespace = 'http://schemas.microsoft.com/windows/2004/02/mit/task';

/** Marks a task as ours and keeps the account's name, for which Windows gives back a number. */
export const sourceMark = 'Halo DB Integrator';

/** The task as the XML that the Task Scheduler imports; valid by its schema, version 1.2 (Windows Server 2008 and later). */
export async function taskXml(task: TaskDefinition): Promise<string> {
  const { create } = await import('./xml.ts');
  const document = create(
    // Without an encoding it is right as a text, as a UTF-16 file with its mark, and as UTF-8: whatever a shell makes of it.
    { version: '1.0' },
    {
      Task: {
        '@xmlns': namespace,
        '@version': '1.2',
        RegistrationInfo: { Source: `${sourceMark}: ${task.account.name}`, Description: task.description },
        Triggers: triggers(task.trigger),
        Principals: {
          Principal: {
            '@id': 'Author',
            UserId: task.account.userId,
            ...(task.account.kind !== 'service' && { LogonType: 'Password' }),
            RunLevel: 'LeastPrivilege',
          },
        },
        Settings: {
          MultipleInstancesPolicy: 'IgnoreNew',
          DisallowStartIfOnBatteries: 'false',
          StopIfGoingOnBatteries: 'false',
          AllowHardTerminate: 'true',
          StartWhenAvailable: 'true',
          RunOnlyIfNetworkAvailable: 'false',
          AllowStartOnDemand: 'true',
          Enabled: 'true',
          Hidden: 'false',
          RunOnlyIfIdle: 'false',
          WakeToRun: 'false',
          ExecutionTimeLimit: `PT${task.timeLimit}M`,
          Priority: '7',
        },
        Actions: {
          '@Context': 'Author',
          Exec: { Command: task.command, Arguments: task.arguments, WorkingDirectory: task.workingDirectory },
        },
      },
    },
  );
  return `${document.end({ prettyPrint: true })}\n`;
}

function triggers(trigger: TaskTrigger): object {
  const always = { StartBoundary: trigger.start, Enabled: 'true' };
  switch (trigger.kind) {
    case 'minutes':
      return {
        TimeTrigger: { Repetition: { Interval: `PT${trigger.minutes}M`, StopAtDurationEnd: 'false' }, ...always },
      };
    case 'daily':
      return { CalendarTrigger: { ...always, ScheduleByDay: { DaysInterval: '1' } } };
    case 'weekly':
      return {
        CalendarTrigger: { ...always, ScheduleByWeek: { WeeksInterval: '1', DaysOfWeek: { [trigger.day]: {} } } },
      };
  }
}
