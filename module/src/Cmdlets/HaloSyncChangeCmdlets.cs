using System.Collections.Generic;
using System.Management.Automation;
using HaloDBIntegrator.Completion;
using HaloDBIntegrator.Models;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Shows what a run changed in Halo: each row, and each field with its value before and after.</summary>
/// <remarks>
/// Each row that a run wrote is given with the fields that it changed, in the order in which they were written. What a run changed is kept as long as
/// the log files, unless Logging.Changes is off.
/// </remarks>
/// <example>
/// <code>Get-HaloSyncRun -Last 1 | Get-HaloSyncChange | Where-Object Action -eq deactivated</code>
/// <para>Shows what the last run set inactive.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncChange 3f2a -Entity Subscriptions | Export-Csv changes.csv</code>
/// <para>Writes what the run whose id begins with 3f2a did to subscriptions into a file.</para>
/// </example>
/// <seealso>Get-HaloSyncRun</seealso>
/// <seealso>Get-HaloSyncLog</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsCommon.Get, "HaloSyncChange")]
[OutputType(typeof(HaloSyncChange))]
public sealed class GetHaloSyncChangeCommand : HaloEntityFilterCmdlet
{
    /// <summary>The run: its id, or the beginning of it.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Run", "Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string RunId { get; set; } = "";

    /// <summary>Only rows of this table of Halo's.</summary>
    [Parameter]
    public string? Table { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var parameters = Filter();
        parameters["run"] = RunId;
        if (Table != null) parameters["table"] = Table;
        if (IsNew(parameters)) Ask("changes", parameters, RunId);
    }

    /// <inheritdoc />
    private protected override void Came(JObject item) => WriteObject(ChangeReading.Change(item, FullConfigPath()));
}

/// <summary>
/// Undoes a run: puts back what still stands as the run left it, and sets inactive what it made. What somebody changed since is left alone,
/// and the object says why. With -WhatIf it gives the same objects and writes nothing.
/// </summary>
/// <remarks>
/// It can be done as long as the run's changes are kept (Get-HaloSyncChange shows them). It asks first,
/// and gives each row with its Outcome.
/// </remarks>
/// <example>
/// <code>Undo-HaloSync 3f2a -WhatIf | Group-Object Outcome</code>
/// <para>Shows how many rows would be put back, set inactive and left alone.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncRun -Last 1 | Undo-HaloSync | Where-Object Outcome -eq 'left alone'</code>
/// <para>Undoes the last run and shows what it left alone.</para>
/// </example>
/// <seealso>Get-HaloSyncChange</seealso>
/// <seealso>Get-HaloSyncRun</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsCommon.Undo, "HaloSync", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(HaloSyncUndo))]
public sealed class UndoHaloSyncCommand : HaloInstanceCmdlet
{
    private readonly HashSet<string> asked = new();
    private bool whatIf;

    /// <summary>The run: its id, or the beginning of it.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Run", "Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string RunId { get; set; } = "";

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        // The results of one run, an entity each, all name the same run.
        if (!asked.Add(FullConfigPath() + RunId)) return;
        whatIf = WhatIf();
        // ShouldProcess would only print a line; the engine can say what would really be put back.
        if (!whatIf && !ShouldProcess($"the run {RunId} in {FullConfigPath()}", "Undo")) return;
        Ask("undo", new JObject { ["run"] = RunId, ["whatIf"] = whatIf }, RunId);
    }

    /// <inheritdoc />
    private protected override void Came(JObject item) => WriteObject(ChangeReading.Undo(item, whatIf, FullConfigPath()));
}
