using System;
using System.Collections.Generic;
using HaloDBIntegrator.Bridge;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Secrets;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Framework;

/// <summary>Asks the engine as a cmdlet does: for the settings of an instance, for what there is none of, and with a secret that is not to be said.</summary>
internal sealed class Program : IEngineListener
{
    public bool WantsLog => false;

    public static int Main(string[] args)
    {
        Console.OutputEncoding = new System.Text.UTF8Encoding(false);
        var listener = new Program();
        using var client = EngineClient.Start();
        client.Greet(args[0], listener);
        client.Supply(new Dictionary<string, string> { ["Integrations.Pax8.Settings.ClientSecret"] = "geheim für Müller" }, new Dictionary<string, SecretProblem>());
        var settings = client.Request("config-get", new JObject(), listener);
        Console.WriteLine((string?)settings["path"]);
        Console.WriteLine((string?)settings["settings"]?["HaloUrl"]);
        try
        {
            client.Request("runs", new JObject { ["run"] = "keiner für Müller" }, listener);
        }
        catch (HaloEngineException problem)
        {
            Console.WriteLine($"{problem.Code}: {problem.Message}");
        }
        Console.WriteLine(CommandLine.Quote("C:\\a b\\"));
        return 0;
    }

    public void OnProgress(JObject data)
    {
    }

    public void OnItem(JObject item)
    {
    }

    public void OnWarning(string message) => Console.WriteLine($"warning: {message}");

    public void OnDiagnostic(string line) => Console.WriteLine($"diagnostic: {line}");

    public void OnLog(string line)
    {
    }
}
