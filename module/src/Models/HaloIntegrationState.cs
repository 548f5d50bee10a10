namespace HaloDBIntegrator.Models;

/// <summary>One entity of an integration: both its switches, and whether it will run.</summary>
public sealed class HaloIntegrationState
{
    /// <summary>The integration, such as Pax8.</summary>
    public string Integration { get; internal set; } = "";

    /// <summary>The entity, such as Subscriptions.</summary>
    public string Entity { get; internal set; } = "";

    /// <summary>The connection in Halo; null when Halo has none.</summary>
    public string? Connection { get; internal set; }

    /// <summary>Whether Halo's own settings switch it on; null when they could not be read.</summary>
    public bool? EnabledInHalo { get; internal set; }

    /// <summary>Whether this instance's appsettings.json switches it on.</summary>
    public bool EnabledHere { get; internal set; }

    /// <summary>Whether the next sync runs it.</summary>
    public bool WillRun { get; internal set; }

    /// <summary>Why it will not run; empty when it will.</summary>
    public string Reason { get; internal set; } = "";

    /// <summary>When it last synced, by what stands in Halo, local time; null where nothing does.</summary>
    public System.DateTime? LastSync { get; internal set; }

    /// <summary>The error of its last sync, by what stands in Halo; null where there is none.</summary>
    public string? LastError { get; internal set; }

    /// <summary>Other instances that have it on for the same database.</summary>
    public System.Collections.Generic.IReadOnlyList<string> AlsoEnabledIn { get; internal set; } = System.Array.Empty<string>();

    /// <summary>Full path of the instance's appsettings.json; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath { get; internal set; } = "";
}
