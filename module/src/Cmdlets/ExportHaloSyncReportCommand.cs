using System.IO;
using System.Management.Automation;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Writes what ran in an instance as one HTML page, the newest first; a file of that name is replaced. Several instances need a file each.</summary>
/// <example>
/// <code>Export-HaloSyncReport report.html -Since (Get-Date).AddDays(-7) -ConfigPath D:\Halo\hourly</code>
/// <para>Writes the runs of the last week.</para>
/// </example>
[Cmdlet(VerbsData.Export, "HaloSyncReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportHaloSyncReportCommand : HaloSyncRunFilterCmdlet
{
    /// <summary>The file to write; its name ends in .html or .htm.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Gives the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        var parameters = Filter();
        parameters["path"] = path;
        if (!IsNew(parameters) || !ShouldProcess(path, "Write the report")) return;
        Ask("report", parameters, path);
        if (PassThru) WriteObject(new FileInfo(path));
    }
}
