using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;
using HaloDBIntegrator.Scheduling;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Base of the cmdlets about scheduled tasks: the engine knows what a task should be, the scheduler has it.</summary>
public abstract class HaloTaskCmdlet : HaloEngineCmdlet
{
    private bool told;
    private ITaskScheduler? scheduler;

    /// <summary>The tasks there are.</summary>
    private protected IReadOnlyList<ScheduledTask> Scheduled() => Scheduling(scheduler => scheduler.List());

    /// <summary>Does something with the scheduler; its refusal ends the cmdlet.</summary>
    private protected T Scheduling<T>(Func<ITaskScheduler, T> work)
    {
        try
        {
            return work(scheduler ??= TaskSchedulers.Open());
        }
        catch (HaloEngineException problem)
        {
            ThrowTerminatingError(problem.ToErrorRecord());
            throw;
        }
    }

    /// <summary>The tasks of this product, with what no longer fits their folders.</summary>
    private protected IEnumerable<HaloSyncTask> Inspect(IReadOnlyList<ScheduledTask> scheduled)
    {
        var parameters = new JObject { ["registered"] = new JArray(scheduled.Select(RunReading.Registered)) };
        var answer = Ask("task-inspect", parameters);
        if (!told)
        {
            told = true;
            foreach (var notice in (answer["notices"] as JArray ?? new JArray()).Select(one => (string?)one)) WriteWarning(notice);
        }
        return Reading.Objects(answer, "tasks").Select(one => RunReading.Task(one, scheduled)).ToArray();
    }

    /// <summary>Those whose name fits, or that run the instance at that path or one in it.</summary>
    private protected IEnumerable<HaloSyncTask> Chosen(IEnumerable<HaloSyncTask> tasks, string[]? asked)
    {
        if (asked == null) return tasks;
        return tasks.Where(task => asked.Any(one => WildcardPattern.Get(one, WildcardOptions.IgnoreCase).IsMatch(task.Name) || Under(task.Path, FullPath(one))));
    }

    /// <summary>A path of this machine in full; one of Windows seen from elsewhere as it is.</summary>
    private protected string FullPath(string path) =>
        System.IO.Path.DirectorySeparatorChar == '/' && Regex.IsMatch(path, @"^([a-zA-Z]:[\\/]|\\\\)") ? path : GetUnresolvedProviderPathFromPSPath(path);

    private static bool Under(string settings, string path)
    {
        var folder = path.TrimEnd('\\', '/');
        return settings.StartsWith(folder, StringComparison.OrdinalIgnoreCase)
            && (settings.Length == folder.Length || settings[folder.Length] is '\\' or '/');
    }
}
