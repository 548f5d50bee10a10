import { didYouMean } from './did-you-mean.ts';
import { ExitCode, IntegratorError } from './integrator-error.ts';

/** A path names no resource of the built-in API. */
export class UnknownResourceError extends IntegratorError {
  readonly code = 'UnknownResource';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice: string;
  constructor(name: string, known: readonly string[]) {
    super(`The built-in Halo API has no resource "${name}".`);
    this.advice = didYouMean(name, known);
  }
}

/** A query parameter the resource does not have, or a value it cannot be. */
export class UnknownParameterError extends IntegratorError {
  readonly code = 'UnknownParameter';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice: string;
  constructor(resource: string, name: string, known: readonly string[]) {
    super(`${resource} has no query parameter "${name}".`);
    this.advice = didYouMean(name, known);
  }
}

/** A query parameter's value is not of its kind. */
export class ParameterValueError extends IntegratorError {
  readonly code = 'ParameterValue';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice: string;
  constructor(name: string, value: string, kind: string) {
    super(`"${value}" is no value for the query parameter "${name}".`);
    this.advice = `Give ${kind}.`;
  }
}

/** There is no record of that id. */
export class RecordNotFoundError extends IntegratorError {
  readonly code = 'RecordNotFound';
  readonly category = 'data';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice = 'List the resource to see which ids there are.';
  constructor(resource: string, id: number) {
    super(`There is no ${resource} with the id ${id}.`);
  }
}

/** A table the resource lives in is missing in this version of Halo. */
export class MissingTableError extends IntegratorError {
  readonly code = 'MissingTable';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice = 'Upgrade Halo, or switch the entity off in appsettings.json.';
  constructor(table: string) {
    super(`This Halo database has no table ${table}.`);
  }
}

/** A column that nothing can be done without is missing in this version of Halo. */
export class MissingColumnError extends IntegratorError {
  readonly code = 'MissingColumn';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice = 'Upgrade Halo, or switch the entity off in appsettings.json.';
  constructor(table: string, column: string) {
    super(`This Halo database has no column ${table}.${column}.`);
  }
}

/** The resource can be read only. */
export class ReadOnlyResourceError extends IntegratorError {
  readonly code = 'ReadOnlyResource';
  readonly category = 'bug';
  readonly retryable = false;
  readonly exitCode = ExitCode.Unexpected;
  readonly advice = 'Report this: an integration wrote to a resource that can be read only.';
  constructor(resource: string) {
    super(`${resource} cannot be written through the built-in API.`);
  }
}
