using System;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using HaloDBIntegrator.Completion;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Base of the cmdlets about what ran: of what, and since when.</summary>
public abstract class HaloSyncFilterCmdlet : HaloInstanceCmdlet
{
    private readonly HashSet<string> asked = new();

    /// <summary>Only what is about this integration.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(IntegrationCompleter))]
    public string? Integration { get; set; }

    /// <summary>Only what is about this entity.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityCompleter))]
    public string? Entity { get; set; }

    /// <summary>Only runs that started, and lines that were written, since then.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>The engine's parameters for what is meant.</summary>
    private protected virtual JObject Filter()
    {
        var parameters = new JObject();
        if (Integration != null) parameters["integration"] = Integration;
        if (Entity != null) parameters["entity"] = Entity;
        if (Since != null) parameters["since"] = Since.Value.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture);
        return parameters;
    }

    /// <summary>Whether this was not asked before: the results of one run, an entity each, all ask for the same.</summary>
    private protected bool IsNew(JObject parameters) => asked.Add(FullConfigPath() + parameters.ToString(Formatting.None));
}
