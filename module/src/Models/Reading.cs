using System;
using System.Collections.Generic;
using System.Linq;
using HaloDBIntegrator.Bridge;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Models;

/// <summary>The engine's JSON as the module's typed objects.</summary>
internal static class Reading
{
    /// <summary>The objects of a list, whether it is the data itself or a member of it.</summary>
    public static IEnumerable<JObject> Objects(JToken data, string member) =>
        (data as JArray ?? data[member] as JArray ?? new JArray()).OfType<JObject>();

    /// <summary>Settings; the engine has put *** in place of every secret.</summary>
    public static HaloDbConfig Config(JToken data)
    {
        var settings = data["settings"] as JObject ?? (JObject)data;
        var database = settings["Database"] as JObject ?? new JObject();
        var integrations = (settings["Integrations"] as JObject ?? new JObject()).Properties().ToArray();
        return new HaloDbConfig
        {
            Path = Text(data, "path"),
            HaloUrl = Text(settings, "HaloUrl"),
            Server = Text(database, "Server"),
            Database = Text(database, "Name"),
            Username = Optional(database, "Username"),
            HasPassword = database["Password"] is { Type: not JTokenType.Null },
            Encrypt = Switch(database, "Encrypt"),
            TrustServerCertificate = Switch(database, "TrustServerCertificate"),
            Authentication = Optional(database, "Authentication"),
            Integrations = integrations.Select(one => one.Name).ToArray(),
            EntitiesOn = integrations.SelectMany(one => (one.Value["Entities"] as JObject ?? new JObject()).Properties()
                .Where(entity => entity.Value is JValue { Value: true }).Select(entity => $"{one.Name} {entity.Name}")).ToArray(),
            Sync = JsonObjects.From(settings["Sync"]),
            Logging = JsonObjects.From(settings["Logging"]),
            Nhserver = JsonObjects.From(settings["Nhserver"]),
            Halo = JsonObjects.From(settings["Halo"]),
            Settings = JsonObjects.From(settings),
        };
    }

    /// <summary>One check.</summary>
    public static HaloConfigCheck Check(JObject data, string configPath) => new()
    {
        ConfigPath = configPath,
        Name = Text(data, "name"),
        Passed = Switch(data, "passed") ?? false,
        Detail = Text(data, "detail"),
        Fix = Optional(data, "fix"),
    };

    /// <summary>Something found in Halo's database.</summary>
    public static HaloDiagnosticFinding Finding(JObject data, string configPath) => new()
    {
        ConfigPath = configPath,
        Subject = Text(data, "subject"),
        Facts = JsonObjects.From(data["facts"]),
    };

    /// <summary>Both switches of an entity.</summary>
    public static HaloIntegrationState State(JObject data, string configPath) => new()
    {
        ConfigPath = configPath,
        Integration = Text(data, "integration"),
        Entity = Text(data, "entity"),
        Connection = Optional(data, "connection"),
        EnabledInHalo = Switch(data, "enabledInHalo"),
        EnabledHere = Switch(data, "enabledHere") ?? false,
        WillRun = Switch(data, "willRun") ?? false,
        Reason = Text(data, "reason"),
        LastSync = RunReading.Time(data, "lastSync"),
        LastError = Optional(data, "lastError"),
        AlsoEnabledIn = (data["alsoEnabledIn"] as JArray ?? new JArray()).Select(one => (string?)one ?? "").ToArray(),
    };

    /// <summary>What was done with an entity.</summary>
    public static HaloSyncResult Result(JObject data, string? runId, string configPath) => new()
    {
        ConfigPath = configPath,
        Integration = Text(data, "integration"),
        Connection = Optional(data, "connection"),
        Entity = Text(data, "entity"),
        Status = Text(data, "status"),
        Read = Count(data, "read"),
        Created = Count(data, "created"),
        Updated = Count(data, "updated"),
        Unchanged = Count(data, "unchanged"),
        Deactivated = Count(data, "deactivated"),
        Rejected = Count(data, "rejected"),
        Rejections = Rejections(data, runId),
        RejectionsLeftOut = Count(data, "rejected") - Objects(data, "rejections").Count(),
        Duration = Span(data),
        Reason = Why(data),
        RunId = runId,
    };

    /// <summary>How long something took, in milliseconds and no less: what a double makes of them is no time.</summary>
    public static TimeSpan Span(JObject data) => TimeSpan.FromTicks((long)Math.Round(((double?)data["seconds"] ?? 0) * 1000) * TimeSpan.TicksPerMillisecond);

    /// <summary>What would be done with an entity.</summary>
    public static HaloSyncPlan Plan(JObject data, string? runId, string configPath) => new()
    {
        ConfigPath = configPath,
        RunId = runId,
        Integration = Text(data, "integration"),
        Connection = Optional(data, "connection"),
        Entity = Text(data, "entity"),
        Read = Count(data, "read"),
        WouldCreate = Count(data, "created"),
        WouldUpdate = Count(data, "updated"),
        WouldDeactivate = Count(data, "deactivated"),
        Unchanged = Count(data, "unchanged"),
        Rejected = Count(data, "rejected"),
        Reason = Why(data),
    };

    private static HaloRejectedRecord[] Rejections(JObject data, string? runId)
    {
        var given = Objects(data, "rejections").ToArray();
        var left = Count(data, "rejected") - given.Length;
        var all = $"{Text(data, "integration")} {Text(data, "entity")}: {Count(data, "rejected")} rejected";
        var run = string.IsNullOrEmpty(runId) ? "" : $" -Run {runId!.Substring(0, Math.Min(8, runId.Length))}";
        var list = left > 0 ? $"{all}, of which these are the first {given.Length}; more are in the log: Get-HaloSyncLog{run} -Level warn -Tail 0" : all;
        return given.Select(one => new HaloRejectedRecord { Record = Text(one, "record"), Reason = Text(one, "reason"), List = list }).ToArray();
    }

    private static string? Why(JObject data) =>
        Optional(data, "reason") ?? (data["error"] is JObject error ? Optional(error, "message") : null) ?? Optional(data, "note");

    private static string Text(JToken data, string name) => (string?)data[name] ?? "";

    private static string? Optional(JObject data, string name) => data[name] is JValue { Value: string { Length: > 0 } text } ? text : null;

    private static bool? Switch(JObject data, string name) => data[name] is { Type: JTokenType.Boolean } value ? (bool)value : null;

    private static long Count(JObject data, string name) => (long?)data[name] ?? 0;
}
