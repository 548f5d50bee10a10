using System.Management.Automation;
using HaloDBIntegrator.Completion;
using HaloDBIntegrator.Models;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Lists the records that are rejected as things stand, and why: those of the syncs, and those that Halo's own table tells of.</summary>
/// <remarks>
/// A record is on the list from the run that rejected it until one that does not: it is tried again by every run that comes by it, since what it lacked may be there by
/// then. Since and Runs say how long and how often. Where Halo's database cannot be read, a warning says so, and the list has the syncs' alone.
/// </remarks>
/// <example>
/// <code>Get-HaloSyncRejection -Integration Pax8 | Group-Object Reason -NoElement</code>
/// <para>Shows what Pax8's rejected records lack, and how many lack it.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncRejection -ConfigPath D:\Halo\hourly | Where-Object Since -lt (Get-Date).AddDays(-7)</code>
/// <para>Shows what nobody has mended for a week.</para>
/// </example>
/// <example>
/// <code>Invoke-HaloSync Pax8 | Get-HaloSyncRejection | Export-Csv rejected.csv</code>
/// <para>Syncs, and writes what is rejected of these entities into a file.</para>
/// </example>
/// <seealso>Get-HaloSyncRun</seealso>
/// <seealso>Get-HaloSyncLog</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsCommon.Get, "HaloSyncRejection")]
[OutputType(typeof(HaloSyncRejection))]
public sealed class GetHaloSyncRejectionCommand : HaloEntityFilterCmdlet
{
    /// <summary>Only records of this integration.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(IntegrationCompleter))]
    public override string? Integration { get; set; }

    /// <summary>Only records of this entity.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(EntityCompleter))]
    public override string? Entity { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var parameters = Filter();
        if (IsNew(parameters)) Ask("rejections", parameters, FullConfigPath());
    }

    /// <inheritdoc />
    private protected override void Came(JObject item) => WriteObject(ChangeReading.Rejection(item, FullConfigPath()));
}
