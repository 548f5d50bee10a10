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
    public static IEnumerable<string> Entities(string? integration) =>
        Of(Known.Value.Integrations, integration).SelectMany(names => names).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings of an integration, or of all, each with its kind.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Settings(string? integration) =>
        Of(Known.Value.Settings, integration).SelectMany(kinds => kinds).GroupBy(kind => kind.Key).Select(same => same.First());

    /// <summary>The query parameters of a resource, or of all.</summary>
    public static IEnumerable<string> Queries(string? resource) => Of(Known.Value.Queries, resource).SelectMany(names => names).Distinct(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<T> Of<T>(Dictionary<string, T> facts, string? integration) => facts
        .Where(pair => string.IsNullOrEmpty(integration) || string.Equals(pair.Key, integration, StringComparison.OrdinalIgnoreCase))
        .Select(pair => pair.Value);

    private static Names Read()
    {
        var file = Path.Combine(EngineLocation.Root, "module", "completion.json");
        return JsonConvert.DeserializeObject<Names>(File.ReadAllText(file)) ?? new Names();
    }

    private sealed class Names
    {
        public Dictionary<string, string[]> Integrations { get; set; } = new();

        public Dictionary<string, Dictionary<string, string>> Settings { get; set; } = new();

        public Dictionary<string, string[]> Queries { get; set; } = new();

        public string[] Resources { get; set; } = { };
    }
}
