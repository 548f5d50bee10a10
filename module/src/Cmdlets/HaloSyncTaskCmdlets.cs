using System.Linq;
using System.Management.Automation;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Shows the scheduled tasks, all when none is named: last result in words, next run, and what no longer fits the folder.</summary>
/// <remarks>
/// The tasks are those of this product, in the folder of the Task Scheduler that it has for its own. Drift names what no longer fits: a folder that is gone, an
/// engine of another version, a frequency that the folder's name does not say. Get-HaloSyncInstance lists instances without the Task Scheduler.
/// </remarks>
/// <example>
/// <code>Get-HaloSyncTask | Where-Object { $_.Drift }</code>
/// <para>Shows the tasks that no longer fit their folders, and in what.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncTask -ConfigPath C:\HaloIntegrator\5min</code>
/// <para>Shows the task of that instance, whatever its name.</para>
/// </example>
/// <seealso>Register-HaloSyncTask</seealso>
/// <seealso>Start-HaloSyncTask</seealso>
/// <seealso>Unregister-HaloSyncTask</seealso>
/// <seealso>Get-HaloSyncInstance</seealso>
/// <seealso>about_Halo_Scheduling</seealso>
[Cmdlet(VerbsCommon.Get, "HaloSyncTask")]
[OutputType(typeof(HaloSyncTask))]
public sealed class GetHaloSyncTaskCommand : HaloTaskChoiceCmdlet
{
    /// <inheritdoc />
    protected override void ProcessRecord() => Attempt(() =>
    {
        var tasks = Chosen().ToArray();
        foreach (var task in tasks) WriteObject(task);
        if (tasks.Length == 0 && Name is { Length: 1 } && !WildcardPattern.ContainsWildcardCharacters(Name[0])) throw new TaskNotFoundException(Name[0]);
    });
}

/// <summary>Base of the cmdlets that do something with tasks that are there.</summary>
public abstract class OnHaloSyncTaskCommand : HaloTaskChoiceCmdlet
{
    /// <summary>What is done, for -WhatIf.</summary>
    private protected abstract string Deed { get; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Attempt(() =>
    {
        var given = Given();
        // Nothing given never means all: that is said with a wildcard.
        if (given.Count == 0) throw new TaskNotNamedException();
        var tasks = Chosen().ToArray();
        if (tasks.Length == 0) throw new TaskNotFoundException(string.Join("\", \"", given));
        foreach (var task in tasks.Where(task => ShouldProcess($"{task.Name}, which runs {task.Path}", Deed))) Attempt(() => Do(task.Name), task.Name);
    });

    /// <summary>Does it.</summary>
    private protected abstract void Do(string name);
}

/// <summary>Starts scheduled tasks now.</summary>
/// <remarks>
/// The task runs as its own account, in the background; Get-HaloSyncRun shows how far it is. One that is at work already is not started a second time.
/// </remarks>
/// <example>
/// <code>Start-HaloSyncTask 5min</code>
/// <para>Starts the task of that name now.</para>
/// </example>
/// <example>
/// <code>Start-HaloSyncTask -ConfigPath C:\HaloIntegrator\5min</code>
/// <para>Starts the task of that instance, whatever its name.</para>
/// </example>
/// <seealso>Get-HaloSyncTask</seealso>
/// <seealso>Get-HaloSyncRun</seealso>
/// <seealso>Stop-HaloSync</seealso>
/// <seealso>about_Halo_Scheduling</seealso>
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

/// <summary>Removes scheduled tasks, and asks before each; their instances stay.</summary>
/// <remarks>
/// Only the task goes: settings, logs and state stay in the folder, and Register-HaloSyncTask makes the task anew. Nothing named never means all: every task is
/// -Name *. In a script, where nobody answers, give -Confirm:$false.
/// </remarks>
/// <example>
/// <code>Unregister-HaloSyncTask -ConfigPath C:\HaloIntegrator\5min</code>
/// <para>Removes the task of that instance, and no other.</para>
/// </example>
/// <example>
/// <code>Unregister-HaloSyncTask -Path C:\HaloIntegrator -WhatIf</code>
/// <para>Shows which tasks would be removed: those of every instance in that folder.</para>
/// </example>
/// <example>
/// <code>Unregister-HaloSyncTask 5min -Confirm:$false</code>
/// <para>Removes a task in a script, where nobody answers.</para>
/// </example>
/// <seealso>Get-HaloSyncTask</seealso>
/// <seealso>Register-HaloSyncTask</seealso>
/// <seealso>about_Halo_Scheduling</seealso>
[Cmdlet(VerbsLifecycle.Unregister, "HaloSyncTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
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
