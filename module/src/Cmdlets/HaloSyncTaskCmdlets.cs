using System.Linq;
using System.Management.Automation;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Shows the scheduled tasks: last result in words, next run, and what no longer fits the folder.</summary>
/// <example>
/// <code>Get-HaloSyncTask | Where-Object { $_.Drift }</code>
/// <para>Shows the tasks that no longer fit their folders, and in what.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaloSyncTask")]
[OutputType(typeof(HaloSyncTask))]
public sealed class GetHaloSyncTaskCommand : HaloTaskCmdlet
{
    /// <summary>Names of tasks (wildcards are allowed), or paths of their instances; all when left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [Alias("Path")]
    public string[]? Name { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (var task in Chosen(Inspect(Scheduled()), Name)) WriteObject(task);
    }
}

/// <summary>Base of the cmdlets that do something with tasks that are there.</summary>
public abstract class OnHaloSyncTaskCommand : HaloTaskCmdlet
{
    /// <summary>Names of tasks (wildcards are allowed), or paths of their instances.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [Alias("Path")]
    public string[] Name { get; set; } = { };

    /// <summary>What is done, for -WhatIf.</summary>
    private protected abstract string Deed { get; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var tasks = Chosen(Inspect(Scheduled()), Name).ToArray();
        if (tasks.Length == 0)
        {
            var missing = new HaloEngineException(
                $"There is no scheduled task for \"{string.Join(", ", Name)}\".", "TaskNotFound", "config", "List the tasks with Get-HaloSyncTask.", exitCode: 2);
            WriteError(missing.ToErrorRecord(Name));
        }
        foreach (var task in tasks.Where(task => ShouldProcess(task.Name, Deed))) Do(task.Name);
    }

    /// <summary>Does it.</summary>
    private protected abstract void Do(string name);
}

/// <summary>Starts scheduled tasks now.</summary>
/// <example>
/// <code>Start-HaloSyncTask 5min</code>
/// <para>Starts that task now.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "HaloSyncTask", SupportsShouldProcess = true)]
public sealed class StartHaloSyncTaskCommand : OnHaloSyncTaskCommand
{
    /// <inheritdoc />
    private protected override string Deed => "Start";

    /// <inheritdoc />
    private protected override void Do(string name) => Scheduling(scheduler =>
    {
        scheduler.Start(name);
        return true;
    });
}

/// <summary>Removes scheduled tasks; their instances stay.</summary>
/// <example>
/// <code>Get-HaloSyncTask | Unregister-HaloSyncTask -WhatIf</code>
/// <para>Shows which tasks would be removed.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Unregister, "HaloSyncTask", SupportsShouldProcess = true)]
public sealed class UnregisterHaloSyncTaskCommand : OnHaloSyncTaskCommand
{
    /// <inheritdoc />
    private protected override string Deed => "Remove";

    /// <inheritdoc />
    private protected override void Do(string name) => Scheduling(scheduler =>
    {
        scheduler.Remove(name);
        return true;
    });
}
