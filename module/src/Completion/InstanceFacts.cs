using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using HaloDBIntegrator.Bridge;
using HaloDBIntegrator.Errors;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Completion;

/// <summary>What only an instance's engine knows, for Tab: asked for a few seconds, and nothing where it does not know by then.</summary>
internal static class InstanceFacts
{
    private const string Resolve = "$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>The engine's answer; an empty one where there is none.</summary>
    /// <param name="method">The protocol's method.</param>
    /// <param name="parameters">What it takes.</param>
    /// <param name="typed">The parameters already typed, which name the instance.</param>
    public static JToken Ask(string method, JObject parameters, IDictionary typed)
    {
        try
        {
            var config = Config(typed);
            using var client = EngineClient.Start();
            var asked = Task.Run(() =>
            {
                client.Greet(config, new Silent());
                return client.Request(method, parameters, new Silent());
            });
            return asked.Wait(Patience) ? asked.Result : new JArray();
        }
        catch (Exception problem) when (problem is HaloEngineException or AggregateException or RuntimeException)
        {
            // Tab has nothing to offer; the command itself says what is wrong.
            return new JArray();
        }
    }

    private static string? Config(IDictionary typed)
    {
        var given = new[] { "LiteralPath", "ConfigPath" }.Select(name => typed[name]).FirstOrDefault(value => value != null) ?? DefaultInstance.Path;
        var first = (given as IEnumerable<object>)?.FirstOrDefault() ?? given;
        if (first == null) return null;
        // While Tab is answered the session's own proxy is held; a nested pipeline is what may ask for its location.
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        var path = (string)shell.AddScript(Resolve).AddArgument(first.ToString()).Invoke()[0].BaseObject;
        return Directory.Exists(path) ? Path.Combine(path, "appsettings.json") : path;
    }

    private sealed class Silent : IEngineListener
    {
        public bool WantsLog => false;

        public void OnLog(string line)
        {
        }

        public void OnProgress(JObject data)
        {
        }

        public void OnItem(JObject item)
        {
        }

        public void OnWarning(string message)
        {
        }

        public void OnDiagnostic(string line)
        {
        }
    }
}
