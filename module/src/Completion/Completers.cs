using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace HaloDBIntegrator.Completion;

/// <summary>Completes the name of an integration.</summary>
public sealed class IntegrationCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        NameCompletion.Of(LocalFacts.Integrations, wordToComplete);
}

/// <summary>Completes the name of an entity, of the integration already typed if there is one.</summary>
public sealed class EntityCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        NameCompletion.Of(LocalFacts.Entities(fakeBoundParameters["Integration"]?.ToString()), wordToComplete);
}

/// <summary>Completes the name of a setting, of the integration already typed if there is one; its tip says what is a secret.</summary>
public sealed class SettingCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        NameCompletion.Of(LocalFacts.Settings(fakeBoundParameters["Integration"]?.ToString()), wordToComplete);
}

/// <summary>Completes the name of a resource of the built-in API.</summary>
public sealed class ResourceCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        NameCompletion.Of(LocalFacts.Resources, wordToComplete);
}

/// <summary>Completes how often a task runs.</summary>
public sealed class FrequencyCompleter : IArgumentCompleter
{
    private static readonly string[] Known = { "5min", "15min", "30min", "hourly", "2h", "4h", "daily", "weekly" };

    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        NameCompletion.Of(Known, wordToComplete);
}

/// <summary>Completes the accounts that need no password.</summary>
public sealed class TaskAccountCompleter : IArgumentCompleter
{
    private static readonly string[] Known = { "SYSTEM", "'LOCAL SERVICE'", "'NETWORK SERVICE'" };

    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Known.Where(name => name.Trim('\'').StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name, name.Trim('\''), CompletionResultType.ParameterValue, name.Trim('\'')));
}

/// <summary>Names that begin with what was typed.</summary>
internal static class NameCompletion
{
    public static IEnumerable<CompletionResult> Of(IEnumerable<string> names, string? typed) =>
        Of(names.Select(name => new KeyValuePair<string, string>(name, name)), typed);

    /// <summary>The same with a tip for each name.</summary>
    public static IEnumerable<CompletionResult> Of(IEnumerable<KeyValuePair<string, string>> names, string? typed)
    {
        var beginning = (typed ?? "").Trim('\'', '"');
        return names
            .Where(name => name.Key.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            .OrderBy(name => name.Key, StringComparer.OrdinalIgnoreCase)
            .Select(name => new CompletionResult(Word(name.Key), name.Key, CompletionResultType.ParameterValue, name.Value));
    }

    /// <summary>A name as one word of a command.</summary>
    private static string Word(string name) =>
        name.Length > 0 && name.All(character => char.IsLetterOrDigit(character) || character is '-' or '_' or '.') ? name : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
}
