using System;
using System.Runtime.InteropServices;
using HaloDBIntegrator.Errors;

namespace HaloDBIntegrator.Scheduling;

/// <summary>Where the cmdlets get their Task Scheduler from.</summary>
public static class TaskSchedulers
{
    /// <summary>Opens the scheduler; Windows' own unless another is put in its place.</summary>
    public static Func<ITaskScheduler> Open { get; set; } = OpenWindows;

    private static ITaskScheduler OpenWindows() => RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        ? new ComTaskScheduler()
        : throw new SchedulerUnavailableException();
}
