using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using HaloDBIntegrator.Bridge;
using Newtonsoft.Json;

namespace HaloDBIntegrator.Completion;

/// <summary>The integrations and their entities by name, from module/integrations.json: Tab must not wait for the engine.</summary>
internal static class IntegrationCatalogue
{
    private static readonly Lazy<IReadOnlyDictionary<string, string[]>> Catalogue = new(Read);

    /// <summary>Every integration.</summary>
    public static IEnumerable<string> Integrations => Catalogue.Value.Keys;

    /// <summary>The entities of an integration, or of all.</summary>
    public static IEnumerable<string> Entities(string? integration) => Catalogue.Value
        .Where(pair => string.IsNullOrEmpty(integration) || string.Equals(pair.Key, integration, StringComparison.OrdinalIgnoreCase))
        .SelectMany(pair => pair.Value)
        .Distinct(StringComparer.OrdinalIgnoreCase);

    private static IReadOnlyDictionary<string, string[]> Read()
    {
        var file = Path.Combine(EngineLocation.Root, "module", "integrations.json");
        return JsonConvert.DeserializeObject<Dictionary<string, string[]>>(File.ReadAllText(file)) ?? new Dictionary<string, string[]>();
    }
}
