using System;
using System.Collections.Generic;

namespace HaloDBIntegrator.Models;

/// <summary>A run of an instance: what each entity came to, or how far it is.</summary>
public sealed class HaloSyncRun
{
    /// <summary>The run's id.</summary>
    public string Id { get; internal set; } = "";

    /// <summary>running, ended, or interrupted (its process is gone without a word).</summary>
    public string State { get; internal set; } = "";

    /// <summary>When it started, local time.</summary>
    public DateTime Started { get; internal set; }

    /// <summary>When it ended, local time; null while it runs and where it was interrupted.</summary>
    public DateTime? Ended { get; internal set; }

    /// <summary>From start to end, or to the last sign of life.</summary>
    public TimeSpan Duration { get; internal set; }

    /// <summary>The engine's exit code; null where there is none.</summary>
    public int? ExitCode { get; internal set; }

    /// <summary>Whether it was AUTO, as scheduled tasks run it.</summary>
    public bool Auto { get; internal set; }

    /// <summary>Whether it wrote nothing.</summary>
    public bool WhatIf { get; internal set; }

    /// <summary>The run that this one undid; null where it is no undoing.</summary>
    public string? Undoes { get; internal set; }

    /// <summary>The run that undid this one, the last where it was tried more than once; null where none did.</summary>
    public string? UndoneBy { get; internal set; }

    /// <summary>Whether somebody asked it to stop.</summary>
    public bool StopRequested { get; internal set; }

    /// <summary>The engine's process.</summary>
    public int ProcessId { get; internal set; }

    /// <summary>The machine it runs on.</summary>
    public string Computer { get; internal set; } = "";

    /// <summary>SHA-256 of the settings file it runs with.</summary>
    public string SettingsFingerprint { get; internal set; } = "";

    /// <summary>What kept the whole run from starting; null where nothing did.</summary>
    public string? Error { get; internal set; }

    /// <summary>Why a person should look at it: what failed, what was rejected, why records were left active; null when there is nothing to say.</summary>
    public string? Reason { get; internal set; }

    /// <summary>The entities.</summary>
    public IReadOnlyList<HaloSyncResult> Entities { get; internal set; } = new List<HaloSyncResult>();

    /// <summary>Full path of the instance's appsettings.json; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath { get; internal set; } = "";
}

/// <summary>A line of an instance's log.</summary>
public sealed class HaloSyncLogLine
{
    /// <summary>When it was written, local time; null where the line cannot be read.</summary>
    public DateTime? Time { get; internal set; }

    /// <summary>error, warn, info or debug.</summary>
    public string Level { get; internal set; } = "";

    /// <summary>The run it is of.</summary>
    public string? Run { get; internal set; }

    /// <summary>The integration it is about.</summary>
    public string? Integration { get; internal set; }

    /// <summary>The entity it is about.</summary>
    public string? Entity { get; internal set; }

    /// <summary>What it says.</summary>
    public string Message { get; internal set; } = "";

    /// <summary>The same with what belongs to it: the entity, the rejected record and why, the counts.</summary>
    public string Text { get; internal set; } = "";

    /// <summary>Everything in it, by the names in the file.</summary>
    public object? Facts { get; internal set; }

    /// <summary>Full path of the instance's appsettings.json; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath { get; internal set; } = "";
}
