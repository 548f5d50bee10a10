using System;

namespace HaloDBIntegrator.Models;

/// <summary>A record that is rejected as things stand: one of a sync, or one that Halo's own table tells of (Get-HaloSyncRejection).</summary>
public sealed class HaloSyncRejection
{
    /// <summary>Sync where this instance rejected it, Halo where Halo's own table (IntegrationError) tells of it.</summary>
    public string Source { get; internal set; } = "";

    /// <summary>The integration, such as Pax8.</summary>
    public string Integration { get; internal set; } = "";

    /// <summary>Name of Halo's connection.</summary>
    public string? Connection { get; internal set; }

    /// <summary>The entity, such as Subscriptions; of what Halo tells, the kind that it gives.</summary>
    public string Entity { get; internal set; } = "";

    /// <summary>The record's name, or what it is known by.</summary>
    public string Record { get; internal set; } = "";

    /// <summary>The record's id at the vendor; of what Halo tells, the number that it gives. Null where there is none.</summary>
    public string? VendorId { get; internal set; }

    /// <summary>Why it is rejected.</summary>
    public string Reason { get; internal set; } = "";

    /// <summary>When it was rejected first without a break, local time.</summary>
    public DateTime? Since { get; internal set; }

    /// <summary>When it was rejected last, local time.</summary>
    public DateTime? Last { get; internal set; }

    /// <summary>The run that rejected it last; binds to -RunId and -Run down a pipeline. Null for what Halo tells.</summary>
    public string? RunId { get; internal set; }

    /// <summary>How many runs rejected it; null for what Halo tells.</summary>
    public int? Runs { get; internal set; }

    /// <summary>Full path of the instance's appsettings.json; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath { get; internal set; } = "";
}
