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

/// <summary>Base of the cmdlets about scheduled tasks: the engine knows what a task should be, the scheduler has it. No instance's settings are needed: one engine serves a whole pipeline.</summary>
public abstract class HaloTaskCmdlet : HaloEngineCmdlet
{
    private bool told;
    private ITaskScheduler? scheduler;

    /// <summary>Only the instance with this appsettings.json, or in this folder (not those in folders in it); every one when left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Config")]
    public string? ConfigPath { get; set; }

    /// <summary>The tasks there are.</summary>
    private protected IReadOnlyList<ScheduledTask> Scheduled() => Scheduling(scheduler => scheduler.List());

    /// <summary>Does something with the scheduler.</summary>
    private protected T Scheduling<T>(Func<ITaskScheduler, T> work) => work(scheduler ??= TaskSchedulers.Open());

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

    /// <summary>Whether an appsettings.json is that of the instance -ConfigPath names; every one is where it names none.</summary>
    private protected bool IsOfInstance(string settings)
    {
        if (ConfigPath == null) return true;
        var wanted = FullPath(ConfigPath).TrimEnd('\\', '/');
        var folder = settings.Substring(0, Math.Max(0, settings.LastIndexOfAny(new[] { '\\', '/' })));
        return new[] { settings, folder }.Contains(wanted, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A path of this machine in full; one of Windows seen from elsewhere as it is.</summary>
    private protected string FullPath(string path)
    {
        if (System.IO.Path.DirectorySeparatorChar == '/' && Regex.IsMatch(path, @"^([a-zA-Z]:[\\/]|\\\\)")) return path;
        try
        {
            return GetUnresolvedProviderPathFromPSPath(path);
        }
        catch (DriveNotFoundException)
        {
            // A task may outlive the drive of its instance, and has to be found all the same.
            return path;
        }
    }

    /// <summary>Whether an appsettings.json is the one at a path, or in the folder there, however deep.</summary>
    private protected static bool Under(string settings, string path)
    {
        var folder = path.TrimEnd('\\', '/');
        return settings.StartsWith(folder, StringComparison.OrdinalIgnoreCase)
            && (settings.Length == folder.Length || settings[folder.Length] is '\\' or '/');
    }
}
