using System;
using System.Management.Automation;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>The engine's progress as PowerShell shows it.</summary>
internal static class EngineProgress
{
    /// <summary>One bar for all entities: they run one after another.</summary>
    public const int ActivityId = 1;

    /// <summary>The bar's heading when nothing more is known.</summary>
    public const string Activity = "Halo sync";

    /// <summary>The bar's heading of what is no sync.</summary>
    private const string General = "Halo DB Integrator";

    /// <summary>What is being done, how far it is, and what it has done so far.</summary>
    public static ProgressRecord RecordOf(JObject data)
    {
        if ((string?)data["step"] is { } step)
        {
            var seconds = (long?)data["seconds"] ?? 0;
            return new ProgressRecord(ActivityId, General, seconds > 0 ? $"{step} ({seconds} s)" : step) { PercentComplete = -1 };
        }
        var read = (long?)data["read"] ?? 0;
        var total = (long?)data["total"];
        var name = $"{(string?)data["integration"]} {(string?)data["entity"]}".Trim();
        var of = total > 0 ? $" of {total}" : "";
        var status = $"{(string?)data["phase"] ?? "running"}: {read}{of} read, {Count(data, "created")} created, {Count(data, "updated")} updated, "
            + $"{Count(data, "unchanged")} unchanged, {Count(data, "rejected")} rejected";
        return new ProgressRecord(ActivityId, name.Length > 0 ? $"{Activity}: {name}" : Activity, status)
        {
            PercentComplete = total > 0 ? (int)Math.Min(100, read * 100 / total.Value) : -1,
        };
    }

    private static long Count(JObject data, string name) => (long?)data[name] ?? 0;
}
