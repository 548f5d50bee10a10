using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using HaloDBIntegrator.Completion;
using HaloDBIntegrator.Models;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Base of the cmdlets about tasks that are there: which of them are meant. What is given narrows together.</summary>
public abstract class HaloTaskChoiceCmdlet : HaloTaskCmdlet
{
    /// <summary>Names of tasks; wildcards are allowed. What has a \ or / in it is taken for a -Path.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Only tasks of the instances in these folders, however deep; -ConfigPath means exactly one instance.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("FullName")]
    public string[]? Path { get; set; }

    /// <summary>A task, or the name of one, of a pipeline. Anything else in it is taken by its ConfigPath, or as a file or folder, never by its name.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>What was given to choose by; empty when nothing was.</summary>
    private protected IReadOnlyList<string> Given() => Names().Concat(Path ?? Array.Empty<string>()).Concat(ConfigPath == null ? Array.Empty<string>() : new[] { ConfigPath }).Distinct().ToArray();

    /// <summary>The tasks that fit all that was given; every one when nothing was.</summary>
    private protected IEnumerable<HaloSyncTask> Chosen() => Inspect(Scheduled()).Where(task =>
        (Name == null || Name.Any(one => Fits(task, one)))
        && InputObject?.BaseObject switch
        {
            HaloSyncTask given => string.Equals(given.Name, task.Name, StringComparison.OrdinalIgnoreCase),
            string given => Fits(task, given),
            _ => true,
        }
        && (Path == null || Path.Any(one => IsIn(task, one)))
        && IsOfInstance(task.Path));

    private IEnumerable<string> Names() => (Name ?? Array.Empty<string>()).Concat(InputObject?.BaseObject switch
    {
        HaloSyncTask given => new[] { given.Name },
        string given => new[] { given },
        _ => Array.Empty<string>(),
    });

    private bool Fits(HaloSyncTask task, string name) =>
        LooksLikePath(name) ? IsIn(task, name) : WildcardPattern.Get(name, WildcardOptions.IgnoreCase).IsMatch(task.Name);

    private bool IsIn(HaloSyncTask task, string path) => Under(task.Path, FullPath(path));

    /// <summary>No task has such a name; and a plain name is never a folder that happens to be here.</summary>
    private static bool LooksLikePath(string text) => text is "." or ".." || text.IndexOfAny(new[] { '\\', '/', ':' }) >= 0;
}
