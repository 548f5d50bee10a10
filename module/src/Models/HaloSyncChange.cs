using System;
using System.Collections.Generic;

namespace HaloDBIntegrator.Models;

/// <summary>A row of Halo's that a run has to do with, and the vendor's record behind it.</summary>
public abstract class HaloSyncRow
{
    /// <summary>The integration, such as Pax8.</summary>
    public string Integration { get; internal set; } = "";

    /// <summary>The entity, such as Subscriptions.</summary>
    public string Entity { get; internal set; } = "";

    /// <summary>The resource of Halo's API; empty where the table has none.</summary>
    public string Resource { get; internal set; } = "";

    /// <summary>The table.</summary>
    public string Table { get; internal set; } = "";

    /// <summary>The row's id, or what it is known by.</summary>
    public string Id { get; internal set; } = "";

    /// <summary>The record's name, where the vendor gave it.</summary>
    public string? Name { get; internal set; }

    /// <summary>The record's id at the vendor.</summary>
    public string? VendorId { get; internal set; }

    /// <summary>The fields that changed.</summary>
    public IReadOnlyList<HaloFieldChange> Fields { get; internal set; } = new List<HaloFieldChange>();

    /// <summary>Why; of a row that is undone why it, or some of its fields, were left alone, empty where none was.</summary>
    public string Reason { get; internal set; } = "";

    /// <summary>Full path of the instance's appsettings.json; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath { get; internal set; } = "";
}

/// <summary>A row of Halo's that a run made or changed.</summary>
public sealed class HaloSyncChange : HaloSyncRow
{
    /// <summary>The run; binds to -RunId down a pipeline.</summary>
    public string RunId { get; internal set; } = "";

    /// <summary>When it was committed, local time.</summary>
    public DateTime? Time { get; internal set; }

    /// <summary>created, updated or deactivated.</summary>
    public string Action { get; internal set; } = "";

    /// <summary>False where a process ended, or a connection broke, while it was committed: it may be in Halo or not.</summary>
    public bool Certain { get; internal set; }
}

/// <summary>A row of Halo's that a run would make or change (Invoke-HaloSync -WhatIf). Nothing was written.</summary>
public sealed class HaloPlannedChange : HaloSyncRow
{
    /// <summary>The run that looked; binds to -RunId down a pipeline.</summary>
    public string RunId { get; internal set; } = "";

    /// <summary>The connection in Halo.</summary>
    public string? Connection { get; internal set; }

    /// <summary>create, update, move, deactivate, or reject where the record could not be taken over.</summary>
    public string Action { get; internal set; } = "";
}

/// <summary>What became of a row that a run had made or changed (Undo-HaloSync).</summary>
public sealed class HaloSyncUndo : HaloSyncRow
{
    /// <summary>The run that is undone.</summary>
    public string UndoneRunId { get; internal set; } = "";

    /// <summary>The run that undoes it, whose changes are kept as well; binds to -RunId down a pipeline. Null with -WhatIf.</summary>
    public string? RunId { get; internal set; }

    /// <summary>put back, set inactive or left alone.</summary>
    public string Outcome { get; internal set; } = "";
}

/// <summary>A field and its values before and after.</summary>
public sealed class HaloFieldChange
{
    /// <summary>Its name in Halo's API, else the column.</summary>
    public string Field { get; internal set; } = "";

    /// <summary>What it held; null also where the row is new.</summary>
    public object? Before { get; internal set; }

    /// <summary>What it holds from then on.</summary>
    public object? After { get; internal set; }

    /// <inheritdoc />
    public override string ToString() => Before == null ? $"{Field}={After}" : $"{Field}: {Before} -> {After}";
}
