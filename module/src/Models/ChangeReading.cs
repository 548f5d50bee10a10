using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using HaloDBIntegrator.Bridge;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Models;

/// <summary>The engine's JSON about changes as the module's typed objects.</summary>
internal static class ChangeReading
{
    /// <summary>A change that was made.</summary>
    public static HaloSyncChange Change(JObject data, string configPath) => new()
    {
        ConfigPath = configPath,
        RunId = Text(data, "runId"),
        Time = Time(data, "time"),
        Integration = Text(data, "integration"),
        Entity = Text(data, "entity"),
        Action = Text(data, "action"),
        Resource = Text(data, "resource"),
        Table = Text(data, "table"),
        Id = Text(data, "id"),
        Name = Optional(data, "name"),
        VendorId = Optional(data, "vendorId"),
        Fields = Fields(data),
        Reason = Text(data, "reason"),
        Certain = (bool?)data["certain"] ?? false,
    };

    /// <summary>A change that would be made.</summary>
    public static HaloPlannedChange Planned(JObject data, string configPath) => new()
    {
        ConfigPath = configPath,
        Integration = Text(data, "integration"),
        Connection = Optional(data, "connection"),
        Entity = Text(data, "entity"),
        Action = Text(data, "action"),
        Resource = Text(data, "resource"),
        Table = Text(data, "table"),
        Id = Text(data, "id"),
        Name = Optional(data, "name"),
        VendorId = Optional(data, "vendorId"),
        Fields = Fields(data),
        Reason = Text(data, "reason"),
    };

    /// <summary>What became of a row that is undone.</summary>
    public static HaloSyncUndo Undo(JObject data, bool whatIf, string configPath) => new()
    {
        ConfigPath = configPath,
        UndoneRunId = Text(data, "runId"),
        RunId = whatIf ? null : Text(data, "undoRunId"),
        Integration = Text(data, "integration"),
        Entity = Text(data, "entity"),
        Outcome = Text(data, "outcome"),
        Resource = Text(data, "resource"),
        Table = Text(data, "table"),
        Id = Text(data, "id"),
        Name = Optional(data, "name"),
        VendorId = Optional(data, "vendorId"),
        Fields = Fields(data),
        Reason = Text(data, "reason"),
    };

    private static IReadOnlyList<HaloFieldChange> Fields(JObject data) => Reading.Objects(data, "fields").Select(one => new HaloFieldChange
    {
        Field = Text(one, "field"),
        Before = JsonObjects.From(one["before"]),
        After = JsonObjects.From(one["after"]),
    }).ToArray();

    private static string Text(JObject data, string name) => (string?)data[name] ?? "";

    private static string? Optional(JObject data, string name) => data[name] is JValue { Value: string { Length: > 0 } text } ? text : null;

    private static DateTime? Time(JObject data, string name) =>
        DateTime.TryParse((string?)data[name], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToLocalTime()
            : null;
}
