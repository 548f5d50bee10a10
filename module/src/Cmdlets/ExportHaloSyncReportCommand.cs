using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using HaloDBIntegrator.Errors;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Writes what ran in an instance as one HTML page, the newest first; a file of that name is replaced. Several instances need a file each.</summary>
/// <remarks>
/// The page has everything in it and asks no network: it can be mailed or kept. It begins with how things stand, and each run opens to its entities, changes
/// and rejected records.
/// </remarks>
/// <example>
/// <code>Export-HaloSyncReport report.html -Since (Get-Date).AddDays(-7) -ConfigPath D:\Halo\hourly</code>
/// <para>Writes the runs of the last week.</para>
/// </example>
/// <seealso>Get-HaloSyncRun</seealso>
/// <seealso>Get-HaloSyncLog</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsData.Export, "HaloSyncReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportHaloSyncReportCommand : HaloSyncRunFilterCmdlet
{
    private readonly Dictionary<string, string> written = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The file to write; its name ends in .html or .htm.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Gives the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        var parameters = Filter();
        parameters["path"] = path;
        if (!IsNew(parameters)) return;
        if (written.TryGetValue(path, out var other) && other != FullConfigPath()) throw new ReportFileTakenException(path, other);
        if (!ShouldProcess(path, $"Write the report of {FullConfigPath()}")) return;
        Ask("report", parameters, path);
        written[path] = FullConfigPath();
        if (PassThru) WriteObject(new FileInfo(path));
    }
}
