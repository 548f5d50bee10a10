using System.Collections.Generic;

namespace HaloDBIntegrator.Models;

/// <summary>An instance: a folder with settings, logs and state of its own.</summary>
public sealed class HaloSyncInstance
{
    /// <summary>Its appsettings.json.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>The folder.</summary>
    public string Folder { get; internal set; } = "";

    /// <summary>How often it runs, by the folder's name; null where that does not say.</summary>
    public string? Frequency { get; internal set; }

    /// <summary>Minutes after which its runs stop by themselves; 0 is no limit.</summary>
    public int TimeLimitMinutes { get; internal set; }

    /// <summary>The settings it was made from; null where it was not just made.</summary>
    public string? CopiedFrom { get; internal set; }

    /// <summary>The SQL Server, or "(embedded)"; null where it was just made.</summary>
    public string? Server { get; internal set; }

    /// <summary>The database's name on that server; null where it was just made.</summary>
    public string? Database { get; internal set; }

    /// <summary>The entities it switches on, such as "Pax8 Subscriptions".</summary>
    public IReadOnlyList<string> EntitiesOn { get; internal set; } = new List<string>();

    /// <summary>Whether it is the default of this session (Set-HaloSyncInstance -Default).</summary>
    public bool IsDefault { get; internal set; }

    /// <summary>Why its settings cannot be read; null where they can.</summary>
    public string? Problem { get; internal set; }

    /// <summary>The same path; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath => Path;
}
