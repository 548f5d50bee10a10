using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;
using HaloDBIntegrator.Scheduling;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Completion;

/// <summary>Completes the id of a run, of the instance already typed if there is one; its tip says when it was and how it ended.</summary>
public sealed class RunCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Reading.Objects(InstanceFacts.Ask("runs", new JObject { ["last"] = 30 }, fakeBoundParameters), "runs")
            .Select(one => RunReading.Run(one, ""))
            .Where(run => run.Id.StartsWith((wordToComplete ?? "").Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(run => new CompletionResult(run.Id, run.Id, CompletionResultType.ParameterValue, $"{run.Started.ToString("g", CultureInfo.CurrentCulture)}, {run.State}{(run.ExitCode is { } code ? $" with {code}" : "")}"));
}

/// <summary>Completes the name of a mailbox of Halo's.</summary>
public sealed class MailboxCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        NameCompletion.Of(
            Reading.Objects(InstanceFacts.Ask("api", new JObject { ["method"] = "GET", ["path"] = "/Mailbox" }, fakeBoundParameters), "mailboxes")
                .Select(one => (string?)one["name"] ?? "").Where(name => name.Length > 0),
            wordToComplete);
}

/// <summary>Completes the name of a scheduled task of this product.</summary>
public sealed class TaskCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return NameCompletion.Of(TaskSchedulers.Open().List().Select(task => task.Name), wordToComplete).ToArray();
        }
        catch (HaloEngineException)
        {
            // There is no scheduler here, or it refuses: Tab has nothing to offer, and the command itself says why.
            return Array.Empty<CompletionResult>();
        }
    }
}

/// <summary>Completes a hash table with a query parameter of the resource already typed.</summary>
public sealed class QueryCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var beginning = (wordToComplete ?? "").TrimStart('@', '{', ' ');
        return LocalFacts.Queries(fakeBoundParameters["Resource"]?.ToString())
            .Where(name => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)).OrderBy(name => name, StringComparer.OrdinalIgnoreCase)
            .Select(name => new CompletionResult($"@{{ {name} = '' }}", name, CompletionResultType.ParameterValue, name));
    }
}
