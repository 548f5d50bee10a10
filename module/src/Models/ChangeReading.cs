using System.Collections.Generic;
using System.Linq;
using HaloDBIntegrator.Bridge;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Models;

/// <summary>The engine's JSON about changes as the module's typed objects.</summary>
internal static class ChangeReading
{
    /// <summary>A change that was made.</summary>
    public static HaloSyncChange Change(JObject data, string configPath) => Row(new HaloSyncChange
    {
        RunId = Text(data, "runId"),
        Time = RunReading.Time(data, "time"),
        Action = Text(data, "action"),
        Certain = (bool?)data["certain"] ?? false,
    }, data, configPath);

    /// <summary>A change that would be made.</summary>
    public static HaloPlannedChange Planned(JObject data, string configPath) => Row(new HaloPlannedChange
    {
        RunId = Text(data, "runId"),
        Connection = Optional(data, "connection"),
        Action = Text(data, "action"),
    }, data, configPath);

    /// <summary>What became of a row that is undone.</summary>
    public static HaloSyncUndo Undo(JObject data, bool whatIf, string configPath) => Row(new HaloSyncUndo
    {
        UndoneRunId = Text(data, "runId"),
        RunId = whatIf ? null : Text(data, "undoRunId"),
        Outcome = Text(data, "outcome"),
    }, data, configPath);

    /// <summary>A record that is rejected as things stand.</summary>
    public static HaloSyncRejection Rejection(JObject data, string configPath) => new()
    {
        ConfigPath = configPath,
        Source = Text(data, "source") == "halo" ? "Halo" : "Sync",
        Integration = Text(data, "integration"),
        Connection = Optional(data, "connection"),
        Entity = Text(data, "entity"),
        Record = Text(data, "record"),
        VendorId = Optional(data, "vendorId"),
        Reason = Text(data, "reason"),
        Since = RunReading.Time(data, "since"),
        Last = RunReading.Time(data, "last"),
        RunId = Optional(data, "runId"),
        Runs = (int?)data["runs"],
    };

    private static T Row<T>(T row, JObject data, string configPath) where T : HaloSyncRow
    {
        row.ConfigPath = configPath;
        row.Integration = Text(data, "integration");
        row.Entity = Text(data, "entity");
        row.Resource = Text(data, "resource");
        row.Table = Text(data, "table");
        row.Id = Text(data, "id");
        row.Name = Optional(data, "name");
        row.VendorId = Optional(data, "vendorId");
        row.Fields = Fields(data);
        row.Reason = Text(data, "reason");
        return row;
    }

    private static IReadOnlyList<HaloFieldChange> Fields(JObject data) => Reading.Objects(data, "fields").Select(one => new HaloFieldChange
    {
        Field = Text(one, "field"),
        Before = JsonObjects.From(one["before"]),
        After = JsonObjects.From(one["after"]),
    }).ToArray();

    private static string Text(JObject data, string name) => (string?)data[name] ?? "";

    private static string? Optional(JObject data, string name) => data[name] is JValue { Value: string { Length: > 0 } text } ? text : null;
}
