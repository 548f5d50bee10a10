using System;
using System.Globalization;
using System.Management.Automation;
using HaloDBIntegrator.Completion;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Base of the cmdlets about what ran: which runs are meant.</summary>
public abstract class HaloSyncRunFilterCmdlet : HaloEngineCmdlet
{
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

    /// <summary>The engine's parameters for the runs meant.</summary>
    private protected JObject Filter()
    {
        var parameters = new JObject { ["failed"] = Failed.ToBool() };
        if (Integration != null) parameters["integration"] = Integration;
        if (Entity != null) parameters["entity"] = Entity;
        if (Since != null) parameters["since"] = Utc(Since.Value);
        if (Last != null) parameters["last"] = Last;
        return parameters;
    }

    /// <summary>A moment as the engine takes it.</summary>
    internal static string Utc(DateTime time) => time.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture);
}
