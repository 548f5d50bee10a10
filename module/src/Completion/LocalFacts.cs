using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using HaloDBIntegrator.Bridge;
using Newtonsoft.Json;

namespace HaloDBIntegrator.Completion;

/// <summary>Names that Tab offers, from module/completion.json: it must not wait for the engine.</summary>
internal static class LocalFacts
{
    private static readonly Lazy<Names> Known = new(Read);

    /// <summary>Every integration.</summary>
    public static IEnumerable<string> Integrations => Known.Value.Integrations.Keys;

    /// <summary>Every resource of the built-in API.</summary>
    public static IEnumerable<string> Resources => Known.Value.Resources;

    /// <summary>The entities of an integration, or of all.</summary>
    public static IEnumerable<string> Entities(string? integration) => Known.Value.Integrations
        .Where(pair => string.IsNullOrEmpty(integration) || string.Equals(pair.Key, integration, StringComparison.OrdinalIgnoreCase))
        .SelectMany(pair => pair.Value)
        .Distinct(StringComparer.OrdinalIgnoreCase);

    private static Names Read()
    {
        var file = Path.Combine(EngineLocation.Root, "module", "completion.json");
        return JsonConvert.DeserializeObject<Names>(File.ReadAllText(file)) ?? new Names();
    }

    private sealed class Names
    {
        public Dictionary<string, string[]> Integrations { get; set; } = new();

        public string[] Resources { get; set; } = { };
    }
}
