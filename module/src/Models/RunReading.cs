using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using HaloDBIntegrator.Bridge;
using HaloDBIntegrator.Scheduling;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Models;

/// <summary>The engine's JSON about runs, logs, instances and tasks as the module's typed objects.</summary>
internal static class RunReading
{
    /// <summary>A run.</summary>
    public static HaloSyncRun Run(JObject data, string configPath) => new()
    {
        ConfigPath = configPath,
        Id = Text(data, "id"),
        State = Text(data, "state"),
        Started = Time(data, "startedAt") ?? default,
        Ended = Time(data, "endedAt"),
        Duration = Reading.Span(data),
        ExitCode = (int?)data["exitCode"],
        Auto = (bool?)data["auto"] ?? false,
        WhatIf = (bool?)data["whatIf"] ?? false,
        Undoes = (string?)data["undoes"],
        UndoneBy = (string?)data["undoneBy"],
        StopRequested = (bool?)data["stopRequested"] ?? false,
        ProcessId = (int?)data["processId"] ?? 0,
        Computer = Text(data, "host"),
        SettingsFingerprint = Text(data, "settingsFingerprint"),
        Error = (string?)data["error"]?["message"],
        Reason = Why(data),
        Entities = Reading.Objects(data, "entities").Select(one => Reading.Result(one, Text(data, "id"), configPath)).ToArray(),
    };

    /// <summary>A line of the log.</summary>
    public static HaloSyncLogLine Line(JObject data, string configPath) => new()
    {
        ConfigPath = configPath,
        Time = Time(data, "time"),
        Level = Text(data, "level"),
        Run = (string?)data["run"],
        Integration = data["integration"]?.Type == JTokenType.String ? (string?)data["integration"] : null,
        Entity = data["entity"]?.Type == JTokenType.String ? (string?)data["entity"] : null,
        Message = Text(data, "message"),
        Text = Text(data, "text"),
        Facts = JsonObjects.From(data),
    };

    /// <summary>An instance: one that was made, or one that was found.</summary>
    public static HaloSyncInstance Instance(JObject data) => new()
    {
        Path = Text(data, "path"),
        Folder = Text(data, "folder"),
        Frequency = (string?)data["frequency"],
        TimeLimitMinutes = (int?)data["timeLimitMinutes"] ?? 0,
        CopiedFrom = (string?)data["copiedFrom"],
        Server = (string?)data["server"],
        Database = (string?)data["database"],
        EntitiesOn = (data["entitiesOn"] as JArray ?? new JArray()).Select(one => (string?)one ?? "").ToArray(),
        Problem = (string?)data["problem"],
        IsDefault = string.Equals(Text(data, "path"), DefaultInstance.Path, StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>A task, with the times as the scheduler has them.</summary>
    public static HaloSyncTask Task(JObject data, IEnumerable<ScheduledTask> scheduled)
    {
        var own = scheduled.FirstOrDefault(one => one.Name == Text(data, "name"));
        return new HaloSyncTask
        {
            Name = Text(data, "name"),
            Path = Text(data, "settingsPath"),
            Schedule = Text(data, "schedule"),
            Account = Text(data, "account"),
            State = Text(data, "state"),
            LastResult = (int?)data["lastResult"],
            LastOutcome = Text(data, "lastOutcome"),
            LastRun = own?.LastRun,
            NextRun = own?.NextRun,
            Drift = (data["drift"] as JArray ?? new JArray()).Select(one => (string?)one ?? "").ToArray(),
        };
    }

    /// <summary>A task as the engine takes it.</summary>
    public static JObject Registered(ScheduledTask task) => new()
    {
        ["name"] = task.Name,
        ["xml"] = task.Xml,
        ["state"] = task.State,
        ["lastResult"] = task.LastResult,
    };

    private static string? Why(JObject data)
    {
        var entities = Reading.Objects(data, "entities").Where(one => Text(one, "reason").Length > 0).Select(one => $"{Text(one, "integration")} {Text(one, "entity")}: {Text(one, "reason")}");
        var all = string.Join(" ", new[] { (string?)data["error"]?["message"] }.Concat(entities).Where(one => !string.IsNullOrEmpty(one)));
        return all.Length > 0 ? all : null;
    }

    private static string Text(JObject data, string name) => (string?)data[name] ?? "";

    /// <summary>A moment of the engine's, local time; null where there is none.</summary>
    public static DateTime? Time(JObject data, string name) =>
        DateTime.TryParse((string?)data[name], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToLocalTime()
            : null;
}
