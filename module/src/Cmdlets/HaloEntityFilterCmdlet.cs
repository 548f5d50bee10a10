using System.Collections.Generic;
using System.Management.Automation;
using HaloDBIntegrator.Completion;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Base of the cmdlets that show what is about an integration or an entity.</summary>
public abstract class HaloEntityFilterCmdlet : HaloInstanceCmdlet
{
    private readonly HashSet<string> asked = new();

    /// <summary>Only what is about this integration.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(IntegrationCompleter))]
    public virtual string? Integration { get; set; }

    /// <summary>Only what is about this entity.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityCompleter))]
    public virtual string? Entity { get; set; }

    /// <summary>The engine's parameters for what is meant.</summary>
    private protected virtual JObject Filter()
    {
        var parameters = new JObject();
        if (Integration != null) parameters["integration"] = Integration;
        if (Entity != null) parameters["entity"] = Entity;
        return parameters;
    }

    /// <summary>Whether this was not asked before: the results of one run, an entity each, all ask for the same.</summary>
    private protected bool IsNew(JObject parameters) => asked.Add(FullConfigPath() + parameters.ToString(Formatting.None));
}
