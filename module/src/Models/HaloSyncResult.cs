using System;
using System.Collections.Generic;

namespace HaloDBIntegrator.Models;

/// <summary>What a sync did with one entity.</summary>
public sealed class HaloSyncResult
{
    /// <summary>The integration, such as Pax8.</summary>
    public string Integration { get; internal set; } = "";

    /// <summary>The connection in Halo.</summary>
    public string? Connection { get; internal set; }

    /// <summary>The entity, such as Subscriptions.</summary>
    public string Entity { get; internal set; } = "";

    /// <summary>How it ended: succeeded, succeeded-with-rejections, failed, stopped, already-running or cancelled.</summary>
    public string Status { get; internal set; } = "";

    /// <summary>Records read from the vendor.</summary>
    public long Read { get; internal set; }

    /// <summary>Records new in Halo.</summary>
    public long Created { get; internal set; }

    /// <summary>Records changed in Halo.</summary>
    public long Updated { get; internal set; }

    /// <summary>Records that were already as they should be.</summary>
    public long Unchanged { get; internal set; }

    /// <summary>Records deactivated in Halo because the vendor no longer has them.</summary>
    public long Deactivated { get; internal set; }

    /// <summary>Records that could not be taken over.</summary>
    public long Rejected { get; internal set; }

    /// <summary>The first rejected records, each with its reason.</summary>
    public IReadOnlyList<HaloRejectedRecord> Rejections { get; internal set; } = new List<HaloRejectedRecord>();

    /// <summary>How many were rejected beside those in Rejections; the log names them.</summary>
    public long RejectionsLeftOut { get; internal set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; internal set; }

    /// <summary>Why it failed, why missing records stayed active, how many were rejected; null when there is nothing to say.</summary>
    public string? Reason { get; internal set; }

    /// <summary>The run it was part of.</summary>
    public string? RunId { get; internal set; }

    /// <summary>Full path of the instance's appsettings.json; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath { get; internal set; } = "";

    /// <inheritdoc />
    public override string ToString() => $"{Integration} {Entity}: {Status}, {Read} read, {Created} created, {Updated} updated";
}

/// <summary>A record that was left out.</summary>
public sealed class HaloRejectedRecord
{
    /// <summary>The record's name at the vendor.</summary>
    public string Record { get; internal set; } = "";

    /// <summary>Why it was left out.</summary>
    public string Reason { get; internal set; } = "";

    /// <summary>What list it is in, and how much of it that is.</summary>
    public string List { get; internal set; } = "";

    /// <inheritdoc />
    public override string ToString() => $"{Record}: {Reason}";
}
