namespace HaloDBIntegrator.Models;

/// <summary>What a sync would do with one entity (Invoke-HaloSync -WhatIf -Summary). Nothing was written.</summary>
public sealed class HaloSyncPlan
{
    /// <summary>The integration, such as Pax8.</summary>
    public string Integration { get; internal set; } = "";

    /// <summary>The connection in Halo.</summary>
    public string? Connection { get; internal set; }

    /// <summary>The entity, such as Subscriptions.</summary>
    public string Entity { get; internal set; } = "";

    /// <summary>Records read from the vendor.</summary>
    public long Read { get; internal set; }

    /// <summary>Records it would add to Halo.</summary>
    public long WouldCreate { get; internal set; }

    /// <summary>Records it would change in Halo.</summary>
    public long WouldUpdate { get; internal set; }

    /// <summary>Records it would deactivate in Halo.</summary>
    public long WouldDeactivate { get; internal set; }

    /// <summary>Records that are already as they should be.</summary>
    public long Unchanged { get; internal set; }

    /// <summary>Records it could not take over.</summary>
    public long Rejected { get; internal set; }

    /// <summary>Why the plan is not whole; null when it is.</summary>
    public string? Reason { get; internal set; }

    /// <summary>The run that made it.</summary>
    public string? RunId { get; internal set; }

    /// <summary>Full path of the instance's appsettings.json; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath { get; internal set; } = "";
}
