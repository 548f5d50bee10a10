using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using HaloDBIntegrator.Completion;
using HaloDBIntegrator.Models;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Lists every integration and entity with both switches, and why one will not run.</summary>
/// <remarks>
/// An entity runs where it is on in both places: in this instance's appsettings.json (EnabledHere) and in Halo's web app (EnabledInHalo). WillRun says
/// whether it is, Reason what is missing, and AlsoEnabledIn which other instances for the same database have it on as well.
/// </remarks>
/// <example>
/// <code>Get-HaloIntegration Pax8</code>
/// <para>Shows both switches of each entity of Pax8, and which one is off.</para>
/// </example>
/// <seealso>Enable-HaloIntegration</seealso>
/// <seealso>Disable-HaloIntegration</seealso>
/// <seealso>about_Halo_Configuration</seealso>
[Cmdlet(VerbsCommon.Get, "HaloIntegration")]
[OutputType(typeof(HaloIntegrationState))]
public sealed class GetHaloIntegrationCommand : HaloInstanceCmdlet
{
    /// <summary>Only these integrations; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(IntegrationCompleter))]
    public string[] Integration { get; set; } = { "*" };

    /// <summary>Only these entities; wildcards are allowed.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EntityCompleter))]
    public string[] Entity { get; set; } = { "*" };

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var states = Reading.Objects(Ask("integrations", target: FullConfigPath()), "integrations").Select(one => Reading.State(one, FullConfigPath())).ToArray();
        foreach (var state in states.Where(state => Fits(Integration, state.Integration) && Fits(Entity, state.Entity))) WriteObject(state);
        Miss(Integration, states.Select(state => state.Integration), "integration");
        Miss(Entity, states.Where(state => Fits(Integration, state.Integration)).Select(state => state.Entity), "entity");
    }

    /// <summary>A name without wildcards that is none is an error, as of every Get cmdlet.</summary>
    private void Miss(IEnumerable<string> patterns, IEnumerable<string> names, string what)
    {
        var known = names.ToArray();
        foreach (var name in patterns.Where(one => !WildcardPattern.ContainsWildcardCharacters(one) && !Fits(new[] { one }, known)))
        {
            var error = new ItemNotFoundException($"There is no {what} named \"{name}\".");
            WriteError(new ErrorRecord(error, what == "entity" ? "UnknownEntity" : "UnknownIntegration", ErrorCategory.ObjectNotFound, name));
        }
    }

    private static bool Fits(IEnumerable<string> patterns, IEnumerable<string> names) => names.Any(name => Fits(patterns, name));

    private static bool Fits(IEnumerable<string> patterns, string name) =>
        patterns.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name));
}

/// <summary>Base of the two cmdlets that switch an integration's entities in this instance.</summary>
public abstract class SwitchHaloIntegrationCommand : HaloInstanceCmdlet
{
    /// <summary>The integration.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(IntegrationCompleter))]
    public string Integration { get; set; } = "";

    /// <summary>Its entities; all when left out.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(EntityCompleter))]
    public string[]? Entity { get; set; }

    /// <summary>Gives the entities' state as it is then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The protocol's method, and the verb shown.</summary>
    private protected abstract string Method { get; }

    /// <inheritdoc />
    private protected override bool ChangesSettings => true;

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var parameters = new JObject { ["integration"] = Integration };
        if (Entity is { Length: > 0 }) parameters["entities"] = new JArray(Entity.Cast<object>().ToArray());
        var target = Entity is { Length: > 0 } ? $"{Integration} {string.Join(", ", Entity)}" : Integration;
        // A name that is none would fail, and so it does with -WhatIf.
        if (WhatIf())
        {
            parameters["whatIf"] = true;
            Ask(Method, parameters, target);
        }
        if (!ShouldProcess($"{target} in {FullConfigPath()}", Method)) return;
        Ask(Method, parameters, target);
        if (!PassThru) return;
        foreach (var state in Reading.Objects(Ask("integrations", target: FullConfigPath()), "integrations").Select(one => Reading.State(one, FullConfigPath())).Where(Named)) WriteObject(state);
    }

    private bool Named(HaloIntegrationState state) =>
        string.Equals(state.Integration, Integration, StringComparison.OrdinalIgnoreCase)
        && (Entity is not { Length: > 0 } || Entity.Contains(state.Entity, StringComparer.OrdinalIgnoreCase));
}

/// <summary>Switches an integration's entities on in this instance.</summary>
/// <remarks>
/// This is the instance's own switch, in its appsettings.json. The other one is in Halo's web app, where each connection lists what the integrator
/// is to bring; Get-HaloIntegration shows both. An entity should be on in one instance for a database.
/// </remarks>
/// <example>
/// <code>Enable-HaloIntegration Pax8 -Entity Subscriptions -ConfigPath D:\Halo\hourly -PassThru</code>
/// <para>Lets the instance sync subscriptions, and shows whether they will run.</para>
/// </example>
/// <seealso>Get-HaloIntegration</seealso>
/// <seealso>Disable-HaloIntegration</seealso>
/// <seealso>Set-HaloIntegrationSetting</seealso>
/// <seealso>about_Halo_Configuration</seealso>
[Cmdlet(VerbsLifecycle.Enable, "HaloIntegration", SupportsShouldProcess = true)]
[OutputType(typeof(HaloIntegrationState))]
public sealed class EnableHaloIntegrationCommand : SwitchHaloIntegrationCommand
{
    /// <inheritdoc />
    private protected override string Method => "enable";
}

/// <summary>Switches an integration's entities off in this instance.</summary>
/// <remarks>
/// This is the instance's own switch, in its appsettings.json. What was synced stays in Halo as it is; nothing is set inactive by switching an
/// entity off.
/// </remarks>
/// <example>
/// <code>Get-HaloIntegration Pax8 -ConfigPath D:\Halo\hourly | Disable-HaloIntegration -ConfigPath D:\Halo\hourly</code>
/// <para>Keeps the instance from syncing anything of Pax8.</para>
/// </example>
/// <seealso>Get-HaloIntegration</seealso>
/// <seealso>Enable-HaloIntegration</seealso>
/// <seealso>about_Halo_Configuration</seealso>
[Cmdlet(VerbsLifecycle.Disable, "HaloIntegration", SupportsShouldProcess = true)]
[OutputType(typeof(HaloIntegrationState))]
public sealed class DisableHaloIntegrationCommand : SwitchHaloIntegrationCommand
{
    /// <inheritdoc />
    private protected override string Method => "disable";
}
