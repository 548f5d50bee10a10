using System;
using System.IO;
using System.Management.Automation;
using HaloDBIntegrator.Completion;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Writes what ran in an instance as one HTML page, the newest first; a file of that name is replaced.</summary>
/// <example>
/// <code>Export-HaloSyncReport report.html -Since (Get-Date).AddDays(-7) -ConfigPath D:\Halo\hourly</code>
/// <para>Writes the runs of the last week.</para>
/// </example>
[Cmdlet(VerbsData.Export, "HaloSyncReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportHaloSyncReportCommand : HaloEngineCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Only runs with this integration.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(IntegrationCompleter))]
    public string? Integration { get; set; }

    /// <summary>Only runs with this entity.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityCompleter))]
    public string? Entity { get; set; }

    /// <summary>Only runs that started since then.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>Only runs that did not end with exit code 0.</summary>
    [Parameter]
    public SwitchParameter Failed { get; set; }

    /// <summary>Only so many, the newest.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Last { get; set; }

    /// <summary>Gives the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        if (!ShouldProcess(path, "Write the report")) return;
        var parameters = new JObject { ["path"] = path, ["failed"] = Failed.ToBool() };
        if (Integration != null) parameters["integration"] = Integration;
        if (Entity != null) parameters["entity"] = Entity;
        if (Since != null) parameters["since"] = GetHaloSyncRunCommand.Utc(Since.Value);
        if (Last != null) parameters["last"] = Last;
        Ask("report", parameters, path);
        if (PassThru) WriteObject(new FileInfo(path));
    }
}
