using System;
using System.Collections.Generic;

namespace HaloDBIntegrator.Models;

/// <summary>The scheduled task of an instance.</summary>
public sealed class HaloSyncTask
{
    /// <summary>Its name in the Task Scheduler's folder.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>The appsettings.json it runs.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>When it starts, in words.</summary>
    public string Schedule { get; internal set; } = "";

    /// <summary>Whom it runs as.</summary>
    public string Account { get; internal set; } = "";

    /// <summary>Ready, Running, Disabled …</summary>
    public string State { get; internal set; } = "";

    /// <summary>The exit code of its last run.</summary>
    public int? LastResult { get; internal set; }

    /// <summary>The last result in words.</summary>
    public string LastOutcome { get; internal set; } = "";

    /// <summary>When it ran last.</summary>
    public DateTime? LastRun { get; internal set; }

    /// <summary>When it runs next.</summary>
    public DateTime? NextRun { get; internal set; }

    /// <summary>What no longer fits the folder; empty when all does.</summary>
    public IReadOnlyList<string> Drift { get; internal set; } = new List<string>();

    /// <summary>The same path; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath => Path;
}
