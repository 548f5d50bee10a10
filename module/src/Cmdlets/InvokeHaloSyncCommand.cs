using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using HaloDBIntegrator.Bridge;
using HaloDBIntegrator.Completion;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>
/// Runs a sync: everything that is switched on, or what is named. With -WhatIf it writes nothing, and gives each row that it would make or change,
/// with each field before and after, and why.
/// </summary>
/// <remarks>
/// Entities run one after another, each in batches that are committed as a whole; Ctrl-C stops after the batch at hand, and the next run goes on there. A
/// record that cannot be written is set aside and named, and the rest goes on; an entity that fails is an error, and the others have their turn.
/// LASTEXITCODE is that of the engine: 0 done, 5 done with something failed.
/// </remarks>
/// <example>
/// <code>Invoke-HaloSync Pax8 -Entity Products -WhatIf | Where-Object Action -eq deactivate</code>
/// <para>Shows which products a sync would set inactive.</para>
/// </example>
/// <example>
/// <code>Invoke-HaloSync Pax8 -WhatIf -Summary</code>
/// <para>Shows how many records of each entity would be written.</para>
/// </example>
/// <example>
/// <code>Invoke-HaloSync Pax8 -WhatIf -PlanPath plan.jsonl
/// Invoke-HaloSync -Plan plan.jsonl</code>
/// <para>Keeps what would be written in a file, and writes it later, without asking the vendor again.</para>
/// </example>
/// <example>
/// <code>Invoke-HaloSync -Auto -ConfigPath D:\Halo\hourly</code>
/// <para>Syncs everything that is switched on, as the scheduled task does.</para>
/// </example>
/// <seealso>Get-HaloSyncRun</seealso>
/// <seealso>Get-HaloSyncLog</seealso>
/// <seealso>Stop-HaloSync</seealso>
/// <seealso>Get-HaloIntegration</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsLifecycle.Invoke, "HaloSync", SupportsShouldProcess = true, DefaultParameterSetName = Named)]
[OutputType(typeof(HaloSyncResult), typeof(HaloPlannedChange), typeof(HaloSyncPlan))]
public sealed class InvokeHaloSyncCommand : HaloInstanceCmdlet
{
    private const string Named = "Named";
    private const string Automatic = "Auto";
    private const string Planned = "Plan";

    private readonly HashSet<string> asked = new();
    private int worst;
    private long planned;

    /// <summary>Only this integration.</summary>
    [Parameter(Position = 0, ParameterSetName = Named, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(IntegrationCompleter))]
    public string? Integration { get; set; }

    /// <summary>Only these of its entities.</summary>
    [Parameter(Position = 1, ParameterSetName = Named, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(EntityCompleter))]
    public string[]? Entity { get; set; }

    /// <summary>Everything that is switched on both in Halo and here, as the scheduled task does.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Automatic)]
    public SwitchParameter Auto { get; set; }

    /// <summary>Sets inactive what is missing at the vendor though it is more than Sync.MaxDeactivatePercent, or Sync.MinReadPercent holds it back, this once. A read that is not whole sets nothing inactive all the same.</summary>
    [Parameter(ParameterSetName = Named)]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// Writes what the plan in this file says (-PlanPath made it), and nothing else. What Halo has otherwise by now is refused and named, and the
    /// rest goes on. With -WhatIf it shows what it would write now.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = Planned)]
    [ValidateNotNullOrEmpty]
    public string? Plan { get; set; }

    /// <summary>With -WhatIf only the counts of each entity.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <summary>With -WhatIf: a new file for what would be written. A file that is there is not replaced.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PlanPath { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var whatIf = WhatIf();
        var target = Plan ?? Integration ?? "everything switched on";
        var parameters = Parameters(whatIf);
        // Rows of a pipeline (changes, rejected records) all name the same entity: it is synced once.
        if (!asked.Add(FullConfigPath() + parameters.ToString(Formatting.None))) return;
        // ShouldProcess would only print a line; the engine can say what would really be written.
        if (!whatIf && !ShouldProcess($"{target} of {FullConfigPath()}", Plan == null ? "Sync" : "Write what is planned")) return;
        planned = 0;
        var data = Ask("sync", parameters, target);
        Ended((int?)(data as JObject)?["exitCode"] ?? 0);
        var runId = (string?)(data as JObject)?["runId"];
        foreach (var result in Reading.Objects(data, "results"))
        {
            var entity = $"{(string?)result["integration"]} {(string?)result["entity"]}";
            if (!whatIf) WriteObject(Reading.Result(result, runId, FullConfigPath()));
            else if (Summary) WriteObject(Reading.Plan(result, runId, FullConfigPath()));
            // Why the plan is not whole is no row of it.
            else if ((string?)result["note"] is { Length: > 0 } note) WriteWarning($"{entity}: {note}");
            if (result["error"] is JObject error) WriteError(ErrorOf(error, entity).ToErrorRecord(entity));
        }
        if (whatIf && !Summary && planned == 0 && Looked(data) is { Length: > 0 } looked)
            WriteInformation(new HostInformationMessage { Message = $"What if: nothing would be changed; {looked}." }, new[] { "PSHOST" });
    }

    /// <summary>What was looked at, where all of it went well: who sees no row should know that none was left out.</summary>
    private static string Looked(JToken data)
    {
        var results = Reading.Objects(data, "results").ToArray();
        if (results.Any(one => one["error"] is JObject)) return "";
        return string.Join(", ", results.Select(one => $"{(string?)one["integration"]} {(string?)one["entity"]}: {(long?)one["read"] ?? 0} read"));
    }

    /// <inheritdoc />
    private protected override void Came(JObject item)
    {
        planned++;
        WriteObject(ChangeReading.Planned(item, FullConfigPath()));
    }

    /// <summary>As after a program: a scheduled task ends with the engine's own exit code. Of several instances it is that of the first that did not end well.</summary>
    private protected override void Ended(int exitCode)
    {
        if (worst == 0) worst = exitCode;
        SessionState.PSVariable.Set("global:LASTEXITCODE", worst);
    }

    /// <inheritdoc />
    private protected override void EndedBy(HaloEngineException problem)
    {
        Ended(problem.ExitCode);
        // What the engine itself reports it has written down; one that never ran, or crashed, cannot.
        var engineSpoke = problem.GetType() == typeof(HaloEngineException);
        if (Auto && !engineSpoke) LastWords.Write(problem, FullConfigPath());
    }

    private JObject Parameters(bool whatIf)
    {
        var parameters = new JObject { ["whatIf"] = whatIf };
        if (Integration != null) parameters["integration"] = Integration;
        if (Entity is { Length: > 0 }) parameters["entities"] = new JArray(Entity.Cast<object>().ToArray());
        if (Auto) parameters["auto"] = true;
        if (Force) parameters["force"] = true;
        if (Plan != null) parameters["plan"] = GetUnresolvedProviderPathFromPSPath(Plan);
        if (Summary) parameters["summary"] = true;
        if (PlanPath != null) parameters["planPath"] = GetUnresolvedProviderPathFromPSPath(PlanPath);
        return parameters;
    }

    /// <summary>Of several entities that fail alike, each says which one it is.</summary>
    private static HaloEngineException ErrorOf(JObject error, string entity)
    {
        error["message"] = $"{entity}: {(string?)error["message"]}";
        return HaloEngineException.From(error, text => text);
    }
}
